"""The remote engine: any SPARQL 1.1 endpoint."""
