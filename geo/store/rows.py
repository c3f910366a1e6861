"""Rows in three shapes: a DataFrame's, plain ones for the log and for people's edits, and the database's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from geo.edits import Row, Stored
from geo.geodesy import COORDINATE_DECIMALS
from geo.schema import DEFAULTS, SCHEMAS, TIME
from geo.store.tables import EXTRA, LAYERS

_MISSING_DATE = "NaT"


def plain(layer: Stored, table: pd.DataFrame) -> list[Row]:
    """Write the rows of a table in plain values.

    Args:
        layer: Which table it is.
        table: The rows; a column beyond the schema is kept as it is.

    Returns:
        One mapping a row; coordinates have 7 decimals.
    """
    columns = [_plain_column(table[name]) for name in table.columns]
    names = [str(name) for name in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _plain_column(values: pd.Series) -> Sequence[Any]:
    if values.name == "geometry":
        return as_wkt(np.asarray(values.to_numpy(), dtype=object))
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        moments = values.dt.tz_convert(None).to_numpy().astype("datetime64[ms]").astype(str).tolist()
        return [None if text == _MISSING_DATE else f"{text}Z" for text in moments]
    cells = values.astype(object).where(values.notna(), None).tolist()
    return cells if pd.api.types.is_string_dtype(values.dtype) else [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, pd.Timestamp):
        return cell.isoformat()
    cell = cell.item() if hasattr(cell, "item") else cell
    return cell if isinstance(cell, str | int | float | bool | None) else str(cell)


def plain_row(cells: Mapping[str, Any]) -> Row:
    """Write one row in plain values.

    Args:
        cells: Column -> cell, as people give it: text, number, moment, shape, None or nan for nothing.

    Returns:
        The same in plain values.
    """
    return {name: _plain_given(cell) for name, cell in cells.items()}


def _plain_given(cell: Any) -> Any:
    if isinstance(cell, shapely.Geometry):
        return as_wkt(np.array([cell], dtype=object))[0]
    if isinstance(cell, datetime):
        return None if cell is pd.NaT else cell.isoformat()
    return None if isinstance(cell, float) and np.isnan(cell) else _plain_cell(cell)


def as_wkt(shapes: npt.NDArray[np.object_]) -> list[str | None]:
    """Write shapes as text.

    Args:
        shapes: Shapes in degrees, or None; shape (n,).

    Returns:
        Well-known text with 7 decimals, None where there is no shape.
    """
    lacking = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    written = shapely.to_wkt(shapes, rounding_precision=COORDINATE_DECIMALS)
    return [None if none else text for text, none in zip(written, lacking, strict=True)]


def records(layer: Stored, rows: Sequence[Row]) -> list[Row]:
    """Turn plain rows into what the database is given.

    Args:
        layer: Which table they belong to.
        rows: Plain rows; what they lack is stored as nothing.

    Returns:
        One mapping a row, with every column but the database's own number.
    """
    own = [column.name for column in LAYERS[layer].columns if column.name not in ("fid", EXTRA)]
    known = {*own, EXTRA}
    found = [{name: row.get(name) for name in own} for row in rows]
    for record, row in zip(found, rows, strict=True):
        more = {name: cell for name, cell in row.items() if name not in known}
        record[EXTRA] = json.dumps(more, ensure_ascii=False) if more else None
    if "geometry" in own:
        for record, wkb in zip(found, _as_wkb(layer, [row.get("geometry") for row in rows]), strict=True):
            record["geometry"] = wkb
    return found


def _as_wkb(layer: Stored, texts: Sequence[str | None]) -> list[bytes | None]:
    shapes = shapely.from_wkt(np.array(texts, dtype=object))
    if layer == "routes":
        single = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
        shapes[single] = [shapely.MultiLineString([line]) for line in shapes[single]]
    return list(shapely.to_wkb(shapes, include_srid=False))


def frame(layer: Stored, parts: Iterable[Sequence[Sequence[Any]]]) -> pd.DataFrame:
    """Make a table of what the database gave.

    Args:
        layer: Which table it is.
        parts: The rows, some at a time, every column of the table in its order.

    Returns:
        The table in the types of the schema, as far as its cells allow; what is wrong in it is for the schema to say.
    """
    columns: dict[str, list[Any]] = {column.name: [] for column in LAYERS[layer].columns}
    for part in parts:
        for column, cells in zip(columns.values(), zip(*part, strict=True), strict=True):
            column.extend(cells)
    numbers, more = columns.pop("fid"), columns.pop(EXTRA)
    # A row that another program added has no id.
    columns["id"] = [name or f"{layer}-{number}" for name, number in zip(columns["id"], numbers, strict=True)]
    table = pd.DataFrame({name: _typed(layer, name, cells) for name, cells in columns.items()})
    extra = pd.DataFrame([json.loads(text) if text else {} for text in more]) if any(more) else pd.DataFrame()
    return pd.concat([table, extra], axis=1) if len(extra.columns) else table


def _typed(layer: Stored, name: str, cells: Sequence[Any]) -> Any:
    kind = "str" if layer == "corrections" else str(SCHEMAS[layer].columns[name].dtype)
    if name == "geometry":
        return _single(shapely.from_wkb(np.array(cells, dtype=object)))
    if kind == TIME:
        return _moments(cells)
    default = DEFAULTS.get(name)
    if kind in ("float64", "int64"):
        return _numbers([default if cell is None else cell for cell in cells] if default else cells)
    return pd.Series([cell or default or "" for cell in cells], dtype=object).astype(str)


def _single(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTILINESTRING) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    return shapes


def _numbers(cells: Sequence[Any]) -> pd.Series:
    try:
        return pd.Series(cells, dtype=float)
    except (TypeError, ValueError):
        return pd.Series(cells, dtype=object)


def _moments(cells: Sequence[str | None]) -> pd.Series:
    try:
        moments = pa.array(cells, pa.string()).cast(pa.timestamp("ms", "UTC"))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pd.Series(cells, dtype=object)
    return pd.Series(moments.to_numpy(zero_copy_only=False)).dt.tz_localize("UTC")


def read(layer: Stored, rows: Iterable[Row]) -> pd.DataFrame:
    """Make a table of plain rows.

    Args:
        layer: Which table they belong to.
        rows: Plain rows.

    Returns:
        The table in the types of the schema, as far as the cells allow.
    """
    columns = [column.name for column in LAYERS[layer].columns]
    own = [[None, *(record[name] for name in columns[1:])] for record in records(layer, list(rows))]
    return frame(layer, [own] if own else [])


def same(row: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Compare two plain rows, nothing and an empty text alike.

    Args:
        row: A plain row, or None where there is none.
        other: Another.

    Returns:
        Whether they say the same.
    """
    if row is None or other is None:
        return row is other
    return all(_said(row.get(name)) == _said(other.get(name)) for name in {*row, *other})


def _said(cell: Any) -> Any:
    return None if cell == "" else cell
