"""Starting, watching and measuring the server, and the commands about releases."""
