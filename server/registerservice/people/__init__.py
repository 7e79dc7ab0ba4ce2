"""Invented people, for trials of the other rooms."""
