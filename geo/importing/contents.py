"""What the cells of a column look like, whatever stands over it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import CoordinateError
from geo.importing.dates import read_dates
from geo.importing.numbers import to_angles, to_numbers
from geo.places.written import coordinates
from geo.types import Status

Truths = npt.NDArray[np.bool_]

SAMPLE = 400  # cells that are looked at
_DATES = 50
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(?:\(.*|EMPTY)",
    re.I | re.S,
)
_URL = re.compile(r"(?:https?://|www\.)\S+", re.I)
_NUMBER_LIKE = re.compile(r"[-+]?[\d.,\s]+%?")


def sample(cells: pd.Series) -> pd.Series:
    """Take filled cells from all over a column.

    Args:
        cells: Text; shape (n,).

    Returns:
        Some hundreds of those that hold anything; shape (m,).
    """
    filled = [cell for cell in cells.iloc[:: max(1, len(cells) // (4 * SAMPLE))] if cell and not cell.isspace()]
    if not filled:
        filled = [cell for cell in cells if cell and not cell.isspace()]
    found = [cell.strip() for cell in filled[:: max(1, len(filled) // SAMPLE)]]
    return pd.Series(found, dtype=object)


def fits(cells: pd.Series, look: str) -> float:
    """Tell how many cells look as a kind of column should.

    Args:
        cells: Filled cells, as `sample` gives them; shape (m,).
        look: A test that `data/imports/headers.csv` names; empty for any.

    Returns:
        The share that does, 0 to 1; 0.5 where there are no cells to tell by.
    """
    if not look:
        return 1.0
    return float(np.mean(_TESTS[look](cells))) if len(cells) else 0.5


def _either_decimal(cells: pd.Series) -> npt.NDArray[np.float64]:
    point, comma = to_numbers(cells), to_numbers(cells, decimal=",")
    return np.where(np.isnan(point), comma, point)


def _angles(axis: str) -> Callable[[pd.Series], Truths]:
    def test(cells: pd.Series) -> Truths:
        found = to_angles(cells, axis=axis)
        found = np.where(np.isnan(found), to_angles(cells, decimal=",", axis=axis), found)
        return np.isfinite(found)  # out of range may be metres, or latitude and longitude swapped: said elsewhere

    return test


def _dates(cells: pd.Series) -> Truths:
    cells = cells.iloc[:: max(1, len(cells) // _DATES)].reset_index(drop=True)  # reading what is no date takes long
    by_day, by_month = (read_dates(cells, order=order).precision != "" for order in ("dmy", "mdy"))
    years = cells.str.fullmatch(r"\d{1,4}").to_numpy(dtype=bool)
    plausible = ~years | pd.to_numeric(cells.where(years), errors="coerce").between(1000, 2200).to_numpy()
    return np.asarray((by_day | by_month) & plausible)


def _pairs(cells: pd.Series) -> Truths:
    return np.array([_is_pair(cell) for cell in cells], dtype=bool)


def _is_pair(cell: str) -> bool:
    try:
        return coordinates(cell) is not None
    except CoordinateError:
        return True


def _matching(pattern: re.Pattern[str]) -> Callable[[pd.Series], Truths]:
    return lambda cells: np.array([pattern.fullmatch(cell) is not None for cell in cells], dtype=bool)


def _between(low: float, high: float) -> Callable[[pd.Series], Truths]:
    return lambda cells: (_either_decimal(cells) >= low) & (_either_decimal(cells) <= high)


_TESTS: dict[str, Callable[[pd.Series], Truths]] = {
    "latitude": _angles("lat"),
    "longitude": _angles("lon"),
    "date": _dates,
    "clock": lambda cells: cells.str.fullmatch(r"\d{1,2}[:h.]\d\d.*").to_numpy(dtype=bool),
    "year": _between(1, 9999),
    "month": _between(0, 12),
    "day": _between(0, 31),
    "coordinates": _pairs,
    "wkt": _matching(_WKT),
    "url": _matching(_URL),
    "number": lambda cells: np.isfinite(_either_decimal(cells)),
    "share": lambda cells: (
        ((_either_decimal(cells) >= 0) & (_either_decimal(cells) <= 1))
        | cells.str.fullmatch(r"\d{1,3}(?:[.,]\d+)?\s*%").to_numpy(dtype=bool)
    ),
    "status": lambda cells: cells.str.casefold().isin(get_args(Status)).to_numpy(dtype=bool),
    "mode": lambda cells: cells.str.casefold().isin(("sea", "rail", "road", "air")).to_numpy(dtype=bool),
    "precision": lambda cells: (
        cells.str.casefold().isin(("exact", "day", "week", "month", "quarter", "year", "range")).to_numpy(dtype=bool)
    ),
    "track": lambda cells: cells.str.fullmatch(r"\S{1,40}").to_numpy(dtype=bool),
    "text": lambda cells: ~np.array([_NUMBER_LIKE.fullmatch(cell) is not None for cell in cells], dtype=bool),
}
