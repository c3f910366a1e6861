"""Rows as a spreadsheet holds them: a cell a value, positions as degrees and as well-known text."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.formats.writing.cited import Cited, rounded
from geo.formats.writing.xml import legal_columns
from geo.geodesy import COORDINATE_DECIMALS
from geo.types import Notice

Columns = dict[str, list[Any]]

WKT = "wkt"


def flat_tables(cited: Cited, notices: list[Notice]) -> Iterator[tuple[str, Columns]]:
    """Give each table as columns of cells.

    Args:
        cited: The rows.
        notices: Where it is said which cells were changed: control characters are replaced.

    Yields:
        The tables' names, `sources` last, and their columns: events end in `lon`, `lat` and `wkt`, routes in the two
        ends' longitudes and latitudes and `wkt`; degrees, WGS 84.
    """
    for layer, table in cited.layers.items():
        yield layer, _flat(layer, table, notices)
    yield "sources", legal_columns("sources", cited.sources, notices)


def _flat(layer: str, table: gpd.GeoDataFrame, notices: list[Notice]) -> Columns:
    places = _places(layer, table)
    own = legal_columns(layer, pd.DataFrame(table.drop(columns=["geometry", "layer"])), notices)
    return {**{f"original_{name}" if name in places else name: cells for name, cells in own.items()}, **places}


def _places(layer: str, table: gpd.GeoDataFrame) -> Columns:
    geometry = rounded(table)
    text = shapely.to_wkt(geometry, rounding_precision=COORDINATE_DECIMALS).tolist()
    if layer == "events":
        return {"lon": _numbers(shapely.get_x(geometry)), "lat": _numbers(shapely.get_y(geometry)), WKT: text}
    lines = shapely.get_geometry(geometry, 0), shapely.get_geometry(geometry, -1)
    ends = {"origin": shapely.get_point(lines[0], 0), "destination": shapely.get_point(lines[1], -1)}
    numbers = {
        f"{end}_{axis}": _numbers(of(point))
        for end, point in ends.items()
        for axis, of in (("lon", shapely.get_x), ("lat", shapely.get_y))
    }
    return {**numbers, WKT: text}


def _numbers(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [None if isnan(value) else value for value in values.tolist()]
