"""The three tables and what must hold for each of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import shapely
from pandera.errors import SchemaErrors
from shapely import GeometryType

from geo.casting import TIME, Unread, cast_column
from geo.errors import TableError
from geo.faults import fault
from geo.types import Basis, DatedBy, Fault, Mode, Precision, Status

CRS = "EPSG:4326"
LONGEST_TEXT = 100_000


def _check(test: Callable[[Any], Any], message: str) -> pa.Check:
    return pa.Check(test, error=message)


def _one_of(literal: Any) -> pa.Check:
    allowed = get_args(literal)
    return pa.Check.isin(
        allowed, error=f"is not one of the known words. Use one of: {', '.join(filter(None, allowed))}."
    )


_SHORT = _check(
    lambda text: text.str.len() <= LONGEST_TEXT,
    f"holds more than {LONGEST_TEXT:,} characters. Shorten the cell, or keep the long text in a file of its own.",
)
_FILLED = _check(lambda text: text.str.strip() != "", "is empty. Fill it in.")
_SHARE = pa.Check.in_range(0, 1, error="is not between 0 and 1. Write 0.8 for fairly sure.")
_AMOUNT = _check(
    lambda n: (n >= 0) & np.isfinite(n), "is not a number of 0 or more. Write digits only, units in their own column."
)
_ORDINAL = _check(lambda n: n >= 1, "is not a whole number of 1 or more. Number the legs 1, 2, 3.")


def _own_name(ids: pd.Series) -> pd.Series:
    return ~ids.duplicated(keep=False) | (ids == "")


def _text(*checks: pa.Check) -> pa.Column:
    return pa.Column(str, [_SHORT, *checks])


def _time() -> pa.Column:
    return pa.Column(TIME, nullable=True)


def _id() -> pa.Column:
    return _text(_FILLED, _check(_own_name, "appears more than once. Give each row its own id."))


def _on_earth(geometry: gpd.GeoSeries) -> pd.Series:
    box = shapely.bounds(geometry.to_numpy())
    inside = (box[:, 0] >= -180) & (box[:, 1] >= -90) & (box[:, 2] <= 180) & (box[:, 3] <= 90)
    return pd.Series(inside | np.isnan(box).all(axis=1), index=geometry.index)


def _is(*kinds: GeometryType) -> Callable[[gpd.GeoSeries], pd.Series]:
    allowed = [GeometryType.MISSING, *kinds]
    return lambda geometry: pd.Series(np.isin(shapely.get_type_id(geometry.to_numpy()), allowed), index=geometry.index)


_ON_EARTH = _check(
    _on_earth,
    "is not on the Earth. Longitude lies between -180 and 180, latitude between -90 and 90; they may be swapped.",
)
_POINT = pa.Column(
    None, [_ON_EARTH, _check(_is(GeometryType.POINT), "is not a point. Give one place for each event.")], nullable=True
)
_LINE = pa.Column(
    None,
    [
        _ON_EARTH,
        _check(_is(GeometryType.LINESTRING, GeometryType.MULTILINESTRING), "is not a line. Give each leg one line."),
    ],
    nullable=True,
)

EVENTS = pa.DataFrameSchema(
    {
        "id": _id(),
        "title": _text(_FILLED),
        "kind": _text(_FILLED),
        "start": _time(),
        "end": _time(),
        "precision": _text(_one_of(Precision)),
        "place": _text(),
        "place_id": _text(),
        "radius_km": pa.Column(float, _AMOUNT, nullable=True),
        "confidence": pa.Column(float, _SHARE, nullable=True),
        "status": _text(_one_of(Status)),
        "source_id": _text(),
        "quote": _text(),
        "note": _text(),
        "geometry": _POINT,
    }
)

ROUTES = pa.DataFrameSchema(
    {
        "id": _id(),
        "shipment": _text(),
        "leg": pa.Column(int, _ORDINAL),
        "title": _text(_FILLED),
        "mode": _text(_one_of(Mode)),
        "cargo": _text(),
        "quantity": pa.Column(float, _AMOUNT, nullable=True),
        "unit": _text(),
        "carrier": _text(),
        "origin": _text(),
        "origin_id": _text(),
        "destination": _text(),
        "destination_id": _text(),
        "depart": _time(),
        "arrive": _time(),
        "dated_by": _text(_one_of(DatedBy)),
        "precision": _text(_one_of(Precision)),
        "basis": _text(_one_of(Basis)),
        "length_km": pa.Column(float, _AMOUNT, nullable=True),
        "passages": _text(),
        "confidence": pa.Column(float, _SHARE, nullable=True),
        "status": _text(_one_of(Status)),
        "source_id": _text(),
        "quote": _text(),
        "note": _text(),
        "geometry": _LINE,
    }
)

SOURCES = pa.DataFrameSchema(
    {
        "id": _id(),
        "title": _text(),
        "publisher": _text(),
        "url": _text(),
        "published": _text(),
        "note": _text(),
    }
)

SCHEMAS = {"events": EVENTS, "routes": ROUTES, "sources": SOURCES}
REQUIRED = {"events": ("id", "title"), "routes": ("id", "title", "mode"), "sources": ("id",)}
TIMES = {"events": ("start", "end"), "routes": ("depart", "arrive")}
DEFAULTS: dict[str, Any] = {
    "kind": "other",
    "precision": "exact",
    "status": "reported",
    "basis": "inferred",
    "leg": 1,
}


def empty(layer: str) -> pd.DataFrame:
    """Make a table without rows.

    Args:
        layer: `events`, `routes` or `sources`.

    Returns:
        The table with every column in its type; a GeoDataFrame (EPSG:4326) but for sources.
    """
    return _empty(layer).copy()


@cache
def _empty(layer: str) -> pd.DataFrame:
    return check(layer, pd.DataFrame({name: [] for name in REQUIRED[layer]}), file=layer)


def check(
    layer: str,
    table: pd.DataFrame,
    *,
    file: str,
    rows: Sequence[int] | None = None,
    header: Sequence[str] | None = None,
    known: Iterable[Fault] = (),
) -> pd.DataFrame:
    """Bring a table into its schema, or say everything that is wrong with it.

    Args:
        layer: `events`, `routes` or `sources`.
        table: Any columns; those of the schema are brought into their types, others are kept as they are.
        file: The file's name, for messages.
        rows: The row numbers for messages, shape (n,); counted from 2 when left out.
        header: The columns as the file names them, for messages; those of the table when left out.
        known: Faults found before, listed with those found here.

    Returns:
        A new table, index 0 to n - 1; a GeoDataFrame (EPSG:4326) but for sources.

    Raises:
        TableError: Anything is wrong; it lists every fault with its row and column.
    """
    schema = SCHEMAS[layer]
    numbers = list(rows) if rows is not None else list(range(2, len(table) + 2))
    faults = [*known, *_missing_columns(layer, table, file, header)]
    columns, unread = {}, set()
    for name, column in schema.columns.items():
        values, bad = _typed(name, column, table.get(name), len(table))
        columns[name] = values
        unread |= {(row, name) for row, _, _ in bad}
        faults += [fault(file, numbers[row], name, value, advice) for row, value, advice in bad]
    extra = {name: table[name].to_numpy() for name in table.columns if name not in schema.columns}
    typed = pd.DataFrame({**columns, **extra})
    lacking = {fault.column for fault in faults if fault.row is None}
    faults += [
        fault(file, numbers[row], name, typed[name].iloc[row], advice)
        for row, name, advice in _failures(layer, typed)
        if (row, name) not in unread and name not in lacking
    ]
    faults += _backwards(layer, typed, file, numbers)
    if faults:
        raise TableError(sorted(faults, key=lambda fault: fault.row or 0))
    return typed if layer == "sources" else gpd.GeoDataFrame(typed, geometry="geometry", crs=CRS)


def _missing_columns(layer: str, table: pd.DataFrame, file: str, header: Sequence[str] | None) -> list[Fault]:
    found = ", ".join(map(str, table.columns if header is None else header)) or "none"
    return [
        Fault(file, None, name, None, "the column is missing.", f"Add it to the header. Columns found: {found}.")
        for name in REQUIRED[layer]
        if name not in table.columns
    ]


def _typed(name: str, column: pa.Column, values: pd.Series | None, size: int) -> tuple[Any, Unread]:
    if name == "geometry":
        return gpd.GeoSeries(values if values is not None else [None] * size, crs=CRS).reset_index(drop=True), []
    values = pd.Series([None] * size, dtype=object) if values is None else values.reset_index(drop=True)
    return cast_column(values, str(column.dtype), default=DEFAULTS.get(name))


def _failures(layer: str, table: pd.DataFrame) -> list[tuple[int, str, str]]:
    try:
        _of_typed(layer).validate(table, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        if cases["index"].isna().any():
            raise  # a check that could not run is our fault, not the table's
        seen = dict.fromkeys(zip(cases["index"].astype(int), cases["column"], cases["check"], strict=True))
        return [(row, name, check) for row, name, check in seen]
    return []


@cache
def _of_typed(layer: str) -> pa.DataFrameSchema:
    """Leave out the types, which the columns were just brought into: looking again takes as long as all the checks."""
    return SCHEMAS[layer].update_columns({name: {"dtype": None} for name in SCHEMAS[layer].columns})


def _backwards(layer: str, table: pd.DataFrame, file: str, rows: list[int]) -> list[Fault]:
    if layer == "sources":
        return []
    first, last = TIMES[layer]
    faults = []
    for row in np.flatnonzero(table[last] < table[first]):
        message = f"{table[last].iloc[row]} is before the {first} {table[first].iloc[row]}."
        faults.append(Fault(file, rows[row], last, table[last].iloc[row], message, "Write the earlier date first."))
    for row in np.flatnonzero(table[first].isna() != table[last].isna()):
        name, other = (first, last) if pd.isna(table[first].iloc[row]) else (last, first)
        message = f"is empty though {other} is given."
        faults.append(Fault(file, rows[row], name, None, message, "Give both, or neither."))
    return faults
