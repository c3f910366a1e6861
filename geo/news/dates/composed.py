"""When dates are that are made of smaller ones: parts, ranges, dates with a year or a time of day beside them."""

from __future__ import annotations

from datetime import UTC, datetime

from geo.news.dates import stretches
from geo.news.dates.at import NO_DAY, At, Unresolved
from geo.news.dates.grammar import Parts, Phrase
from geo.news.dates.stretches import DAY, Stretch

_YEARLESS = {"yearless_day", "yearless_month", "yearless_range"}
_COUNTED_BACK = {*_YEARLESS, "weekday_named"}


def same(parts: Parts, at: At) -> Stretch:
    """Tell when the one date is that is named with words that add nothing to it.

    Args:
        parts: `date`, a phrase.
        at: From where it is counted.

    Returns:
        Its days.
    """
    date: Phrase = parts["date"]
    return date.read(at)


def with_weekday(parts: Parts, at: At) -> Stretch:
    """Tell when a date is that has its weekday beside it; where the year is open, one in which both agree.

    Args:
        parts: `date`, the weekday, and `date2`, both phrases.
        at: From where it is counted.

    Returns:
        Its days; those of the date where no year near makes both agree.
    """
    written: Phrase = parts["date2"]
    found = written.read(at)
    weekday: int = parts["date"].parts["weekday"]
    if written.form.gives not in _YEARLESS or found.precision != "day" or at.year is not None:
        return found
    around = (_in_year(written, at, found.first.year + count) for count in (0, -1, 1))
    return next((near for near in around if near and near.first.weekday() == weekday), found)


def _in_year(written: Phrase, at: At, year: int) -> Stretch | None:
    try:
        return written.read(at.of_year(year))
    except (ValueError, OverflowError):
        return None


def weekday_of_week(parts: Parts, at: At) -> Stretch:
    """Tell when `Thursday last week` is.

    Args:
        parts: `date`, a weekday, and `a_week`, both phrases.
        at: From where it is counted.

    Returns:
        The day.
    """
    whole: Stretch = parts["a_week"].read(at)
    return stretches.unit_of("day", whole.first + parts["date"].parts["weekday"] * DAY)


def third(parts: Parts, at: At) -> Stretch:
    """Tell when the early, middle or late part of a date is.

    Args:
        parts: `part` or `bound`; `any`, a phrase.
        at: From where it is counted.

    Returns:
        A third of it; a day whole.
    """
    return stretches.third(parts["any"].read(at), parts.get("part") or parts["bound"])


def half(parts: Parts, at: At) -> Stretch:
    """Tell when the first or second half of a date is.

    Args:
        parts: `ordinal`; `long`, a phrase.
        at: From where it is counted.

    Returns:
        That half.
    """
    return stretches.half(parts["long"].read(at), parts["ordinal"])


def week_with(parts: Parts, at: At) -> Stretch:
    """Tell when the week of a day is.

    Args:
        parts: `date`, a phrase.
        at: From where it is counted.

    Returns:
        Monday to Sunday.
    """
    whole: Stretch = parts["date"].read(at)
    return stretches.unit_of("week", whole.first)


def week_of(parts: Parts, at: At) -> Stretch:
    """Tell when the first or last week of a month or year is.

    Args:
        parts: `ordinal` or `last`; `long`, a phrase.
        at: From where it is counted.

    Returns:
        Seven days, counted from its first day, or up to its last.

    Raises:
        ValueError: It is not that long.
    """
    whole: Stretch = parts["long"].read(at)
    first = whole.after - 7 * DAY if "last" in parts else whole.first + 7 * (parts["ordinal"] - 1) * DAY
    if not whole.first <= first <= whole.after - 7 * DAY:
        raise ValueError("no such week")
    return stretches.days(first, first + 6 * DAY)


def of_year(parts: Parts, at: At) -> Stretch:
    """Tell when a date is whose year stands beside it.

    Args:
        parts: `yearless`, a phrase; `year`, a number, or `a_year`, a phrase.
        at: From where it is counted.

    Returns:
        Its days.

    Raises:
        ValueError: What stands beside is more than one year.
    """
    year = parts.get("year")
    if year is None:
        whole: Stretch = parts["a_year"].read(at)
        if whole.precision != "year":
            raise ValueError("more than one year")
        year = whole.first.year
    yearless: Phrase = parts["yearless"]
    return yearless.read(at.of_year(year))


def at_time(parts: Parts, at: At) -> Stretch:
    """Tell when a time of a day is.

    Args:
        parts: `date` and `clock`, both phrases.
        at: From where it is counted.

    Returns:
        The moment where the time has a zone; else the day.
    """
    whole: Stretch = parts["date"].read(at)
    clock = parts["clock"].parts
    if whole.precision != "day" or not clock["offset"] or whole.first < clock["since"]:
        return whole
    local = f"{whole.first}T{clock['hour']:02d}:{clock['minute']:02d}:{clock['second']:02d}{clock['offset']}"
    moment = datetime.fromisoformat(local).astimezone(UTC)
    return Stretch(moment.date(), moment.date() + DAY, "exact", moment=moment)


def shifted(parts: Parts, at: At) -> Stretch:
    """Tell when `two days before Christmas` is.

    Args:
        parts: `amount`, `unit`; `before` or `after`; `date`, a phrase.
        at: From where it is counted.

    Returns:
        The whole unit that many back or on.
    """
    whole: Stretch = parts["date"].read(at)
    return stretches.unit_on(parts["unit"], whole.first, parts["amount"] * (parts.get("before") or parts["after"]))


def since(parts: Parts, at: At) -> Stretch:
    """Tell when `since August` is: from its first day to that of publication.

    Args:
        parts: `any`, a phrase.
        at: From where it is counted.

    Returns:
        The days.

    Raises:
        Unresolved: The day of publication is unknown.
        ValueError: It begins after publication.
    """
    begun: Stretch = parts["any"].read(at.in_tense("past"))
    if at.until is None:
        raise Unresolved(f"from {begun.first} on", NO_DAY)
    whole = stretches.days(begun.first, at.until - DAY)
    return Stretch(whole.first, whole.after, "range")


def between(parts: Parts, at: At) -> Stretch:
    """Tell when a range from one date to another is; the one without a year is counted from the other.

    Args:
        parts: `any` and `any2`, both phrases.
        at: From where it is counted.

    Returns:
        From the first day of the one to the last of the other, which is part of it.

    Raises:
        Unresolved: What they are counted from is unknown.
        ValueError: It would end before it begins.
    """
    a, b = parts["any"], parts["any2"]
    if b.form.gives in _YEARLESS and a.form.gives not in _COUNTED_BACK:
        begun = a.read(at)
        ended = b.read(at.from_day(begun.first, "future"))
    else:
        ended = b.read(at)
        begun = a.read(at.from_day(ended.first, "past") if a.form.gives in _COUNTED_BACK else at)
    if ended.after <= begun.first or ended.first < begun.first:
        raise ValueError("ends before it begins")
    if begun.moment and ended.moment:
        return Stretch(begun.first, ended.after, "range")
    return Stretch(begun.first, ended.after, "range", begun.unsure or ended.unsure)
