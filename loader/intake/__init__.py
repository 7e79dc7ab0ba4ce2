"""Reading what register holders submit: workbooks, delimited text and RDF, every cell and statement with its place."""
