"""Rows as a spreadsheet holds them: a cell a value, positions as degrees and as well-known text."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.formats.columns import CITED, ENDS, LONLAT, WKT, written_names
from geo.formats.writing.cited import Cited, rounded
from geo.formats.writing.xml import legal_columns
from geo.geodesy import COORDINATE_DECIMALS
from geo.types import Notice

Columns = dict[str, list[Any]]

NOWHERE = "GEOMETRYCOLLECTION EMPTY"
"""What stands in CSV for a position that nobody knows: an empty cell would be looked up by its name, and GDAL makes
0, 0 of `POINT EMPTY`."""

_RENAMED = "The column cannot have this name in a table: written as {}."


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
    yield "sources", renamed("sources", legal_columns("sources", cited.sources, notices), notices)


def _flat(layer: str, table: gpd.GeoDataFrame, notices: list[Notice]) -> Columns:
    own = legal_columns(layer, pd.DataFrame(table.drop(columns=["geometry", "layer"])), notices)
    said = {name: own.pop(name) for name in CITED}
    return {**renamed(layer, own, notices), **said, **_ends(layer, table), WKT: wkt(layer, table)}


def renamed(layer: str, columns: Columns, notices: list[Notice]) -> Columns:
    """Give one's own columns names that mean nothing else in a table.

    Args:
        layer: `events`, `routes` or `sources`.
        columns: The columns of the table.
        notices: Where it is said which names changed.

    Returns:
        The same columns under the names that a file has for them.
    """
    names = written_names(layer, columns)
    notices += [Notice(layer, "", name, "", _RENAMED.format(new)) for name, new in names.items() if name != new]
    return {names[name]: cells for name, cells in columns.items()}


def wkt(layer: str, table: gpd.GeoDataFrame) -> list[str | None]:
    """Write positions as well-known text.

    Args:
        layer: `events` or `routes`.
        table: Rows, EPSG:4326.

    Returns:
        For each its text with 7 decimals, None where there is no position; shape (n,).
    """
    text = shapely.to_wkt(rounded(table), rounding_precision=COORDINATE_DECIMALS)
    return list(text.tolist())


def _ends(layer: str, table: gpd.GeoDataFrame) -> Columns:
    geometry = rounded(table)
    if layer == "events":
        points = [geometry]
    else:
        points = [
            shapely.get_point(shapely.get_geometry(geometry, 0), 0),
            shapely.get_point(shapely.get_geometry(geometry, -1), -1),
        ]
    numbers = [_numbers(of(point)) for point in points for of in (shapely.get_x, shapely.get_y)]
    return dict(zip(ENDS[layer] or LONLAT, numbers, strict=True))


def _numbers(values: np.ndarray[Any, Any]) -> list[float | None]:
    return [None if isnan(value) else value for value in values.tolist()]
