"""Which known names of a text are mentions of places, and where each stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from geo.news.mentions.features import measure
from geo.news.mentions.known import Facts, KnownNames, find_known
from geo.news.mentions.scripts import Found, find_in_scripts
from geo.news.mentions.trees import read_trees
from geo.news.mentions.words import Floats, Ints, Truths, Words
from geo.news.types import Mention, Span

LEAST_CERTAINTY = 0.15
"""A name less likely to be a place than this is not worth looking at."""

_FURNITURE = re.compile(
    r"(?:\n|[.!?] )[ \t|•>*–-]*(?:"
    r"(?:you can )?(?:read|see|learn|find out) (?:more|also)|related(?: stories| articles)?:|most (?:read|popular)|"
    r"(?:photo|photograph|image|picture|credit|graphic|video)s?(?: by|:)|getty images|subscribe\b|sign up\b|"
    r"follow us|share this|click here|©|copyright\b|all rights reserved|advertisement\b|"
    r"more (?:on|from) this\b)"
    r"[^\n]{0,300}",
    re.IGNORECASE,
)
"""Lines of a page that lead elsewhere or say whose the pictures are, and what stands before them."""


def find_mentions(
    texts: Sequence[str],
    *,
    facts: Facts,
    sentences: Sequence[Sequence[Span]] | None = None,
    least: float = LEAST_CERTAINTY,
) -> list[list[Mention]]:
    """Find the places that texts name.

    Args:
        texts: The texts; shape (n,).
        facts: What is known of words as names of places.
        sentences: The sentences of each text, where they are known already; shape (n,).
        least: How sure it must be that a name is a place, 0 to 1.

    Returns:
        The mentions of each text, in its order and apart from one another, not yet resolved; shape (n,).
    """
    words = Words.of(texts, sentences)
    known = find_known(words, facts)
    certainty = read_trees().chance(measure(known), len(known))
    certainty = np.where(_in_furniture(words.text, known.starts), 0.0, certainty)
    found: list[list[Mention]] = [[] for _ in texts]
    owner = words.owner[known.first]
    first, last = (known.starts - words.text_starts[owner]).tolist(), (known.ends - words.text_starts[owner]).tolist()
    for number in apart(known, certainty, least):
        which, begin, end = int(owner[number]), first[number], last[number]
        end = _with_stop(texts[which], begin, end)
        found[which].append(Mention(begin, end, texts[which][begin:end], round(float(certainty[number]), 3)))
    for text, own in zip(texts, found, strict=True):
        others = [_other(text, one) for one in find_in_scripts(text, facts) if one.certainty >= least]
        own[:] = sorted([*own, *others], key=lambda mention: mention.start)
    return found


def _other(text: str, one: Found) -> Mention:
    surface = text[one.start : one.end]
    return Mention(one.start, one.end, surface, one.certainty, name="" if one.name == surface else one.name)


def _in_furniture(text: str, starts: Ints) -> Truths:
    """Tell which names stand in lines that belong to the page and not to the article."""
    spans = np.array([match.span() for match in _FURNITURE.finditer(f"\n{text}")], np.int64).reshape(-1, 2)
    at = np.searchsorted(spans[:, 0], starts, side="right") - 1
    inside: Truths = (at >= 0) & (starts + 1 < np.append(spans[:, 1], 0)[at])
    return inside


def apart(known: KnownNames, certainty: Floats, least: float) -> list[int]:
    """Take the surest first, and nothing that shares a word with what was taken.

    Args:
        known: Known names; shape (n,).
        certainty: How sure it is that each names a place, 0 to 1; shape (n,).
        least: How sure it must be.

    Returns:
        Which of them are taken, in the order of the text.
    """
    order = np.flatnonzero(certainty >= least)
    order = order[np.lexsort((known.first[order] - known.last[order], -certainty[order]))]
    taken, kept = set[int](), []
    first, last = known.first.tolist(), known.last.tolist()
    for number in order.tolist():
        own = range(first[number], last[number] + 1)
        if taken.isdisjoint(own):
            taken.update(own)
            kept.append(number)
    return sorted(kept)


def _with_stop(text: str, start: int, end: int) -> int:
    """Take in the last full stop of `U.S.`, which belongs to the name."""
    return end + 1 if text[end : end + 1] == "." and text[max(start, end - 2) : end - 1].endswith(".") else end
