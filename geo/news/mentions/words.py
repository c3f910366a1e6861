"""Texts as words: where each stands, how it is written, and what lies between it and the next."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geo.news.sentences import split
from geo.news.types import Span

Ints = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating]

LOWER, TITLE, UPPER, DIGIT, OTHER = range(5)
"""How a word is written: in small letters, with a capital, in capitals, with digits, in a script that is not Latin."""

SPACE, HYPHEN, STOP, COMMA, QUOTE, AMPERSAND, APOSTROPHE, BRACKET, SLASH, LINE, BREAK, END, ODD = range(13)
"""What lies between two words: STOP is that of an abbreviation, LINE the end of a line within a paragraph, BREAK that
of a paragraph, END that of a sentence or of a part of one."""

_BEYOND_LATIN = "\u0370"  # but for a block of more Latin letters that only Vietnamese and transliterations use
_MORE_LATIN = ("\u1e00", "\u1eff")
_WORD = re.compile(r"(\w+)")
_BETWEEN = "\n\n"
_LONGEST_GAP = 60  # characters; of more than that the two ends tell enough
_GAPS = (
    (re.compile(r"[ \t\u00a0]+"), SPACE),
    (re.compile(r"[ \t]*\n[ \t]*"), LINE),
    (re.compile(r"\s*\n\s*\n\s*|.*\n\s*\n.*", re.DOTALL), BREAK),
    (re.compile(r"[-\u2010\u2011]"), HYPHEN),
    (re.compile(r"\.\s?"), STOP),
    (re.compile(r"['’‘ʼ`]"), APOSTROPHE),
    (re.compile(r"\s*&\s*"), AMPERSAND),
    (re.compile(r"\.?,\s*"), COMMA),
    (re.compile(r"\s*[(\[]\s*"), BRACKET),
    (re.compile(r"/"), SLASH),
    (re.compile(r"[^\w]*[.!?:;][^\w]*"), END),
    (re.compile(r"[^\w]*[\"“”„«»'‘’][^\w]*"), QUOTE),
)


def numbered(items: Sequence[str]) -> tuple[list[str], Ints]:
    """Number the different strings among many, so that each is looked at once.

    Args:
        items: Strings; shape (n,).

    Returns:
        The different ones in the order they first come, shape (m,), and for each item which of them it is, shape (n,).
    """
    different = dict.fromkeys(items)
    number_of = dict(zip(different, range(len(different)), strict=True))
    return list(different), np.fromiter(map(number_of.__getitem__, items), np.int64, len(items))


def _gap(text: str) -> int:
    if len(text) > _LONGEST_GAP:
        text = text[: _LONGEST_GAP // 2] + text[-_LONGEST_GAP // 2 :]
    return next((kind for pattern, kind in _GAPS if pattern.fullmatch(text)), ODD)


@dataclass(frozen=True)
class Words:
    """The words of one or several texts put one after the other.

    Args:
        text: The texts.
        text_starts: Offset of the first character of each text; shape (texts,).
        sentences: Offset of the first character of each sentence; shape (sentences,).
        words: The words; shape (n,).
        after: What lies after each, up to the next; shape (n,).
        starts: Offset of the first character of each; shape (n,).
        ends: Offset after the last character of each; shape (n,).
    """

    text: str
    text_starts: Ints
    sentences: Ints
    words: list[str]
    after: list[str]
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, texts: Sequence[str], sentences: Sequence[Sequence[Span]] | None = None) -> Words:
        """Split texts into words.

        Args:
            texts: The texts; shape (n,).
            sentences: The sentences of each, where they are known already; shape (n,).

        Returns:
            Their words.
        """
        text_starts = np.cumsum([0, *(len(text) + len(_BETWEEN) for text in texts)])[:-1]
        known = sentences if sentences is not None else map(split, texts)
        begins = [start + span.start for start, own in zip(text_starts.tolist(), known, strict=True) for span in own]
        whole = _BETWEEN.join(texts)
        parts = _WORD.split(whole)
        bounds = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
        return cls(
            whole, text_starts, np.array(begins, np.int64), parts[1::2], parts[2::2], bounds[:-1:2], bounds[1::2]
        )

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def owner(self) -> Ints:
        """Number of the text that each word belongs to; shape (n,)."""
        return np.searchsorted(self.text_starts, self.starts, side="right") - 1

    @cached_property
    def numbered(self) -> tuple[list[str], Ints]:
        """The different words, shape (m,), and which of them each word is, shape (n,)."""
        return numbered(self.words)

    def among(self, some: Set[str]) -> Truths:
        """Tell which of the words are among some.

        Args:
            some: The words asked for.

        Returns:
            Whether each is; shape (n,).
        """
        different, number = self.numbered
        found: Truths = np.array([word in some for word in different], bool)[number]
        return found

    @cached_property
    def shape(self) -> npt.NDArray[np.int8]:
        """How each word is written; shape (n,)."""
        different, number = self.numbered
        return np.array([_shape(word) for word in different], np.int8)[number]

    @cached_property
    def gap(self) -> npt.NDArray[np.int8]:
        """What lies after each word; shape (n,)."""
        different, number = numbered(self.after)
        kinds = np.array([_gap(gap) for gap in different], np.int8)[number]
        kinds[-1:] = BREAK
        ending = np.searchsorted(self.starts, self.sentences) - 1
        ending = ending[(ending >= 0) & (ending < len(self) - 1)]
        kinds[ending] = np.where(kinds[ending] == BREAK, BREAK, END)
        return kinds


def _shape(word: str) -> int:
    if not word.isalpha() and any(map(str.isdigit, word)):
        return DIGIT
    if word[0] >= _BEYOND_LATIN and not _MORE_LATIN[0] <= word[0] <= _MORE_LATIN[1]:
        return OTHER
    if not word[0].isupper():
        return LOWER
    return UPPER if word.isupper() and len(word) > 1 else TITLE
