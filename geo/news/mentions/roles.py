"""Whether a mention means the place itself, the government or people it stands for, or is a word made from its name."""

from __future__ import annotations

import re
from functools import cache

from geo.news.mentions.lexicon import CLASSES, classes_of
from geo.news.types import Role
from geo.types import Place

_PEOPLE_WORDS = ("demonym", "language")
_GOVERNING = ("country", "city", "province")
_AFTER = re.compile(r"(?:['’]s)?[ \u00a0\n]+(?:also |has |have |had |then |later |first |again |reportedly )?([\w-]+)")
_BEFORE = re.compile(r"([\w-]+)[ \u00a0\n]+(?:the )?$")
# What a place does that is won, lost or has something done to it: it is the place that is meant.
_NO_SAYING = frozenset(
    ("is", "was", "has", "had", "lost", "won", "wins", "loses", "plays", "played", "scored", "pitched", "knew", "know")
)
_REACH = 40  # characters, more than two words


def role_of(text: str, start: int, end: int, place: Place | None) -> Role:
    """Tell what a mention stands for.

    Args:
        text: The text.
        start: Offset of its first character.
        end: Offset after its last character.
        place: The place it names, or None where that is unknown.

    Returns:
        `demonym` for `Russian`; `metonym` where the place speaks, decides or owns people (`Moscow denied`, `Seoul
        officials`); else `place`.
    """
    if place is None:
        return "place"
    if place.match in _PEOPLE_WORDS:
        return "demonym"
    after = _AFTER.match(text, end, end + _REACH)
    if place.kind not in _GOVERNING or after is None:
        return "place"
    word = after.group(1).lower()
    says = _is(word, "speech") and word not in _NO_SAYING
    if not says and not _is(word, "unit_of_people"):
        return "place"
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    return "place" if before and _is(before.group(1).lower(), "locative") else "metonym"


@cache
def _is(word: str, wanted: str) -> bool:
    return bool(classes_of([word])[0, CLASSES.index(wanted)])
