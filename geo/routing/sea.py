"""Sea legs: the shortest way that keeps off the shore, by named straits and canals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.errors import NoRouteError
from geo.geodesy import length_km
from geo.routing import sight
from geo.routing.chart import Floats, Truths, arcs_km, chart, closed_passages, lines, passages
from geo.routing.great_circle import drawn
from geo.routing.harbour import Berth, berth
from geo.routing.stops import Stop, label, position
from geo.types import LonLat, Place, Route

STEP_KM = 60.0
SLACKS = (1.01, 1.04, 1.15, 1.5, 2.5, np.inf)
"""How much longer than its lower bound a way may be, tried in turn: the fewer vertices, the faster."""

SAME_KM = 1.0
LONGEST_KM = 1e6


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
    berths = [berth_of(stop, closed) for stop in stops]
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


def berth_of(stop: Stop, closed: frozenset[str]) -> Berth:
    """Join a stop to the network.

    Args:
        stop: A place, or (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its berth.

    Raises:
        CoordinateError: It is not on the Earth.
        NoRouteError: It is far from the sea.
    """
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
            way_between(berth_of(a, fewer), berth_of(b, fewer), fewer)
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
    direct = direct_way(start, end, closed)
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


def direct_way(start: Berth, end: Berth, closed: frozenset[str]) -> list[LonLat] | None:
    """Find the way between berths that need no network: in sight of each other, or in the same bay.

    Args:
        start: Where it begins.
        end: Where it ends.
        closed: Names of passages that may not be used.

    Returns:
        (longitude, latitude) in degrees; None where the network is needed.
    """
    ends = [start.point, end.point]
    km = float(arcs_km(*start.point, *end.point))
    if km < SAME_KM:
        return ends
    if start.window is None and end.window is None:
        if (
            km < sight.LONGEST_ARC_KM
            and sight.hindrance_km(*ends) == (0.0, 0.0, 0.0)
            and not sight.crossed(ends, closed)
        ):
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
    links = sea.landmarks[:, end.vertices]
    nearest, farthest = (links + end.km).min(axis=1), (links - end.km).max(axis=1)
    for away, near, far in zip(sea.landmarks, nearest, farthest, strict=True):
        if np.isfinite(near):
            np.maximum(best, np.float32(near - 1.0) - away, out=best)
        if np.isfinite(far):
            np.maximum(best, away - np.float32(far + 1.0), out=best)
    return best.astype(float)


def _search(network: csr_array, start: Berth, end: Berth, kept: Truths, limit: float) -> list[LonLat] | None:
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
    if not total[best] <= min(limit, LONGEST_KM):
        return None
    vertices = [int(chosen[v]) for v in traced(back, int(last[best]), len(chosen))]
    return joined(start, end, vertices, best)


def traced(back: npt.NDArray[np.int32], last: int, root: int) -> list[int]:
    """Follow a tree of shortest ways back to its root.

    Args:
        back: For each vertex the one before it.
        last: Where the way ends.
        root: Where all ways begin; it is left out.

    Returns:
        Vertices from the root's neighbour to the last.
    """
    path = [last]
    while back[path[-1]] != root:
        path.append(int(back[path[-1]]))
    return path[::-1]


def joined(start: Berth, end: Berth, vertices: Sequence[int], arriving: int) -> list[LonLat]:
    """Put the two ways to the network and the way along it together.

    Args:
        start: Where it begins.
        end: Where it ends.
        vertices: Numbers of the vertices it passes.
        arriving: Which of the links of `end` it takes.

    Returns:
        (longitude, latitude) in degrees, from berth to berth.
    """
    sea = chart()
    middle = [(float(sea.lon[v]), float(sea.lat[v])) for v in vertices]
    same = np.flatnonzero(start.vertices == vertices[0])
    leaving = int(same[np.argmin(start.km[same])])
    return [*start.way_to(leaving), *middle[1:], *end.way_to(arriving)[::-1][1:]]


def pulled(corners: list[LonLat], closed: frozenset[str]) -> list[LonLat]:
    """Take out the corners that a straight line passes as well off land.

    Args:
        corners: (longitude, latitude) in degrees, joined by great circles on the sphere.
        closed: Names of passages that may not be used.

    Returns:
        Those that are needed.
    """
    corners = [corners[0], *(b for a, b in pairwise(corners) if arcs_km(*a, *b) > 0.05)]
    known: dict[tuple[LonLat, LonLat], tuple[float, float, float]] = {}

    def hindrance(a: LonLat, b: LonLat) -> tuple[float, float, float]:
        if (a, b) not in known:
            known[a, b] = sight.hindrance_km(a, b)
        return known[a, b]

    at = 1
    while at < len(corners) - 1:
        a, b, c = corners[at - 1 : at + 2]
        if not sight.rounds(a, b, c):
            straight = hindrance(a, c)
            fits = not any(straight) or all(
                x <= y + z for x, y, z in zip(straight, hindrance(a, b), hindrance(b, c), strict=True)
            )
            if fits and not sight.crossed([a, c], closed):
                del corners[at]
                at = max(1, at - 1)
                continue
        at += 1
    return corners
