"""How much one file may hold. A file is read whole or refused whole."""

MB = 1_000_000

TEXT_BYTES = 500 * MB
"""A table as text, KML, GPX or GeoJSON: some millions of rows."""

UNPACKED_BYTES = 500 * MB
"""What a zip, KMZ or workbook may unpack to, all its files together; the sizes that it states are not believed."""

ZIP_FILES = 2_000
"""Files in one zip."""

CELLS = 20 * MB
"""Cells of one sheet, the empty ones between filled ones included."""

COLUMNS = 2_000
"""Columns of one table."""
