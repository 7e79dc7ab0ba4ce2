"""A result in each form in which it is written."""
