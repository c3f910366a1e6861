"""Dates as people write them, and the one rule of what is in a window of time.

An interval is half-open, `[start, end)`, in UTC. A day known only to the day is that whole day, a month that month.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import DateError
from geo.types import Interval, Precision

DATE_FORMS = "2024, 2024-Q1, 2024-03, 2024-03-24, 2024-03-20/2024-03-31 or 2024-03-24T09:30:00+09:00"
COARSENESS: tuple[Precision, ...] = ("exact", "day", "month", "quarter", "year", "range")

Table = TypeVar("Table", bound=pd.DataFrame)


def parse_date(text: str) -> Interval:
    """Read a date as people write it.

    Args:
        text: A year, quarter, month, day, ISO 8601 timestamp with its zone, or two of them with a slash between; the
            last day of a range is part of it.

    Returns:
        The stretch of time it covers, UTC, half-open, with its precision.

    Raises:
        DateError: The text is none of these forms, or the range ends before it starts.

    Source:
        ISO 8601-1 for dates and intervals; quarters as in ISO 8601-2 drafts and common use.
    """
    text = text.strip()
    first, slash, last = text.partition("/")
    if not slash:
        return _parse_single(text)
    try:
        start, end = _parse_single(first.strip()), _parse_single(last.strip())
    except DateError as error:
        raise DateError(f"In {text!r}, {error}") from error
    if _precedes(end, start):
        raise DateError(f"{text!r} ends before it starts. Write the earlier date first.")
    return Interval(start.start, end.end, "range")


def _precedes(a: Interval, b: Interval) -> bool:
    return a.end <= b.start and a.start < b.start


def _parse_single(text: str) -> Interval:
    for pattern, precision, read in _FORMS:
        match = re.fullmatch(pattern, text)
        if match is None:
            continue
        try:
            start, end = read(*match.groups())
        except (ValueError, OverflowError) as error:
            raise DateError(f"{text!r} is not a date in the calendar. Write it as {DATE_FORMS}.") from error
        return Interval(start, end, precision)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", text):
        raise DateError(f"{text!r} has no time zone. Add Z for UTC or an offset such as +09:00.")
    raise DateError(f"{text!r} is not a date. Write it as {DATE_FORMS}.")


def _utc(year: int, month: int = 1, day: int = 1) -> pd.Timestamp:
    return pd.Timestamp(datetime(year, month, day, tzinfo=UTC)).as_unit("ms")


def _months(year: str, first: int, count: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    years_on, month = divmod(first - 1 + count, 12)
    return _utc(int(year), first), _utc(int(year) + years_on, month + 1)


def _year(year: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return _utc(int(year)), _utc(int(year) + 1)


def _quarter(year: str, quarter: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return _months(year, 3 * int(quarter) - 2, 3)


def _month(year: str, month: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return _months(year, int(month), 1)


def _day(year: str, month: str, day: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    start = _utc(int(year), int(month), int(day))
    return start, start + pd.Timedelta(days=1)


def _instant(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    instant = pd.Timestamp(datetime.fromisoformat(text).astimezone(UTC)).as_unit("ms")
    return instant, instant


_FORMS: tuple[tuple[str, Precision, Callable[..., tuple[pd.Timestamp, pd.Timestamp]]], ...] = (
    (r"(\d{4})", "year", _year),
    (r"(\d{4})-?Q([1-4])", "quarter", _quarter),
    (r"(\d{4})-(\d\d)", "month", _month),
    (r"(\d{4})-(\d\d)-(\d\d)", "day", _day),
    (r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d(?::?\d\d)?))", "exact", _instant),
)


def write_date(interval: Interval) -> str:
    """Write an interval in the form that `parse_date` reads.

    Args:
        interval: A stretch of time, UTC, half-open.

    Returns:
        The shortest form that means exactly this stretch.
    """
    start, end, _ = interval
    for form in (_as_year, _as_quarter, _as_month, _as_day, iso_utc):
        text = form(start)
        if parse_date(text)[:2] == (start, end):
            return text
    last = end - pd.Timedelta(days=1)
    days = start == start.normalize() and end == end.normalize() and last >= start
    return f"{_as_day(start)}/{_as_day(last)}" if days else f"{iso_utc(start)}/{iso_utc(end)}"


def _as_year(at: pd.Timestamp) -> str:
    return f"{at.year:04d}"


def _as_quarter(at: pd.Timestamp) -> str:
    return f"{at.year:04d}-Q{at.quarter}"


def _as_month(at: pd.Timestamp) -> str:
    return f"{at.year:04d}-{at.month:02d}"


def _as_day(at: pd.Timestamp) -> str:
    return f"{at.year:04d}-{at.month:02d}-{at.day:02d}"


def iso_utc(at: pd.Timestamp) -> str:
    """Write a moment in ISO 8601, UTC.

    Args:
        at: A moment with its zone.

    Returns:
        `2024-03-24T00:00:00Z`, with milliseconds only where there are any.
    """
    text = at.tz_convert("UTC").isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00").removesuffix(".000") + "Z"


def describe(start: pd.Timestamp, end: pd.Timestamp, precision: str, *, short: bool = False) -> str:
    """Say in words when something was.

    Args:
        start: First moment, UTC, or NaT.
        end: First moment after it, UTC, or NaT.
        precision: How exactly it is known.
        short: Whether months are cut to three letters.

    Returns:
        `24 March 2024`, `18–19 June 2024`, `March 2024`, `2024`, or `undated`.
    """
    if pd.isna(start) or pd.isna(end):
        return "undated"
    month = "%b" if short else "%B"
    if precision == "exact" and start == end:
        return f"{_day_words(start, month)} {start.year}, {start:%H:%M} UTC"
    if precision in _FORM_OF and parse_date(_FORM_OF[precision](start))[:2] == (start, end):
        return _WORDS_OF[precision](start, month)
    last = end - pd.Timedelta(milliseconds=1) if end > start else start
    if start.date() == last.date():
        return f"{_day_words(start, month)} {start.year}"
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.day}–{_day_words(last, month)} {last.year}"
    from_year = "" if start.year == last.year else f" {start.year}"
    return f"{_day_words(start, month)}{from_year} – {_day_words(last, month)} {last.year}"


def describe_window(t0: pd.Timestamp, t1: pd.Timestamp) -> str:
    """Say in words which window of time is meant.

    Args:
        t0: First moment of the window, UTC.
        t1: First moment after the window, UTC.

    Returns:
        `2024` or `March 2024` where it is just that, else its first and last day.
    """
    return describe(t0, t1, parse_date(write_date(Interval(t0, t1, "range"))).precision)


def _day_words(at: pd.Timestamp, month: str) -> str:
    return f"{at.day} {at.strftime(month)}"


_FORM_OF: dict[str, Callable[[pd.Timestamp], str]] = {"year": _as_year, "quarter": _as_quarter, "month": _as_month}
_WORDS_OF: dict[str, Callable[[pd.Timestamp, str], str]] = {
    "year": lambda at, _: str(at.year),
    "quarter": lambda at, _: f"Q{at.quarter} {at.year}",
    "month": lambda at, month: f"{at.strftime(month)} {at.year}",
}


def hull(depart: Interval, arrive: Interval) -> Interval:
    """Join a departure and an arrival to the longest stretch they allow.

    Args:
        depart: When it left.
        arrive: When it came.

    Returns:
        From the first moment of the departure to the last of the arrival, with the coarser precision of the two.

    Raises:
        DateError: The arrival is over before the departure begins.
    """
    if _precedes(arrive, depart):
        raise DateError(f"{write_date(arrive)!r} is before {write_date(depart)!r}. Write the earlier date first.")
    return Interval(depart.start, arrive.end, max(depart.precision, arrive.precision, key=COARSENESS.index))


def parse_window(start: str | None, end: str | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Read a window from two dates as people write them.

    Args:
        start: Its first date, or None for as early as there is anything.
        end: Its last date, which is part of the window, or None for as late as there is anything.

    Returns:
        The half-open window `[t0, t1)`, UTC.

    Raises:
        DateError: A date cannot be read, or the window ends before it starts.
    """
    t0 = parse_date(start).start if start else EARLIEST
    t1 = parse_date(end).end if end else LATEST
    check_window(t0, t1)
    return t0, t1


