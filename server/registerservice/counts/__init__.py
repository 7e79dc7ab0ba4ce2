"""Matching two sides, and what became of each row, counted."""
