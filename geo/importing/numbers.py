"""Numbers and angles as people write them: decimal commas, degrees with minutes, letters of the compass."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

_COMMA = re.compile(r"[-+]?\d+,\d+|[-+]?\d{1,3}(?:\.\d{3})+,\d+")
_POINT = re.compile(r"[-+]?\d+\.\d+|[-+]?\d{1,3}(?:,\d{3})+\.\d+")
_VALUE = r"\d{1,3}(?:[.,]\d+)?"
_ANGLE = re.compile(
    rf"(?P<before>[NSEWO])?\s*(?P<sign>[-+−])?\s*(?P<d>{_VALUE})\s*(?:[°º:d\s-]\s*"
    rf"(?:(?P<m>{_VALUE})\s*(?:['′’:m\s-]|$|(?=[NSEWO]))\s*(?:(?P<s>{_VALUE})\s*(?:[\"″”s]|''|$|(?=\s*[NSEWO])))?)?)?"
    r"\s*(?P<after>[NSEWO])?",
    re.IGNORECASE,
)
# Ost, ouest and oeste begin alike and mean opposite ways: an O alone is not read.
_COMPASS = {"N": 1, "S": -1, "E": 1, "W": -1}


def uses_decimal_comma(columns: Iterable[pd.Series]) -> bool:
    """Tell whether the numbers of a table have a comma before their decimals.

    Args:
        columns: Columns of numbers as text.

    Returns:
        True where more cells can only be read so than with a point.
    """
    commas = points = 0
    for column in columns:
        cells = column[column != ""].head(500)
        commas += sum(_COMMA.fullmatch(cell.strip()) is not None for cell in cells)
        points += sum(_POINT.fullmatch(cell.strip()) is not None for cell in cells)
    return commas > points


def to_numbers(cells: pd.Series, *, decimal: str = ".") -> Floats:
    """Read numbers.

    Args:
        cells: Text; shape (n,).
        decimal: What stands before the decimals, `.` or `,`.

    Returns:
        The numbers, NaN for what is empty or none; shape (n,).
    """
    numbers = _plain_numbers(cells)
    again = (cells != "").to_numpy() & (np.isnan(numbers) if decimal == "." else True)
    if again.any():
        plain = cells[again].str.strip().str.replace("−", "-", regex=False)
        numbers[again] = _plain_numbers(_with_point(plain, decimal))
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _plain_numbers(cells: pd.Series) -> Floats:
    return np.array(pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def _with_point(cells: pd.Series, decimal: str) -> pd.Series:
    if decimal == ",":
        numbers = cells.str.fullmatch(r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d*)?").astype(bool)
        turned = cells.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        return cells.where(~numbers, turned)
    grouped = cells.str.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?").astype(bool)
    return cells.where(~grouped, cells.str.replace(",", "", regex=False))


def to_angles(cells: pd.Series, *, decimal: str = ".", axis: str) -> Floats:
    """Read latitudes or longitudes.

    Args:
        cells: Text, such as `42.59`, `42,59`, `42°35'24"N`, `N 42 35.4`; shape (n,).
        decimal: What stands before the decimals, `.` or `,`.
        axis: `lat` or `lon`.

    Returns:
        Degrees, NaN for what is empty or cannot be read; shape (n,).
    """
    numbers = to_numbers(cells, decimal=decimal)
    other = np.flatnonzero(np.isnan(numbers) & (cells != "").to_numpy())
    for row in other:
        numbers[row] = _angle(cells.iloc[row].strip(), "NS" if axis == "lat" else "EW")
    return numbers


def _angle(text: str, letters: str) -> float:
    match = _ANGLE.fullmatch(text.replace("''", '"'))
    if match is None:
        return np.nan
    letter = (match["before"] or match["after"] or "").upper()
    if (match["before"] and match["after"]) or (letter and letter not in letters) or (letter and match["sign"]):
        return np.nan
    degrees, minutes, seconds = (float((match[part] or "0").replace(",", ".")) for part in "dms")
    if minutes >= 60 or seconds >= 60:
        return np.nan
    sign = _COMPASS.get(letter, -1 if match["sign"] in ("-", "−") else 1)
    return sign * (degrees + minutes / 60 + seconds / 3600)
