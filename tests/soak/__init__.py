"""Long runs that look for leaks: `make soak`, bounded by SOAK_MINUTES."""
