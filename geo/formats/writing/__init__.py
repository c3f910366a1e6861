"""Files out: one module a format, all from the same flat rows, each with its source (`geo.formats.writing.cited`)."""
