"""Where sentences begin and end: at full stops that end no abbreviation, and at the ends of paragraphs and headings."""

from __future__ import annotations

import csv
import re
from functools import cache

from geo.config import NEWS
from geo.news.types import Span

_CLOSING = re.escape("\"'”’»)]")
_MAY_END = re.compile(r"[.!?…]++|[。！？]++|\n")  # begins with a set of characters, which is what makes a search quick
_END = re.compile(
    rf"""
    (?P<mark>[.!?…]++[{_CLOSING}]*+)(?=\s++["'“‘«(\[]*+[^\W_a-z]|\s*+$)  # a mark, then a capital or the end
    | [。！？]++[」』”]*+  # marks of scripts that put no space after them
    | \n[^\S\n]*+\n\s*+  # a new paragraph
    | (?P<line>\n)
    """,
    re.VERBOSE,
)
_LAST_WORD_BACKWARDS = re.compile(r"[^\W\d_]++(?:\.[^\W\d_]++)*+")
_LONGEST_WORD = 20
_PARAGRAPH = re.compile(r"(?<![^\n])[^\n]++(?:\n[^\S\n]*+[^\s][^\n]*+)+")
_LINE = re.compile(r"[^\n]+")
_BEGINS = re.compile(r"[^\S\n]*+[^\w\n]*+[^\W_a-z]")
_LIST = 0.8  # of the lines begin as sentences do: hardly so where a margin broke them
_SHORT = 0.6  # of the longest line of its paragraph: a heading above it


def split(text: str) -> list[Span]:
    """Find the sentences of a text.

    Args:
        text: The text.

    Returns:
        Where each stands, without the space around it, in order; together they hold all but white space.
    """
    found: list[Span] = []
    start = 0
    lines = _ending_lines(text)
    for mark in _MAY_END.finditer(text):
        match = _END.match(text, mark.start()) if mark.start() >= start else None
        if match is None:
            continue
        if match.group("mark") == "." and _abbreviates(text, match.start()):
            continue
        if match.group("line") and match.start() not in lines:
            continue
        start = _add(found, text, start, match.end())
    _add(found, text, start, len(text))
    return found


def _ending_lines(text: str) -> set[int]:
    """Find the ends of lines that end a sentence: those of headings and lists, not those of text broken at a margin."""
    ends: set[int] = set()
    for paragraph in _PARAGRAPH.finditer(text):
        lines = list(_LINE.finditer(text, *paragraph.span()))
        begins = [bool(_BEGINS.match(text, *line.span())) for line in lines]
        longest = max((line.end() - line.start() for line in lines), default=0)
        is_list = sum(begins[1:]) >= _LIST * max(len(lines) - 1, 1)
        for line, next_begins in zip(lines, begins[1:], strict=False):
            short = line.end() - line.start() < _SHORT * longest
            if next_begins and (is_list or short):
                ends.add(line.end())
    return ends


def _add(found: list[Span], text: str, start: int, end: int) -> int:
    stripped = text[start:end].rstrip()
    first = start + len(stripped) - len(stripped.lstrip())
    if first < start + len(stripped):
        found.append(Span(first, start + len(stripped)))
    return end


def _abbreviates(text: str, stop: int) -> bool:
    """Tell whether the full stop at this place ends an abbreviation, after which a sentence hardly ever ends."""
    word = _LAST_WORD_BACKWARDS.match(text[max(0, stop - _LONGEST_WORD) : stop][::-1])
    if word is None:
        return False
    last = word.group()[::-1]
    initial = len(last) == 1 and last.isupper()
    return initial or last.lower() in _abbreviations()


@cache
def _abbreviations() -> frozenset[str]:
    with (NEWS / "abbreviations.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["abbreviation"] for row in csv.DictReader(lines))
