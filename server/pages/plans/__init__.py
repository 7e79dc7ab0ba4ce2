"""/plan: what a linkage takes, line by line, each marked as the page's, another source's or ours; also as a command."""
