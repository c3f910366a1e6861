"""Files from elsewhere to sheets of text cells: tables, workbooks, and what GDAL and Arrow read."""

from geo.formats.reading.files import list_layers, read_sheet
from geo.formats.reading.sheet import Decode, LayerSummary, Sheet

__all__ = ["Decode", "LayerSummary", "Sheet", "list_layers", "read_sheet"]
