"""The page of a register, its parts, and the register as search engines read it."""
