"""Submitted RDF, as statements with their places."""
