"""From corners to a course: needless corners taken out, positions put in, cut at 180 degrees."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from shapely.geometry import LineString, MultiLineString

from geo.errors import NoRouteError
from geo.geodesy import COORDINATE_DECIMALS, length_km
from geo.routing import bends, sight
from geo.routing.chart import Floats, arc_km, arcs_km, passages
from geo.routing.gates import crossed
from geo.routing.great_circle import drawn
from geo.routing.grid import Integers
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
    vertices = bends.vertices_at(np.array(corners))
    changed = np.ones(len(corners), dtype=bool)
    while len(corners) > 2 and changed.any():
        given = np.array(corners)
        doubtful = np.flatnonzero(changed & ~bends.rounding(given, vertices))
        kept = np.ones(len(corners), dtype=bool)
        for at in doubtful[_nothing_lost(given, vertices, doubtful)].tolist():
            # of two neighbours one: the other is looked at again when its line is known
            kept[at] = not kept[at - 1] or bool(crossed([corners[at - 1], corners[at + 1]], closed))
        changed = (np.roll(~kept, 1) | np.roll(~kept, -1))[kept]
        corners, vertices = [corner for corner, needed in zip(corners, kept, strict=True) if needed], vertices[kept]
    return corners


def _nothing_lost(corners: Floats, vertices: Integers, doubtful: Integers) -> Integers:
    # those of the doubtful that a straight line passes which is shorter and no nearer to land
    a, b, c = (corners[doubtful + step] for step in (-1, 0, 1))
    shorter = arcs_km(*a.T, *b.T) + arcs_km(*b.T, *c.T) - arcs_km(*a.T, *c.T) > WORTH_KM
    corner = vertices[doubtful] >= 0
    at = np.flatnonzero(shorter & ~(corner & bends.inshore(a, c)))
    bare = np.flatnonzero(~corner[at])  # a way over the mask may itself have left the offing
    count = len(at)
    a, b, c = a[at], b[at], c[at]
    every = sight.hindrances_km(np.concatenate([a, a[bare], b[bare]]), np.concatenate([c, b[bare], c[bare]]))
    allowed = np.zeros((count, 3))
    allowed[bare] = every[count : count + len(bare)] + every[count + len(bare) :]
    return at[(every[:count] <= allowed).all(axis=1)]
