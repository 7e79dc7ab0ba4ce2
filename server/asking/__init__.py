"""Questions asked in Swedish: which shipped question is meant, and what its slots hold."""
