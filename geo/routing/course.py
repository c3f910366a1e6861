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
from geo.routing.gates import crossed, shut
from geo.routing.great_circle import drawn
from geo.routing.grid import Integers, Truths
from geo.routing.harbour import Berth
from geo.routing.stops import Stop, label
from geo.types import Line, LonLat, Place, Route

STEP_KM = 60.0
TINY_DEGREES = 10.0**-COORDINATE_DECIMALS
WORTH_KM = 0.05
SAME_POINT_KM = 0.0001
MOST_MEASURED = 65536

_measured: dict[tuple[LonLat, LonLat, LonLat], bool] = {}


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
    given = np.array(corners)
    far = np.flatnonzero(arcs_km(*given[:-1].T, *given[1:].T) > WORTH_KM) + 1
    given = given[np.concatenate([[0], far])]
    vertices = bends.vertices_at(given)
    changed = np.ones(len(given), dtype=bool)
    while len(given) > 2 and changed.any():
        doubtful = np.flatnonzero(changed & ~bends.rounding(given, vertices))
        doubtful = doubtful[_spared(given, vertices, doubtful)] if len(doubtful) else doubtful
        if not len(doubtful):
            break
        kept = np.ones(len(given), dtype=bool)
        for at in doubtful[~shut(given[doubtful - 1], given[doubtful + 1], sorted(closed))].tolist():
            kept[at] = not kept[at - 1]  # of two neighbours one: the other is looked at again when its line is known
        beside = ~kept
        beside[1:] |= ~kept[:-1]
        beside[:-1] |= ~kept[1:]
        given, vertices, changed = given[kept], vertices[kept], beside[kept]
    return [(lon, lat) for lon, lat in given.tolist()]


def _spared(given: Floats, vertices: Integers, doubtful: Integers) -> list[bool]:
    # ways that share an end share most of their corners: what was measured of three in a row is kept
    if len(_measured) > MOST_MEASURED:
        _measured.clear()
    corners = [(lon, lat) for lon, lat in given.tolist()]
    threes = [(corners[at - 1], corners[at], corners[at + 1]) for at in doubtful.tolist()]
    known = {three: spared for three in threes if (spared := _measured.get(three)) is not None}
    new = [number for number, three in enumerate(threes) if three not in known]
    if new:
        found = _nothing_lost(np.array([threes[number] for number in new]), vertices[doubtful[new]] >= 0)
        known.update(zip((threes[number] for number in new), found.tolist(), strict=True))
        _measured.update(known)
    return [known[three] for three in threes]


def _nothing_lost(threes: Floats, corner: Truths) -> Truths:
    # where the straight line from the first to the last is shorter and no nearer to land
    a, b, c = threes.swapaxes(0, 1)
    found = arcs_km(*a.T, *b.T) + arcs_km(*b.T, *c.T) - arcs_km(*a.T, *c.T) > WORTH_KM
    found &= ~(corner & bends.inshore(a, c))
    bare = found & ~corner  # a way over the mask may itself have left the offing
    straight, before, after = np.split(
        sight.hindrances_km(np.concatenate([a[found], a[bare], b[bare]]), np.concatenate([c[found], b[bare], c[bare]])),
        np.cumsum([found.sum(), bare.sum()]),
    )
    allowed = np.zeros((len(threes), 3))
    allowed[bare] = before + after
    found[found] = (straight <= allowed[found]).all(axis=1)
    return found
