"""From records to named graphs of statements."""
