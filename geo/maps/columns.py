"""Tables into columns that a browser can search: typed arrays in base64, texts apart.

Times are offsets from the first start of the table, counted in the largest unit that divides all of them (a table known
to the day counts days, one with milliseconds counts milliseconds), as unsigned 32-bit integers where they fit and as
64-bit floats, exact to 2**53, where they do not. So nothing is rounded, and a usual table costs four bytes a time.

Rows are sorted by length of their interval first and by start second. Within one bucket of length no interval is more
than `BUCKET_FACTOR` times as long as another, so a binary search for the starts that can still reach into a window
looks at few rows that do not; one interval of a century does not spoil the search for the others.

Places are Web Mercator in units of 1 / 2**32 of the world, 9 mm at the equator: right to the pixel at any zoom.
"""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import TableError
from geo.maps.picturing import picture
from geo.types import Fault

Json: TypeAlias = dict[str, Any]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

DAY_MS = 86_400_000
BUCKET_FACTOR = 8
WORLD = 2**32
NOWHERE = WORLD - 1  # y of a row without a place: below any latitude the projection can show
MAX_LAT = 85.05112878  # where Web Mercator is square
MISSING = 255
LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)

EVENT_TEXTS = ("id", "title", "place", "quote", "note", "source_id")
ROUTE_TEXTS = (
    *("id", "title", "shipment", "leg", "cargo", "quantity", "unit"),
    *("carrier", "origin", "destination", "passages", "quote", "note", "source_id"),
)
SOURCE_TEXTS = ("id", "title", "publisher", "url", "published", "note")


@dataclass(frozen=True)
class Packed:
    """Tables as the page takes them; both parts hold nothing but JSON values.

    Args:
        columns: What drawing needs: times, places, codes.
        texts: What reading needs: titles, quotes, sources; parsed by the page when first asked for.
    """

    columns: Json
    texts: Json


def pack(
    events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame | None = None, sources: pd.DataFrame | None = None
) -> Packed:
    """Turn the three tables into columns for the page; the tables are not changed.

    Args:
        events: Events in EPSG:4326 with at least id, title, start, end and geometry; may be empty.
        routes: Routes in EPSG:4326 with at least id, title, depart, arrive and geometry; may be empty.
        sources: Sources by id.

    Returns:
        Columns and texts.

    Raises:
        TableError: A table lacks a column that the map cannot do without, or is in another CRS.
    """
    _check(events, "events", ("id", "title", "start", "end", "geometry"))
    columns: Json = {}
    texts: Json = {}
    columns["events"], texts["events"] = _pack_events(events)
    if routes is None:
        routes = gpd.GeoDataFrame()
    _check(routes, "routes", ("id", "title", "depart", "arrive", "geometry"))
    columns["routes"], texts["routes"] = _pack_routes(routes)
    columns["picture"] = picture(events, routes)
    texts["sources"] = {} if sources is None else _texts(sources, SOURCE_TEXTS)
    return Packed(columns, texts)


def pack_intervals(starts: pd.Series, ends: pd.Series) -> tuple[Ints, Json]:
    """Sort intervals for the search and pack their times without loss.

    Args:
        starts: Starts, UTC; NaT where unknown.
        ends: Ends, UTC; NaT where unknown.

    Returns:
        The order (positions in the table; rows without both dates come last) and the packed times.
    """
    first, last = _milliseconds(starts), _milliseconds(ends)
    dated = ~(np.isnat(first) | np.isnat(last))
    start, end = first.astype(np.int64), last.astype(np.int64)
    length = np.maximum(end - start, 0)
    limits = DAY_MS * BUCKET_FACTOR ** np.arange(9, dtype=np.int64)
    bucket = np.searchsorted(limits, length)
    order = np.lexsort((start, bucket, ~dated)).astype(np.int64)
    count = int(dated.sum())
    inside = order[:count]
    base = int(start[inside].min()) if count else 0
    offsets = np.concatenate([start[inside] - base, end[inside] - base])
    unit = max(1, int(np.gcd.reduce(offsets))) if count else 1
    scaled = offsets // unit
    small = count == 0 or (scaled.min() >= 0 and scaled.max() < WORLD)
    values = scaled.astype(np.uint32 if small else np.float64)
    edges = np.flatnonzero(np.diff(bucket[inside])) + 1 if count else np.empty(0, dtype=np.int64)
    bounds = [0, *(int(edge) for edge in edges), count] if count else [0]
    buckets = [[lo, hi, int((scaled[count + lo : count + hi] - scaled[lo:hi]).max())] for lo, hi in _pairs(bounds)]
    packed = {
        "count": len(order),
        "dated": count,
        "base": base,
        "unit": unit,
        "start": encode(values[:count]),
        "end": encode(values[count:]),
        "buckets": buckets,
        "row": None if np.array_equal(order, np.arange(len(order))) else encode(order.astype(np.uint32)),
    }
    return order, packed


