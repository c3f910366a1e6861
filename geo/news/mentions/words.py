"""A text as words: where each stands, how it is written, and what lies between it and the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geo.news.sentences import split

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


def _gap(text: str) -> int:
    if len(text) > _LONGEST_GAP:
        text = text[: _LONGEST_GAP // 2] + text[-_LONGEST_GAP // 2 :]
    return next((kind for pattern, kind in _GAPS if pattern.fullmatch(text)), ODD)


@dataclass(frozen=True)
class Words:
    """The words of a text.

    Args:
        text: The text.
        words: Its words; shape (n,).
        after: What lies after each, up to the next; shape (n,).
        starts: Offset of the first character of each; shape (n,).
        ends: Offset after the last character of each; shape (n,).
    """

    text: str
    words: list[str]
    after: list[str]
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, text: str) -> Words:
        """Split a text into words.

        Args:
            text: The text.

        Returns:
            Its words.
        """
        parts = _WORD.split(text)
        bounds = np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)))
        return cls(text, parts[1::2], parts[2::2], bounds[:-1:2], bounds[1::2])

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def shape(self) -> npt.NDArray[np.int8]:
        """How each word is written; shape (n,)."""
        seen: dict[str, int] = {}
        return np.array([seen[w] if w in seen else seen.setdefault(w, _shape(w)) for w in self.words], np.int8)

    @cached_property
    def gap(self) -> npt.NDArray[np.int8]:
        """What lies after each word; shape (n,)."""
        seen: dict[str, int] = {}
        kinds = np.array([seen[g] if g in seen else seen.setdefault(g, _gap(g)) for g in self.after], np.int8)
        kinds[-1:] = BREAK
        ending = np.searchsorted(self.starts, [start for start, _ in split(self.text)][1:]) - 1
        ending = ending[(ending >= 0) & (ending < len(self) - 1)]
        kinds[ending] = np.where(kinds[ending] == BREAK, BREAK, END)
        return kinds


def _shape(word: str) -> int:
    if any(map(str.isdigit, word)):
        return DIGIT
    if word[0] >= _BEYOND_LATIN and not _MORE_LATIN[0] <= word[0] <= _MORE_LATIN[1]:
        return OTHER
    if not word[0].isupper():
        return LOWER
    return UPPER if word.isupper() and len(word) > 1 else TITLE
