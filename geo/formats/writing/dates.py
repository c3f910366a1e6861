"""Times of a table as people write dates."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from geo.errors import DateError
from geo.formats.writing.cited import plain
from geo.timeline import iso_utc, write_date
from geo.types import Interval


def written_dates(first: pd.Series, last: pd.Series) -> list[str]:
    """Write stretches of time in the forms that `geo.timeline.parse_date` reads.

    Args:
        first: First moments, UTC; shape (n,).
        last: First moments after, UTC; shape (n,).

    Returns:
        The shortest form that means exactly each stretch, empty where there is none; shape (n,).
    """
    days = ((first == first.dt.normalize()) & (last == last.dt.normalize()) & (first < last)).to_numpy()
    moments = [
        (start or "") if start == end else f"{start}/{end}"
        for start, end in zip(plain(first), plain(last), strict=True)
    ]
    for row in np.flatnonzero(days):
        moments[row] = _days(first.iloc[row], last.iloc[row])
    return moments


@cache
def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    try:
        return write_date(Interval(first, last, "range"))
    except DateError:  # the last year of the calendar has no year after it
        return f"{iso_utc(first)[:10]}/{iso_utc(last - pd.Timedelta(days=1))[:10]}"
