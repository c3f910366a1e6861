"""Where a line bends round land, and where it need not."""

from __future__ import annotations

from functools import cache, lru_cache
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

import numpy as np

from geo.routing.chart import chart
from geo.routing.grid import CELLS_PER_DEGREE, HEIGHT, WIDTH, Integers
from geo.routing.sight import vectors
from geo.types import LonLat


def rounds(a: LonLat, vertex: int, c: LonLat, before: int | None, after: int | None) -> bool:
    """Tell whether a line bends round land at a corner, so that nothing can be saved there, or follows a channel.

    Args:
        a: The point before, (longitude, latitude) in degrees.
        vertex: Number of the corner.
        c: The point after.
        before: Number of the vertex at the point before; None where none is.
        after: Number of the vertex at the point after, likewise.

    Returns:
        True where the corner is needed.
    """
    sea = chart()
    if sea.free[vertex]:
        return all(other is not None and sea.free[other] for other in (before, after))
    here, landward = sea.vectors[vertex].tolist(), sea.landward[vertex].tolist()
    inward = 0.0
    for lon, lat in (a, c):
        x, y = radians(lon), radians(lat)
        there = (cos(y) * cos(x), cos(y) * sin(x), sin(y))
        dot = sum(p * q for p, q in zip(here, there, strict=True))
        inward += sum(p * q for p, q in zip(there, landward, strict=True)) / max(sqrt(max(1 - dot * dot, 0.0)), 1e-9)
    return inward > 0


@lru_cache(maxsize=16384)
def inshore(a: LonLat, b: LonLat) -> bool:
    """Tell quickly whether a great circle surely leaves the offing, from the points at its quarters.

    Args:
        a: (longitude, latitude) in degrees.
        b: (longitude, latitude) in degrees.

    Returns:
        True when one of them is nearer to land than 5 km.
    """
    sea = chart()
    (x1, y1, z1), (x2, y2, z2) = vectors(*a).tolist(), vectors(*b).tolist()
    for share in (0.5, 0.25, 0.75):
        x, y, z = ((1 - share) * p + share * q for p, q in ((x1, x2), (y1, y2), (z1, z2)))
        row = min(int((90 - degrees(atan2(z, hypot(x, y)))) * CELLS_PER_DEGREE), HEIGHT - 1)
        column = int((degrees(atan2(y, x)) + 180) * CELLS_PER_DEGREE) % WIDTH
        if not sea.offing.at(row, column):
            return True
    return False


def vertex_at(point: LonLat) -> int | None:
    """Find the vertex of the network that lies exactly at a point.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Its number; None where none does.
    """
    sea = chart()
    order = _by_longitude()
    at = int(np.searchsorted(sea.lon, point[0], sorter=order))
    while at < len(order) and sea.lon[order[at]] == point[0]:
        if sea.lat[order[at]] == point[1]:
            return int(order[at])
        at += 1
    return None


@cache
def _by_longitude() -> Integers:
    return np.argsort(chart().lon, kind="stable")
