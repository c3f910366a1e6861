"""GeoJSON as RFC 7946 has it: WGS 84 without a `crs` member, right-hand rings, lines cut at 180 degrees, UTC times."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geo.errors import FormatError, SaveError
from geo.geodesy import COORDINATE_DECIMALS, cut_at_180, parts, within_180
from geo.schema import SCHEMAS, TIMES
from geo.timeline import iso_utc

SOURCE_PREFIX = "source_"
SOURCE_FIELDS = ("title", "publisher", "url", "published", "note")


def write_geojson(layers: Mapping[str, gpd.GeoDataFrame], sources: pd.DataFrame) -> str:
    """Write layers as one FeatureCollection; every feature carries its source.

    Args:
        layers: `events` and `routes`, or one of them; EPSG:4326. A row without a place becomes a feature whose
            geometry is null.
        sources: The sources; columns `id`, `title`, `publisher`, `url`, `published`, `note`.

    Returns:
        The text of the file. Times are ISO 8601 in UTC, coordinates have 7 decimals. The foreign member `sources`
        holds the sources' table, those that no row names included.
    """
    listed = [_plain(row) for row in sources.to_dict("records")]
    known = {row["id"]: row for row in listed}
    collection = {
        "type": "FeatureCollection",
        "features": [
            feature for layer, table in layers.items() for feature in _features(layer, table.to_crs("EPSG:4326"), known)
        ],
        "sources": listed,
    }
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _features(layer: str, table: gpd.GeoDataFrame, sources: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row, geometry in zip(table.drop(columns="geometry").to_dict("records"), table.geometry, strict=True):
        source = sources.get(row["source_id"], {})
        cited = {SOURCE_PREFIX + name: source.get(name) for name in SOURCE_FIELDS}
        yield {
            "type": "Feature",
            "id": row["id"],
            "geometry": _geometry(geometry),
            "properties": _plain({"layer": layer, **row, **cited}),
        }


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return iso_utc(value)
    return value.item() if hasattr(value, "item") else value


def _geometry(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.transform(_right_handed(geometry), lambda xy: xy.round(COORDINATE_DECIMALS))
    return dict(mapping(rounded))


def _right_handed(geometry: BaseGeometry) -> BaseGeometry:
    if isinstance(geometry, LineString):
        return cut_at_180(geometry)
    if isinstance(geometry, MultiLineString):
        return MultiLineString([piece for line in geometry.geoms for piece in parts(cut_at_180(line))])
    if isinstance(geometry, Polygon):
        return orient(geometry)
    if isinstance(geometry, MultiPolygon):
        return MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def save_text(text: str, path: Path) -> None:
    """Write a file whole or not at all: a failure leaves what stood there before.

    Args:
        text: The file's content.
        path: Where it goes.

    Raises:
        SaveError: The folder is not there, may not be written, or the disk is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise SaveError(f"{path} could not be written: {error.strerror}. Choose another name or folder.") from error


def read_geojson(content: bytes, *, file: str) -> dict[str, pd.DataFrame]:
    """Read a FeatureCollection of events and routes.

    Args:
        content: The file's bytes, UTF-8.
        file: The file's name, for messages.

    Returns:
        `events`, `routes` and `sources`, unchecked; a feature without a `layer` property is an event where it is a
        point and a route where it is a line.

    Raises:
        FormatError: It is no JSON, no FeatureCollection, or not in WGS 84 degrees.
    """
    collection = _parse(content, file)
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise FormatError(f"{file}: no FeatureCollection. Export the layer as GeoJSON (RFC 7946) and bring that.")
    crs = str(collection.get("crs", "CRS84"))
    if not any(name in crs for name in ("CRS84", "4326")):
        raise FormatError(f"{file}: the coordinates are not longitude and latitude. Export it in WGS 84 (EPSG:4326).")
    records: dict[str, list[dict[str, Any]]] = {"events": [], "routes": []}
    cited: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(features, start=1):
        row = _row(feature, number, file)
        source = {name: row.pop(SOURCE_PREFIX + name, None) for name in SOURCE_FIELDS}
        if row.get("source_id") and any(source.values()):
            cited.setdefault(str(row["source_id"]), source)
        records[str(row.pop("layer"))].append(row)
    sources = collection.get("sources") or [{"id": name, **source} for name, source in cited.items()]
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        raise FormatError(f"{file}: its member 'sources' is no list of sources. Take it out, or export the file again.")
    return {
        "events": _table("events", records["events"]),
        "routes": _table("routes", records["routes"]),
        "sources": pd.DataFrame(sources, columns=None if sources else list(SCHEMAS["sources"].columns), dtype=object),
    }


def _parse(content: bytes, file: str) -> dict[str, Any]:
    def refuse(token: str) -> float:
        raise FormatError(f"{file}: holds {token}, which is no JSON number. Leave such values out or write null.")

    if not content.strip():
        raise FormatError(f"{file}: the file is empty. Export the layer again.")
    try:
        collection = json.loads(content.decode("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormatError(f"{file}, line {line}: a letter is not UTF-8. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise FormatError(f"{file}, line {error.lineno}, column {error.colno}: no JSON here ({error.msg}).") from error
    except RecursionError as error:
        raise FormatError(f"{file}: nested too deeply to be GeoJSON. Export the layer again.") from error
    if not isinstance(collection, dict):
        raise FormatError(f"{file}: no FeatureCollection. Export the layer as GeoJSON (RFC 7946) and bring that.")
    return collection


def _row(feature: Any, number: int, file: str) -> dict[str, Any]:
    where = f"{file}, row {number}"
    if not isinstance(feature, dict) or "geometry" not in feature:
        raise FormatError(f"{where}, column geometry: it is no feature. Each needs a geometry, which may be null.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise FormatError(f"{where}: its properties are no names with values. Export the layer again.")
    try:
        geometry = _on_180(shape(feature["geometry"])) if feature["geometry"] else None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise FormatError(f"{where}, column geometry: its coordinates cannot be read. Draw it again.") from error
    if geometry is not None and geometry.is_empty:
        geometry = None
    row = {name: _readable(value) for name, value in properties.items()}
    if row.get("layer") not in TIMES:
        if "layer" in row:
            row["original_layer"] = row["layer"]  # what the file itself calls a layer is a column like any other
        is_line = geometry is not None and geometry.geom_type.endswith("LineString")
        row["layer"] = "routes" if is_line else "events"
    row.setdefault("id", _readable(feature.get("id", "")))
    return {**row, "geometry": geometry}


def _readable(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _on_180(geometry: BaseGeometry) -> BaseGeometry:
    west, _, east, _ = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    if (west >= -180 and east <= 180) or not (west >= -360 and east <= 360):
        return geometry
    if isinstance(geometry, LineString | MultiLineString):
        return _right_handed(geometry)
    return shapely.transform(geometry, lambda xy: [(within_180(lon), lat) for lon, lat in xy])


def _table(layer: str, records: list[dict[str, Any]]) -> pd.DataFrame:
    if records:
        return pd.DataFrame.from_records(records)
    return pd.DataFrame({name: [] for name in SCHEMAS[layer].columns})
