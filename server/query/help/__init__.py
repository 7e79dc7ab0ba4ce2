"""Help with queries that are wrong or empty, in words."""
