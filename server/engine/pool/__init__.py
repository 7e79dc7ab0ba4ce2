"""The embedded engine: a pool of forked workers."""
