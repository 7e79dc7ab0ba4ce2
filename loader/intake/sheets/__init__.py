"""Submitted workbooks and delimited text, as tables of the loader."""
