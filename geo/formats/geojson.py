"""GeoJSON to tables: a FeatureCollection (RFC 7946), or one feature a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.errors import FormatError
from geo.formats.at_180 import within
from geo.formats.rows import readable, tables_of
from geo.formats.tables import RawTable

RECORD_SEPARATOR = "\x1e"


def read_geojson(content: bytes, *, file: str) -> dict[str, RawTable]:
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
    collection = _parse(_decode(content, file), file)
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise FormatError(f"{file}: no FeatureCollection. Export the layer as GeoJSON (RFC 7946) and bring that.")
    crs = str(collection.get("crs", "CRS84"))
    if not any(name in crs for name in ("CRS84", "4326")):
        raise FormatError(f"{file}: the coordinates are not longitude and latitude. Export it in WGS 84 (EPSG:4326).")
    return tables_of(_rows(features, file), sources=collection.get("sources"), file=file)


def read_geojson_lines(content: bytes, *, file: str) -> dict[str, RawTable]:
    """Read newline-delimited GeoJSON of events and routes.

    Args:
        content: The file's bytes, UTF-8: one feature a line, with or without the record separators of RFC 8142. A
            FeatureCollection without features, which a file without rows consists of, adds none.
        file: The file's name, for messages.

    Returns:
        `events`, `routes` and `sources`, unchecked, as `read_geojson` gives them.

    Raises:
        FormatError: A line is no feature.
    """
    members = [_parse(line, f"{file}, line {number}") for number, line in _lines(content, file)]
    features = [member for member in members if not _is_empty_collection(member)]
    listed = [member["sources"] for member in members if member.get("sources")]
    each = [source for part in listed for source in (part if isinstance(part, list) else [part])]
    sources = list({json.dumps(source, sort_keys=True): source for source in each}.values())  # files may be joined
    return tables_of(_rows(features, file), sources=sources, file=file)


def _is_empty_collection(member: dict[str, Any]) -> bool:
    return member.get("type") == "FeatureCollection" and member.get("features") == []


def _lines(content: bytes, file: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_decode(content, file).split("\n"), start=1):
        if text := line.strip(f"{RECORD_SEPARATOR} \t\r"):
            yield number, text


def _decode(content: bytes, file: str) -> str:
    if not content.strip():
        raise FormatError(f"{file}: the file is empty. Export the layer again.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormatError(f"{file}, line {line}: a letter is not UTF-8. Save the file as UTF-8.") from error


def _parse(text: str, where: str) -> dict[str, Any]:
    def refuse(token: str) -> float:
        raise FormatError(f"{where}: holds {token}, which is no JSON number. Leave such values out or write null.")

    try:
        member = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        line = "" if "line" in where.partition(",")[2] else f", line {error.lineno}"
        raise FormatError(f"{where}{line}, column {error.colno}: no JSON here ({error.msg}).") from error
    except RecursionError as error:
        raise FormatError(f"{where}: nested too deeply to be GeoJSON. Export the layer again.") from error
    if not isinstance(member, dict):
        raise FormatError(f"{where}: no FeatureCollection. Export the layer as GeoJSON (RFC 7946) and bring that.")
    return member


def _rows(features: list[Any], file: str) -> Iterator[dict[str, Any]]:
    for number, (feature, point) in enumerate(zip(features, _points(features), strict=True), start=1):
        yield _row(feature, point, f"{file}, row {number}")


def _points(features: list[Any]) -> npt.NDArray[np.object_]:
    """Make all the plain points at once; what is anything else, or wrong, is None here and made by itself."""
    pairs = [_pair(feature) for feature in features]
    there = np.array([pair is not None for pair in pairs], dtype=bool)
    points = np.full(len(features), None, dtype=object)
    points[there] = shapely.points(np.array([pair for pair in pairs if pair], dtype=float).reshape(-1, 2))
    return points


def _pair(feature: Any) -> list[float] | None:
    told = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(told, dict) or told.get("type") != "Point" or len(told) > len(("type", "coordinates")):
        return None
    pair = told.get("coordinates")
    sound = (
        isinstance(pair, list)
        and [type(number) for number in pair] in _NUMBERS
        and abs(pair[0]) <= 180
        and abs(pair[1]) <= 90
    )
    return pair if sound else None


_PLAIN = (int, float, bool, type(None))
_NUMBERS = ([float, float], [int, float], [float, int], [int, int])


def _row(feature: Any, point: BaseGeometry | None, where: str) -> dict[str, Any]:
    if not isinstance(feature, dict) or "geometry" not in feature:
        raise FormatError(f"{where}, column geometry: it is no feature. Each needs a geometry, which may be null.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise FormatError(f"{where}: its properties are no names with values. Export the layer again.")
    try:
        geometry = point or (within(shape(feature["geometry"])) if feature["geometry"] else None)
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        IndexError,
        OverflowError,
        shapely.errors.ShapelyError,
    ) as error:
        raise FormatError(f"{where}, column geometry: its coordinates cannot be read. Draw it again.") from error
    row = {
        name: value if type(value) in _PLAIN or (type(value) is str and value.isascii()) else readable(value)
        for name, value in properties.items()
    }
    row.setdefault("id", readable(feature.get("id", "")))
    return {**row, "geometry": geometry}