def unpack_intervals(packed: Mapping[str, Any]) -> tuple[Ints, Ints, Ints]:
    """Read back what `pack_intervals` packed, as the page does.

    Args:
        packed: Packed times.

    Returns:
        Positions in the table of the dated rows, their starts and their ends, in milliseconds since 1970 UTC.
    """
    rows = np.arange(packed["count"]) if packed["row"] is None else _decode(packed["row"])
    start, end = (_decode(packed[name]).astype(np.int64) * packed["unit"] + packed["base"] for name in ("start", "end"))
    return rows[: packed["dated"]].astype(np.int64), start, end


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Project to Web Mercator.

    Args:
        lon: Longitudes in degrees, WGS 84.
        lat: Latitudes in degrees, WGS 84; beyond 85.05 they are drawn at the edge.

    Returns:
        x and y from 0 to 1, y downwards.
    """
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
    return (lon + 180) / 360, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)


def _pack_events(events: gpd.GeoDataFrame) -> tuple[Json, Json]:
    order, packed = pack_intervals(_column(events, "start"), _column(events, "end"))
    table = events.iloc[order]
    geometry = np.asarray(table["geometry"].array if len(table) else [], dtype=object)
    placed = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
    placed &= ~shapely.is_empty(geometry)
    lon, lat = (np.where(placed, get(geometry), 0.0) for get in (shapely.get_x, shapely.get_y))
    x, y = _world(lon, lat)
    radius = _numbers(table, "radius_km")
    packed |= {
        "x": encode(x),
        "y": encode(np.where(placed, y, NOWHERE).astype(np.uint32)),
        "radius": encode(np.where(np.isfinite(radius), np.maximum(radius, 0), 0).astype(np.float32)),
        "confidence": _percent(table),
        "kind": _codes(table, "kind"),
        "precision": _codes(table, "precision"),
        "status": _codes(table, "status"),
    }
    return packed, _texts(table, EVENT_TEXTS)


def _pack_routes(routes: gpd.GeoDataFrame) -> tuple[Json, Json]:
    order, packed = pack_intervals(_column(routes, "depart"), _column(routes, "arrive"))
    table = routes.iloc[order]
    geometry = np.array(table["geometry"].array if len(table) else [], dtype=object)
    geometry[~np.isin(shapely.get_type_id(geometry), LINES)] = None
    parts, owner = shapely.get_parts(geometry, return_index=True)
    coords, part_of = shapely.get_coordinates(parts, return_index=True)
    x, y = _world(coords[:, 0], coords[:, 1])
    packed |= {
        "x": encode(x),
        "y": encode(y),
        "parts": encode(np.searchsorted(part_of, np.arange(len(parts) + 1)).astype(np.uint32)),
        "lines": encode(np.searchsorted(owner, np.arange(len(table) + 1)).astype(np.uint32)),
        "length": encode(_numbers(table, "length_km").astype(np.float32)),
        "confidence": _percent(table),
        "mode": _codes(table, "mode"),
        "basis": _codes(table, "basis"),
        "shipment": _codes(table, "shipment"),
        "precision": _codes(table, "precision"),
        "status": _codes(table, "status"),
    }
    return packed, _texts(table, ROUTE_TEXTS)


def _check(table: gpd.GeoDataFrame, layer: str, needed: Sequence[str]) -> None:
    if table is None or not len(table):
        return
    faults = [
        Fault(layer, None, name, None, "the column is missing.", f"Give every {layer[:-1]} a {name}; it may be empty.")
        for name in needed
        if name not in table.columns
    ]
    crs = getattr(table, "crs", None)
    if not faults and crs is not None and crs.to_epsg() != 4326:
        remedy = 'Convert it first: table.to_crs("EPSG:4326").'
        faults.append(Fault(layer, None, "geometry", str(crs), "the table is not in EPSG:4326.", remedy))
    if faults:
        raise TableError(faults)


def _pairs(bounds: Sequence[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(bounds))


def encode(values: npt.NDArray[Any]) -> Json:
    """Write numbers as the page reads them.

    Args:
        values: Numbers of one type; shape (n,).

    Returns:
        Their type, and their bytes in base64, the least significant first.
    """
    kind = {"u": "u", "i": "i", "f": "f"}[values.dtype.kind] + str(8 * values.dtype.itemsize)
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return {"type": kind, "data": base64.b64encode(little.tobytes()).decode("ascii")}


def _decode(column: Mapping[str, str]) -> npt.NDArray[Any]:
    dtype = np.dtype(f"<{column['type'][0]}{int(column['type'][1:]) // 8}")
    return np.frombuffer(base64.b64decode(column["data"]), dtype=dtype)


def _world(lon: Floats, lat: Floats) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    x, y = mercator(lon, lat)
    return tuple(np.clip(np.round(v * WORLD), 0, NOWHERE - 1).astype(np.uint32) for v in (x, y))  # type: ignore[return-value]


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table.columns else pd.Series([None] * len(table), index=table.index, dtype=object)


def _milliseconds(times: pd.Series) -> npt.NDArray[np.datetime64]:
    moments = pd.DatetimeIndex(pd.to_datetime(times, utc=True) if len(times) else [])
    return moments.tz_localize(None).to_numpy().astype("datetime64[ms]")


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    return pd.to_numeric(_column(table, name), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _percent(table: pd.DataFrame) -> Json:
    share = _numbers(table, "confidence")
    known = np.isfinite(share)
    percent = np.round(100 * np.clip(np.where(known, share, 0), 0, 1))
    return encode(np.where(known, percent, MISSING).astype(np.uint8))


def _codes(table: pd.DataFrame, name: str) -> Json:
    words = _column_texts(_column(table, name))
    values = list(dict.fromkeys(words))
    place = {word: code for code, word in enumerate(values)}
    width = np.uint8 if len(values) <= MISSING else np.uint32
    return {"values": values, "codes": encode(np.array([place[word] for word in words], dtype=width))}


def _texts(table: pd.DataFrame, names: Sequence[str]) -> Json:
    return {name: _column_texts(_column(table, name)) for name in names}


def _column_texts(values: pd.Series) -> list[str]:
    if isinstance(values.dtype, pd.StringDtype) and values.dtype.storage == "pyarrow":  # whole letters only
        texts: list[str] = values.fillna("").tolist()
        return texts
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).encode("utf-8", "replace").decode()  # a lone half of a surrogate pair fits into no file
