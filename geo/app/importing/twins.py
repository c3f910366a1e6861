"""Rows that may be in the dossier already: each with the rows it may be, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from geo.atlas import LAYERS
from geo.edits import Stored
from geo.importing import Imported, duplicates
from geo.store.rows import plain, same
from geo.types import Layer

_MOST = 5  # rows of the dossier that one row is held against


class Like(NamedTuple):
    """A row of the dossier that a new one may be.

    Args:
        id: Its id.
        score: How likely, 0 to 1.
        reason: What speaks for it, a sentence.
    """

    id: str
    score: float
    reason: str


@dataclass(frozen=True)
class Twin:
    """A new row that may be in the dossier already.

    Args:
        layer: The table it is in.
        id: Its id.
        likes: The rows it may be, likeliest first.
    """

    layer: Layer
    id: str
    likes: tuple[Like, ...]


def find_twins(brought: Imported, tables: Mapping[Stored, pd.DataFrame]) -> tuple[list[Twin], int]:
    """Find the rows that may be in a dossier already.

    Args:
        brought: What came of a file.
        tables: The dossier's tables.

    Returns:
        Those rows, likeliest first, and how many others are there word for word.
    """
    found: list[Twin] = []
    there = 0
    for layer in LAYERS:
        new = {"events": brought.events, "routes": brought.routes}[layer]
        known = _there_already(layer, new, tables[layer])
        there += len(known)
        own = new[~new["id"].isin(known)]
        pairs = duplicates(tables[layer], own)
        found += [
            Twin(layer, str(name), tuple(_likes(some.head(_MOST)))) for name, some in pairs.groupby("new", sort=False)
        ]
    return sorted(found, key=lambda twin: -twin.likes[0].score), there


def _there_already(layer: Layer, new: pd.DataFrame, old: pd.DataFrame) -> set[str]:
    shared = old[old["id"].isin(new["id"])]
    stands = {row["id"]: row for row in plain(layer, shared)}
    rows = plain(layer, new[new["id"].isin(shared["id"])])
    return {row["id"] for row in rows if same(stands[row["id"]], row)}


def _likes(pairs: pd.DataFrame) -> list[Like]:
    return [Like(row["existing"], float(row["score"]), row["reason"]) for row in pairs.to_dict("records")]
