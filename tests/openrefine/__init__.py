"""A real OpenRefine reconciles a column with the service, and extends it; `make openrefine` runs it."""
