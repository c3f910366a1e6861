"""Other rows for a map that is on the screen: the columns whole, and of the texts those that it does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.maps.columns import pack
from geo.maps.packing import Json, Shelf, pack_texts
from geo.maps.reading import text_columns
from geo.maps.slider import style_of

Texts: TypeAlias = Mapping[str, Sequence[str]]
Marks: TypeAlias = npt.NDArray[np.uint64]
Known: TypeAlias = dict[str, Marks]


def known_texts(events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, sources: pd.DataFrame) -> Known:
    """Take note of the texts that a map brought.

    Args:
        events: The events it was drawn with, EPSG:4326.
        routes: The routes it was drawn with, EPSG:4326.
        sources: Their sources.

    Returns:
        For each table a number for each row that stands for its texts.
    """
    return {name: _marks(table) for name, table in text_columns(events, routes, sources).items()}


def renewal(known: Known, events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, sources: pd.DataFrame) -> Json:
    """Write what a map needs to show other rows.

    Args:
        known: What it was drawn with, as `known_texts` gives it.
        events: The events as they are now, EPSG:4326.
        routes: The routes as they are now, EPSG:4326.
        sources: Their sources.

    Returns:
        `columns`, `bytes`, `texts` and `style`, as `geo/maps/js/renew.js` reads them.
    """
    packed = pack(events, routes, sources, texts=False)
    texts = {name: _patch(known[name], table) for name, table in text_columns(events, routes, sources).items()}
    return {"columns": packed.columns, "bytes": packed.bytes, "texts": texts, "style": style_of(packed.columns)}


def _patch(known: Marks, table: Texts) -> Json:
    marks = _marks(table)
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known, marks, sorter=order)
    at = order[np.minimum(place, max(0, len(known) - 1))] if len(known) else np.zeros(len(marks), np.int64)
    fresh = known[at] != marks if len(known) else np.ones(len(marks), bool)
    rows: list[int] = np.flatnonzero(fresh).tolist()
    at[rows] = len(known) + np.arange(len(rows))
    shelf = Shelf()
    places = shelf.put(at.astype(np.uint32), steps=True)
    texts = pack_texts({name: [cells[row] for row in rows] for name, cells in table.items()})
    return {"from": places, "bytes": shelf.bytes(), "fresh": texts}


def _marks(table: Texts) -> Marks:
    marks = pd.util.hash_pandas_object(pd.DataFrame(table, dtype=object), index=False)
    return np.asarray(marks, dtype=np.uint64)
