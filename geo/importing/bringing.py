"""The whole way of a file: read, guess, convert, check; nothing is stored on the way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from geo.errors import OptionError
from geo.formats.reading import LayerSummary, Sheet
from geo.formats.reading import list_layers as layers_of
from geo.formats.reading import read_sheet as sheet_of
from geo.importing.cells import restored
from geo.importing.converting import import_sheet, offers_of, part
from geo.importing.guessing import Guess, guess_mapping
from geo.importing.mapping import Mapping, Target
from geo.importing.presets import fitted, preset_named, with_header
from geo.importing.remembered import Remembered
from geo.importing.result import Imported
from geo.importing.tracks import GAP
from geo.news.documents.encoding import decode
from geo.types import FindPlaces

PREVIEW_ROWS = 10


def list_layers(path: str | Path) -> list[LayerSummary]:
    """List the layers of a file: sheets of a workbook, layers of a GeoPackage, folders of KML, parts of GPX.

    Args:
        path: The file.

    Returns:
        Those that hold anything.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
    """
    return layers_of(Path(path))


def read_sheet(path: str | Path, *, layer: str | None = None, preset: str | None = None) -> Sheet:
    """Read one layer of a file.

    Args:
        path: The file.
        layer: Which layer; may be left out where only one holds anything.
        preset: The dataset it is, where it is a known one and its files have no header.

    Returns:
        Its cells as text, with geometry where it has any.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
        LayerError: It has no such layer, or several and none is named.
        OptionError: There is no such preset.
    """
    sheet = restored(sheet_of(Path(path), layer=layer, decode=decode))
    return with_header(sheet, preset_named(preset) if preset else None)


def read_import(
    path: str | Path,
    *,
    layer: str | None = None,
    mapping: Mapping | None = None,
    preset: str | None = None,
    find: FindPlaces | None = None,
    remembered: Remembered | None = None,
    gap: str = GAP,
    progress: bool = False,
) -> Imported:
    """Bring a file in: read it, guess what its columns mean, and make checked tables of its rows.

    Args:
        path: CSV and its kin, XLSX, GeoJSON, GeoPackage, GeoParquet, KML, KMZ, GPX or a Shapefile, or a zip with one.
        layer: Which layer; may be left out where only one holds anything.
        mapping: What its columns mean; remembered or guessed when left out.
        preset: The dataset it is, such as `acled`; told by its columns when left out.
        find: Turns names into places; the offline gazetteer when left out.
        remembered: Mappings of tables brought in before.
        gap: After how long without a position a new track begins, as an offset of pandas: `6h`, `90min`, `2D`.
        progress: Whether a bar shows how far it is.

    Returns:
        The tables, the rows that failed, and what should be known. Nothing is stored.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
        LayerError: It has no such layer, or several and none is named.
        OptionError: The mapping does not fit, or there is no such preset.
    """
    sheet = read_sheet(path, layer=layer, preset=preset)
    guess = suggest(sheet, preset=preset, remembered=remembered) if mapping is None else Guess(mapping)
    imported = import_sheet(sheet, guess.mapping, find=find, gap=gap, progress=progress)
    offers = {offer.message: offer for offer in (*guess.offers, *imported.offers)}
    return replace(imported, remarks=(*guess.remarks, *imported.remarks), offers=tuple(offers.values()))


def suggest(
    sheet: Sheet, *, preset: str | None = None, layer: Target | None = None, remembered: Remembered | None = None
) -> Guess:
    """Say what the columns of a sheet mean: by a preset, as the last time, or by a guess.

    Args:
        sheet: The sheet.
        preset: The dataset it is; told by its columns when left out.
        layer: What its rows become; told from its columns when left out.
        remembered: Mappings of tables brought in before.

    Returns:
        The mapping, with what speaks for it.

    Raises:
        OptionError: There is no such preset, or its columns are not there.
    """
    if preset:
        chosen = preset_named(preset)
        mapping = fitted(chosen, sheet)
        if len(mapping.columns) < len(chosen.mapping.columns) / 2:
            raise OptionError(f"{sheet.file} does not have the columns of {chosen.label}. Bring it without the preset.")
        return Guess(mapping, preset=chosen.label)
    kept = remembered.find(sheet) if remembered else None
    if kept and layer in (None, kept.layer):
        return Guess(kept, remembered=True, remarks=("The columns are read as the last time.",))
    return guess_mapping(sheet, layer=layer)


def preview(sheet: Sheet, mapping: Mapping, *, rows: int = PREVIEW_ROWS, find: FindPlaces | None = None) -> Imported:
    """Show what the first rows of a sheet would become.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.
        rows: How many rows.
        find: Turns names into places; the offline gazetteer when left out.

    Returns:
        As `import_sheet`, of those rows only; its offers are about the whole sheet.

    Raises:
        OptionError: The mapping does not fit the sheet.
    """
    shown = import_sheet(part(sheet, np.arange(min(rows, len(sheet)))), mapping, find=find)
    return replace(shown, offers=tuple(offers_of(sheet, mapping)[0]))
