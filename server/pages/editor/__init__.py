"""What stands around a query on its page: fields to fill in, examples by theme, code, its lines and files."""
