"""Tables into columns that a browser can search: sorted numbers, with the texts apart.

Times are offsets from the first start of the table, counted in the largest unit that divides all of them (a table known
to the day counts days, one with milliseconds counts milliseconds), as unsigned 32-bit integers where they fit and as
64-bit floats, exact to 2**52, where they do not; ends are lengths. So nothing is rounded, and a usual table costs the
page eight bytes a row for its times and the file about two.

Rows are sorted by length of their interval first and by start second. Within one bucket of length no interval is more
than `BUCKET_FACTOR` times as long as another, so a binary search for the starts that can still reach into a window
looks at few rows that do not; one interval of a century does not spoil the search for the others.

Places are Web Mercator in units of 1 / 2**32 of the world, 9 mm at the equator: right to the pixel at any zoom.
"""

from __future__ import annotations

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
from geo.maps.packing import Json, Shelf, pack_texts, take
from geo.maps.picturing import LINES, picture
from geo.maps.reading import column, column_texts, text_columns
from geo.types import Fault

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

DAY_MS = 86_400_000
BUCKET_FACTOR = 8
WORLD = 2**32
NOWHERE = WORLD - 1  # y of a row without a place: below any latitude the projection can show
MAX_LAT = 85.05112878  # where Web Mercator is square
MISSING = 255
NEAR = 2**12  # rows that follow one another in time stand about so near in the table, or anywhere


@dataclass(frozen=True)
class Packed:
    """Tables as the page takes them; every part holds nothing but JSON values.

    Args:
        columns: What drawing needs, by table: what lies where in `bytes`, and the words that codes stand for.
        bytes: The numbers, gzipped, in base64.
        texts: What reading needs, by table: titles, quotes, sources, in blocks that the page unpacks when asked.
    """

    columns: Json
    bytes: str
    texts: Json


def pack(
    events: gpd.GeoDataFrame,
    routes: gpd.GeoDataFrame | None = None,
    sources: pd.DataFrame | None = None,
    *,
    texts: bool = True,
) -> Packed:
    """Turn the three tables into columns for the page; the tables are not changed.

    Args:
        events: Events in EPSG:4326 with at least id, title, start, end and geometry; may be empty.
        routes: Routes in EPSG:4326 with at least id, title, depart, arrive and geometry; may be empty.
        sources: Sources by id.
        texts: Pack the texts too.

    Returns:
        Columns and texts.

    Raises:
        TableError: A table lacks a column that the map cannot do without, or is in another CRS.
    """
    if routes is None:
        routes = gpd.GeoDataFrame()
    _check(events, "events", ("id", "title", "start", "end", "geometry"))
    _check(routes, "routes", ("id", "title", "depart", "arrive", "geometry"))
    shelf = Shelf()
    columns = {"events": _pack_events(events, shelf), "routes": _pack_routes(routes, shelf)}
    columns["picture"] = picture(events, routes)
    cells = text_columns(events, routes, sources) if texts else {}
    return Packed(columns, shelf.bytes(), {name: pack_texts(table) for name, table in cells.items()})


def pack_intervals(starts: pd.Series, ends: pd.Series, shelf: Shelf) -> tuple[Ints, Json]:
    """Sort intervals for the search and pack their times without loss.

    Args:
        starts: Starts, UTC; NaT where unknown.
        ends: Ends, UTC; NaT where unknown.
        shelf: Where the numbers go.

    Returns:
        The order (positions in the table; rows without both dates come last) and the packed times.
    """
    order, start, end, bucket = _sorted(starts, ends)
    count = len(start)
    base = int(start.min()) if count else 0
    unit = max(1, int(np.gcd.reduce([np.gcd.reduce(start - base), np.gcd.reduce(end - base)]))) if count else 1
    start, length = (start - base) // unit, (end - start) // unit
    least = min(0, int(length.min())) if count else 0
    small = count == 0 or (max(start.max(), (start + length).max(), (length - least).max()) < WORLD and least == 0)
    dtype = np.uint32 if small else np.float64
    edges = np.flatnonzero(np.diff(bucket)) + 1
    bounds = [0, *(int(edge) for edge in edges), count] if count else [0]
    packed = {
        "count": len(order),
        "dated": count,
        "base": base,
        "unit": unit,
        "start": shelf.put(start.astype(dtype), steps=True),
        "length": shelf.put((length - least).astype(dtype)),
        "least": least,
        "row": _pack_order(order, shelf),
        "buckets": [[lo, hi, int(length[lo:hi].max())] for lo, hi in itertools.pairwise(bounds)],
    }
    return order, packed


def unpack_intervals(packed: Mapping[str, Any], data: str) -> tuple[Ints, Ints, Ints]:
    """Read back what `pack_intervals` packed, as the page does.

    Args:
        packed: Packed times.
        data: The bytes of the shelf.

    Returns:
        Positions in the table of the dated rows, their starts and their ends, in milliseconds since 1970 UTC.
    """
    rows = np.arange(packed["count"]) if packed["row"] is None else take(packed["row"], data).astype(np.int64)
    start, length = (take(packed[name], data).astype(np.int64) for name in ("start", "length"))
    base, unit = packed["base"], packed["unit"]
    ends = (start + length + packed["least"]) * unit + base
    return rows[: packed["dated"]], start * unit + base, ends


