"""Finding things of the release by what people call them; needs no engine once the index is made."""
