"""Sea legs: the shortest way that keeps off the shore, by named straits and canals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.errors import NoRouteError
from geo.geodesy import length_km
from geo.routing import sight
from geo.routing.chart import Floats, Integers, Truths, arcs_km, chart, closed_passages, lines, passages
from geo.routing.great_circle import drawn
from geo.routing.harbour import Berth, berth
from geo.routing.stops import Stop, label, position
from geo.types import LonLat, Place, Route

STEP_KM = 60.0
SLACKS = (1.01, 1.04, 1.15, 1.5, 2.5, np.inf)
"""How much longer than its lower bound a way may be, tried in turn: the fewer vertices, the faster."""

SAME_KM = 1.0
WORSE_KM = 0.5


def along_water(
    stops: Sequence[Stop], *, avoid: Iterable[str] = frozenset(), allow: Iterable[str] = frozenset()
) -> Route:
    """Follow the shortest way over water from stop to stop.

    Args:
        stops: Origin, any stops between, destination; each apart from the next. Points in degrees, WGS 84.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.

    Returns:
        The line, at most 60 km from position to position, its length in km, the passages it uses, and how far its ends
        are from the stops where those lie inland. Always `inferred`.

    Raises:
        CoordinateError: A stop is not on the Earth.
        NoRouteError: A stop is far from the sea, no water joins two stops, or a passage is unknown.

    Source:
        `data/sea/`: Natural Earth's land polygons, channels curated for this project.
    """
    closed = closed_passages(avoid, allow)
    berths = [_berth(stop, closed) for stop in stops]
    corners: list[LonLat] = []
    for (start, end), (a, b) in zip(pairwise(berths), pairwise(stops), strict=True):
        try:
            way = way_between(start, end, closed)
        except NoRouteError:
            raise _no_way(a, b, closed) from None
        corners += way[1:] if corners else way
    return sailed(corners, stops, berths)


def sailed(corners: Sequence[LonLat], stops: Sequence[Stop], berths: Sequence[Berth]) -> Route:
    """Draw the line round its corners.

    Args:
        corners: (longitude, latitude) in degrees, joined by great circles on the sphere.
        stops: What it passes, in travelling order.
        berths: The water at each stop.

    Returns:
        The route, with a position at least every 60 km.
    """
    pieces = [sight.stretch(a, b, step_km=STEP_KM) for a, b in pairwise(corners)]
    line = drawn(np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]).tolist())
    names = tuple(stop.name for stop in stops[1:-1] if isinstance(stop, Place))
    return Route(
        line,
        length_km(line),
        "inferred",
        names,
        passages=tuple(sight.crossed(corners, passages())),
        gaps_km=(berths[0].gap_km, berths[-1].gap_km),
    )


def _berth(stop: Stop, closed: frozenset[str]) -> Berth:
    lon, lat = position(stop)
    try:
        return berth((float(lon), float(lat)), closed)
    except NoRouteError as error:
        raise NoRouteError(f"{label(stop)}: {error}") from None


def _no_way(a: Stop, b: Stop, closed: frozenset[str]) -> NoRouteError:
    opening = []
    for name in passages():
        if name not in closed:
            continue
        fewer = closed - {name}
        try:
            way_between(_berth(a, fewer), _berth(b, fewer), fewer)
        except NoRouteError:
            continue
        opening.append(name)
    if opening:
        return NoRouteError(
            f"No way by sea from {label(a)} to {label(b)} while {', '.join(sorted(closed))} are closed. "
            f"It would open with {' or '.join(opening)}: allow it, or do not avoid it."
        )
    return NoRouteError(
        f"No water joins {label(a)} and {label(b)}: one of them lies on an inland sea or a lake. "
        "Split the journey into legs that change mode where the water ends."
    )


def way_between(start: Berth, end: Berth, closed: frozenset[str]) -> list[LonLat]:
    """Find the corners of the shortest way from berth to berth.

    Args:
        start: Where it begins.
        end: Where it ends.
        closed: Names of passages that may not be used.

    Returns:
        (longitude, latitude) in degrees, joined by great circles on the sphere; both ends included.

    Raises:
        NoRouteError: There is none.
    """
    if end.point < start.point:  # there and back are one way
        return way_between(end, start, closed)[::-1]
    direct = _direct(start, end, closed)
    if direct is not None:
        return direct
    bound = _bounds(start, closed), _bounds(end, closed)
    least = max(float(arcs_km(*start.point, *end.point)), float(np.min(bound[0][end.vertices] + end.km)))
    if not np.isfinite(least):
        raise NoRouteError("No water joins them.")
    network = lines(closed)
    together = bound[0] + bound[1]
    limit = 0.0
    for slack in SLACKS:
        limit = max(limit, least * slack + 10.0)
        found = _search(network, start, end, together <= limit, limit)
        if found is not None:
            return pulled(found, closed)
    raise NoRouteError("No water joins them.")


def _direct(start: Berth, end: Berth, closed: frozenset[str]) -> list[LonLat] | None:
    ends = [start.point, end.point]
    km = float(arcs_km(*start.point, *end.point))
    if km < SAME_KM:
        return ends
    if start.window is None and end.window is None:
        if km < sight.LONGEST_ARC_KM and sight.hindrance_km(*ends) == (0.0, 0.0) and not sight.crossed(ends, closed):
            return ends
        return None
    for here, there in ((start, end), (end, start)):
        cell = here.window.cell(there.point) if here.window else None
        if here.window is None or cell is None or not here.window.water[cell]:
            continue
        reached = float(here.reached_km[here.window.number[cell]])
        if reached < max(1.15 * km, km + 5.0):
            way = [*here.way_over(cell), there.point]
            return way if here is start else way[::-1]
    return None


def _bounds(end: Berth, closed: frozenset[str]) -> Floats:
    # no way from the end to a vertex is shorter than the difference of their ways to a landmark
    sea = chart()
    straight = arcs_km(*end.point, sea.lon, sea.lat)
    if any(passage.closed and name not in closed for name, passage in passages().items()):
        return straight  # the landmarks were measured with these passages closed
    best = straight.astype(np.float32)
    for away in sea.landmarks:
        own = np.min(away[end.vertices] + end.km)
        if np.isfinite(own):
            np.maximum(best, np.abs(away - np.float32(own)) - 1.0, out=best)
    return best.astype(float)


def _search(
    network: csr_array, start: Berth, end: Berth, kept: Truths, limit: float
) -> list[LonLat] | None:
    chosen = np.flatnonzero(kept)
    number = np.full(len(kept), -1)
    number[chosen] = np.arange(len(chosen))
    first = number[start.vertices]
    last = number[end.vertices]
    if not (first >= 0).any() or not (last >= 0).any():
        return None
    counts = network.indptr[chosen + 1] - network.indptr[chosen]
    at = np.repeat(network.indptr[chosen] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    to = number[network.indices[at]]
    inside = to >= 0
    rows = np.repeat(np.arange(len(chosen)), counts)[inside]
    degree = np.bincount(rows, minlength=len(chosen))
    links = np.flatnonzero(first >= 0)
    # the berth is one more vertex, with its ways out
    graph = csr_array(
        (
            np.concatenate([network.data[at][inside], np.maximum(start.km[links], 1e-6)]),
            np.concatenate([to[inside], first[links]]),
            np.concatenate([[0], np.cumsum(degree), [degree.sum() + len(links)]]),
        ),
        shape=(len(chosen) + 1, len(chosen) + 1),
    )
    km, back = dijkstra(graph, indices=len(chosen), return_predecessors=True, limit=limit)
    total = np.where(last >= 0, km[last] + end.km, np.inf)
    best = int(np.argmin(total))
    if total[best] > limit:
        return None
    vertices = [int(last[best])]
    while back[vertices[-1]] != len(chosen):
        vertices.append(int(back[vertices[-1]]))
    vertices = vertices[::-1]
    sea = chart()
    middle = [(float(sea.lon[v]), float(sea.lat[v])) for v in chosen[vertices]]
    same = links[first[links] == vertices[0]]
    leaving = int(same[np.argmin(start.km[same])])
    return [*start.way_to(leaving), *middle[1:], *end.way_to(best)[::-1][1:]]


def pulled(corners: list[LonLat], closed: frozenset[str]) -> list[LonLat]:
    """Take out the corners that a straight line passes as well off land.

    Args:
        corners: (longitude, latitude) in degrees, joined by great circles on the sphere.
        closed: Names of passages that may not be used.

    Returns:
        Those that are needed.
    """
    corners = [corners[0], *(b for a, b in pairwise(corners) if arcs_km(*a, *b) > 0.05)]
    known: dict[tuple[LonLat, LonLat], tuple[float, float]] = {}

    def hindrance(a: LonLat, b: LonLat) -> tuple[float, float]:
        if (a, b) not in known:
            known[a, b] = sight.hindrance_km(a, b)
        return known[a, b]

    at, quiet = 1, 0
    while len(corners) > 2 and quiet < len(corners):
        if at >= len(corners) - 1:
            at = 1
        a, b, c = corners[at - 1 : at + 2]
        gained = float(arcs_km(*a, *b) + arcs_km(*b, *c) - arcs_km(*a, *c))
        before, after, straight = (hindrance(*ends) for ends in ((a, b), (b, c), (a, c)))
        fits = straight[0] <= before[0] + after[0] and straight[1] <= before[1] + after[1] + WORSE_KM * (gained > 0.05)
        if fits and not sight.crossed([a, c], closed):
            corners = corners[:at] + corners[at + 1 :]
            at, quiet = max(1, at - 1), 0
        else:
            at, quiet = at + 1, quiet + 1
    return corners


def nearest_vertex(point: LonLat) -> Integers:
    """Order the vertices of the network by distance from a point.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Numbers of vertices, the nearest first.
    """
    sea = chart()
    return np.argsort(arcs_km(*point, sea.lon, sea.lat), kind="stable")
