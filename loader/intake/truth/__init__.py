"""What cannot be true of a submission, told at its cell: an error where that is certain, else a warning."""
