"""A run as a whole, and the result that leaves it."""
