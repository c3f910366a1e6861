"""What columns may mean, in words, and which meanings a form asks about first."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geo.importing.mapping import TARGETS, Target

_ASKED: Mapping[Target, tuple[str, ...]] = {
    "events": ("title", "kind", "date", "place", "lat", "lon"),
    "routes": ("title", "mode", "origin", "destination", "depart"),
    "tracks": ("track", "moment", "lat", "lon", "vessel", "mode"),
}
_INSTEAD: Mapping[str, frozenset[str]] = {
    "date": frozenset({"start", "year"}),
    "lat": frozenset({"coordinates", "wkt"}),
    "lon": frozenset({"coordinates", "wkt"}),
    "origin": frozenset({"wkt"}),
    "destination": frozenset({"wkt"}),
    "depart": frozenset({"date"}),
}
_DRAWN = frozenset({"coordinates", "wkt"})


class Meaning(NamedTuple):
    """What a column may mean.

    Args:
        target: What `geo.importing.TARGETS` calls it.
        label: What people call it.
        hint: What stands in such a column.
    """

    target: str
    label: str
    hint: str


@cache
def meanings() -> Mapping[str, Meaning]:
    """List what columns may mean.

    Returns:
        What `geo.importing.TARGETS` calls it -> in words.
    """
    with Path(__file__).with_name("meanings.csv").open(encoding="utf-8", newline="") as file:
        return {row["target"]: Meaning(**row) for row in csv.DictReader(file)}


def asked(layer: Target, told: Collection[str], *, drawn: bool) -> list[str]:
    """Say which meanings a form shows.

    Args:
        layer: What the rows become.
        told: The meanings that have a column or a constant.
        drawn: Whether the rows have a geometry of their own.

    Returns:
        Those, and the usual ones that nothing stands in for, in the order of `geo.importing.TARGETS`.
    """
    known = {*told, *(_DRAWN if drawn else ())}
    usual = {target for target in _ASKED[layer] if not _INSTEAD.get(target, frozenset()) & known}
    return [target for target in TARGETS[layer] if target in told or target in usual]
