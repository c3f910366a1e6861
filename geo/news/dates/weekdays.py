"""When weekdays and weekends are, counted from the day of publication."""

from __future__ import annotations

from datetime import date

from geo.news.dates.at import At
from geo.news.dates.grammar import Parts
from geo.news.dates.stretches import DAY, Stretch, days, unit_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SATURDAY = 5


def _weekday_by(today_: date, number: int, which: str) -> date:
    back, on = (today_.weekday() - number) % 7, (number - today_.weekday()) % 7
    return {
        "past": today_ - back * DAY,
        "future": today_ + on * DAY,
        "last": today_ - (back or 7) * DAY,
        "next": today_ + (on or 7) * DAY,
    }[which]


def weekday(parts: Parts, at: At) -> Stretch:
    """Tell when a weekday is: the last one up to the day of publication, or the next from it where it is to come.

    Args:
        parts: `weekday`; `last` or `next` for one that is not the day of publication itself.
        at: From where it is counted.

    Returns:
        The day.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    number = parts["weekday"]
    day = at.day(f"a {WEEKDAYS[number]}")
    named = next((name for name in ("last", "next") if name in parts), "last" if "past" in parts else "")
    return unit_of("day", _weekday_by(day, number, named or ("future" if at.tense == "future" else "past")))


def this_weekday(parts: Parts, at: At) -> Stretch:
    """Tell when `this Thursday` is: the next from the day of publication, or the last where it has been.

    Args:
        parts: `weekday`.
        at: From where it is counted.

    Returns:
        The day.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    return weekday(parts, at if at.tense == "past" else at.in_tense("future"))


def weekend(parts: Parts, at: At) -> Stretch:
    """Tell when a weekend is: the last that has begun, or the next where it is to come.

    Args:
        parts: `last`, `this` or `next` where the words say which.
        at: From where it is counted.

    Returns:
        Saturday and Sunday.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    day = at.day("a weekend")
    saturday = _weekday_by(day, _SATURDAY, "past")
    ongoing = day - saturday <= DAY
    if "last" in parts or "past" in parts:
        return days(saturday - ongoing * 7 * DAY, saturday + (1 - ongoing * 7) * DAY)
    to_come = at.tense == "future" or ("this" in parts and at.tense != "past")
    if "next" in parts or (to_come and not ongoing):
        saturday += 7 * DAY
    return days(saturday, saturday + DAY)


def weekday_weeks_ago(parts: Parts, at: At) -> Stretch:
    """Tell when `a week ago Monday` is: that many weeks before the last such day.

    Args:
        parts: `amount` of weeks, `weekday`.
        at: From where it is counted.

    Returns:
        The day.

    Raises:
        Unresolved: The day of publication is unknown.
    """
    last = weekday({"weekday": parts["weekday"]}, at.in_tense("past"))
    return unit_of("day", last.first - 7 * parts["amount"] * DAY)


def is_week(parts: Parts) -> bool:
    """Tell whether a unit is the week.

    Args:
        parts: `unit`.

    Returns:
        True for weeks.
    """
    return bool(parts["unit"] == "week")
