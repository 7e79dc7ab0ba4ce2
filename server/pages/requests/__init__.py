"""/request: variables and indicators over registers with a reason for each, as a pack to send; kept in the address."""
