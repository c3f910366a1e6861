"""The calendar: stretches of whole days, the units they are counted in, and their parts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from geo.types import Interval, Precision

DAY = timedelta(days=1)
WINTER = 4
UNITS = ("day", "week", "month", "quarter", "year", "decade", "century")
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


class Stretch(NamedTuple):
    """Whole days of the Gregorian calendar, half-open, or one moment.

    Args:
        first: The first day.
        after: The day after the last.
        precision: How exactly it is known.
        unsure: What the days leave open, in words, or empty.
        moment: The moment, UTC, where it is known exactly, else None.
    """

    first: date
    after: date
    precision: Precision
    unsure: str = ""
    moment: datetime | None = None

    @property
    def last(self) -> date:
        """The last day."""
        return self.after - DAY

    def interval(self) -> Interval:
        """Give it as the rest of Rutter has it: UTC, half-open."""
        if self.moment is not None:
            at = pd.Timestamp(self.moment).as_unit("ms")
            return Interval(at, at, "exact")
        return Interval(_midnight(self.first), _midnight(self.after), self.precision)


@lru_cache(maxsize=4096)
def _midnight(day: date) -> pd.Timestamp:
    return pd.Timestamp(datetime(day.year, day.month, day.day, tzinfo=UTC)).as_unit("ms")


def days(first: date, last: date) -> Stretch:
    """Give the stretch from one day to another.

    Args:
        first: The first day.
        last: The last day, which is part of it.

    Returns:
        The stretch, as exact as its length allows.

    Raises:
        ValueError: The last day is before the first.
    """
    if last < first:
        raise ValueError(f"{last} is before {first}")
    return Stretch(first, last + DAY, "day" if first == last else "range")


def month(year: int, number: int) -> Stretch:
    """Give a month.

    Args:
        year: Its year.
        number: 1 to 12.

    Returns:
        Its days.
    """
    return unit_of("month", date(year, number, 1))


def year(number: int) -> Stretch:
    """Give a year.

    Args:
        number: The year.

    Returns:
        Its days.
    """
    return unit_of("year", date(number, 1, 1))


def quarter(number: int, quarter_: int) -> Stretch:
    """Give a quarter of a year.

    Args:
        number: The year.
        quarter_: 1 to 4.

    Returns:
        Its days.
    """
    return unit_of("quarter", date(number, 3 * quarter_ - 2, 1))


def season(number: int, season_: int) -> Stretch:
    """Give a season of the northern hemisphere, of three whole months.

    Args:
        number: The year in which it begins.
        season_: 1 for spring, which begins in March, to 4 for winter, which begins in December.

    Returns:
        Its days.
    """
    first = date(number, 3 * season_, 1)
    return Stretch(first, months_on(first, 3), "range")


def months_on(day: date, count: int) -> date:
    """Count months from the first of one.

    Args:
        day: The first day of a month.
        count: Months, or a negative number of them.

    Returns:
        The first day of the month that many months on.
    """
    years, number = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(years, number + 1, 1)


def unit_of(unit: str, day: date) -> Stretch:
    """Give the day, week, month, quarter, year, decade or century that a day is in.

    Args:
        unit: Which of these. Weeks begin on Monday, as ISO 8601 has them; decades and centuries with the year 0.
        day: A day in it.

    Returns:
        Its days.
    """
    if unit == "day":
        return Stretch(day, day + DAY, "day")
    if unit == "week":
        monday = day - day.weekday() * DAY
        return Stretch(monday, monday + 7 * DAY, "range")
    length = _MONTHS_IN[unit]
    total = day.year * 12 + day.month - 1
    first = months_on(date(1, 1, 1), total - total % length - 12)
    precisions: dict[str, Precision] = {"month": "month", "quarter": "quarter", "year": "year"}
    return Stretch(first, months_on(first, length), precisions.get(unit, "range"))


def unit_on(unit: str, day: date, count: int) -> Stretch:
    """Count units from the one that a day is in.

    Args:
        unit: One of `UNITS`.
        day: A day.
        count: Units, or a negative number of them.

    Returns:
        The whole unit that many units on.
    """
    if unit == "day":
        return unit_of("day", day + count * DAY)
    first = unit_of(unit, day).first
    return unit_of(unit, first + 7 * count * DAY if unit == "week" else months_on(first, count * _MONTHS_IN[unit]))


def window(unit: str, last: date, count: int) -> Stretch:
    """Give the days that end with one, as `the past three weeks` has it.

    Args:
        unit: One of `UNITS`.
        last: The last day, which is part of it.
        count: How many units long; a month back is the day after the same day of the month before, or after its last.

    Returns:
        The stretch.
    """
    if unit in ("day", "week"):
        return days(last - (count * (7 if unit == "week" else 1) - 1) * DAY, last)
    first = months_on(last.replace(day=1), -count * _MONTHS_IN[unit])
    same_day = min(first + (last.day - 1) * DAY, months_on(first, 1) - DAY)
    return days(same_day + DAY, last)


# Of stretches of up to these many days or months: where the middle begins and where it ends, counted from the first.
_THIRDS_OF_DAYS = {7: (2, 4), 31: (10, 20)}
_THIRDS_OF_MONTHS = {3: (1, 2), 6: (2, 4), 12: (4, 8), 120: (48, 84), 1200: (396, 792)}


def third(whole: Stretch, which: int) -> Stretch:
    """Give the early, middle or late part of a stretch.

    Of a month the 1st to 10th, 11th to 20th and the rest; of a year January to April, May to August, September to
    December; of a week Monday and Tuesday, Wednesday and Thursday, Friday to Sunday; of a quarter or season a month
    each; of a decade the years 0 to 3, 4 to 6 and 7 to 9; of a century 33, 33 and 34 years. A day is not cut.

    Args:
        whole: The stretch.
        which: 1 for early, 2 for middle, 3 for late.

    Returns:
        That part of it.

    Raises:
        ValueError: Nobody says early or late of a stretch of that length.
    """
    length = (whole.after - whole.first).days
    if length == 1:
        return whole
    if length in (7, 28, 29, 30, 31):
        cuts = next(cuts for most, cuts in _THIRDS_OF_DAYS.items() if length <= most)
        edges = (whole.first, *(whole.first + cut * DAY for cut in cuts), whole.after)
    elif whole.first.day == 1 and whole.after.day == 1:
        count = 12 * (whole.after.year - whole.first.year) + whole.after.month - whole.first.month
        if count not in _THIRDS_OF_MONTHS:
            raise ValueError(f"no early, middle or late part of {count} months")
        edges = (whole.first, *(months_on(whole.first, cut) for cut in _THIRDS_OF_MONTHS[count]), whole.after)
    else:
        raise ValueError(f"no early, middle or late part of {length} days")
    return Stretch(edges[which - 1], edges[which], "month" if _is_month(edges, which) else "range")


def _is_month(edges: tuple[date, ...], which: int) -> bool:
    first, after = edges[which - 1], edges[which]
    return first.day == 1 and months_on(first, 1) == after


def half(whole: Stretch, which: int) -> Stretch:
    """Give the first or second half of a stretch.

    Args:
        whole: The stretch; a month's first half is its first fifteen days.
        which: 1 or 2.

    Returns:
        That half of it.

    Raises:
        ValueError: It has no halves of whole days or months.
    """
    length = (whole.after - whole.first).days
    count = 12 * (whole.after.year - whole.first.year) + whole.after.month - whole.first.month
    if which not in (1, 2) or length < 28 or (count % 2 and count != 1):
        raise ValueError(f"no half {which} of {length} days")
    middle = whole.first + 15 * DAY if count == 1 else months_on(whole.first, count // 2)
    return Stretch(whole.first, middle, "range") if which == 1 else Stretch(middle, whole.after, "range")
