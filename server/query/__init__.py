"""SPARQL: the protocol, query texts, asking, and help with errors and empty results."""
