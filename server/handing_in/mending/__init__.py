"""Suggested mends put into a file: its cells are replaced where they stand, nothing else in it changes."""
