"""Rows in three shapes: a DataFrame's, plain ones for the log and for people's edits, and the database's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from geo.casting import TIME
from geo.edits import Row, Stored
from geo.errors import TableError
from geo.faults import fault
from geo.geodesy import COORDINATE_DECIMALS
from geo.schema import DEFAULTS, SCHEMAS
from geo.store.tables import EXTRA, LAYERS, OWN, SHAPES

_MISSING_DATE = "NaT"
_NO_SHAPE = "is no position. Write it as POINT (131.9 43.1), or draw it again."


def plain(layer: Stored, table: pd.DataFrame) -> list[Row]:
    """Write the rows of a table in plain values.

    Args:
        layer: Which table it is.
        table: The rows; a column beyond the schema is kept as it is.

    Returns:
        One mapping a row; coordinates have 7 decimals.
    """
    columns = [_plain_column(table[name], is_shape=layer in SHAPES and name == "geometry") for name in table.columns]
    names = [str(name) for name in table.columns]
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _plain_column(values: pd.Series, *, is_shape: bool) -> Sequence[Any]:
    if is_shape:
        return as_wkt(np.asarray(values.to_numpy(), dtype=object))
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        moments = values.dt.tz_convert(None).to_numpy().astype("datetime64[ms]").astype(str).tolist()
        return [None if text == _MISSING_DATE else f"{text}Z" for text in moments]
    cells = values.astype(object).where(values.notna(), None).tolist()
    return cells if isinstance(values.dtype, pd.StringDtype) else [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: Any) -> Any:
    if isinstance(cell, shapely.Geometry):
        return as_wkt(np.array([cell], dtype=object))[0]
    if isinstance(cell, date):  # a moment too
        return None if cell is pd.NaT else cell.isoformat()
    cell = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(cell, str):
        return cell.encode(errors="replace").decode()  # half a letter, as broken exports have it, fits into no file
    if cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return None
    known = isinstance(cell, int | None) or (isinstance(cell, float) and np.isfinite(cell))
    return cell if known else str(cell)


def plain_row(cells: Mapping[str, Any]) -> Row:
    """Write one row in plain values.

    Args:
        cells: Column -> cell, as people give it: text, number, moment, shape, None or nan for nothing.

    Returns:
        The same in plain values.
    """
    return {name: _plain_cell(cell) for name, cell in cells.items()}


def as_wkt(shapes: npt.NDArray[np.object_]) -> list[str | None]:
    """Write shapes as text.

    Args:
        shapes: Shapes in degrees, or None; shape (n,).

    Returns:
        Well-known text with 7 decimals, None where there is no shape.
    """
    lacking = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    written = shapely.to_wkt(shapely.force_2d(shapes), rounding_precision=COORDINATE_DECIMALS)
    return [None if none else text for text, none in zip(written, lacking, strict=True)]


def records(layer: Stored, rows: Sequence[Row]) -> list[Row]:
    """Turn plain rows into what the database is given.

    Args:
        layer: Which table they belong to.
        rows: Plain rows; what they lack is stored as nothing.

    Returns:
        One mapping a row, with every column but the database's own number.
    """
    own = [column.name for column in LAYERS[layer].columns if column.name not in OWN]
    known = set(own)
    found = [{name: row.get(name) for name in own} for row in rows]
    for record, row in zip(found, rows, strict=True):
        more = {name: row[name] for name in row if name not in known and row[name] is not None}
        record[EXTRA] = json.dumps(more, ensure_ascii=False) if more else None
    if "geometry" in own:
        for record, wkb in zip(found, _as_wkb(layer, [row.get("geometry") for row in rows]), strict=True):
            record["geometry"] = wkb
    return found


def _as_wkb(layer: Stored, texts: Sequence[Any]) -> list[bytes | None]:
    shapes = _shapes(layer, texts, shapely.from_wkt)
    if layer == "routes":
        single = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
        shapes[single] = [shapely.MultiLineString([line]) for line in shapes[single]]
    return list(shapely.to_wkb(shapely.force_2d(shapes), include_srid=False))


def _shapes(layer: Stored, cells: Sequence[Any], read: Callable[[Any], Any]) -> npt.NDArray[np.object_]:
    try:
        return np.asarray(read(np.array(cells, dtype=object)), dtype=object)
    except (shapely.errors.ShapelyError, TypeError):
        return np.array([_shape(layer, row, cell, read) for row, cell in enumerate(cells, start=1)], dtype=object)


def _shape(layer: Stored, row: int, cell: Any, read: Callable[[Any], Any]) -> shapely.Geometry | None:
    try:
        shape: shapely.Geometry | None = read(cell)
    except (shapely.errors.ShapelyError, TypeError) as error:
        raise TableError([fault(layer, row, "geometry", cell, _NO_SHAPE)]) from error
    return shape


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
    taken = set(columns["id"])
    columns["id"] = [name or free_id(layer, number, taken) for name, number in zip(columns["id"], numbers, strict=True)]
    table = pd.DataFrame({name: _typed(layer, name, cells) for name, cells in columns.items()})
    extra = pd.DataFrame([_more(text) for text in more]) if any(more) else pd.DataFrame()
    return pd.concat([table, extra], axis=1) if len(extra.columns) else table


def free_id(layer: Stored, number: int, taken: Collection[str]) -> str:
    """Name a row that another program added without an id.

    Args:
        layer: The table.
        number: The database's own number of the row.
        taken: Ids that others have.

    Returns:
        `events-17`, or `events-17-2` where that is taken.
    """
    name, turn = f"{layer}-{number}", 2
    while name in taken:
        name, turn = f"{layer}-{number}-{turn}", turn + 1
    return name


def _more(text: str | None) -> dict[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        told = text  # another program's words
    return told if isinstance(told, dict) else {EXTRA: text}


def _typed(layer: Stored, name: str, cells: Sequence[Any]) -> Any:
    kind = "str" if layer == "corrections" else str(SCHEMAS[layer].columns[name].dtype)
    if name == "geometry":
        return _single(_shapes(layer, cells, shapely.from_wkb))
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
