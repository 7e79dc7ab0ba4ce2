"""HTTP: requests, replies, caching, negotiation, limits and logs."""
