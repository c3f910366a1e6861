"""Joining a point to the network at sea: a search over the water around it, then a look out from the offing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from geo.errors import AshoreError
from geo.routing import sight
from geo.routing.bay import ASHORE_LIMIT_KM, Bay, bay_around
from geo.routing.chart import Floats, arc_km, arcs_km, chart, ice_toll
from geo.routing.grid import Integers, Truths, cells
from geo.routing.joins import stored_join, stored_way
from geo.routing.links import Links
from geo.routing.stops import label
from geo.routing.view import View
from geo.routing.window import OFFING_KM, window_around
from geo.types import LonLat

REACH_DEGREES = (0.7, 2.5)
"""How far around a point the mask is searched: the second only where the first finds no way out."""

QUAY_KM = 2.0  # the mask is no finer: a point this near to water is at the water


class Way(NamedTuple):
    """A way over the mask from a berth.

    Args:
        km: Its length, more near the shore.
        cell: Row and column of its end within the searched window; None out at sea.
        vertex: The vertex it leads to; None where it ends at a look-out.
        view: What is seen from its end; None where it leads to the one vertex.
    """

    km: float
    cell: tuple[int, int] | None = None
    vertex: int | None = None
    view: View | None = None


@dataclass(frozen=True)
class Berth:
    """An end of a route with its ways out to the network.

    Args:
        asked: The point asked for, (longitude, latitude) in degrees.
        closed: Names of passages that may not be used.
        point: Where the line starts.
        gap_km: How far that is from the point asked for, in km; 0 within 2 km of water.
        reach_degrees: How far around the point the mask was searched; 0 out at sea.
        reached: The links that need no look-out: by ways over the mask to single vertices, or all that are read.
        ways: The ways over the mask; none where they are read.
    """

    asked: LonLat
    closed: frozenset[str]
    point: LonLat
    gap_km: float
    reach_degrees: float
    reached: Links
    ways: tuple[Way, ...] = field(default=(), repr=False)

    @cached_property
    def links(self) -> Links:
        """All vertices that it may be joined to."""
        return self.links_to(None)

    def links_to(self, vertices: Integers | None) -> Links:
        """Join it to some vertices of the network.

        Args:
            vertices: Their numbers, each once, rising; all if None.

        Returns:
            The links to those of them that it is joined to, some perhaps behind land.
        """
        known = self.reached
        if vertices is not None:
            known = known.picked(np.flatnonzero(_among(known.vertices, vertices)))
        for number, way in enumerate(self.ways):
            if way.view:
                seen = way.view.likely(vertices)
                known = known.and_seen(way.view, seen, way.km + _sailed_km(way.view.point, seen), number)
        return known

    def way_to(self, vertex: int, way: int) -> list[LonLat]:
        """Draw the way to a vertex it is joined to.

        Args:
            vertex: Its number.
            way: Number of the way over the mask that leads to it.

        Returns:
            Points from the berth to the vertex, both included.
        """
        sea = chart()
        return [self.point, *self._drawn(way), (float(sea.lon[vertex]), float(sea.lat[vertex]))]

    def _drawn(self, way: int) -> list[LonLat]:
        if not self.ways:
            return stored_way(self.asked, way)
        bay, cell = self.bay(), self.ways[way].cell
        return bay.way_to(cell) if bay and cell else []

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
    return read(point, closed) or searched(point, closed)


@lru_cache(maxsize=4096)
def read(point: LonLat, closed: frozenset[str]) -> Berth | None:
    """Join a known port to the network as the file says.

    Args:
        point: (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its start, its gap, and its ways out; None where the file does not say.
    """
    known = stored_join(point, closed)
    if known is None:
        return None
    km = known.km.copy()
    for way, horizon in known.horizons:
        seen = np.flatnonzero(known.way == way)
        km[seen] += _sailed_km(horizon, known.vertices[seen])
    start, gap_km = _moored(point, known.start)
    return Berth(point, closed, start, gap_km, known.reach_degrees, Links(known.vertices, km, known.way))


@lru_cache(maxsize=256)
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
            view = View(point, closed)
            if view.any():
                return _joined(point, closed, point, 0.0, (Way(0.0, view=view),))
    for reach in REACH_DEGREES:
        bay = bay_around(point, reach, closed)
        ways = _ways(bay, closed) if bay else ()
        if bay and any(way.view.any() if way.view else True for way in ways):
            return _joined(point, closed, bay.window.point(*bay.start), reach, ways)
    raise AshoreError(
        f"No water that ships can use lies within {ASHORE_LIMIT_KM:g} km of {label(point)}. "
        "Begin or end the route at a port, or change its mode.",
        point,
    )


def _ways(bay: Bay, closed: frozenset[str]) -> tuple[Way, ...]:
    single = ((vertex, bay.cell_of(vertex)) for vertex in bay.vertices.tolist())
    lookouts = ((cell, View(bay.window.point(*cell), closed)) for cell in bay.lookouts)
    return (
        *(Way(bay.km_to(cell), cell, vertex) for vertex, cell in single),
        *(Way(bay.km_to(cell), cell, view=view) for cell, view in lookouts),
    )


def _joined(point: LonLat, closed: frozenset[str], start: LonLat, reach: float, ways: tuple[Way, ...]) -> Berth:
    single = [(way.vertex, way.km, number) for number, way in enumerate(ways) if way.vertex is not None]
    vertices, km, trunk = zip(*single, strict=True) if single else ((), (), ())
    start, gap_km = _moored(point, start)
    reached = Links(np.array(vertices, dtype=np.int64), np.array(km, dtype=float), np.array(trunk, dtype=np.int16))
    return Berth(point, closed, start, gap_km, reach, reached, ways)


def _among(vertices: Integers, chosen: Integers) -> Truths:
    at = np.minimum(np.searchsorted(chosen, vertices), len(chosen) - 1)
    return np.asarray(chosen[at] == vertices) if len(chosen) else np.zeros(len(vertices), dtype=bool)


def _sailed_km(point: LonLat, vertices: Integers) -> Floats:
    sea = chart()
    km = arcs_km(*point, sea.lon[vertices], sea.lat[vertices])
    return np.asarray(km * sea.toll[vertices] * ice_toll(sight.vectors(*point), sea.vectors[vertices]))


def _moored(point: LonLat, start: LonLat) -> tuple[LonLat, float]:
    gap_km = arc_km(point, start)
    return (point, 0.0) if gap_km <= QUAY_KM else (start, gap_km)
