"""When dates are that stand by themselves: with their year, or without one and then of the nearest that fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from geo.news.dates import stretches
from geo.news.dates.at import At
from geo.news.dates.grammar import Parts, Reader
from geo.news.dates.stretches import DAY, WINTER, Stretch, days

# fmt: off
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
SEASONS = ("spring", "summer", "autumn", "winter")
ORDINALS = ("first", "second", "third", "fourth")
_LEAP_YEAR = 2024


def _of_some_year(place: Callable[[Parts, int], Stretch], known: Callable[[Parts], str]) -> Reader:
    def read(parts: Parts, at: At) -> Stretch:
        if "year" in parts:
            return place(parts, parts["year"])
        place(parts, _LEAP_YEAR)  # what is in no calendar is no date, whatever the year
        return at.nearest(lambda year: place(parts, year), known(parts))

    return read


def _day_place(parts: Parts, year: int) -> Stretch:
    return stretches.unit_of("day", date(year, parts["month"], parts["day"]))


def _days_place(parts: Parts, year: int) -> Stretch:
    first = date(year, parts["month"], parts["day"])
    return days(first, first.replace(day=parts["day2"]))


def _months_place(parts: Parts, year: int) -> Stretch:
    later = parts["month2"] <= parts["month"]
    first, last = stretches.month(year - later, parts["month"]), stretches.month(year, parts["month2"])
    return Stretch(first.first, last.after, "range")


def _month_name(parts: Parts, name: str = "month") -> str:
    number: int = parts[name]
    return MONTHS[number - 1]


day_of_month = _of_some_year(_day_place, lambda parts: f"{parts['day']} {_month_name(parts)}")
days_of_month = _of_some_year(_days_place, lambda parts: f"{parts['day']} to {parts['day2']} {_month_name(parts)}")
month = _of_some_year(lambda parts, year: stretches.month(year, parts["month"]), _month_name)
months = _of_some_year(_months_place, lambda parts: f"{_month_name(parts)} to {_month_name(parts, 'month2')}")
quarter = _of_some_year(
    lambda parts, year: stretches.quarter(year, parts["ordinal"]),
    lambda parts: f"{ORDINALS[parts['ordinal'] - 1]} quarter",
)
half = _of_some_year(
    lambda parts, year: stretches.half(stretches.year(year), parts["ordinal"]),
    lambda parts: f"{ORDINALS[parts['ordinal'] - 1]} half of a year",
)


def season(parts: Parts, at: At) -> Stretch:
    """Tell when a season is; a winter of a year may be the one that ended or the one that began in it.

    Args:
        parts: `season`, and `year2` for the second year of a winter.
        at: From where it is counted.

    Returns:
        The days, of both winters where either may be meant.

    Raises:
        Unresolved: The year is unknown.
    """
    number = parts["season"]
    year = parts.get("year", at.year)
    if year is None:
        return at.nearest(lambda year: stretches.season(year, number), SEASONS[number - 1])
    if number != WINTER or "year2" in parts:
        return stretches.season(year, number)
    earlier, later = stretches.season(year - 1, WINTER), stretches.season(year, WINTER)
    unsure = f"the winter of {year - 1} to {year} or that of {year} to {year + 1}"
    return Stretch(earlier.first, later.after, "range", unsure)


def day_of_some_month(parts: Parts, at: At) -> Stretch:
    """Tell when a day is that is given without its month.

    Args:
        parts: `day`.
        at: From where it is counted.

    Returns:
        The day, of the month of publication or of one beside it.

    Raises:
        Unresolved: The day of publication is unknown.
        ValueError: No month near has such a day.
    """
    number = parts["day"]
    today = at.day(f"the {number} of a month")
    months_ = [stretches.unit_on("month", today, count) for count in range(-2, 3)]
    held = [whole.first + (number - 1) * DAY for whole in months_ if number <= (whole.after - whole.first).days]
    coming = [day for day in held if day >= today]
    begun = [day for day in held if day <= today]
    return stretches.unit_of("day", coming[0] if at.tense == "future" else begun[-1])


def year(parts: Parts, _: At) -> Stretch:
    """Tell when a year is.

    Args:
        parts: `year`.
        _: Not needed.

    Returns:
        The year.
    """
    return stretches.year(parts["year"])


def years(parts: Parts, _: At) -> Stretch:
    """Tell when a range of years is.

    Args:
        parts: `year`, and `year2` as written: two digits stand for the same century.
        _: Not needed.

    Returns:
        From the first day of the first year to the last of the last.
    """
    first, last = parts["year"], parts["year2"]
    if last < 100:
        last += first // 100 * 100 + (100 if last < first % 100 else 0)
    return Stretch(stretches.year(first).first, stretches.year(last).after, "range")


def are_years(parts: Parts) -> bool:
    """Tell whether two numbers are the first and last of some years and not quantities.

    Args:
        parts: `year`, `year2`.

    Returns:
        True for years since 1800, not a hundred apart, the later one last.
    """
    first, last = parts["year"], parts["year2"]
    return bool(1800 <= first < last < first + 100)


def is_next_year(parts: Parts) -> bool:
    """Tell whether two digits are those of the year after.

    Args:
        parts: `year`, and `year2` of two digits.

    Returns:
        True for 2019 and 20.
    """
    return bool((parts["year"] + 1) % 100 == parts["year2"])


def is_later_year(parts: Parts) -> bool:
    """Tell whether two digits are those of a later year of the same century.

    Args:
        parts: `year`, and `year2` of two digits.

    Returns:
        True for 1986 and 93.
    """
    return bool(parts["year"] % 100 < parts["year2"] < 100)


def is_recent(parts: Parts) -> bool:
    """Tell whether a number is a year of our time.

    Args:
        parts: `year`.

    Returns:
        True from 1900 to 2100.
    """
    return bool(1900 <= parts["year"] <= 2100)


def are_neighbours(parts: Parts) -> bool:
    """Tell whether two days follow each other, so that both are one stretch.

    Args:
        parts: `day`, `day2`.

    Returns:
        True for 12 and 13.
    """
    return bool(parts["day2"] == parts["day"] + 1)


def are_months_apart(parts: Parts) -> bool:
    """Tell whether two months follow each other, so that both are one stretch.

    Args:
        parts: `month`, `month2`.

    Returns:
        True for March and April, December and January.
    """
    return bool(parts["month2"] % 12 == (parts["month"] + 1) % 12)


def is_quarter(parts: Parts) -> bool:
    """Tell whether a number is that of a quarter.

    Args:
        parts: `ordinal`.

    Returns:
        True from 1 to 4.
    """
    return bool(1 <= parts["ordinal"] <= 4)


def is_half(parts: Parts) -> bool:
    """Tell whether a number is that of a half.

    Args:
        parts: `ordinal`.

    Returns:
        True for 1 and 2.
    """
    return parts["ordinal"] in (1, 2)


def is_winter(parts: Parts) -> bool:
    """Tell whether a season with two years is a winter that begins in one and ends in the other.

    Args:
        parts: `season`, `year`, `year2`.

    Returns:
        True for the winter of 2023-24.
    """
    return parts["season"] == WINTER and is_next_year(parts | {"year2": parts["year2"] % 100})


def decade(parts: Parts, _: At) -> Stretch:
    """Tell when a decade is; `1900s` and `2000s` are decades too.

    Args:
        parts: `years`, its first year.
        _: Not needed.

    Returns:
        Ten years.
    """
    return stretches.unit_of("decade", date(parts["years"], 1, 1))


def nothing(_: Parts, __: At) -> Stretch:
    """Refuse what looks like a date and is none.

    Args:
        _: Not needed.
        __: Not needed.

    Returns:
        Never.

    Raises:
        ValueError: Always.
    """
    raise ValueError("no date")
