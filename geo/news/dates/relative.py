"""When dates are that are counted from the day of publication or from the date read before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from geo.news.dates import stretches
from geo.news.dates.at import NO_DATE_BEFORE, At, Tense, Unresolved
from geo.news.dates.grammar import Parts
from geo.news.dates.stretches import DAY, WINTER, Stretch, days, unit_of, unit_on

_SIDES = {-2: "two before that", -1: "before that", 0: "", 1: "after that", 2: "two after that"}


def _beside(unit: str, count: int) -> str:
    return f"the {unit} {_SIDES.get(count, 'near that')} of publication".replace("  ", " ")


def relative_day(parts: Parts, at: At) -> Stretch:
    """Tell when today, yesterday or tomorrow is.

    Args:
        parts: `relative_day`, days from the day of publication; `before` or `after` for the day beside it.
        at: From where it is counted.

    Returns:
        The day.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    count = parts["relative_day"] + parts.get("before", 0) + parts.get("after", 0)
    return unit_of("day", at.day(_beside("day", count)) + count * DAY)


def today(_: Parts, at: At) -> Stretch:
    """Tell when this morning is.

    Args:
        _: Not needed.
        at: From where it is counted.

    Returns:
        The day of publication.

    Raises:
        Unresolved: It is unknown.
    """
    return unit_of("day", at.day("the day of publication"))


def last_night(_: Parts, at: At) -> Stretch:
    """Tell when last night was.

    Args:
        _: Not needed.
        at: From where it is counted.

    Returns:
        The day before publication.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    return unit_of("day", at.day("the night before publication") - DAY)


def unit_here(parts: Parts, at: At) -> Stretch:
    """Tell when this, last or next week, month, quarter, year, decade or century is.

    Args:
        parts: `unit`; `this`, `last`, `next` or `previous`, in units.
        at: From where it is counted.

    Returns:
        The whole unit of the calendar, but `last decade` is the ten years up to publication.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    count = parts.get("last", 0) + parts.get("next", 0)
    day = at.day(_beside(parts["unit"], count))
    if parts["unit"] == "decade" and count < 0:
        return stretches.window("decade", day, 1)
    return unit_on(parts["unit"], day, count)


def units_past(parts: Parts, at: At) -> Stretch:
    """Tell when the past or last three weeks are.

    Args:
        parts: `unit`, `amount` where it is not one.
        at: From where it is counted.

    Returns:
        The days up to that of publication.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    amount = parts.get("amount", 1)
    return stretches.window(parts["unit"], at.day(f"{amount} {parts['unit']}s up to publication"), amount)


def units_next(parts: Parts, at: At) -> Stretch:
    """Tell when the next three weeks are.

    Args:
        parts: `unit`, `amount`.
        at: From where it is counted.

    Returns:
        The days after that of publication.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    today_ = at.day(f"{parts['amount']} {parts['unit']}s after publication")
    length = stretches.window(parts["unit"], today_, parts["amount"])
    return days(today_ + DAY, today_ + (length.after - length.first))


def ago(parts: Parts, at: At) -> Stretch:
    """Tell when `three weeks ago` or `two days from now` is.

    Args:
        parts: `amount`, `unit`, and `ago` or nothing for the time to come.
        at: From where it is counted.

    Returns:
        The whole unit of the calendar that many back or on: two months ago is a month, five years ago a year.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    amount, unit = parts["amount"], parts["unit"]
    side = "before" if "ago" in parts else "after"
    return unit_on(unit, at.day(f"{amount} {unit}s {side} publication"), amount * parts.get("ago", 1))


def vaguely_ago(parts: Parts, at: At) -> Stretch:
    """Say only what is known of `several weeks ago`.

    Args:
        parts: `unit`.
        at: Not needed.

    Returns:
        Never.

    Raises:
        Unresolved: Always.
    """
    raise Unresolved(f"some {parts['unit']}s before publication", "how many unknown")


def from_before(parts: Parts, at: At) -> Stretch:
    """Tell when `two weeks later` or `the same day` is, counted from the date read before.

    Args:
        parts: `unit`; `amount` where it is not one; `earlier`, `later`, `following`, `next` or `previous` for the way.
        at: From where it is counted.

    Returns:
        The whole unit; what is earlier than no date before is counted from publication.

    Raises:
        Unresolved: No date stands before that is exact enough.
    """
    way = next((parts[name] for name in ("earlier", "later", "following", "next", "previous") if name in parts), 0)
    count = way * parts.get("amount", 1)
    day = at.before
    if day is None and ("earlier" in parts or "previous" in parts):
        day = at.today
    if day is None:
        side = "after" if count > 0 else "before"
        raise Unresolved(
            f"{abs(count)} {parts['unit']}s {side} another date" if count else "a date named before", NO_DATE_BEFORE
        )
    return unit_on(parts["unit"], day, count)


def day_beside(parts: Parts, at: At) -> Stretch:
    """Tell when the 9th in `Sept. 5 and 9` is.

    Args:
        parts: `day`.
        at: From where it is counted.

    Returns:
        The day, of the month of the date before.

    Raises:
        Unresolved: No date stands before.
        ValueError: That month has no such day.
    """
    if at.before is None:
        raise Unresolved(f"the {parts['day']} of a month", NO_DATE_BEFORE)
    return unit_of("day", at.before.replace(day=parts["day"]))


def rest_of_unit(parts: Parts, at: At) -> Stretch:
    """Tell when `earlier this year` or `later this month` is.

    Args:
        parts: `earlier` or `later`, `unit`.
        at: From where it is counted.

    Returns:
        That unit up to or from the day of publication, which is part of it.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    today_ = at.day(f"a part of the {parts['unit']} of publication")
    whole = unit_of(parts["unit"], today_)
    return days(whole.first, today_) if "earlier" in parts else days(today_, whole.last)


def part_of_unit(parts: Parts, at: At) -> Stretch:
    """Tell when `the end of the year` is: of the year of publication.

    Args:
        parts: `bound`, `unit`.
        at: From where it is counted.

    Returns:
        A third of that unit.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    return stretches.third(unit_here(parts, at), parts["bound"])


def month_near(parts: Parts, at: At) -> Stretch:
    """Tell when last, this or next January is.

    Args:
        parts: `month`; `last`, `this` or `next`.
        at: From where it is counted.

    Returns:
        The last that is over, that of the year of publication, or the next to begin.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    return _of_years(lambda year: stretches.month(year, parts["month"]), parts, at.day("a month"))


def season_near(parts: Parts, at: At) -> Stretch:
    """Tell when last, this or next summer is.

    Args:
        parts: `season`; `last`, `past`, `this` or `next`.
        at: From where it is counted.

    Returns:
        The last that is over, that of the year of publication, or the next to begin; this winter is the nearest.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    day = at.day("a season")
    if "this" in parts and parts["season"] == WINTER:
        tense: Tense = "future" if at.tense == "future" or day.month > 6 else "past"
        return at.in_tense(tense).nearest(lambda year: stretches.season(year, WINTER), "a winter")
    return _of_years(lambda year: stretches.season(year, parts["season"]), parts, day)


def _of_years(of_year: Callable[[int], Stretch], parts: Parts, day: date) -> Stretch:
    around = [of_year(day.year + count) for count in range(-2, 3)]
    if "next" in parts:
        return next(found for found in around if found.first > day)
    if "this" in parts:
        return around[2]
    return next(found for found in reversed(around) if found.after <= day)
