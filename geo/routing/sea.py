"""Sea legs: the shortest way that keeps off the shore, by named straits and canals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.errors import AshoreError, NoRouteError
from geo.routing import sight
from geo.routing.bound import Ellipse
from geo.routing.chart import arcs_km, chart, closed_by_default, closed_passages, lines
from geo.routing.course import pulled, sailed
from geo.routing.flags import covered, flagged_way, port_regions, regions_near
from geo.routing.gates import crossed
from geo.routing.harbour import Berth, berth
from geo.routing.joins import stored_join
from geo.routing.stops import Stop, label, position
from geo.routing.trees import traced, tree
from geo.types import LonLat, Route

SLACKS = (1.02, 1.06, 1.12, 1.2, 1.35, 1.6, 2.5, np.inf)
"""How much longer than its lower bound a way may be, tried in turn: the fewer vertices, the faster."""

FEW = 2000
MANY_TIMES = 3
"""The highest limit that leaves so few vertices is tried first, then the highest that leaves so many times as many."""

SAME_KM = 1.0
ROUNDING_KM = 1e-6
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


def berth_of(stop: Stop, closed: frozenset[str]) -> Berth:
    """Join a stop to the network.

    Args:
        stop: A place, or (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its berth.

    Raises:
        CoordinateError: It is not on the Earth.
        AshoreError: It is far from the sea.
    """
    lon, lat = position(stop)
    try:
        return berth((float(lon), float(lat)), closed)
    except AshoreError as error:
        raise AshoreError(f"{label(stop)}: {error}", error.lonlat) from None


def _no_way(a: Stop, b: Stop, closed: frozenset[str]) -> NoRouteError:
    ends = [berth_of(stop, closed).links.cleared().vertices for stop in (a, b)]

    def joined(shut: frozenset[str]) -> bool:
        _, water = connected_components(lines(shut), directed=False)
        return bool(len(np.intersect1d(*(water[vertices] for vertices in ends))))

    opening = " or ".join(name for name in sorted(closed) if joined(closed - {name}))
    if not opening and joined(frozenset()):
        shut: frozenset[str] = frozenset()
        for name in sorted(closed):  # what can stay closed beside what was tried before it
            shut |= {name} if joined(shut | {name}) else set()
        opening = " and ".join(sorted(closed - shut))
    if opening:
        return NoRouteError(
            f"No way by sea from {label(a)} to {label(b)}. It would open with {opening}: allow it, or do not avoid it."
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
    between_ports = _between_ports(start, end, closed)
    if between_ports is not None:
        return pulled(between_ports, closed)
    network = lines(closed)
    rough = flagged_way(start, end, closed, regions_near(start.point), regions_near(end.point))
    if rough is not None:
        limit = rough[2] + ROUNDING_KM
        found = _search(network, start, end, Ellipse(start, end, closed, limit), limit)
        if found is not None:
            return pulled(found, closed)
    ellipse = Ellipse(start, end, closed)
    least = ellipse.between_km
    if not np.isfinite(least):
        raise NoRouteError("No water joins them.")
    limits = [least * slack + 10.0 for slack in SLACKS]
    few, number = FEW, 0
    while number < len(limits):
        number = max(ellipse.roomy(limits, few) - 1, number)
        found = _search(network, start, end, ellipse, limits[number])
        if found is not None:
            return pulled(found, closed)
        few, number = few * MANY_TIMES, number + 1
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
    if not start.reach_degrees and not end.reach_degrees:
        if km < sight.LONGEST_ARC_KM and sight.hindrance_km(*ends) == (0.0, 0.0, 0.0) and not crossed(ends, closed):
            return ends
        return None
    for here, there in ((start, end), (end, start)):
        bay = here.bay() if here.may_reach(there.point) else None
        cell = bay.window.cell(there.point) if bay else None
        if bay is None or cell is None or not bay.window.water[cell]:
            continue
        if bay.km_to(cell) < max(1.15 * km, km + 5.0):
            way = [here.point, *bay.way_to(cell), there.point]
            return way if here is start else way[::-1]
    return None


def _between_ports(start: Berth, end: Berth, closed: frozenset[str]) -> list[LonLat] | None:
    if not closed_by_default() <= closed:
        return None
    known = covered(closed)
    if known != closed:
        # what is the shortest with more passages open is so without them, unless it leads through one
        if stored_join(start.asked, closed) is None or stored_join(end.asked, closed) is None:
            return None
        start, end = berth(start.asked, known), berth(end.asked, known)
    here, there = port_regions(start.asked), port_regions(end.asked)
    found = None if here is None or there is None else flagged_way(start, end, known, here, there)
    if found is None:
        return None
    way = joined(start, end, *found[:2])
    return None if crossed(way, closed - known) else way


def _search(network: csr_array, start: Berth, end: Berth, ellipse: Ellipse, limit: float) -> list[LonLat] | None:
    chosen = ellipse.vertices(limit)
    number = np.full(network.shape[0], -1)
    number[chosen] = np.arange(len(chosen))
    leaving, arriving = (links.picked(np.flatnonzero(number[links.vertices] >= 0)) for links in ellipse.links)
    if not len(leaving.vertices) or not len(arriving.vertices):
        return None
    counts = network.indptr[chosen + 1] - network.indptr[chosen]
    at = np.repeat(network.indptr[chosen] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
    to = number[network.indices[at]]
    inside = to >= 0
    degree = np.bincount(np.repeat(np.arange(len(chosen)), counts)[inside], minlength=len(chosen))
    part = csr_array(
        (network.data[at][inside], to[inside], np.concatenate([[0], np.cumsum(degree)])),
        shape=(len(chosen), len(chosen)),
    )
    last, longest = number[arriving.vertices], min(limit, LONGEST_KM)
    if leaving.views:
        # how far it is at least tells which links are worth a look
        home, _ = tree(part, last, arriving.km, limit_km=limit)
        least = home[number[leaving.vertices]] + leaving.km
        leaving = leaving.picked(np.flatnonzero(least <= longest)).cleared()
    km, back = tree(part, number[leaving.vertices], leaving.km, limit_km=limit)
    total = km[last] + arriving.km
    best = arriving.nearest(np.where(total <= longest, total, np.inf))
    if best is None:
        return None
    vertices = [int(chosen[v]) for v in traced(back, int(last[best]))]
    return joined(start, end, vertices, int(arriving.trunk[best]))


def joined(start: Berth, end: Berth, vertices: Sequence[int], arriving: int) -> list[LonLat]:
    """Put the two ways to the network and the way along it together.

    Args:
        start: Where it begins.
        end: Where it ends.
        vertices: Numbers of the vertices it passes.
        arriving: Number of the way over the mask by which it arrives at `end`.

    Returns:
        (longitude, latitude) in degrees, from berth to berth.
    """
    sea = chart()
    middle = [(float(sea.lon[v]), float(sea.lat[v])) for v in vertices]
    leaving = start.links_to(np.array(vertices[:1])).cleared()
    way = int(leaving.trunk[np.argmin(leaving.km)])
    return [*start.way_to(vertices[0], way), *middle[1:], *end.way_to(vertices[-1], arriving)[::-1][1:]]
