"""From the text of tables to typed records."""
