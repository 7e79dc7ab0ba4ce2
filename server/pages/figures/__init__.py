"""/figures: the report's diagrams recomputed beside what it prints, coverage, and the years of the sources."""
