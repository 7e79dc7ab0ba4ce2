"""/compare: counts of indicators or variables by two keys, registers side by side, and the gaps."""
