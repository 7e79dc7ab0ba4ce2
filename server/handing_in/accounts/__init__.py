"""Accounts: who may hand in what, by tokens that are stored hashed, with a log that cannot be rewritten silently."""
