"""Other rows for a map that is on the screen: the columns whole, and of the texts those that it does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.maps.columns import Json, encode, pack
from geo.maps.slider import style_of

Texts: TypeAlias = Mapping[str, Sequence[Any]]
Known: TypeAlias = dict[str, dict[tuple[Any, ...], int]]


def known_texts(events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, sources: pd.DataFrame) -> Known:
    """Count the rows of the texts that a map brought.

    Args:
        events: The events it was drawn with, EPSG:4326.
        routes: The routes it was drawn with, EPSG:4326.
        sources: Their sources.

    Returns:
        For each table the texts of a row -> its place.
    """
    texts = pack(events, routes, sources).texts
    return {name: {row: place for place, row in enumerate(_rows(table))} for name, table in texts.items()}


def renewal(known: Known, events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, sources: pd.DataFrame) -> Json:
    """Write what a map needs to show other rows.

    Args:
        known: What it was drawn with, as `known_texts` gives it.
        events: The events as they are now, EPSG:4326.
        routes: The routes as they are now, EPSG:4326.
        sources: Their sources.

    Returns:
        `columns`, `texts` and `style`, as `geo/maps/js/renew.js` reads them.
    """
    packed = pack(events, routes, sources)
    texts = {name: _patch(known[name], table) for name, table in packed.texts.items()}
    return {"columns": packed.columns, "texts": texts, "style": style_of(packed.columns)}


def _patch(known: Mapping[tuple[Any, ...], int], table: Texts) -> Json:
    size = _size(known)
    fresh: list[tuple[Any, ...]] = []
    places = []
    for row in _rows(table):
        place = known.get(row)
        if place is None:
            place = size + len(fresh)
            fresh.append(row)
        places.append(place)
    columns = zip(*fresh, strict=True) if fresh else ([] for _ in table)
    return {
        "from": encode(np.array(places, dtype=np.uint32)),
        "fresh": {name: list(cells) for name, cells in zip(table, columns, strict=True)},
    }


def _size(known: Mapping[tuple[Any, ...], int]) -> int:
    return max(known.values(), default=-1) + 1


def _rows(table: Texts) -> list[tuple[Any, ...]]:
    return list(zip(*table.values(), strict=True))
