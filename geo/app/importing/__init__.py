"""Tables brought in by people: what the columns mean, a preview, failed rows, and rows that may be there already."""
