"""What the server keeps beside the releases: one SQLite file, and a folder of files named by their content."""
