"""One sentence with what is known of it: its words, its clauses, the places and dates named in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from geo.news.events.clauses import Clause, split_clauses
from geo.news.events.tables import Lexicon, lowered
from geo.news.types import Mention, Span, When

Row = TypeVar("Row")
Made = TypeVar("Made")
LONGEST = 3000  # characters; a "sentence" beyond is a table or a list, and is not read
_WORD = re.compile(r"\w[\w'’-]*(?:\.(?=\w))?[\w'’-]*")


class Word(NamedTuple):
    """A word of a passage, in small letters, with its offsets."""

    start: int
    end: int
    low: str


@dataclass(frozen=True)
class Passage:
    """A sentence and what stands in it.

    Args:
        text: The whole text.
        low: The whole text in small letters.
        span: The sentence.
        mentions: The places named in it, in order.
        dates: The dates in it, in order.
        number: Which sentence of the text it is, from 0.
    """

    text: str
    low: str
    span: Span
    mentions: tuple[Mention, ...]
    dates: tuple[When, ...]
    number: int

    @cached_property
    def words(self) -> list[Word]:
        """Its words, in order."""
        return [Word(match.start(), match.end(), match.group()) for match in _WORD.finditer(self.low, *self.span)]

    @cached_property
    def clauses(self) -> list[Clause]:
        """Its clauses, in order."""
        return split_clauses(self.text, self.low, self.span, self.mentions, self.dates)

    @cached_property
    def shouted(self) -> bool:
        """Whether it is all in capitals, so that they mark no names."""
        return self.text[slice(*self.span)].isupper()

    def clause_at(self, offset: int) -> int:
        """Tell which clause a character is in.

        Args:
            offset: Its offset in the text.

        Returns:
            The index of the clause.
        """
        return max(bisect_right(self._clause_starts, offset) - 1, 0)

    @cached_property
    def _clause_starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    @cached_property
    def _made(self) -> dict[Any, Any]:
        return {}

    def once(self, make: Callable[[Passage], Made]) -> Made:
        """Work something out of the passage once, however often it is asked for.

        Args:
            make: What works it out.

        Returns:
            What it made.
        """
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def words_before(self, offset: int) -> list[Word]:
        """Give the words before a character, the nearest first.

        Args:
            offset: Its offset in the text.

        Returns:
            The words that end there or earlier.
        """
        return self.words[: bisect_left(self.words, offset, key=lambda word: word.start)][::-1]


class Passages:
    """The sentences of a text of at most `LONGEST` characters, with what stands in them.

    Args:
        text: The whole text.
        sentences: Its sentences, in order.
        mentions: The places named in it, in order.
        dates: The dates in it, in order.
    """

    def __init__(
        self, text: str, *, sentences: Sequence[Span], mentions: Sequence[Mention], dates: Sequence[When]
    ) -> None:
        self.text, self.mentions = text, mentions
        self._low = lowered(text)
        self._sentences, self._dates = sentences, dates
        self._starts = [sentence.start for sentence in sentences]
        self._places, self._days = [mention.start for mention in mentions], [date.start for date in dates]
        self._made: dict[int, Passage] = {}

    def holding(self, lexicon: Lexicon[Row]) -> Iterator[tuple[Passage, list[tuple[Span, tuple[Row, ...]]]]]:
        """Give the sentences that have a word of a lexicon.

        Args:
            lexicon: The words looked for.

        Yields:
            Each such sentence with the words found in it and their rows; the same object whenever it is asked for.
        """
        words = lexicon.find(self._low, 0, len(self._low))
        for number, inside in groupby(words, key=lambda word: bisect_right(self._starts, word[0]) - 1):
            if number < 0:
                continue
            sentence = self._sentences[number]
            found = [(Span(start, end), told) for start, end, told in inside if start < sentence.end]
            if found and sentence.end - sentence.start <= LONGEST:
                yield self._passage(number), found

    def _passage(self, number: int) -> Passage:
        if number not in self._made:
            start, end = span = self._sentences[number]
            named = self.mentions[bisect_left(self._places, start) : bisect_left(self._places, end)]
            dated = self._dates[bisect_left(self._days, start) : bisect_left(self._days, end)]
            self._made[number] = Passage(self.text, self._low, span, tuple(named), tuple(dated), number)
        return self._made[number]
