"""Files from elsewhere brought in: columns mapped, presets known, failed rows kept, duplicates offered."""

from geo.importing.bringing import list_layers, preview, read_import, read_sheet, suggest
from geo.importing.converting import import_sheet
from geo.importing.duplicates import duplicates
from geo.importing.guessing import ColumnGuess, Guess, guess_mapping
from geo.importing.mapping import TARGETS, Mapping, Offer
from geo.importing.presets import presets
from geo.importing.remembered import Remembered
from geo.importing.result import Imported
from geo.importing.tracks import import_tracks

__all__ = [
    "TARGETS",
    "ColumnGuess",
    "Guess",
    "Imported",
    "Mapping",
    "Offer",
    "Remembered",
    "duplicates",
    "guess_mapping",
    "import_sheet",
    "import_tracks",
    "list_layers",
    "presets",
    "preview",
    "read_import",
    "read_sheet",
    "suggest",
]
