"""What a reader should know of rows that are kept: no place, no date, no source, odd text, a way too fast."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.checking import plausibility
from geo.formats.spreadsheet import is_formula
from geo.schema import TIMES
from geo.types import Notice


def notices_of(tables: Mapping[Any, pd.DataFrame]) -> list[Notice]:
    """List what is to be noticed in checked tables.

    Args:
        tables: `events`, `routes` and `sources`, in the types of the schema.

    Returns:
        A notice for each cell.
    """
    return [
        *(notice for layer, table in tables.items() for notice in _odd_text(layer, table)),
        *(notice for layer in TIMES for notice in _undated(layer, tables[layer])),
        *(notice for layer in TIMES for notice in _high(layer, tables[layer])),
        *plausibility(tables["routes"]),
        *(notice for layer in TIMES for notice in _unsourced(layer, tables[layer], tables["sources"])),
        *(notice for layer in TIMES for notice in _unplaced(layer, tables[layer])),
    ]


def _unsourced(layer: str, table: pd.DataFrame, sources: pd.DataFrame) -> list[Notice]:
    lost = (table["source_id"] != "") & ~table["source_id"].isin(sources["id"])
    message = "No source of this id is listed: nothing can be said of it."
    return [
        Notice(layer, name, "source_id", source, message)
        for name, source in zip(table["id"][lost], table["source_id"][lost], strict=True)
    ]


def _unplaced(layer: str, table: pd.DataFrame) -> list[Notice]:
    message = "Has no position: kept without one."
    return [Notice(layer, name, "geometry", "", message) for name in table["id"][table["geometry"].isna()]]


def _high(layer: str, table: pd.DataFrame) -> list[Notice]:
    high = int(shapely.has_z(table["geometry"].to_numpy()).sum())
    message = f"Rows whose coordinates have heights (Z): {high:,}. The map is flat, and no file that is saved has them."
    return [Notice(layer, "", "geometry", "", message)] if high else []


def _undated(layer: str, table: pd.DataFrame) -> list[Notice]:
    first = TIMES[layer][0]
    message = "No date is given: kept, but in no window of time."
    return [Notice(layer, name, first, "", message) for name in table["id"][table[first].isna()]]


_HTML = re.compile(r"</?[A-Za-z][^>]*>")
_PERHAPS_ODD = r"^[\s\x0b\x1c-\x1f\x85\pZ]*[-=+@\t\r]|<"
"""What only an odd cell holds, as RE2 writes it: most cells are passed over by this alone, many at a time."""


def _odd_text(layer: str, table: pd.DataFrame) -> list[Notice]:
    """List cells whose text would do something elsewhere: formulas in a spreadsheet, HTML in a page."""
    names = table["id"].to_numpy()
    return [
        Notice(layer, str(names[row]), str(column), cells.iloc[row][:80], message)
        for column in table.columns
        if column != "geometry" and (cells := _texts(table[column])) is not None
        for row in np.flatnonzero(_perhaps_odd(cells))
        for odd, message in (
            (is_formula(cells.iloc[row]), "Begins like a spreadsheet formula: kept as plain text."),
            (bool(_HTML.search(cells.iloc[row])), "Holds HTML: kept and shown as plain text."),
        )
        if odd
    ]


def _perhaps_odd(cells: pd.Series) -> npt.NDArray[np.bool_]:
    found = pc.match_substring_regex(pa.array(cells, type=pa.large_string()), _PERHAPS_ODD)
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def _texts(values: pd.Series) -> pd.Series | None:
    if isinstance(values.dtype, pd.StringDtype):
        return values
    if values.dtype != object:
        return None
    return values.map(lambda cell: cell if isinstance(cell, str) else None).astype("str")
