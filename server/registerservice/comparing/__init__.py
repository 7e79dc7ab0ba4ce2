"""Comparisons of units: the commands and their figures."""
