"""Gates of passages, from shore to shore, and the lines that cross them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from math import cos, radians

import numpy as np

from geo.routing.chart import Floats, chart, passages
from geo.routing.grid import Integers, Truths
from geo.routing.sight import across, vectors
from geo.types import LonLat

MARGIN_DEGREES = 0.2


def crossed(points: Sequence[LonLat] | Floats, names: Iterable[str]) -> list[str]:
    """List the passages whose gates a line crosses, in the order of the line.

    Args:
        points: (longitude, latitude) in degrees, joined by great circles.
        names: Passages to look for.

    Returns:
        Names of those it crosses.
    """
    lonlat = np.asarray(points)
    line = vectors(lonlat[:, 0], lonlat[:, 1])
    names = tuple(names)
    owner, a, b, planes = _posts(names)
    side = line @ planes.T
    along = across(line[:-1], line[1:])
    meets = (side[:-1] * side[1:] < 0) & ((along @ a.T) * (along @ b.T) < 0) & ((line[:-1] + line[1:]) @ (a + b).T > 0)
    steps, gates = np.nonzero(meets)
    # of two gates on one step the one first whose plane is nearer to its start
    share = np.abs(side[steps, gates]) / (np.abs(side[steps, gates]) + np.abs(side[steps + 1, gates]))
    return list(dict.fromkeys(names[owner[gate]] for gate in gates[np.lexsort((share, steps))]))


def barred(point: LonLat, vertices: Integers, names: Iterable[str]) -> Truths:
    """Tell which straight lines from a point to vertices cross the gate of a passage.

    Args:
        point: (longitude, latitude) in degrees.
        vertices: Numbers of vertices.
        names: Passages to look for.

    Returns:
        True for each that crosses one; shape (n,).
    """
    return _meet(vectors(*point), chart().vectors[vertices], names)


def shut(a: Floats, b: Floats, names: Iterable[str]) -> Truths:
    """Tell which great circles cross the gate of a passage.

    Args:
        a: Longitudes and latitudes in degrees; shape (n, 2).
        b: Longitudes and latitudes in degrees; shape (n, 2).
        names: Passages to look for.

    Returns:
        True for each that crosses one; shape (n,).
    """
    return _meet(vectors(*a.T), vectors(*b.T), names)


def near_gate(name: str, point: LonLat, reach_degrees: float) -> bool:
    """Tell whether the gate of a passage may lie in the window around a point.

    Args:
        name: The passage.
        point: (longitude, latitude) in degrees.
        reach_degrees: How far the window reaches, in degrees of latitude.

    Returns:
        False where it surely does not.
    """
    west, east, south, north = _bounds(name)
    reach = reach_degrees + MARGIN_DEGREES
    if south > point[1] + reach or north < point[1] - reach:
        return False
    wide = reach / max(cos(radians(point[1])), 0.05)
    middle = (west + east) / 2
    return abs((middle - point[0] + 180.0) % 360.0 - 180.0) <= wide + (east - west) / 2


@cache
def _bounds(name: str) -> tuple[float, float, float, float]:
    lons, lats = zip(*passages()[name].gate, strict=True)
    west, east = min(lons), max(lons)
    if east - west > 180:  # across 180 degrees
        unwrapped = [lon % 360 for lon in lons]
        west, east = min(unwrapped), max(unwrapped)
    return west, east, min(lats), max(lats)


def _meet(start: Floats, end: Floats, names: Iterable[str]) -> Truths:
    _, a, b, planes = _posts(tuple(names))
    along = across(start, end)
    meets = ((start @ planes.T) * (end @ planes.T) < 0) & ((along @ a.T) * (along @ b.T) < 0)
    return np.asarray((meets & ((start + end) @ (a + b).T > 0)).any(axis=1))


@lru_cache(maxsize=64)
def _posts(names: tuple[str, ...]) -> tuple[Integers, Floats, Floats, Floats]:
    posts = [(number, vectors(*np.array(passages()[name].gate).T)) for number, name in enumerate(names)]
    owner = np.array([number for number, gate in posts for _ in gate[1:]], dtype=np.int64)
    a = np.concatenate([np.zeros((0, 3)), *(gate[:-1] for _, gate in posts)])
    b = np.concatenate([np.zeros((0, 3)), *(gate[1:] for _, gate in posts)])
    return owner, a, b, across(a, b)
