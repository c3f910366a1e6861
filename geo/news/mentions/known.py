"""Runs of words that the gazetteer knows, and may name a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.news.mentions.words import (
    AMPERSAND,
    APOSTROPHE,
    HYPHEN,
    LINE,
    SPACE,
    STOP,
    TITLE,
    UPPER,
    Floats,
    Ints,
    Truths,
    Words,
    numbered,
)

MOST_WORDS = 6
_WITHIN = (SPACE, HYPHEN, STOP, APOSTROPHE, AMPERSAND, LINE)
_JOINING = frozenset(
    (
        *("of", "and", "on", "upon", "in", "am", "an", "the", "s", "d", "l", "i", "y", "e"),
        *("ez", "az", "as", "ash", "ad", "ar", "at", "er"),
        *("de", "la", "le", "les", "el", "al", "ul", "du", "da", "do", "di", "del", "des", "der", "den", "dos", "das"),
    )
)

_LAST_PARTS = frozenset(("ri", "do", "dong", "gun", "si", "myon", "myeon", "ku", "gu", "up", "eup", "ho", "bando"))
"""What may end a name after a hyphen, in small letters, as in `Punggye-ri`."""

_FIRST_PARTS = frozenset(("al", "el", "as", "ash", "az", "ad", "ar", "at", "an", "ez", "er"))
"""What may begin one before a hyphen, as in `al-Mukha`."""

Facts = Callable[[Sequence[str]], Mapping[str, Floats]]
"""What is known of words as names of places, column by column."""


@dataclass(frozen=True)
class KnownNames:
    """Runs of words that are known as names of places.

    Args:
        words: The words of the text.
        first: Number of the first word of each; shape (n,).
        last: Number of its last word; shape (n,).
        surface: Number of its spelling among the different ones; shape (n,).
        facts: What is known of it, by column; each of shape (n,).
    """

    words: Words
    first: Ints
    last: Ints
    surface: Ints
    facts: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def starts(self) -> Ints:
        """Offset of the first character of each; shape (n,)."""
        return self.words.starts[self.first]

    @property
    def ends(self) -> Ints:
        """Offset after the last character of each; shape (n,)."""
        return self.words.ends[self.last]


def find_known(words: Words, facts: Facts) -> KnownNames:
    """Find the known names among the words that begin with a Latin capital.

    Args:
        words: The words of a text.
        facts: What is known of words as names of places; its column `places` is 0 for no name.

    Returns:
        The names in the order of the text, of those that begin together the shorter first.
    """
    first, last = _runs(words)
    text = words.text
    spans = zip(words.starts[first].tolist(), words.ends[last].tolist(), strict=True)
    different, surface = numbered([text[start:end] for start, end in spans])
    known = facts(different)
    kept = known["places"][surface] > 0 if len(surface) else np.zeros(0, bool)
    order = np.flatnonzero(kept)
    order = order[np.lexsort((last[order], first[order]))]
    surface = surface[order]
    return KnownNames(
        words, first[order], last[order], surface, {name: column[surface] for name, column in known.items()}
    )


def _runs(words: Words) -> tuple[Ints, Ints]:
    """List the runs of up to six words that begin and end with a capital, joined as the words of names are."""
    bears: Truths = np.isin(words.shape, (TITLE, UPPER))
    inside = bears | words.among(_JOINING)
    joined = np.isin(words.gap, _WITHIN)
    hyphened = np.append(words.gap == HYPHEN, False)[: len(words)]
    begins = bears | (hyphened & words.among(_FIRST_PARTS))
    after_hyphen = np.append(False, hyphened)[: len(words)]
    bears = bears | (after_hyphen & words.among(_LAST_PARTS))
    inside = inside | bears
    first = np.flatnonzero(begins)
    alone = first[np.isin(words.shape[first], (TITLE, UPPER))]
    found: list[npt.NDArray[np.int64]] = [np.column_stack([alone, alone])]
    for more in range(1, MOST_WORDS):
        first = first[first + more < len(words)]
        first = first[joined[first + more - 1] & inside[first + more]]
        found.append(np.column_stack([first, first + more])[bears[first + more]])
    spans = np.concatenate(found)
    return spans[:, 0], spans[:, 1]
