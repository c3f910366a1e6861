"""What a single word can be in a date."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from geo.config import DATA

TABLES = DATA / "news" / "dates"

_NUMBER = re.compile(r"(\d{1,4})(st|nd|rd|th|['’]?s)?", re.IGNORECASE | re.ASCII)
_MARKS = {
    ",": "comma",
    ".": "dot",
    "-": "hyphen",
    "–": "hyphen",
    "—": "dash",
    "−": "hyphen",
    "/": "slash",
    ":": "colon",
    "(": "open",
    ")": "close",
    "'": "apostrophe",
    "’": "apostrophe",
    "%": "counted",
    "!": "stop",
    "?": "stop",
    ";": "stop",
    "": "break",
}
# fmt: off
_BUILT = (
    "stop", "number", "small", "nth", "modern_year", "old_year", "round_year", "own_year", "years", "short_years",
    "some_did", "plural", "name",
    "yearless_day", "yearless_month", "yearless_range", "full_day", "near_day", "full_month", "weekday_named", "a_week",
    "a_year", "stretch", "clock", "nothing",
)
# fmt: on
_LAST_YEAR = 2199


@cache
def _table() -> dict[str, tuple[str, int | str]]:
    """Lower-case words, what kind they are and what they say."""
    with (TABLES / "words.csv").open(encoding="utf-8", newline="") as lines:
        return {
            word: (row["kind"], int(row["value"]) if row["value"].lstrip("-").isdigit() else row["value"])
            for row in csv.DictReader(lines)
            for word in row["words"].split("|")
        }


@cache
def letters() -> dict[str, str]:
    """Give the letter that stands for each kind of word; `_` is any other word."""
    kinds = dict.fromkeys([*(kind for kind, _ in _table().values()), *_MARKS.values(), *_BUILT])
    free = (chr(code) for code in count(0x41) if chr(code).isalpha())
    return dict(zip(kinds, free, strict=False))


class Entry(NamedTuple):
    """What a word is.

    Args:
        letter: The letter of its kind.
        value: What it says.
        length: Its length without the space after it, in characters.
    """

    letter: str
    value: int | str
    length: int


@lru_cache(maxsize=1 << 15)
def entry(written: str) -> Entry:
    """Say what a word is.

    Args:
        written: A word, number or mark, with the space after it.

    Returns:
        Its kind, value and length.
    """
    kind, value = _known(written)
    return Entry(letters().get(kind, "_"), value, len(written.rstrip()))


def _known(written: str) -> tuple[str, int | str]:
    word = written.strip()
    if word[:1].isdigit():
        return _number(word)
    if word in _MARKS:
        return ("stop" if word == "." and word != written else _MARKS[word]), 0
    known = _table().get(word.lower())
    if known is not None and not (known[0].startswith("weak_") and word.isascii() and word[0].islower()):
        return known
    if word == "may":
        return "will", 0
    if word[:1].isupper():
        return "name", 0
    if word.endswith("ed") and len(word) > 4:
        return "some_did", 0
    plural = word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is"))
    return ("plural" if plural else ""), 0


def _number(word: str) -> tuple[str, int | str]:
    match = _NUMBER.fullmatch(word)
    if match is None:
        return "number", 0
    value, tail = int(match[1]), (match[2] or "").lower()
    if tail.endswith("s"):
        return _years(match[1], value)
    if tail:
        return ("nth" if 1 <= value <= 31 else "number"), value
    if len(match[1]) == 4 and 1000 <= value <= _LAST_YEAR:
        return ("round_year" if value % 500 == 0 else "modern_year" if value >= 1800 else "old_year"), value
    return ("small" if 1 <= value <= 31 and len(match[1]) < 3 else "number"), value


def _years(written: str, value: int) -> tuple[str, int | str]:
    if value % 10:
        return ("own_year" if 1800 <= value <= _LAST_YEAR else "number"), value
    if len(written) == 4 and 1000 <= value <= _LAST_YEAR:
        return "years", value
    return ("short_years", 1900 + value) if len(written) == 2 else ("number", value)


def table(name: str) -> list[dict[str, str]]:
    """Read a table of this package.

    Args:
        name: Its file under `data/news/dates`.

    Returns:
        Its rows.
    """
    path: Path = TABLES / name
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
