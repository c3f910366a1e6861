"""Dates of a whole column: many ways of writing them, the order of day and month decided over all cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.config import DATA
from geo.errors import DateError, OptionError
from geo.importing.mapping import DateOrder
from geo.timeline import DATE_FORMS, parse_date
from geo.types import Precision

Moments = npt.NDArray[np.datetime64]
MS = "datetime64[ms]"
NO_TIME = np.datetime64("NaT", "ms")

_TIME = (
    r"(?:[T\s,]+(?P<time>\d{1,2}[:h.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})\.?{_TIME}")
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d\d){_TIME}")
_TOGETHER = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)Z?)?")
_DAY_WORD = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\s+de|\s+of)?[\s-]+(?P<word>[^\W\d]+)\.?(?:\s+de)?[\s,-]+(?P<y>\d{{4}}|\d\d){_TIME}"
)
_WORD_DAY = re.compile(rf"(?P<word>[^\W\d]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TIME}")
_WORD_YEAR = re.compile(r"(?P<word>[^\W\d]+)\.?(?:\s+de)?[\s,-]+(?P<y>\d{4})")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")  # days as spreadsheets count them, from 1954 to 2119
_SERIAL_START = datetime(1899, 12, 30)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,3})?Z?")
_FIGURES = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d\d)")
# Cells that say there is no date, which is no fault of the row.
_NO_DATE = re.compile(
    r"[-–—]|\?+|n/?\.?[ad]\.?|nan|nil|none|no date|not known|null|tbd|undated|unknown|desconocid[ao]|inconnue?|"
    r"unbekannt|неизвестно|미상|不明",
    re.IGNORECASE,
)
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_CENTURY_FROM = 69  # POSIX: 69 to 99 are 1969 to 1999


class Column(NamedTuple):
    """The dates of a column.

    Args:
        start: First moments, UTC, NaT where there is none; shape (n,).
        end: First moments after; shape (n,).
        precision: How exactly each is known, empty where there is none; shape (n,).
        wrong: Row -> what is wrong with its cell.
        naive: How many times of day did not say their zone.
        serial: How many stood as the number that a spreadsheet has for them.
    """

    start: Moments
    end: Moments
    precision: npt.NDArray[np.object_]
    wrong: dict[int, str]
    naive: int = 0
    serial: int = 0


class _Read(NamedTuple):
    """One date: two moments in ms since 1970, its precision, and whether its time has no zone."""

    start: int
    end: int
    precision: Precision
    naive: bool = False


@cache
def months() -> dict[str, int]:
    """Read the names of months, once.

    Returns:
        Name in lower case -> number.

    Source:
        `data/imports/months.csv`, curated for this project.
    """
    with (DATA / "imports" / "months.csv").open(encoding="utf-8", newline="") as file:
        return {word: int(row["month"]) for row in csv.DictReader(file) for word in row["words"].split("|")}


def date_order(columns: Sequence[pd.Series]) -> tuple[DateOrder, bool]:
    """Tell whether days or months come first, from all dates of a table.

    Args:
        columns: Columns of dates as text.

    Returns:
        The order, and whether cells that can be read either way leave it open.
    """
    days_first = months_first = either = 0
    for column in columns:
        for first, second in _figures(column):
            days_first += first > 12 >= second
            months_first += second > 12 >= first
            either += first <= 12 and second <= 12 and first != second
    order: DateOrder = "mdy" if months_first > days_first else "dmy"
    return order, bool(either) and days_first == months_first


def _figures(column: pd.Series) -> set[tuple[int, int]]:
    matches = (_FIGURES.match(text) for text in {cell.strip()[:12] for cell in column})
    return {(int(match[1]), int(match[2])) for match in matches if match}


def read_dates(cells: pd.Series, *, order: DateOrder = "dmy", zone: str = "UTC") -> Column:
    """Read a column of dates.

    Args:
        cells: Text; shape (n,).
        order: Whether 03/04/2024 begins with the day or the month.
        zone: The time zone of times that do not say theirs.

    Returns:
        The stretches of time that they cover, none where a cell is empty or says `unknown` and the like; times that are
        midnight in every cell are no times.

    Raises:
        OptionError: There is no such time zone.
    """
    try:
        local = UTC if zone == "UTC" else ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise OptionError(f"There is no time zone {zone!r}. Write it as Asia/Seoul.") from error
    codes, written = pd.factorize(np.array([cell.strip() for cell in cells], dtype=object))
    read: list[_Read | None] = []
    advice: dict[int, str] = {}
    moments = _iso_moments(written) if local is UTC else {}
    for number, text in enumerate(written):
        if number in moments:
            read.append(_Read(moments[number], moments[number], "exact", not text.endswith("Z")))
            continue
        try:
            read.append(None if not text or _NO_DATE.fullmatch(text) else _one(text, order, local))
        except DateError as error:
            read.append(None)
            advice[number] = str(error)
    read = _days_where_all_midnight(read, list(written), local)
    start, end = (np.array([one[at] if one else NO_TIME.astype(int) for one in read], dtype="int64") for at in (0, 1))
    precision = np.array([one.precision if one else "" for one in read], dtype=object)
    naive = np.array([bool(one and one.naive) for one in read], dtype=bool)
    wrong = {int(row): advice[codes[row]] for row in np.flatnonzero(np.isin(codes, list(advice)))}
    if not len(written):
        return Column(np.full(0, NO_TIME), np.full(0, NO_TIME), np.array([], dtype=object), {})
    serial = np.array([bool(_SERIAL.fullmatch(text)) for text in written])[codes].sum()
    start, end = start.astype(MS), end.astype(MS)
    return Column(start[codes], end[codes], precision[codes], wrong, int(naive[codes].sum()), int(serial))


def _iso_moments(written: npt.NDArray[np.object_]) -> dict[int, int]:
    """Read at once what is ISO 8601 in full, as whole files of positions are."""
    found = [number for number, text in enumerate(written) if _ISO.fullmatch(text)]
    try:
        read = np.array([written[number].rstrip("Z") for number in found], dtype=MS).astype("int64")
    except ValueError:
        return {}  # one of them is in no calendar: read one by one, it is found
    return dict(zip(found, read.tolist(), strict=True))


def _days_where_all_midnight(read: list[_Read | None], written: list[str], zone: tzinfo) -> list[_Read | None]:
    timed = [one for one in read if one and one.precision == "exact"]
    if not timed or not all(one.naive for one in timed):
        return read
    days = [
        datetime.fromtimestamp(one.start / 1000, zone) if one and one.precision == "exact" else None for one in read
    ]
    if any(day and (day.hour, day.minute, day.second) != (0, 0, 0) for day in days):
        return read
    return [_day(day.year, day.month, day.day) if day else one for day, one in zip(days, read, strict=True)]


def _one(text: str, order: DateOrder, zone: tzinfo) -> _Read:
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _TOGETHER, _DAY_WORD, _WORD_DAY):
        match = pattern.fullmatch(text)
        if match and (parts := _parts(match, order)):
            try:
                return _of_parts(match.groupdict(), *parts, zone)
            except (ValueError, OverflowError) as error:
                raise DateError(f"{text!r} is not a date in the calendar. Write it as 2024-03-24.") from error
    if (match := _WORD_YEAR.fullmatch(text)) and (month := months().get(match["word"].casefold())):
        return _month(int(match["y"]), month)
    if _SERIAL.fullmatch(text):
        day = _SERIAL_START + timedelta(days=float(text))
        return _instant(day.replace(tzinfo=zone), naive=True) if "." in text else _day(day.year, day.month, day.day)
    if _EPOCH.fullmatch(text):
        at = int(text) * (1000 if len(text) == 10 else 1)
        return _Read(at, at, "exact")
    return _as_elsewhere(text)


def _parts(match: re.Match[str], order: DateOrder) -> tuple[int, int, int] | None:
    told = match.groupdict()
    year = int(told["y"])
    if len(told["y"]) == 2:
        year += 1900 if year >= _CENTURY_FROM else 2000
    if "a" in told:
        day, month = (told["a"], told["b"]) if order == "dmy" else (told["b"], told["a"])
        return year, int(month), int(day)
    month = told.get("m") or months().get(told["word"].casefold(), 0)
    return (year, int(month), int(told["d"])) if month else None


def _of_parts(told: dict[str, str | None], year: int, month: int, day: int, zone: tzinfo) -> _Read:
    clock = told.get("time")
    if told.get("H"):
        at = datetime(year, month, day, int(told["H"] or 0), int(told["M"] or 0), int(told["S"] or 0), tzinfo=UTC)
        return _instant(at, naive=False)
    if clock is None:
        return _day(year, month, day)
    figures = [float(part) for part in re.split(r"[:h]|\.(?=\d\d[:.])", clock.replace(",", "."))]
    hour, minute, second = (*figures, 0.0, 0.0)[:3]
    if half := (told.get("half") or "").lower()[:1]:
        hour = hour % 12 + (12 if half == "p" else 0)
    stated = told.get("zone")
    at = datetime(year, month, day, int(hour), int(minute), int(second), tzinfo=_zone(stated) if stated else zone)
    return _instant(at + timedelta(milliseconds=round(second % 1 * 1000)), naive=not stated)


def _zone(stated: str) -> tzinfo:
    if stated in ("Z", "UTC", "GMT"):
        return UTC
    found = datetime.strptime(stated.replace(":", "").ljust(5, "0"), "%z").tzinfo
    return found or UTC


def _instant(at: datetime, *, naive: bool) -> _Read:
    moment = _ms(at.astimezone(UTC))
    return _Read(moment, moment, "exact", naive)


def _day(year: int, month: int, day: int) -> _Read:
    start = _ms(datetime(year, month, day, tzinfo=UTC))
    return _Read(start, start + 86_400_000, "day")


def _month(year: int, month: int) -> _Read:
    return _of_interval(f"{year:04d}-{month:02d}")


def _of_interval(text: str) -> _Read:
    start, end, precision = parse_date(text)
    return _Read(_ms(start.to_pydatetime()), _ms(end.to_pydatetime()), precision)


def _ms(at: datetime) -> int:
    apart = at - _EPOCH_START
    return (apart.days * 86_400 + apart.seconds) * 1000 + apart.microseconds // 1000


def _as_elsewhere(text: str) -> _Read:
    """Read what a dossier writes, else what an article writes."""
    try:
        return _of_interval(text)
    except DateError:
        from geo.news.dates import find_dates

        found = find_dates(text)
        whole = [one for one in found if one.interval and one.end - one.start >= len(text) - 1]
        if len(whole) == 1 and whole[0].interval:
            start, end, precision = whole[0].interval
            return _Read(_ms(start.to_pydatetime()), _ms(end.to_pydatetime()), precision)
        raise DateError(f"{text!r} is not a date. Write it as {DATE_FORMS}.") from None
