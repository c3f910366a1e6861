"""Everything Rutter writes: one table of formats that the Atlas, the command line and the app ask."""

from geo.exporting.formats import FORMATS, Format, format_of
from geo.exporting.preview import Preview, preview
from geo.exporting.writing import export, held, is_folder, save

__all__ = ["FORMATS", "Format", "Preview", "export", "format_of", "held", "is_folder", "preview", "save"]
