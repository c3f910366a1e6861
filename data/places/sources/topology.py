"""Polygons out of TopoJSON, their middles and their sizes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import transform


def read_topology(path: Path) -> Iterator[tuple[str, str, dict[str, Any], BaseGeometry]]:
    """Read a TopoJSON file: layer, id, properties and polygon (degrees) of every feature that has an area."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [np.cumsum(arc, axis=0) if "transform" in topology else np.asarray(arc) for arc in topology["arcs"]]
    if "transform" in topology:
        scale, shift = (np.array(topology["transform"][part]) for part in ("scale", "translate"))
        arcs = [arc[:, :2] * scale + shift for arc in arcs]
    for layer, content in topology["objects"].items():
        for feature in content["geometries"]:
            shape = _polygon(feature, arcs)
            if not shape.is_empty:
                yield layer, str(feature.get("id", "")), feature.get("properties") or {}, shape


def _polygon(feature: dict[str, Any], arcs: list[Any]) -> BaseGeometry:
    parts = {"Polygon": [feature.get("arcs")], "MultiPolygon": feature.get("arcs")}.get(feature.get("type") or "", [])
    polygons = []
    for part in parts or []:
        rings = [_ring(ring, arcs) for ring in part]
        if len(rings[0]) > 3:
            polygons.append(Polygon(rings[0], [hole for hole in rings[1:] if len(hole) > 3]))
    return shapely.make_valid(MultiPolygon(polygons)) if polygons else MultiPolygon()


def _ring(numbers: list[int], arcs: list[Any]) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for number in numbers:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += [tuple(point) for point in points[1 if ring else 0 :]]
    return ring


def middle_of(shape: BaseGeometry) -> tuple[float, float, float]:
    """Give the centroid of a polygon in degrees and the radius in km of a disc of its area.

    Done on an equal-area plane around the polygon's own corners, so that 180 degrees does not part it.
    """
    lon, lat = np.radians(shapely.get_coordinates(shape)).T
    east, north, up = (np.mean(part) for part in (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    around = (math.degrees(math.atan2(north, east)), math.degrees(math.atan2(up, math.hypot(east, north))))
    plane = pyproj.Proj(proj="laea", lon_0=around[0], lat_0=around[1], ellps="WGS84")
    flat = transform(plane, shape)
    there = plane(flat.centroid.x, flat.centroid.y, inverse=True)
    return there[0], there[1], math.sqrt(abs(flat.area) / math.pi) / 1000
