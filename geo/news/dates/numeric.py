"""Dates and times in figures: `2024-03-24`, `24.03.2024`, `9/13/2023`, `09:30 GMT`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache

from geo.news.dates import stretches
from geo.news.dates.at import At
from geo.news.dates.grammar import Form, Parts, Phrase
from geo.news.dates.plain import MONTHS, day_of_month, month
from geo.news.dates.stretches import DAY, Stretch
from geo.news.dates.words import table

_FIGURES = re.compile(
    r"""(?:
    (?P<stamp>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z\b|[+-]\d\d:?\d\d\b))
    |(?P<year>[12]\d{3})(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?:T[\d:.]+)?
    |(?P<year2>(?:19|20)\d\d)-(?P<month2>0[1-9]|1[0-2])
    |(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)(?P=sign)(?P<year3>[12]\d{3})
    )(?![\w]|[-/:.,]\d|-[A-Za-z])""",
    re.VERBOSE | re.ASCII,
)
_CLOCK = re.compile(
    r"(?P<four>[012]\d[0-5]\d)(?=\s?(?:GMT|UTC|Z|KST|JST)\b)"
    r"|(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?)?(?P<half>\s?(?:[ap]\.m\b\.?|[ap]m\b))?",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"\s?(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?\b", re.ASCII)
_HOURS_OF_HALF = 12
_NOT_BEFORE = frozenset(".,:/+-$€£_")  # what makes figures the end of something longer; `\w` is asked apart


# Where one may begin: the first letter of these is a set of characters, which is what makes a search quick.
_FIGURES_BEGIN = re.compile(r"\d\d{0,3}[-/.]\d", re.ASCII)
_CLOCK_BEGINS = re.compile(r"\d(?:\d?[:.]\d|\d?\s?[apAP]\.?[mM]|\d\d\d\s?[GUZKJ])", re.ASCII)


def _matches(begin: re.Pattern[str], whole: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for match in filter(_begins, begin.finditer(text)):
        found = whole.match(text, match.start())
        if found is not None:
            yield found


def _begins(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    return not (before.isalnum() or before in _NOT_BEFORE)


def figures(text: str) -> Iterator[Phrase]:
    """Find dates in figures.

    Args:
        text: Any text.

    Yields:
        Each with how it is read; what no calendar has is found too, and reading it fails.
    """
    for match in _matches(_FIGURES_BEGIN, _FIGURES, text):
        given = {name.rstrip("23"): value for name, value in match.groupdict().items() if value}
        numbers = {name: int(value) for name, value in given.items() if value.isdigit()}
        if "stamp" in given:
            yield Phrase(_STAMP, {"stamp": given["stamp"]}, *match.span())
        elif "day" in given:
            yield Phrase(_DAY, numbers, *match.span())
        elif "month" in given:
            yield Phrase(_MONTH, numbers, *match.span())
        else:
            yield Phrase(_EITHER if given["sign"] != "." else _DOTTED, numbers, *match.span())


def _stamp(parts: Parts, _: At) -> Stretch:
    moment = datetime.fromisoformat(parts["stamp"]).astimezone(UTC)
    return Stretch(moment.date(), moment.date() + DAY, "exact", moment=moment)


def _dotted(parts: Parts, at: At) -> Stretch:
    return day_of_month({"day": parts["one"], "month": parts["two"], "year": parts["year"]}, at)


def _either(parts: Parts, _: At) -> Stretch:
    one, two, year = parts["one"], parts["two"], parts["year"]
    read = sorted({day for order in ((one, two), (two, one)) if (day := _date(year, *order)) is not None})
    if not read:
        raise ValueError("no such day")
    unsure = " or ".join(f"{day.day} {MONTHS[day.month - 1]} {year}" for day in read) if len(read) > 1 else ""
    return stretches.days(read[0], read[-1])._replace(unsure=unsure)


def _date(year: int, month_: int, day: int) -> date | None:
    try:
        return date(year, month_, day)
    except ValueError:
        return None


_STAMP = Form("full_day", "", _stamp)
_DAY = Form("full_day", "", day_of_month)
_MONTH = Form("full_month", "", month)
_DOTTED = Form("full_day", "", _dotted)
_EITHER = Form("full_day", "", _either)


def clocks(text: str) -> Iterator[Phrase]:
    """Find times of day; alone they are no date.

    Args:
        text: Any text.

    Yields:
        Each with its hour, minute and second, its offset from UTC, empty where no zone is given, and since when the
        zone has kept it.
    """
    for match in _matches(_CLOCK_BEGINS, _CLOCK, text):
        end = match.end()
        if match["four"]:
            hour, minute, second = int(match["four"][:2]), int(match["four"][2:]), 0
        else:
            hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
        zone = _zones().match(text, end)
        offset = _OFFSET.match(text, end) if match["minute"] else None
        if not (match["half"] or match["minute"] or match["four"]) or (match["half"] and hour > _HOURS_OF_HALF):
            continue
        if match["half"]:
            hour = hour % _HOURS_OF_HALF + _HOURS_OF_HALF * ("p" in match["half"].lower())
        if hour > 23 or minute > 59 or second > 59:
            continue
        if offset:
            shown = f"{offset['sign']}{int(offset['hours']):02d}:{offset['minutes'] or '00'}"
            kept, end = (shown, date.min), offset.end()
        elif zone:
            kept, end = _zone_of()[zone["zone"]], zone.end()
        else:
            kept = ("", date.min)
        parts = {"hour": hour, "minute": minute, "second": second, "offset": kept[0], "since": kept[1]}
        yield Phrase(_TIME, parts, match.start(), end)


def _no_date(_: Parts, __: At) -> Stretch:
    raise ValueError("a time of day alone is no date")


_TIME = Form("clock", "", _no_date)


@cache
def _zone_of() -> dict[str, tuple[str, date]]:
    return {
        name: (row["offset"], date.fromisoformat(row["since"]) if row["since"] else date.min)
        for row in table("zones.csv")
        for name in row["names"].split("|")
    }


@cache
def _zones() -> re.Pattern[str]:
    names = sorted(_zone_of(), key=len, reverse=True)
    return re.compile(rf",?\s?(?P<zone>{'|'.join(map(re.escape, names))})(?!\w)")
