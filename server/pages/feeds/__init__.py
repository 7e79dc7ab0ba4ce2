"""Atom feeds (RFC 4287): what a server has published, what is new of a register, and when an answer changes."""
