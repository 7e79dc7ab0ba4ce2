"""Query engines: one interface, executed by forked embedded workers or by a remote SPARQL 1.1 endpoint."""
