"""What follows from the graph, and why."""
