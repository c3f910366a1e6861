"""Words that stand where a place is expected and name none: `TBD`, `unknown`, `at sea`, `checkpoint`."""

from __future__ import annotations

import csv
from functools import cache

from geo.config import PLACES
from geo.places.names import key


def says_no_place(found: str) -> bool:
    """Tell whether a whole name is such a word.

    Args:
        found: The key of the name, as `geo.places.names.key` gives it.

    Returns:
        True for a word that says nothing is known, or that is the bare word for a kind of place.
    """
    return found in no_places()


@cache
def no_places() -> frozenset[str]:
    """List such words.

    Returns:
        Their keys.
    """
    with (PLACES / "not_places.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(key(word) for row in csv.DictReader(lines) for word in row["words"].split("|"))
