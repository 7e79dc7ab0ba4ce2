"""Checking and handing in metadata: accounts, submissions, and the state they are kept in."""
