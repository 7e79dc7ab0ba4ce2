"""Lists of others, read into statements about what the graph knows."""
