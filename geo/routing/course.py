"""From corners to a course: needless corners taken out, positions put in, cut at 180 degrees."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from shapely.geometry import LineString, MultiLineString

from geo.errors import NoRouteError
from geo.geodesy import COORDINATE_DECIMALS, length_km
from geo.routing import bends, sight
from geo.routing.chart import Floats, arc_km, passages
from geo.routing.gates import crossed
from geo.routing.great_circle import drawn
from geo.routing.harbour import Berth
from geo.routing.stops import Stop, label
from geo.types import Line, LonLat, Place, Route

STEP_KM = 60.0
TINY_DEGREES = 10.0**-COORDINATE_DECIMALS
WORTH_KM = 0.05
SAME_POINT_KM = 0.0001


def sailed(corners: Sequence[LonLat], stops: Sequence[Stop], berths: Sequence[Berth]) -> Route:
    """Draw the line round its corners.

    Args:
        corners: (longitude, latitude) in degrees, joined by great circles on the sphere.
        stops: What it passes, in travelling order.
        berths: The water at each stop.

    Returns:
        The route, with a position at least every 60 km.

    Raises:
        NoRouteError: All corners are the same point.
    """
    if not any(arc_km(a, b) > SAME_POINT_KM for a, b in pairwise(corners)):
        raise NoRouteError(
            f"{label(stops[0])} and {label(stops[-1])} have the same nearest water: no ship goes between them. "
            "Use mode 'road'."
        )
    line = _cut(sight.stretched(corners, step_km=STEP_KM))
    names = tuple(stop.name for stop in stops[1:-1] if isinstance(stop, Place))
    return Route(
        line,
        length_km(line),
        "inferred",
        names,
        passages=tuple(crossed(corners, passages())),
        gaps_km=(berths[0].gap_km, berths[-1].gap_km),
    )


def _cut(points: Floats) -> Line:
    # positions are dense, so the few steps over 180 degrees can be cut one by one on the great circle
    points = points[np.concatenate([[True], (np.abs(np.diff(points, axis=0)) > TINY_DEGREES).any(axis=1)])]
    over = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180)
    if (np.abs(points[:, 0]) == 180).any() or len(points) < 2:
        return drawn(points.tolist())
    if not len(over):
        return LineString(np.round(points, COORDINATE_DECIMALS))
    (lon1, lat1), (lon2, lat2) = points[over].T, points[over + 1].T
    side = np.copysign(180.0, lon1)
    a, b = np.radians(lon1 - side), np.radians(lon2 + side)
    tangent = (np.tan(np.radians(lat1)) * np.sin(b) - np.tan(np.radians(lat2)) * np.sin(a)) / np.sin(b - a)
    lat = np.degrees(np.arctan(tangent))
    pieces = np.split(points, over + 1)
    first, last = [np.zeros((0, 2)), *np.column_stack([-side, lat])[:, None]], np.column_stack([side, lat])[:, None]
    whole = [np.concatenate(piece) for piece in zip(first, pieces, [*last, np.zeros((0, 2))], strict=True)]
    return MultiLineString([np.round(piece, COORDINATE_DECIMALS) for piece in whole])


def pulled(corners: list[LonLat], closed: frozenset[str]) -> list[LonLat]:
    """Take out the corners that a straight line passes as well off land.

    Args:
        corners: (longitude, latitude) in degrees, joined by great circles on the sphere.
        closed: Names of passages that may not be used.

    Returns:
        Those that are needed.
    """
    corners = [corners[0], *(b for a, b in pairwise(corners) if arc_km(a, b) > WORTH_KM)]
    vertices = [bends.vertex_at(corner) for corner in corners]
    at = 1
    while at < len(corners) - 1:
        a, b, c = corners[at - 1 : at + 2]
        before, here, after = vertices[at - 1 : at + 2]
        needed = before is here is after is None  # a way over the mask, which was pulled there
        if not needed and here is not None:
            needed = bends.rounds(a, here, c, before, after)
        if needed or not _saves(a, b, c, corner=here is not None) or crossed([a, c], closed):
            at += 1
        else:
            del corners[at], vertices[at]
            at = max(1, at - 1)
    return corners


def _saves(a: LonLat, b: LonLat, c: LonLat, *, corner: bool) -> bool:
    if arc_km(a, b) + arc_km(b, c) - arc_km(a, c) <= WORTH_KM or (corner and bends.inshore(a, c)):
        return False
    straight = sight.hindrance_km(a, c)
    if corner or not any(straight):
        return not any(straight)
    ways = zip(straight, sight.hindrance_km(a, b), sight.hindrance_km(b, c), strict=True)
    return all(x <= y + z for x, y, z in ways)
