"""A page for each kind of thing: what it is, what it gives, how to get it, how sure that is, and everything else."""
