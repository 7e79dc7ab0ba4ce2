"""The law tables against the text of the law: printed acts read, sections looked up, rows that say too much found."""
