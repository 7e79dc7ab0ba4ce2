"""The register service: coverage, disclosure control, invented populations."""
