"""Joining a point to the network at sea: a search over the water around it, then a look out from the offing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from geo.errors import AshoreError
from geo.routing import sight
from geo.routing.bay import ASHORE_LIMIT_KM, Bay, bay_around
from geo.routing.chart import Floats, arcs_km, chart, ice_toll
from geo.routing.gates import barred
from geo.routing.grid import Integers, cells
from geo.routing.joins import Way, stored_ways
from geo.routing.stops import label
from geo.routing.window import OFFING_KM, window_around
from geo.types import LonLat

REACH_DEGREES = (0.7, 2.5)
"""How far around a point the mask is searched: the second only where the first finds no way out."""

QUAY_KM = 2.0  # the mask is no finer: a point this near to water is at the water


@dataclass(frozen=True)
class Berth:
    """An end of a route with its ways out to the network.

    Args:
        asked: The point asked for, (longitude, latitude) in degrees.
        closed: Names of passages that may not be used.
        point: Where the line starts.
        gap_km: How far that is from the point asked for, in km; 0 within 2 km of water.
        reach_degrees: How far around the point the mask was searched; 0 out at sea.
        vertices: Vertices of the network that it is joined to, shape (n,).
        km: Length of the way to each, in km, shape (n,).
        trunk: For each the number of the way over the mask that leads to it, shape (n,).
        ways: The ways over the mask, each from the berth to where a vertex or the horizon is seen.
    """

    asked: LonLat
    closed: frozenset[str]
    point: LonLat
    gap_km: float
    reach_degrees: float
    vertices: Integers
    km: Floats
    trunk: Integers
    ways: tuple[Way, ...] = field(repr=False)

    def way_to(self, link: int) -> list[LonLat]:
        """Draw the way to a vertex it is joined to.

        Args:
            link: Which of the vertices.

        Returns:
            Points from the berth to the vertex, both included.
        """
        sea = chart()
        vertex = self.vertices[link]
        way = self.ways[self.trunk[link]]
        drawn = self._bay_drawn(way) if way.points is None else way.points
        return [self.point, *drawn, (float(sea.lon[vertex]), float(sea.lat[vertex]))]

    def _bay_drawn(self, way: Way) -> list[LonLat]:
        bay = self.bay()
        assert bay and way.cell
        return bay.way_to(way.cell)

    def bay(self) -> Bay | None:
        """Find the water around it.

        Returns:
            The searched mask; None out at sea.
        """
        return bay_around(self.asked, self.reach_degrees, self.closed) if self.reach_degrees else None

    def may_reach(self, point: LonLat) -> bool:
        """Tell whether a point lies in the window around it.

        Args:
            point: (longitude, latitude) in degrees.

        Returns:
            False where it surely does not.
        """
        up = abs(point[1] - self.asked[1])
        aside = abs((point[0] - self.asked[0] + 180.0) % 360.0 - 180.0)
        return up <= self.reach_degrees and aside * max(np.cos(np.radians(self.asked[1])), 0.05) <= self.reach_degrees


@lru_cache(maxsize=4096)
def berth(point: LonLat, closed: frozenset[str]) -> Berth:
    """Join a point to the network.

    Args:
        point: (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its start, its gap, and its ways out. Those of a known port are not searched for but read.

    Raises:
        AshoreError: No water that ships can use is near.
    """
    known = stored_ways(point, closed)
    return searched(point, closed) if known is None else _moored(point, closed, *known)


def searched(point: LonLat, closed: frozenset[str]) -> Berth:
    """Join a point to the network by searching the water around it, known port or not.

    Args:
        point: (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its start, its gap, and its ways out.

    Raises:
        AshoreError: No water that ships can use is near.
    """
    if chart().offing.at(*cells(*point)):
        window = window_around(point, 0.12, closed)
        here = window.cell(point)
        if here and window.room_km[here] >= OFFING_KM:
            seen = look_out(point, closed)
            if len(seen):
                return _moored(point, closed, point, 0.0, (Way(0.0, seen, horizon=point, points=[]),))
    for reach in REACH_DEGREES:
        bay = bay_around(point, reach, closed)
        ways = _ways(bay, closed) if bay else ()
        if bay and any(len(way.vertices) for way in ways):
            return _moored(point, closed, bay.window.point(*bay.start), reach, ways)
    raise AshoreError(
        f"No water that ships can use lies within {ASHORE_LIMIT_KM:g} km of {label(point)}. "
        "Begin or end the route at a port, or change its mode.",
        point,
    )


def _ways(bay: Bay, closed: frozenset[str]) -> tuple[Way, ...]:
    ways = []
    for vertex in bay.vertices:
        cell = bay.cell_of(int(vertex))
        ways.append(Way(bay.km_to(cell), np.array([vertex]), cell=cell))
    for cell in bay.lookouts:
        horizon = bay.window.point(*cell)
        ways.append(Way(bay.km_to(cell), look_out(horizon, closed), horizon=horizon, cell=cell))
    return tuple(ways)


def _moored(point: LonLat, closed: frozenset[str], start: LonLat, reach: float, ways: tuple[Way, ...]) -> Berth:
    sea = chart()
    gap_km = float(arcs_km(*point, *start))
    at_quay = gap_km <= QUAY_KM
    km = []
    for way in ways:
        beyond_km = np.zeros(1)
        if way.horizon:
            seen = way.vertices
            beyond_km = arcs_km(*way.horizon, sea.lon[seen], sea.lat[seen])
            beyond_km *= sea.toll[seen] * ice_toll(sight.vectors(*way.horizon), sea.vectors[seen])
        km.append(way.km + beyond_km)
    return Berth(
        asked=point,
        closed=closed,
        point=point if at_quay else start,
        gap_km=0.0 if at_quay else gap_km,
        reach_degrees=reach,
        vertices=np.concatenate([way.vertices for way in ways]),
        km=np.concatenate(km),
        trunk=np.repeat(np.arange(len(ways)), [len(way.vertices) for way in ways]),
        ways=ways,
    )


def look_out(point: LonLat, closed: frozenset[str]) -> Integers:
    """Find the corners that are in sight and taut.

    Args:
        point: (longitude, latitude) in degrees, in the offing.
        closed: Names of passages whose gates no line may cross.

    Returns:
        Their numbers.
    """
    found = sight.seen(point, np.flatnonzero(sight.taut_from(point)))
    return found[~barred(point, found, sorted(closed))]
