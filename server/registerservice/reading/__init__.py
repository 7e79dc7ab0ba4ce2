"""What is asked of files, and their rows made ready to match, in DuckDB."""
