"""A release: built, written, linked, compared."""
