"""Catalogue exports: what the release describes, in the profiles that catalogues of others harvest."""
