"""The files beside `build.py` and how their cells are read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from geo.places.gazetteer import ALIAS, CODE
from geo.places.names import is_code

FOLDER = Path(__file__).resolve().parent.parent


class BuildError(ValueError):
    """A source that says what cannot be: which file, which row, what to change."""


def table(name: str) -> Iterator[dict[str, str]]:
    """Read a CSV file beside `build.py`, row by row; one that is not there has no rows."""
    path = FOLDER / name
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def listed(text: str) -> list[str]:
    """Split a cell of names at its bars."""
    return [part.strip() for part in text.split("|") if part.strip()]


def our_sort(name: str) -> int:
    """Tell whether one of our spellings is a code."""
    return CODE if is_code(name) else ALIAS
