"""What a submission is read and checked against: the release, its names, and what public pages stated."""
