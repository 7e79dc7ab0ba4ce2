"""/check: a file or pasted rows, and what is found beside the rows themselves; nothing is kept."""
