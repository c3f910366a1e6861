"""From a point to the name of what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry import Point

from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors
from geo.places.entry import Entry
from geo.places.features import KINDS
from geo.places.gazetteer import Gazetteer
from geo.types import LonLat, Place

_AREAS = [kind for group in ("country", "province", "district", "region", "river", "land") for kind in KINDS[group]]
_WATERS = list(KINDS["water"])
_AT_THE_SPOT = 0.97
_SPOT_KM = 30.0  # a zone or a camp that reaches farther, or is known no better, names no point
_AT_SEA_KM = 15.0  # closer than this to a named place on land, the place says more than the water's name


def nearest(gazetteer: Gazetteer, lonlat: LonLat, *, reach_km: float, limit: int) -> list[tuple[Place, float]]:
    """List what is at a point: towns and sites by distance, and the water it lies in.

    Args:
        gazetteer: Where to look.
        lonlat: (longitude, latitude) in degrees, WGS 84.
        reach_km: How far off a town or site may be, in km.
        limit: At most so many.

    Returns:
        Places with their distance in km, nearest first; the smallest named water comes first where no town or site is
        within 15 km.
    """
    towns = _towns(gazetteer, lonlat, reach_km, limit)
    waters = _waters(gazetteer, lonlat)
    if waters and (not towns or towns[0][1] > _AT_SEA_KM):
        return [*waters, *towns][:limit]
    return [*towns, *waters][:limit]


def _towns(gazetteer: Gazetteer, lonlat: LonLat, reach_km: float, limit: int) -> list[tuple[Place, float]]:
    unit = unit_vectors(*lonlat)[0].astype(np.float32)
    chords = np.linalg.norm(gazetteer.units - unit, axis=1)
    close = np.flatnonzero(chords <= 2 * np.sin(min((reach_km * 1.01 + 1) / EARTH_RADIUS_KM, np.pi) / 2))
    close = close[~gazetteer.kind.are(close, _AREAS + _WATERS)]
    close = close[gazetteer.kind.are(close, ["city"]) | (gazetteer.radius_km[close] <= _SPOT_KM)]
    away = distances_km(lonlat[0], lonlat[1], gazetteer.lon[close], gazetteer.lat[close])
    ranked = sorted((float(km), int(row)) for km, row in zip(away, close, strict=True) if km <= reach_km)
    return [(_place(gazetteer.entry(row), km), km) for km, row in ranked[:limit]]


def _waters(gazetteer: Gazetteer, lonlat: LonLat) -> list[tuple[Place, float]]:
    here = Point(lonlat)
    holding = [gazetteer.entry(gazetteer.row_of[sea]) for sea, area in gazetteer.seas.items() if area.intersects(here)]
    return [(_place(entry, 0.0), 0.0) for entry in sorted(holding, key=lambda entry: (entry.radius_km, entry.place_id))]


def _place(entry: Entry, away_km: float) -> Place:
    place = entry.as_place(matched=entry.name, match="name", radius_km=entry.radius_km)
    beyond = max(away_km - entry.radius_km, 0.0)
    return replace(place, confidence=round(_AT_THE_SPOT / (1 + beyond / _AT_SEA_KM), 3))