def _pack_order(order: Ints, shelf: Shelf) -> Json | None:
    steps = np.diff(order)
    if (steps == 1).all() and (not len(order) or order[0] == 0):
        return None
    return shelf.put(order.astype(np.uint32), steps=bool((np.abs(steps) < NEAR).mean() > 0.5))


def _sorted(starts: pd.Series, ends: pd.Series) -> tuple[Ints, Ints, Ints, Ints]:
    first, last = _milliseconds(starts), _milliseconds(ends)
    dated = ~(np.isnat(first) | np.isnat(last))
    start, end = first.astype(np.int64), last.astype(np.int64)
    limits = DAY_MS * BUCKET_FACTOR ** np.arange(9, dtype=np.int64)
    bucket = np.searchsorted(limits, np.maximum(end - start, 0))
    order = np.lexsort((start, bucket, ~dated)).astype(np.int64)
    inside = order[: int(dated.sum())]
    return order, start[inside], end[inside], bucket[inside]


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


def _pack_events(events: gpd.GeoDataFrame, shelf: Shelf) -> Json:
    order, packed = pack_intervals(column(events, "start"), column(events, "end"), shelf)
    geometry = _geometry(events)[order]
    placed = _is_point(geometry)
    lon, lat = (np.where(placed, get(geometry), 0.0) for get in (shapely.get_x, shapely.get_y))
    x, y = _world(lon, lat)
    radius = _numbers(events, "radius_km")[order]
    packed |= {
        "x": shelf.put(x),
        "y": shelf.put(np.where(placed, y, NOWHERE).astype(np.uint32)),
        "radius": shelf.put(np.where(np.isfinite(radius), np.maximum(radius, 0), 0).astype(np.float32)),
        "confidence": _percent(events, order, shelf),
        **{name: _codes(events, name, order, shelf) for name in ("kind", "precision", "status")},
    }
    return packed


def _pack_routes(routes: gpd.GeoDataFrame, shelf: Shelf) -> Json:
    order, packed = pack_intervals(column(routes, "depart"), column(routes, "arrive"), shelf)
    geometry = _geometry(routes)[order]
    geometry[~np.isin(shapely.get_type_id(geometry), LINES)] = None
    parts, owner = shapely.get_parts(geometry, return_index=True)
    coords, part_of = shapely.get_coordinates(parts, return_index=True)
    x, y = _world(coords[:, 0], coords[:, 1])
    names = ("mode", "basis", "shipment", "precision", "status")
    packed |= {
        "x": shelf.put(x, steps=True),
        "y": shelf.put(y, steps=True),
        "parts": shelf.put(np.searchsorted(part_of, np.arange(len(parts) + 1)).astype(np.uint32), steps=True),
        "lines": shelf.put(np.searchsorted(owner, np.arange(len(geometry) + 1)).astype(np.uint32), steps=True),
        "length_km": shelf.put(_numbers(routes, "length_km")[order].astype(np.float32)),
        "confidence": _percent(routes, order, shelf),
        **{name: _codes(routes, name, order, shelf) for name in names},
    }
    return packed


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


def _world(lon: Floats, lat: Floats) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    x, y = mercator(lon, lat)
    return tuple(np.clip(np.round(v * WORLD), 0, NOWHERE - 1).astype(np.uint32) for v in (x, y))  # type: ignore[return-value]


def _geometry(table: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    return np.array(table["geometry"].array if len(table) else [], dtype=object)


def _is_point(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    placed: npt.NDArray[np.bool_] = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
    placed &= ~shapely.is_empty(geometry)
    return placed


def _milliseconds(times: pd.Series) -> npt.NDArray[np.datetime64]:
    moments = pd.DatetimeIndex(pd.to_datetime(times, utc=True) if len(times) else [])
    return moments.tz_localize(None).to_numpy().astype("datetime64[ms]")


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    return pd.to_numeric(column(table, name), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _percent(table: pd.DataFrame, order: Ints, shelf: Shelf) -> Json:
    share = _numbers(table, "confidence")[order]
    known = np.isfinite(share)
    percent = np.round(100 * np.clip(np.where(known, share, 0), 0, 1))
    return shelf.put(np.where(known, percent, MISSING).astype(np.uint8))


def _codes(table: pd.DataFrame, name: str, order: Ints, shelf: Shelf) -> Json:
    texts = column_texts(column(table, name))
    if len(set(texts)) <= 1:
        return {"values": texts[:1], "codes": shelf.put(np.zeros(len(texts), np.uint8))}
    codes, values = pd.factorize(np.array(texts, dtype=object)[order])
    width = np.uint8 if len(values) <= MISSING else np.uint32
    return {"values": list(values), "codes": shelf.put(codes.astype(width))}
