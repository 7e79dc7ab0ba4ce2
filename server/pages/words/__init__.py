"""What things are called on a page, in Swedish and English, and in which order."""
