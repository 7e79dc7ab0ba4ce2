"""Reports on a check: the same findings as text, page, data, marked workbook."""
