"""The register service: coverage between a register and a reference, disclosure control and invented populations."""
