"""What the words over a column say it holds."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from geo.config import DATA

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAKS = re.compile(r"[\W_]+")
WHOLE, PART = 1.0, 0.55
_LATER = 0.97  # what each word further down a list is worth of the one before
_SHORTEST_PART = 3  # letters; shorter words say nothing inside longer names


class Word(NamedTuple):
    """One word that heads columns.

    Args:
        target: What such columns hold.
        score: How surely, 0 to 1.
    """

    target: str
    score: float


def header_key(name: str) -> str:
    """Write the name of a column in the form in which names are compared.

    Args:
        name: The name as written, such as `eventDate` or `EVENT_DATE`.

    Returns:
        Its words in lower case, such as `event date`.
    """
    plain = unicodedata.normalize("NFKC", _CAMEL.sub(" ", name)).casefold()
    return _BREAKS.sub(" ", plain).strip()


@cache
def contents() -> Mapping[str, str]:
    """Say what the cells of each kind of column look like.

    Returns:
        Meaning -> name of the test; empty where anything may stand there.

    Source:
        `data/imports/headers.csv`, curated for this project.
    """
    return {row["target"]: row["contents"] for row in _table()}


@cache
def _table() -> tuple[dict[str, str], ...]:
    with (DATA / "imports" / "headers.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _words() -> Mapping[str, tuple[Word, ...]]:
    found: dict[str, list[Word]] = {}
    for row in _table():
        for place, word in enumerate(dict.fromkeys(header_key(word) for word in row["words"].split("|"))):
            found.setdefault(word, []).append(Word(row["target"], WHOLE * max(0.85, _LATER**place)))
    return {word: tuple(words) for word, words in found.items()}


def meanings(name: str) -> dict[str, float]:
    """List what a column may hold by its name.

    Args:
        name: The name as written.

    Returns:
        Meaning -> how surely, 0 to 1; names that hold a known word count for less than those that are one.
    """
    key = header_key(name)
    found = {word.target: word.score for word in _words().get(key, ())}
    bare = re.sub(r" (?:deg|degrees|decimal|wgs84|utc|gmt|km|in km|dd)$", "", key)
    for word in _words().get(bare, ()):
        found.setdefault(word.target, 0.9 * word.score)
    words = key.split()
    for size in range(min(3, len(words) - 1), 0, -1):
        for at in range(len(words) - size + 1):
            part = " ".join(words[at : at + size])
            if len(part) >= _SHORTEST_PART or not part.isascii():
                for word in _words().get(part, ()):
                    found[word.target] = max(found.get(word.target, 0.0), PART * word.score * size / len(words) + 0.1)
    return found
