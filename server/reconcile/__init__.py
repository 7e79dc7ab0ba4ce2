"""Reconciliation: names in the tables of others matched to things, by the Reconciliation Service API 0.2."""
