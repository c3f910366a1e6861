"""GeoParquet to tables: Rutter's own with everything it holds, and any other by its columns."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from geo.errors import FormatError
from geo.formats.at_180 import within
from geo.formats.rows import readable, tables_of
from geo.formats.tables import RawTable, raw_tables
from geo.formats.writing.cited import SOURCE_FIELDS, SOURCE_PREFIX, rounded
from geo.formats.writing.geoparquet import OWN_METADATA
from geo.schema import CRS, SCHEMAS
from geo.types import Notice

_CITED = {"layer", *(SOURCE_PREFIX + name for name in SOURCE_FIELDS)}
_UNREADABLE = (
    pa.ArrowException,
    pyproj.exceptions.CRSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OSError,
)


def read_geoparquet(content: bytes, *, file: str) -> dict[str, RawTable]:
    """Read a GeoParquet file of events and routes.

    Args:
        content: The file's bytes.
        file: The file's name, for messages.

    Returns:
        `events`, `routes` and `sources`, unchecked; a row without a `layer` is a route where it is a line, else an
        event. Other coordinates than degrees, WGS 84, are turned into them, and that is said.

    Raises:
        FormatError: It is no GeoParquet, or its coordinates cannot be turned into degrees.
    """
    try:
        own = json.loads((pq.read_schema(io.BytesIO(content)).metadata or {}).get(OWN_METADATA.encode(), "null"))
        if own:
            return raw_tables(_own(content, own), file=file)
        table = gpd.read_parquet(io.BytesIO(content))
    except _UNREADABLE as error:
        wrong = str(error).partition("\n")[0].rstrip(".")
        raise FormatError(f"{file}: no GeoParquet that can be read ({wrong}). Export the layer again.") from error
    if table.crs is None or table.crs.equals(CRS, ignore_axis_order=True):
        return tables_of(_rows(table), sources=None, file=file)
    turned, notice = _in_degrees(table, file)
    return tables_of(_rows(turned), sources=None, file=file, notices=[notice])


def _in_degrees(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, Notice]:
    code = table.crs.to_authority()
    name = f"{table.crs.name} ({':'.join(code)})" if code else str(table.crs.name)
    try:
        turned = table.to_crs(CRS)
    except (pyproj.exceptions.ProjError, ValueError) as error:
        wrong = f"{file}: coordinates in {name} cannot be turned into degrees."
        raise FormatError(f"{wrong} Export it in WGS 84 (EPSG:4326).") from error
    message = f"{file}: reprojected from {name} to degrees, WGS 84 (EPSG:4326)."
    places = gpd.GeoSeries(rounded(turned), index=turned.index, crs=CRS)
    return turned.set_geometry(places.rename(table.geometry.name)), Notice("", "", "geometry", name, message)


def _own(content: bytes, own: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    for layer in ("events", "routes"):
        names = [name for name in own["columns"].get(layer, ()) if name not in _CITED]
        if not names:
            tables[layer] = pd.DataFrame({name: [] for name in SCHEMAS[layer].columns})
            continue
        rows = gpd.read_parquet(io.BytesIO(content), columns=[*names, "geometry"], filters=[("layer", "==", layer)])
        tables[layer] = pd.DataFrame(rows)
    sources = own["sources"]
    columns = None if sources else list(SCHEMAS["sources"].columns)
    return {**tables, "sources": pd.DataFrame(sources, columns=columns, dtype=object)}


def _rows(table: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    places, columns = table.geometry, pd.DataFrame(table.drop(columns=table.geometry.name))
    names = list(map(str, columns.columns))
    for number, values in enumerate(zip(*(columns[name].tolist() for name in columns), strict=True)):
        row = {name: _cell(value) for name, value in zip(names, values, strict=True) if not _missing(value)}
        geometry = places.iloc[number]
        yield {"id": "", **row, "geometry": within(geometry) if geometry is not None else None}


def _missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and isnan(value))


def _cell(value: Any) -> Any:
    return readable(value.tolist() if isinstance(value, np.ndarray) else value)
