"""Where sentences begin and end: at full stops that end no abbreviation, and at the ends of paragraphs and headings."""

from __future__ import annotations

import csv
import re
from functools import cache

from geo.config import NEWS
from geo.news.types import Span

_CLOSING = re.escape("\"'”’»)]")
_END = re.compile(
    rf"""
    (?P<mark>[.!?…]+[{_CLOSING}]*)(?=\s+["'“‘«(\[]*[^\W_a-z]|\s*$)  # a mark, then a capital, a digit or the end
    | [。！？]+[」』”]*  # marks of scripts that put no space after them
    | [ \t]*\n\s*\n\s*  # a new paragraph
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")
_LONGEST_WORD = 20
_SPACE = re.compile(r"\s*")


def split(text: str) -> list[Span]:
    """Find the sentences of a text.

    Args:
        text: The text.

    Returns:
        Where each stands, without the space around it, in order; together they hold all but white space.
    """
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.group("mark") == "." and _abbreviates(text, match.start()):
            continue
        start = _add(found, text, start, match.end())
    _add(found, text, start, len(text))
    return found


def _add(found: list[Span], text: str, start: int, end: int) -> int:
    stripped = text[start:end].rstrip()
    first = start + len(stripped) - len(stripped.lstrip())
    if first < start + len(stripped):
        found.append(Span(first, start + len(stripped)))
    return end


def _abbreviates(text: str, stop: int) -> bool:
    """Tell whether the full stop at this place ends an abbreviation, after which a sentence hardly ever ends."""
    word = _LAST_WORD.search(text, max(0, stop - _LONGEST_WORD), stop)
    if word is None:
        return False
    last = word.group()
    initial = len(last) == 1 and last.isupper()
    return initial or last.lower() in _abbreviations()


@cache
def _abbreviations() -> frozenset[str]:
    with (NEWS / "abbreviations.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["abbreviation"] for row in csv.DictReader(lines))
