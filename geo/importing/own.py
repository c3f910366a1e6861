"""Sheets that Rutter wrote itself: which rows are of which table, and what in them is no row's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.formats.columns import CITED, ENDS, LONLAT, WKT, own_names
from geo.formats.reading import Sheet
from geo.importing.mapping import OWN_PRESETS, Mapping
from geo.importing.presets import fitted, preset_named, recognised
from geo.schema import SCHEMAS

LAYER = "layer"
"""The column that says of a row whether it is an event or a route."""


def rows_by_layer(sheet: Sheet) -> dict[str, npt.NDArray[np.intp]] | None:
    """Tell the rows of a sheet of Rutter's own apart.

    Args:
        sheet: The sheet.

    Returns:
        Layer -> its rows, counted from 0; None where the sheet is of one layer only, or says something else.
    """
    if LAYER not in sheet.cells.columns:
        return None
    said = sheet.cells[LAYER].to_numpy(dtype=object)
    found = {layer: np.flatnonzero(said == layer) for layer in OWN_PRESETS}
    return {layer: rows for layer, rows in found.items() if len(rows)} if np.isin(said, [*found]).all() else None


def for_layer(mapping: Mapping, layer: str, sheet: Sheet) -> Mapping:
    """Read the rows of one table of a sheet of Rutter's own.

    Args:
        mapping: What the columns mean, as the sheet was taken.
        layer: The table.
        sheet: The sheet.

    Returns:
        What they mean for that table.
    """
    own = fitted(preset_named(OWN_PRESETS[layer]), sheet)
    return replace(mapping, layer=own.layer, columns=own.columns, preset=own.preset)


def not_the_rows(layer: str, cells: pd.DataFrame) -> set[str]:
    """Name the columns that an export adds to the rows of a table.

    Args:
        layer: The table.
        cells: The cells of its rows; shape (n, columns).

    Returns:
        What other programs are told besides, and the columns of other tables in the same file, which are empty here.
    """
    added = {LAYER, WKT, *LONLAT, *ENDS["routes"], *CITED}
    others = {name for table in SCHEMAS.values() for name in table.columns} - set(SCHEMAS[layer].columns)
    empty = {name for name in cells.columns if (cells[name] == "").all()}
    mixed = LAYER in cells.columns
    return {name for name in cells.columns if name in added or (name in empty and (mixed or name in others))}


def own_columns(layer: str, names: pd.Index) -> dict[str, str]:
    """Give columns back the names that an export changed because they mean something in a table.

    Args:
        layer: The table.
        names: The columns of the file.

    Returns:
        Column -> its own name, for those that were changed.
    """
    return own_names(layer, names) if WKT in names else {}


def is_own(sheet: Sheet) -> bool:
    """Tell whether Rutter wrote a sheet.

    Args:
        sheet: The sheet.

    Returns:
        Whether it has the columns of an export.
    """
    return (found := recognised(sheet)) is not None and found.name in OWN_PRESETS.values()