def check_window(t0: pd.Timestamp, t1: pd.Timestamp) -> None:
    """Refuse a window that no row can be in.

    Args:
        t0: First moment of the window, UTC.
        t1: First moment after the window, UTC.

    Raises:
        DateError: It ends before it starts or lasts no time, or a moment has no time zone.
    """
    if t0.tzinfo is None or t1.tzinfo is None:
        raise DateError("A window needs moments with a time zone. Give them tz='UTC'.")
    if t1 <= t0:
        raise DateError(f"The window from {iso_utc(t0)} to {iso_utc(t1)} is empty. Give the earlier moment first.")


EARLIEST, LATEST = _utc(1), _utc(9999, 12, 31)


def in_window(starts: pd.Series, ends: pd.Series, t0: pd.Timestamp, t1: pd.Timestamp) -> npt.NDArray[np.bool_]:
    """Decide what is in a window; map, table, command line and files all ask here.

    Args:
        starts: First moments, UTC; shape (n,). NaT is in no window.
        ends: First moments after, UTC; shape (n,).
        t0: First moment of the window, UTC.
        t1: First moment after the window, UTC.

    Returns:
        True where `[start, end)` meets `[t0, t1)`: start < t1 and end > t0; an instant where t0 <= t < t1. Shape (n,).
    """
    instant = starts == ends
    meets = (starts < t1) & ((ends > t0) | (instant & (starts >= t0)))
    return np.asarray(meets.fillna(False), dtype=bool)
