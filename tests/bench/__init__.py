"""Measurements of the loader, the server and the checks, beside peers started in the same run. Nothing is asserted."""
