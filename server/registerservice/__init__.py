"""The register service: coverage against a reference, disclosure control, comparison of units, invented people."""
