"""Classes of words that stand around names of places, persons and organisations."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache

import numpy as np

from geo.config import NEWS
from geo.news.mentions.words import Floats

CLASSES = (
    *("title", "given", "given place", "person_after", "speech"),
    *("organisation", "place_after", "place_before", "street", "either"),
    *("direction", "locative", "unit_of_people", "calendar", "furniture"),
)
"""The classes of `data/news/mentions/word_classes.csv`, and names that parents give: `given`, and which of them are
places too."""


def classes_of(words: Sequence[str]) -> Floats:
    """Tell which classes words belong to.

    Args:
        words: Words in small letters; shape (n,).

    Returns:
        1 where a word belongs to a class of `CLASSES`, else 0; shape (n, classes).
    """
    known = _table()
    found = np.zeros((len(words), len(CLASSES)))
    for number, word in enumerate(words):
        if word in known:
            found[number, known[word]] = 1.0
    return found


@cache
def _table() -> dict[str, list[int]]:
    classes: dict[str, list[int]] = {}
    with (NEWS / "mentions" / "word_classes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            classes.setdefault(row["word"], []).append(CLASSES.index(row["class"]))
    with (NEWS / "mentions" / "given_names.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            place = [CLASSES.index("given place")] if row["also_place"] == "1" else []
            classes.setdefault(row["name"], []).extend([CLASSES.index("given"), *place])
    return classes
