"""All counts as one cube, which of them are not shown, and the proof that nobody can work them out."""
