"""What the process that checks can be asked for, beside a report in one of its forms."""

WIRE = "wire"
WITH_ROWS = "with-rows"
MENDING = "mending"
TEMPLATE = "template"
KEPT = "kept"
REHEARSAL, NO_RELEASE = "rehearsal", "-"
MOST_ROWS = 300
"""Rows of a sheet that a page shows with what is found in them."""
