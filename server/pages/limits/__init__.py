"""/limits: what is known and what is not, over all registers and for each."""
