"""Words that stand where a place is expected and name none: `TBD`, `unknown`, `at sea`, `checkpoint`."""

from __future__ import annotations

import csv
from functools import cache

from geo.config import PLACES

LONGEST = 15


def says_no_place(name: str) -> bool:
    """Tell whether a whole name is such a word.

    Args:
        name: A name as written.

    Returns:
        True for a word that says nothing is known, or that is the bare word for a kind of place.
    """
    return " ".join(name.casefold().replace("/", " ").replace(".", "").split()) in _words()


@cache
def _words() -> frozenset[str]:
    with (PLACES / "not_places.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(word for row in csv.DictReader(lines) for word in row["words"].split("|"))
