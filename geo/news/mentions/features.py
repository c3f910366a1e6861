"""What is measured of a known name in a text, to tell whether it names a place there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geo.news.mentions.known import MOST_WORDS, KnownNames
from geo.news.mentions.lexicon import CLASSES, classes_of
from geo.news.mentions.words import (
    AMPERSAND,
    BREAK,
    COMMA,
    END,
    HYPHEN,
    LINE,
    LOWER,
    ODD,
    OTHER,
    SPACE,
    STOP,
    TITLE,
    UPPER,
    Floats,
    Truths,
    numbered,
)

Features = dict[str, Floats]

_CLOSE = (SPACE, HYPHEN, LINE, AMPERSAND, STOP)
_AROUND = (-2, -1, 1, 2)
_TOLD_ELSEWHERE = ("locative -1", "capital -1", "capital 1", "given -1", "title -1", "speech 1", "organisation 1", "in")
_PAGE = 500  # characters; the first of a text hold its headline and dateline


def measure(known: KnownNames) -> Features:
    """Measure every known name.

    Args:
        known: Known names in one or several texts; shape (n,).

    Returns:
        The measures by name, each of shape (n,).
    """
    if not len(known):
        return {}
    text = _Text(known)
    features = dict(known.facts) | text.own() | text.around() | text.nested() | text.listed()
    return features | text.elsewhere(features) | text.block()


class _Text:
    """The words of the texts as columns that the measures share."""

    def __init__(self, known: KnownNames) -> None:
        words = known.words
        self.known, self.first, self.last = known, known.first, known.last
        self.size = len(words)
        written, spelling = words.numbered
        different, lower = numbered([word.lower() for word in written])
        self.word = np.append(lower[spelling], len(different))
        self.classes = classes_of([*different, ""])
        self.shape = np.append(words.shape, LOWER)
        self.gap = np.append(words.gap, BREAK)
        self.texts = np.append(words.owner, -1)
        self.capital: Truths = np.isin(self.shape, (TITLE, UPPER))
        self.of = self.texts[self.first]

    def own(self) -> Features:
        """How the name itself is written."""
        words = self.known.words
        found = {"words": self.last - self.first + 1.0, "letters": self.known.ends - self.known.starts + 0.0}
        found["places log"] = np.log1p(self.known.facts["places"])
        for side, at in (("first", self.first), ("last", self.last)):
            found |= {f"{side} shape {shape}": self.shape[at] == shape + 0.0 for shape in (TITLE, UPPER)}
            found |= {f"{side} {name}": self.classes[self.word[at], n] for n, name in enumerate(CLASSES)}
        begins = words.starts[np.searchsorted(words.owner, self.of)]
        found["from start"] = np.minimum((words.starts[self.first] - begins) / _PAGE, 4.0)
        return found

    def around(self) -> Features:
        """The two words before and after it, unless a sentence begins or ends between."""
        found: Features = {}
        gaps = {-1: self.gap[self.first - 1], 1: self.gap[self.last]}
        gaps[-1][self.first == 0] = BREAK
        for side, gap in gaps.items():
            found |= {f"gap {side} is {kind}": (gap == kind) + 0.0 for kind in range(ODD + 1)}
        for step in _AROUND:
            side = 1 if step > 0 else -1
            at = (self.last if step > 0 else self.first) + step
            at = np.where((at < 0) | (at >= self.size), self.size, at)
            reached = ~np.isin(gaps[side], (BREAK, END))
            if abs(step) == 2:
                between = self.gap[np.minimum(at - 1 if step > 0 else at, self.size)]
                reached &= ~np.isin(between, (BREAK, END))
            close = reached & np.isin(gaps[side], _CLOSE)
            found |= {
                f"shape {step} is {kind}": ((self.shape[at] == kind) & reached) + 0.0 for kind in range(OTHER + 1)
            }
            found[f"capital {step}"] = (self.capital[at] & close) + 0.0
            found |= {f"{name} {step}": self.classes[self.word[at], n] * reached for n, name in enumerate(CLASSES)}
        return found

    def nested(self) -> Features:
        """The longest known name that holds it, and whether it holds any."""
        codes = self.first * (MOST_WORDS + 1) + self.last - self.first
        size = self.last - self.first + 1
        longest, owner = np.zeros(len(codes), np.int64), np.full(len(codes), -1)
        holds = np.zeros(len(codes))
        for before in range(MOST_WORDS):
            for total in range(before + 1, MOST_WORDS + 1):
                wanted = (self.first - before) * (MOST_WORDS + 1) + total - 1
                at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
                around = (codes[at] == wanted) & (total > size) & (total - before >= size)
                holds[at[around]] = 1.0
                longer = around & (total > longest)
                longest[longer], owner[longer] = total, at[longer]
        inside = owner >= 0
        facts = self.known.facts
        return {
            "held": inside + 0.0,
            "held by words": longest + 0.0,
            "held by own": np.where(inside, facts["own"][owner], 0.0),
            "held by people": np.where(inside, facts["people"][owner], 0.0),
            "held from start": (inside & (self.first == self.first[owner])) + 0.0,
            "holds": holds,
        }

    def listed(self) -> Features:
        """Known names beside it: `Paris, Texas`, `Seoul and Pyongyang`."""
        begins, ends, large = (np.zeros(self.size + 3) for _ in range(3))
        own = 1.0 + self.known.facts["own"]
        np.maximum.at(begins, self.first, own)
        np.maximum.at(ends, self.last, own)
        wide = (self.known.facts["country"] + self.known.facts["province"]) > 0
        large[self.first[wide]] = 1.0
        comma_after = self.gap[self.last] == COMMA
        comma_before = (self.gap[self.first - 1] == COMMA) & (self.first > 0)
        both = np.append(self.known.words.among({"and"}), [False] * 3)
        return {
            "in": comma_after * large[self.last + 1],
            "before a name": comma_after * begins[self.last + 1],
            "after a name": comma_before * ends[self.first - 1],
            "holds the one before": comma_before * (ends[self.first - 1] > 0) * wide,
            "and a name": both[self.last + 1] * begins[self.last + 2],
            "a name and": both[self.first - 1] * ends[self.first - 2],
        }

    def elsewhere(self, features: Mapping[str, Floats]) -> Features:
        """What stands around the same name in the rest of its text."""
        pair = self.of * (self.known.surface.max() + 1) + self.known.surface
        _, which = np.unique(pair, return_inverse=True)
        count = np.bincount(which)[which]
        found = {"told": np.log(count)}
        for name in _TOLD_ELSEWHERE:
            others = np.bincount(which, features[name])[which] - features[name]
            found[f"elsewhere {name}"] = others / np.maximum(count - 1, 1)
            found[f"ever {name}"] = (others > 0) + 0.0
        spread = self.word.max() + 1
        word_of = self.texts[:-1] * spread + self.word[:-1]
        here = self.of * spread + self.word[self.last]
        person = self.classes[:, CLASSES.index("given")] + self.classes[:, CLASSES.index("title")] > 0
        called = np.flatnonzero(
            self.capital[1:-1]
            & self.capital[:-2]
            & person[self.word[:-2]]
            & np.isin(self.gap[: self.size - 1], (SPACE, STOP))
        )
        found["surname"] = np.isin(here, word_of[called + 1]) + 0.0
        small = word_of[self.shape[:-1] == LOWER]
        found["written small"] = (np.isin(here, small) & (self.first == self.last)) + 0.0
        return found

    def block(self) -> Features:
        """The sentence, heading or line it stands in: one in capitals tells little by its capitals."""
        number = np.cumsum(np.r_[0, np.isin(self.gap[: self.size - 1], (BREAK, END, LINE))])
        total = np.bincount(number).astype(float)
        capital = np.bincount(number, self.capital[:-1])
        upper = np.bincount(number, self.shape[:-1] == UPPER)
        furniture = np.bincount(number, self.classes[self.word[:-1], CLASSES.index("furniture")])
        here = number[self.first]
        return {
            "capitals": (capital / total)[here],
            "in capitals": (upper / total)[here],
            "block words": np.log(total[here]),
            "furniture": (furniture / total)[here],
        }
