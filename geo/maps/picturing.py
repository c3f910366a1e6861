"""What only the picture needs: how much each route carries, between which places, and names to write on the map."""

from __future__ import annotations

import math
from itertools import chain, product
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.geodesy import EARTH_RADIUS_KM, distance_km, unit_vectors
from geo.types import LonLat

Json: TypeAlias = dict[str, Any]

MOST_NAMES = 1500
LONGEST_NAME = 36
ONE_PLACE_KM = 60.0
_CELL_KM = 1.02 * ONE_PLACE_KM  # a degree of the ellipsoid is up to 0.6 % shorter than one of the sphere
WORLD = 2**32
MAX_LAT = 85.05112878  # where Web Mercator is square
LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def picture(events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame | None) -> Json:
    """Gather what the picture needs beside the columns; the tables are not changed.

    Args:
        events: Events in EPSG:4326; may be empty.
        routes: Routes in EPSG:4326; None for none.

    Returns:
        `names`: [text, x, y, rows] in units of 1 / 2**32 of the world, those with most rows first. `routes`: by row of
        the table `quantity` (None where unknown), `unit` (a place in `units`), `from` and `to` (places in `ends`, -1
        for none); `ends`: [text, x, y].
    """
    flows = _routes(routes if routes is not None else gpd.GeoDataFrame())
    calls = np.zeros(len(flows["ends"]), dtype=int)
    for side in ("from", "to"):
        at = np.array([place for place in flows[side] if place >= 0], dtype=int)
        calls += np.bincount(at, minlength=len(calls))
    names = [[*end, int(count)] for end, count in zip(flows["ends"], calls, strict=True) if end[0]]
    names += _event_names(events)
    return {"names": sorted(names, key=lambda name: (-name[3], name[0]))[:MOST_NAMES], "routes": flows}


def short_name(text: str) -> str:
    """A place as a map has room for it: what stands before the first comma or bracket.

    Args:
        text: The place as it was written.

    Returns:
        Its name, at most `LONGEST_NAME` letters.
    """
    name = " ".join(text.split())
    for mark in (",", "(", ";"):
        name = name.split(mark)[0].strip() or name
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _event_names(events: gpd.GeoDataFrame) -> list[list[Any]]:
    if not len(events) or "place" not in events.columns:
        return []
    geometry = np.asarray(events.geometry.array, dtype=object)
    placed = (shapely.get_type_id(geometry) == shapely.GeometryType.POINT) & ~shapely.is_empty(geometry)
    words = events["place"].fillna("").astype(str).to_numpy(dtype=object)
    keep = placed & (words != "")
    table = pd.DataFrame(
        {"text": words[keep], "lon": shapely.get_x(geometry[keep]), "lat": shapely.get_y(geometry[keep])}
    )
    counts = table.groupby(["text", "lon", "lat"], sort=False).size().sort_values(ascending=False, kind="stable")
    most = counts.head(MOST_NAMES).reset_index(name="rows").drop_duplicates(["lon", "lat"])
    return [[short_name(text), *_world(lon, lat), int(rows)] for text, lon, lat, rows in most.itertuples(index=False)]


def _routes(routes: gpd.GeoDataFrame) -> Json:
    quantities = pd.to_numeric(_column(routes, "quantity"), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(quantities) & (quantities > 0)
    words = [" ".join(str(word).split()) if isinstance(word, str) else "" for word in _column(routes, "unit")]
    units = sorted({word for word, has in zip(words, known, strict=True) if has})
    place = {word: code for code, word in enumerate(units)}
    ends = _Ends()
    sides: dict[str, list[int]] = {}
    for side, name, at in (("from", "origin", 0), ("to", "destination", -1)):
        texts = (text if isinstance(text, str) else "" for text in _column(routes, name))
        sides[side] = [ends.add(*end) for end in zip(texts, _tips(routes, at), strict=True)]
    return {
        "quantity": [float(value) if has else None for value, has in zip(quantities, known, strict=True)],
        "unit": [place[word] if has else -1 for word, has in zip(words, known, strict=True)],
        "units": units,
        **sides,
        "ends": [[short_name(name), *_world(*at)] for name, at in ends.places],
    }


class _Ends:
    """Places where routes begin and end: of one name and near each other they are one."""

    def __init__(self) -> None:
        self.places: list[tuple[str, LonLat]] = []
        self.known: dict[tuple[str, LonLat], int] = {}
        self.by_cell: dict[tuple[str, int, int, int], list[int]] = {}

    def add(self, name: str, at: LonLat | None) -> int:
        if at is None:
            return -1
        key = name.strip().casefold() or f"{at[0]:.1f} {at[1]:.1f}"
        if (key, at) not in self.known:
            self.known[key, at] = self._place(key, name.strip(), at)
        return self.known[key, at]

    def _place(self, key: str, name: str, at: LonLat) -> int:
        x, y, z = (math.floor(part * EARTH_RADIUS_KM / _CELL_KM) for part in unit_vectors(*at)[0].tolist())
        around = ((key, x + east, y + north, z + up) for east, north, up in product((-1, 0, 1), repeat=3))
        for code in sorted(chain.from_iterable(self.by_cell.get(cell, ()) for cell in around)):
            if distance_km(self.places[code][1], at) <= ONE_PLACE_KM:
                return code
        self.by_cell.setdefault((key, x, y, z), []).append(len(self.places))
        self.places.append((name, at))
        return len(self.places) - 1


def _tips(routes: gpd.GeoDataFrame, at: int) -> list[LonLat | None]:
    if not len(routes) or not routes.active_geometry_name:
        return [None] * len(routes)
    shapes = np.array(routes.geometry.array, dtype=object)
    shapes[~np.isin(shapely.get_type_id(shapes), LINES)] = None
    points = shapely.get_point(shapely.get_geometry(shapes, at), at)
    lonlats = zip(shapely.get_x(points).tolist(), shapely.get_y(points).tolist(), strict=True)
    return [None if math.isnan(lon) else (lon, lat) for lon, lat in lonlats]


def _world(lon: float, lat: float) -> tuple[int, int]:
    sine = np.sin(np.radians(np.clip(np.array([lat]), -MAX_LAT, MAX_LAT)))
    south = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    shares: npt.NDArray[np.float64] = np.array([(lon + 180) / 360, south[0]])
    x, y = np.clip(np.round(shares * WORLD), 0, WORLD - 2).astype(np.int64)
    return int(x), int(y)


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name] if name in table.columns else pd.Series([None] * len(table), index=table.index, dtype=object)
