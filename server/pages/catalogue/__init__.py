"""What the release says of its things, read once by one query and kept for the pages."""
