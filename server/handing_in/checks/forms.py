"""What the checking process can be asked for, other than a report in one of the forms of loader.report.formats."""

WIRE = "wire"
WITH_ROWS = "with-rows"
MENDING = "mending"
TEMPLATE = "template"
KEPT = "kept"
REHEARSAL, NO_RELEASE = "rehearsal", "-"
MOST_ROWS = 300
"""Rows of a sheet that a page shows with what is found in them."""
