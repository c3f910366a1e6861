"""The day a text was published, as files state it: only what can be read in one way."""

from __future__ import annotations

import re
from datetime import date

_LONGEST = 200  # characters; what is longer is no line with a date
_MONTHS = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?"),
    *("sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_MONTH = "|".join(_MONTHS)
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        r"(?<!\d)(?P<y>\d{4})([/.])\s?(?P<m>\d{1,2})\2\s?(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]",
        r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?:of\s)?(?P<name>{_MONTH})\.?,?[\s-](?P<y>\d{{4}})(?!\d)",
        rf"\b(?P<name>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}})(?!\d)",
    )
)
_SLASHES = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_ONLY_MONTHS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"(?<![\d-])(?P<y>\d{4})-(?P<m>\d\d)(?![\d-])", rf"\b(?P<name>{_MONTH})\.?,?\s(?P<y>\d{{4}})(?!\d)")
)


def published(stated: str) -> tuple[str, tuple[str, ...]]:
    """Read the day a file states.

    Args:
        stated: What the file says: `2024-03-24T23:30:00+09:00`, `Sun, 24 Mar 2024 10:00:00 GMT`, `24 March 2024`,
            `24.03.2024`, `2024年3月24日`, `March 2024`; or empty.

    Returns:
        The day as it is written there, `2024-03-24`, or the month, `2024-03`; empty where none is stated, where two
        are, or where day and month could change places. And a note where something is stated that is not used.
    """
    stated = stated[:_LONGEST]
    days = _found(stated, _DAYS) | _slashed(stated)
    found = days or _found(stated, _ONLY_MONTHS)
    if len(found) == 1:
        return found.pop(), ()
    shown = " ".join(stated.split())[:60]
    return "", ((f"Stated as its date: {shown!r}, which does not say one day for certain; not used.",) if shown else ())


def _found(stated: str, patterns: tuple[re.Pattern[str], ...]) -> set[str]:
    found = set()
    for pattern in patterns:
        for match in pattern.finditer(stated):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _month(parts["name"])
            found.add(_written(int(parts["y"]), month, int(parts["d"]) if parts.get("d") else None))
    return found - {""}


def _slashed(stated: str) -> set[str]:
    either = set()
    for a, b, year in _SLASHES.findall(stated):
        either |= {_written(int(year), int(b), int(a)), _written(int(year), int(a), int(b))}
    return either - {""}


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month[:3] == name[:3].lower())


def _written(year: int, month: int, day: int | None) -> str:
    try:
        whole = date(year, month, day or 1).isoformat()
    except ValueError:
        return ""
    return whole if day else whole[:7]
