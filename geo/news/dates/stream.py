"""A text as one letter a word, so that a regular expression can read words instead of characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from operator import attrgetter
from typing import Any, NamedTuple

from geo.news.dates.words import entry, letters

_TOKEN = re.compile(
    r"(?:[^\W\d_]+|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:(?:st|nd|rd|th|['’]?s)\b)?|[^\s\w]|_)"
    r"[^\S\n]*\n?[^\S\n]*|\s+",
    re.IGNORECASE,
)
_REACH = 8
"""Words to either side of one that only dates have, in which the rest of the date may stand."""
# fmt: off
_CORES = (
    "month", "weak_month", "short_month", "weak_short_month", "weekday", "weak_weekday", "weekend", "relative_day",
    "season", "quarter", "q", "years", "short_years", "own_year", "modern_year", "old_year", "round_year", "nth",
    "day_unit", "week_unit", "month_unit", "year_unit", "year_word", "decade_unit", "units", "daytime", "night",
)
# fmt: on
OTHER = "_"
"""The letter of a word that no date is made of."""

_LETTER = attrgetter("letter")


@dataclass(frozen=True)
class Words:
    """A text as one letter for each word or mark.

    Args:
        letters: The letters; shape (n,).
        written: The words and marks, each with the space after it; shape (n,).
        starts: Offset of the first character of each; shape (n,).
    """

    letters: str
    written: list[str]
    starts: list[int]

    def end(self, place: int) -> int:
        """Say where a word ends.

        Args:
            place: Number of the word.

        Returns:
            Offset after its last character.
        """
        return self.starts[place] + entry(self.written[place]).length

    def places(self, start: int, end: int) -> range:
        """Say which words a span of the text touches.

        Args:
            start: Offset of its first character.
            end: Offset after its last character.

        Returns:
            Their numbers.
        """
        first = bisect_right(self.starts, start) - 1
        return range(first + (self.end(first) <= start), bisect_left(self.starts, end))


@dataclass(frozen=True)
class Stream:
    """Part of a text as one letter for each word, mark or phrase already read.

    Args:
        letters: The letters; shape (n,).
        values: What each says: a number, a name or a phrase; shape (n,).
        starts: Offset of the first character of each; shape (n,).
        ends: Offset after the last character of each; shape (n,).
    """

    letters: str
    values: list[Any]
    starts: list[int]
    ends: list[int]

    def places(self, start: int, end: int) -> tuple[int, int]:
        """Say which words a span of the text touches.

        Args:
            start: Offset of its first character.
            end: Offset after its last character.

        Returns:
            The first word and the one after the last.
        """
        return bisect_left(self.ends, start + 1), bisect_left(self.starts, end)


class Piece(NamedTuple):
    """One word that is put in the place of several.

    Args:
        first: The first word it replaces.
        after: The word after the last.
        letter: Its letter.
        value: What it says.
        start: Offset of its first character.
        end: Offset after its last character.
    """

    first: int
    after: int
    letter: str
    value: Any
    start: int
    end: int


def words_of(text: str) -> Words:
    """Cut a text into words and marks.

    Args:
        text: Any text.

    Returns:
        Its words and marks in order.
    """
    written = _TOKEN.findall(text)
    starts = list(accumulate(map(len, written), initial=0))
    return Words("".join(map(_LETTER, map(entry, written))), written, starts[:-1])


def replaced(words: Stream, pieces: Iterable[Piece]) -> Stream:
    """Put words in the place of others.

    Args:
        words: The words of a text.
        pieces: What to put where, in order.

    Returns:
        The words with the pieces.
    """
    letters_: list[str] = []
    values: list[Any] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for first, after, letter, value, start, end in pieces:
        letters_ += (words.letters[done:first], letter)
        values += words.values[done:first]
        values.append(value)
        starts += words.starts[done:first]
        starts.append(start)
        ends += words.ends[done:first]
        ends.append(end)
        done = after
    values += words.values[done:]
    starts += words.starts[done:]
    ends += words.ends[done:]
    return Stream("".join([*letters_, words.letters[done:]]), values, starts, ends)


def near_dates(words: Words, spans: Iterable[tuple[int, int]]) -> Stream:
    """Keep only the words around those that dates are made of.

    Args:
        words: The words of a text.
        spans: Offsets of dates found already.

    Returns:
        The words near a core word or a span, with one other word for each stretch left out.
    """
    cores = {match.start() for match in _core().finditer(words.letters)}
    cores.update(place for start, end in spans for place in words.places(start, end))
    near = Stream("", [], [], [])
    letters_: list[str] = []
    done, count = 0, len(words.letters)
    for core in [*sorted(cores), count + _REACH]:
        first, after = max(core - _REACH, done), min(core + _REACH + 1, count)
        if first > done:
            letters_.append(OTHER)
            near.values.append(0)
            near.starts.append(words.starts[done])
            near.ends.append(words.end(first - 1))
        read = [entry(word) for word in words.written[first:after]]
        letters_ += [one.letter for one in read]
        near.values.extend([one.value for one in read])
        near.starts.extend(words.starts[first:after])
        near.ends.extend(start + one.length for start, one in zip(words.starts[first:after], read, strict=True))
        done = max(done, after)
    return Stream("".join(letters_), near.values, near.starts, near.ends)


@cache
def _core() -> re.Pattern[str]:
    return re.compile(f"[{''.join(letters()[kind] for kind in _CORES)}]")
