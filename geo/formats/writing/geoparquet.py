"""GeoParquet 1.1: all layers in one file with their types, a bounding box a row, and the sources' table beside them."""

from __future__ import annotations

import io
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from geo.formats.writing.cited import Cited, Written, plain, records
from geo.geodesy import bounds
from geo.types import Notice

OWN_METADATA = "rutter"
CORNERS = ("xmin", "ymin", "xmax", "ymax")
ROWS_A_GROUP = 50_000  # so that a reader that looks for a part of the map passes the other groups over
_TEXT = pa.large_string()
_MIXED = "This column holds values of several kinds: written as text."


def write_geoparquet(cited: Cited) -> Written:
    """Write layers as one GeoParquet file.

    Args:
        cited: The rows.

    Returns:
        The file: a column `layer`, geometries as WKB, times in UTC to the millisecond. Its metadata `rutter` holds the
        sources' table and the columns of each layer.
    """
    notices = list(cited.notices)
    layers = {layer: _columns(layer, table, notices) for layer, table in cited.layers.items()}
    columns = {layer: [name for name in table if name != "geometry"] for layer, table in layers.items()}
    _agree(layers, notices)
    table = pa.concat_tables(map(pa.table, layers.values()), promote_options="default")
    geometry = np.concatenate([rows.geometry.to_numpy() for rows in cited.layers.values()])
    covering = next(name for name in ("bbox", "geometry_bbox", "covering_bbox") if name not in table.column_names)
    table = table.append_column(covering, _boxes(geometry))
    own = {"sources": list(records(cited.sources)), "columns": columns}
    table = table.replace_schema_metadata(
        {"geo": json.dumps(_geo(geometry, covering)), OWN_METADATA: json.dumps(own, ensure_ascii=False)}
    )
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", row_group_size=ROWS_A_GROUP)
    return Written(file.getvalue(), tuple(notices))


def _columns(layer: str, table: gpd.GeoDataFrame, notices: list[Notice]) -> dict[str, pa.Array]:
    columns = {str(name): _array(layer, table, str(name), notices) for name in table if name != "geometry"}
    return {**columns, "geometry": pa.array(shapely.to_wkb(table.geometry.to_numpy()), type=pa.binary())}


def _array(layer: str, table: pd.DataFrame, name: str, notices: list[Notice]) -> pa.Array:
    try:
        array = pa.Array.from_pandas(table[name])
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        notices.append(Notice(layer, "", name, "", _MIXED))
        array = _as_text(plain(table[name]))
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(_TEXT) if pa.types.is_string(array.type) else array


def _as_text(values: list[Any]) -> pa.Array:
    return pa.array([None if value is None else str(value) for value in values], type=_TEXT)


def _agree(layers: dict[str, dict[str, pa.Array]], notices: list[Notice]) -> None:
    """Write a column as text that two layers hold in kinds that do not go together."""
    for name in {name for table in layers.values() for name in table}:
        kinds = {table[name].type for table in layers.values() if name in table} - {pa.null()}
        if len(kinds) > 1:
            for layer, table in layers.items():
                if name in table and table[name].type != _TEXT:
                    notices.append(Notice(layer, "", name, "", _MIXED))
                    table[name] = _as_text(plain(table[name].to_pandas()))


def _boxes(geometry: np.ndarray[Any, Any]) -> pa.Array:
    corners = shapely.bounds(geometry)
    missing = pa.array(np.isnan(corners[:, 0]))
    return pa.StructArray.from_arrays([pa.array(side) for side in corners.T], names=list(CORNERS), mask=missing)


def _geo(geometry: np.ndarray[Any, Any], covering: str) -> dict[str, Any]:
    placed = geometry[~shapely.is_missing(geometry)]
    z = np.where(shapely.has_z(placed), " Z", "")
    names = {f"{one.geom_type}{three}" for one, three in zip(placed, z, strict=True)}
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(names),
        "crs": CRS("EPSG:4326").to_json_dict(),
        "covering": {"bbox": {corner: [covering, corner] for corner in CORNERS}},
    }
    if box := bounds(placed):
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
