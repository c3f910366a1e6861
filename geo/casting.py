"""A column brought into the type it is meant to have, and the cells that cannot be."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

TIME: Final = "datetime64[ms, UTC]"
Unread = list[tuple[int, object, str]]
"""Cells that are not of the type: the row counted from 0, the value, and what to write instead."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")


def cast_column(values: pd.Series, to: str, *, default: Any = None) -> tuple[pd.Series, Unread]:
    """Bring a column into a type.

    Args:
        values: The cells, index 0 to n - 1; shape (n,).
        to: `float64`, `int64`, `TIME` or `str`.
        default: What stands for an empty cell; not a number, or an empty text, when left out.

    Returns:
        The column in its type, and the cells that could not be read.
    """
    if isinstance(values.dtype, pd.DatetimeTZDtype) and to == TIME:
        return values.astype(TIME), []
    blank = values.isna()
    if not pd.api.types.is_numeric_dtype(values.dtype):
        blank |= (values if isinstance(values.dtype, pd.StringDtype) else values.astype(str)).str.strip() == ""
    if to in ("float64", "int64"):
        return _numbers(values, blank, np.nan if default is None else default, whole=to == "int64")
    if to == TIME:
        return _times(values, blank)
    texts = values if isinstance(values.dtype, pd.StringDtype) else values.astype(object)
    return texts.where(~blank, "" if default is None else default).astype(str), []


def _times(values: pd.Series, blank: pd.Series) -> tuple[pd.Series, Unread]:
    known = ~blank & values.map(lambda value: isinstance(value, datetime) or bool(_MOMENT.fullmatch(str(value))))
    times = pd.to_datetime(values.where(known, None), utc=True, errors="coerce", format="ISO8601").astype(TIME)
    advice = "is not a moment with its zone. Write it as 2024-03-24T00:00:00Z."
    return times, [(int(row), values[row], advice) for row in np.flatnonzero(times.isna() & ~blank)]


def _numbers(values: pd.Series, blank: pd.Series, default: float, *, whole: bool) -> tuple[pd.Series, Unread]:
    told = values.where(~blank, default)
    numbers = (
        told.astype(float) if pd.api.types.is_any_real_numeric_dtype(told.dtype) else told.map(_number).astype(float)
    )
    broken = ~blank & ~np.isfinite(numbers)
    if whole:
        broken |= ~blank & (numbers % 1 != 0)
    advice = f"is not a {'whole ' if whole else ''}number. Write digits with a point, or leave the cell empty."
    bad = [(int(row), values[row], advice) for row in np.flatnonzero(broken)]
    numbers = numbers.where(~broken, 1.0 if whole else np.nan)
    return (numbers.astype("int64") if whole else numbers), bad


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else np.nan
    except (ValueError, OverflowError):
        return np.nan
