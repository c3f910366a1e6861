"""Days that have a name: `Christmas`, `Victory Day`; and names that hold the word for a day and are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from geo.news.dates.grammar import Form, Phrase
from geo.news.dates.plain import day_of_month, nothing
from geo.news.dates.words import table

_YEARLESS = Form("yearless_day", "", day_of_month)
_ONCE = Form("full_day", "", day_of_month)
_NONE = Form("nothing", "", nothing)


def named_days(text: str) -> Iterator[Phrase]:
    """Find named days.

    Args:
        text: Any text.

    Yields:
        Each with its month and day, and its year where it was only once.
    """
    for match in _names().finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before.isalnum() or before in ("/", "-") or (after.isalnum() and match[0].isascii()) or after == "/":
            continue
        form, parts = _days()[match[0]]
        yield Phrase(form, parts, *match.span())


@cache
def _days() -> dict[str, tuple[Form, dict[str, int]]]:
    days = {}
    for row in table("holidays.csv"):
        parts = {name: int(row[name]) for name in ("year", "month", "day") if row[name]}
        form = _ONCE if "year" in parts else _YEARLESS if parts else _NONE
        days.update(dict.fromkeys(row["names"].split("|"), (form, parts)))
    return days


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_days(), key=len, reverse=True))))
