"""What every reader gives: cells as text, with the rows' numbers and the geometry where there is one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.types import Fault

Decode: TypeAlias = Callable[[bytes], tuple[str, Sequence[str]]]
"""Turns the bytes of a text into characters, with notes on how."""

Geometries: TypeAlias = npt.NDArray[np.object_]


_WRITTEN_OUT = 1e15  # greater numbers are no longer whole


@dataclass(frozen=True)
class LayerSummary:
    """One layer of a file.

    Args:
        name: What the file calls it; empty where a file has one layer only.
        rows: How many rows it holds, or -1 where the file does not say.
        geometry: The kind of geometry it holds, or empty.
    """

    name: str
    rows: int
    geometry: str = ""

    def __str__(self) -> str:
        told = [f"{self.rows:,} rows"] if self.rows >= 0 else []
        return f"{self.name} ({', '.join([*told, self.geometry or 'no geometry'])})"


@dataclass(frozen=True)
class Sheet:
    """One layer of a file, as it was read.

    Args:
        file: The file's name, for messages.
        name: The layer's name, or empty.
        cells: The cells as text, empty where there is nothing; shape (n, columns).
        numbers: The rows' numbers as the user's program counts them; shape (n,).
        geometry: Shapely geometries or None; shape (n,), or None where the file holds no geometry.
        crs: What the geometry is in: `EPSG:4326`, or empty where the file does not say.
        notices: What should be known of how the file was read.
        faults: Rows that cannot be right, such as rows with too many cells; their cells are kept as far as possible.
        headed: Whether the file itself names its columns.
    """

    file: str
    name: str
    cells: pd.DataFrame
    numbers: Sequence[int]
    geometry: Geometries | None = None
    crs: str = ""
    notices: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = field(default=())
    headed: bool = True

    def __len__(self) -> int:
        return len(self.cells)


def flat(shapes: Geometries) -> tuple[Geometries, tuple[str, ...]]:
    """Take the heights and measures off shapes, for a map is flat.

    Args:
        shapes: Shapes, or None; shape (n,).

    Returns:
        The same in two dimensions, and what should be said of it; heights of 0, which many programs write, say nothing.
    """
    z = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    high = len(np.unique(z[1][np.nan_to_num(z[0][:, 2]) != 0]))
    measured = int(shapely.has_m(shapes).sum())
    told = ((high, "heights (Z)"), (measured, "measures (M)"))
    said = tuple(f"Rows whose coordinates have {what}: {rows:,}. They are left out." for rows, what in told if rows)
    return np.asarray(shapely.force_2d(shapes), dtype=object), said


def text_cells(values: pd.Series) -> pd.Series:
    """Write the values of a column as text.

    Args:
        values: Any values.

    Returns:
        Their text, empty where there is none: numbers with a point, times in ISO 8601, lists as JSON.
    """
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("string").fillna("").astype(object)
    return pd.Series([cell_text(value) for value in values], index=values.index, dtype=object)


def cell_text(value: Any) -> str:
    """Write one value as text.

    Args:
        value: Any value.

    Returns:
        Its text, empty where there is none.
    """
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return _number_text(float(value))
    return _other_text(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if abs(value) < _WRITTEN_OUT and value == int(value) else repr(value)


def _other_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if _is_midnight(value) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.hex() if isinstance(value, bytes) else str(value)


def _is_midnight(value: datetime) -> bool:
    return value.tzinfo is None and value.time() == time()
