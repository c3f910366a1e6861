"""GeoJSON as RFC 7946 has it: WGS 84 without a `crs` member, right-hand rings, lines cut at 180 degrees, UTC times."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import geopandas as gpd
import shapely

from geo.formats.writing.cited import Cited, Written, records, rounded
from geo.geodesy import COORDINATE_DECIMALS

_WORDS = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


_LONG = re.compile(r"-?\d+\.\d{8,}")  # GEOS writes 38.805809 as 38.805809000000004


def _shortest(number: re.Match[str]) -> str:
    return repr(round(float(number.group()), COORDINATE_DECIMALS))


def write_geojson(cited: Cited) -> Written:
    """Write layers as one FeatureCollection; every feature carries its source.

    Args:
        cited: The rows; one without a place becomes a feature whose geometry is null.

    Returns:
        The file. Times are ISO 8601 in UTC, coordinates have 7 decimals. The foreign member `sources` holds the
        sources' table, those that no row names included.
    """
    features = ",".join(feature for layer in cited.layers.values() for feature in _features(layer))
    text = f'{{"type":"FeatureCollection","features":[{features}],"sources":{_sources(cited)}}}'
    return Written(text.encode(), cited.notices)


def write_geojson_lines(cited: Cited) -> Written:
    """Write layers as newline-delimited GeoJSON: one feature a line, without record separators.

    Args:
        cited: The rows; one without a place becomes a feature whose geometry is null.

    Returns:
        The file. The first feature carries the sources' table in its foreign member `sources`; where there is none, a
        FeatureCollection without features does, since an empty file is none that opens again.
    """
    features = [feature for layer in cited.layers.values() for feature in _features(layer)]
    features = features or ['{"type":"FeatureCollection","features":[]}']
    features[0] = f'{features[0][:-1]},"sources":{_sources(cited)}}}'
    return Written("".join(f"{feature}\n" for feature in features).encode(), cited.notices)


def _features(table: gpd.GeoDataFrame) -> Iterator[str]:
    written = shapely.to_geojson(shapely.orient_polygons(rounded(table))).tolist()
    geometries = [text and _LONG.sub(_shortest, text) for text in written]
    for row, geometry in zip(records(table), geometries, strict=True):
        yield (
            f'{{"type":"Feature","id":{_WORDS.encode(row["id"])},"geometry":{geometry or "null"},'
            f'"properties":{_WORDS.encode(row)}}}'
        )


def _sources(cited: Cited) -> str:
    return _WORDS.encode(list(records(cited.sources)))
