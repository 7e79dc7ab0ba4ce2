"""Files of people (workbooks, delimited text) as grids of cells, each with its place."""
