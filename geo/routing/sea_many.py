"""Many sea legs at once: one search for all that start at the same place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from geo.errors import NoRouteError
from geo.geodesy import distance_km, distances_km
from geo.routing.bound import landmark_kms
from geo.routing.chart import LANDMARK_STEP_KM, closed_passages, lines
from geo.routing.course import pulled, sailed
from geo.routing.harbour import Berth
from geo.routing.sea import berth_of, direct_way, joined, way_between
from geo.routing.stops import SAME_PLACE_KM, Stop, position
from geo.routing.trees import traced, tree
from geo.types import LonLat, Route

SHARED = 4
"""From so many pairs with one end in common, one search over the whole network is the quicker."""

SAME_WATER_KM = 1.0


def sea_routes(
    pairs: Sequence[tuple[Stop, Stop]],
    *,
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    progress: bool = True,
) -> list[Route | None]:
    """Follow the shortest ways over water between many pairs of stops.

    Args:
        pairs: Origin and destination of each. Points in degrees, WGS 84.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.
        progress: Show a bar on standard error.

    Returns:
        One route a pair, in their order; None where no water joins the two, an end is far from the sea, or both are
        the same place.

    Raises:
        CoordinateError: A stop is not on the Earth.
        OptionError: A passage is unknown.
    """
    closed = closed_passages(avoid, allow)
    for stop in (stop for pair in pairs for stop in pair):
        position(stop)
    found: list[Route | None] = [None] * len(pairs)
    with tqdm(total=len(pairs), unit="route", disable=not progress) as bar:
        for hub, numbers in _by_hub(pairs).items():
            _from_hub(hub, [(number, *pairs[number]) for number in numbers], closed, found)
            bar.update(len(numbers))
    return found


def sea_costs(
    start: Stop, ends: Sequence[Stop], *, avoid: Iterable[str] = frozenset(), allow: Iterable[str] = frozenset()
) -> list[float]:
    """Weigh the shortest ways over water from one stop to many, in one search and without drawing them.

    Args:
        start: Where they start. Points in degrees, WGS 84.
        ends: Where they lead.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.

    Returns:
        Each way's length in km, a little more in tight water; infinite where no water leads there or an end is far
        from the sea.

    Raises:
        CoordinateError: A stop is not on the Earth.
        OptionError: A passage is unknown.
    """
    closed = closed_passages(avoid, allow)
    here = _berth(start, closed)
    if here is None:
        return [np.inf] * len(ends)
    km, _ = grown_from(here, closed)
    found = []
    for end in ends:
        there = _berth(end, closed)
        total = np.full(1, np.inf) if there is None else km[there.links.vertices] + there.links.km
        best = there.links.nearest(total) if there else None
        found.append(np.inf if best is None else float(total[best]))
    return found


def sea_bounds(
    stops: Sequence[Stop], *, avoid: Iterable[str] = frozenset(), allow: Iterable[str] = frozenset()
) -> npt.NDArray[np.float64]:
    """Bound the ways over water between stops, without any search.

    Args:
        stops: Where they start and lead. Points in degrees, WGS 84.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.

    Returns:
        What `sea_costs` gives at least, in km; infinite where no water leads there, an end is far from the sea, or both
        are at the same water. Shape (n, n).

    Raises:
        CoordinateError: A stop is not on the Earth.
        OptionError: A passage is unknown.
    """
    closed = closed_passages(avoid, allow)
    points = np.array([position(stop) for stop in stops])
    bounds = np.array([distances_km(*point, *points.T) for point in points])
    bounds[bounds < SAME_WATER_KM] = np.inf
    berths = [_berth(stop, closed) for stop in stops]
    for number, end in enumerate(berths):
        if end is None:
            bounds[number] = bounds[:, number] = np.inf
    afloat = [number for number, end in enumerate(berths) if end]
    away = np.array([landmark_kms(end.links, closed)[0] for end in berths if end])
    for kms in away.T:
        with np.errstate(invalid="ignore"):  # both may be on an inland sea, out of the landmark's reach
            least = np.abs(kms[:, None] - kms) - 2 * LANDMARK_STEP_KM
        bounds[np.ix_(afloat, afloat)] = np.fmax(bounds[np.ix_(afloat, afloat)], least)
    return bounds


def _berth(stop: Stop, closed: frozenset[str]) -> Berth | None:
    try:
        return berth_of(stop, closed)
    except NoRouteError:
        return None


def _by_hub(pairs: Sequence[tuple[Stop, Stop]]) -> dict[LonLat, list[int]]:
    # a pair goes to the end that more of the pairs share
    shared = Counter(position(stop) for pair in pairs for stop in pair)
    groups: dict[LonLat, list[int]] = defaultdict(list)
    for number, (a, b) in enumerate(pairs):
        groups[max(position(a), position(b), key=lambda end: (shared[end], end))].append(number)
    return groups


def _from_hub(
    hub: LonLat,
    pairs: Sequence[tuple[int, Stop, Stop]],
    closed: frozenset[str],
    found: list[Route | None],
) -> None:
    start = _berth(hub, closed)
    if start is None:
        return
    grown: tuple[np.ndarray, np.ndarray] | None = None
    for number, a, b in pairs:
        if distance_km(position(a), position(b)) <= SAME_PLACE_KM:
            continue
        other = _berth(position(b) if position(a) == hub else position(a), closed)
        if other is None:
            continue
        if len(pairs) < SHARED:
            try:
                way = way_between(start, other, closed)
            except NoRouteError:
                continue
        else:
            grown = grown_from(start, closed) if grown is None else grown
            way = _by_tree(start, other, grown, closed)
            if not way:
                continue
        outward = position(a) == hub
        with suppress(NoRouteError):
            found[number] = sailed(way if outward else way[::-1], [a, b], [start, other] if outward else [other, start])


def grown_from(start: Berth, closed: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """Search the whole network from a berth.

    Args:
        start: The berth.
        closed: Names of passages that may not be used.

    Returns:
        For each vertex, and for the berth after them, how far it is in km and the one before it.
    """
    links = start.links.cleared()
    links = links.picked(np.argsort(links.vertices, kind="stable"))
    return tree(lines(closed), links.vertices, links.km)


def _by_tree(start: Berth, end: Berth, grown: tuple[np.ndarray, np.ndarray], closed: frozenset[str]) -> list[LonLat]:
    direct = direct_way(start, end, closed)
    if direct is not None:
        return direct
    km, back = grown
    best = end.links.nearest(km[end.links.vertices] + end.links.km)
    if best is None:
        return []
    vertex, arriving = int(end.links.vertices[best]), int(end.links.trunk[best])
    way = joined(start, end, traced(back, vertex), arriving)
    # pulled in the direction in which `way_between` does it, so that both give the same line
    return pulled(way, closed) if start.point <= end.point else pulled(way[::-1], closed)[::-1]
