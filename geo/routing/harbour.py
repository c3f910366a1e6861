"""Joining a point to the network at sea: a search over the fine mask around it, then a look out from the offing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.errors import NoRouteError
from geo.routing import sight
from geo.routing.chart import Floats, arcs_km, chart, ice_toll
from geo.routing.gates import barred
from geo.routing.grid import WIDTH, Integers, Truths, cells
from geo.routing.window import OFFING_KM, Window, pulled_steps, turns_of, window_around
from geo.types import LonLat

REACH_DEGREES = (0.7, 2.5)
"""How far around a point the mask is searched: the second only where the first finds no way out."""

QUAY_KM = 2.0  # the mask is no finer: a point this near to water is at the water
ASHORE_LIMIT_KM = 150.0  # beyond it a place is not on the sea in any sense
LOOKOUTS = 3


@dataclass(frozen=True)
class Berth:
    """An end of a route with its ways out to the network.

    Args:
        point: Where the line starts, (longitude, latitude) in degrees.
        gap_km: How far that is from the point asked for, in km; 0 within 2 km of water.
        vertices: Vertices of the network that it is joined to, shape (n,).
        km: Length of the way to each, in km, shape (n,).
        lookout: For each the cell from which it is seen, -1 for a way over the mask, -2 when seen from the point.
        window: The mask around the point; None out at sea.
        reached_km: Length of the way to each water cell of the window.
        back: For each water cell the one before it.
        drawn: Ways to vertices that were drawn before, by link.
    """

    point: LonLat
    gap_km: float
    vertices: Integers
    km: Floats
    lookout: Integers
    window: Window | None
    reached_km: Floats
    back: npt.NDArray[np.int32]
    drawn: dict[int, list[LonLat]] = field(default_factory=dict, compare=False, repr=False)

    def way_to(self, link: int) -> list[LonLat]:
        """Draw the way to a vertex it is joined to.

        Args:
            link: Which of the vertices.

        Returns:
            Points from the berth to the vertex, both included.
        """
        if link not in self.drawn:
            self.drawn[link] = self._way_to(link)
        return self.drawn[link]

    def _way_to(self, link: int) -> list[LonLat]:
        sea = chart()
        vertex = self.vertices[link]
        end = (float(sea.lon[vertex]), float(sea.lat[vertex]))
        if self.window is None or self.lookout[link] == -2:
            return [self.point, end]
        columns = self.window.water.shape[1]
        cell = self.window.cell(end) if self.lookout[link] == -1 else divmod(int(self.lookout[link]), columns)
        assert cell
        return [*self.way_over(cell), end]

    def way_over(self, cell: tuple[int, int]) -> list[LonLat]:
        """Draw the way over the mask to a cell.

        Args:
            cell: Row and column within the window, reached.

        Returns:
            Points from the berth to the cell's centre, those on a straight line left out.
        """
        window = self.window
        assert window is not None
        rows, columns = np.nonzero(window.water)
        path = [int(window.number[cell])]
        while self.back[path[-1]] >= 0:
            path.append(int(self.back[path[-1]]))
        steps = [(int(rows[n]), int(columns[n])) for n in path[::-1]]
        turns = turns_of(steps)
        return [self.point, *(window.point(*step) for step in pulled_steps(window, turns)[1:])]


@lru_cache(maxsize=4096)
def berth(point: LonLat, closed: frozenset[str]) -> Berth:
    """Join a point to the network.

    Args:
        point: (longitude, latitude) in degrees, WGS 84.
        closed: Names of passages that may not be used.

    Returns:
        Its start, its gap, and its ways out.

    Raises:
        NoRouteError: No water that ships can use is near.
    """
    row, column = cells(*point)
    if chart().offing.at(row, column):
        window = window_around(point, 0.12, closed)
        here = window.cell(point)
        if here and window.room_km[here] >= OFFING_KM:
            vertices, km = _look_out(point, closed)
            if len(vertices):
                nowhere = np.full(len(vertices), -2)
                return Berth(point, 0.0, vertices, km, nowhere, None, np.zeros(0), np.zeros(0, dtype=np.int32))
    for reach in REACH_DEGREES:
        found = _search(point, window_around(point, reach, closed), closed)
        if found is not None:
            return found
    lon, lat = point
    raise NoRouteError(
        f"No water that ships can use lies within {ASHORE_LIMIT_KM:g} km of {lat:g} N, {lon:g} E. "
        "Begin or end the route at a port, or change its mode."
    )


def _search(point: LonLat, window: Window, closed: frozenset[str]) -> Berth | None:
    sea = chart()
    rows, columns = cells(sea.lon, sea.lat)
    rows, columns = rows - window.top, (columns - window.left) % WIDTH
    near = np.flatnonzero((rows >= 0) & (rows < window.water.shape[0]) & (columns < window.water.shape[1]))
    near = near[window.water[rows[near], columns[near]]]
    moves = window.moves()
    basins = np.full(window.water.shape, -1)
    basins[window.water] = connected_components(moves, directed=False)[1]
    useful = np.union1d(basins[rows[near], columns[near]], basins[window.room_km >= OFFING_KM])
    start = _nearest(window, point, np.isin(basins, useful))
    if start is None:
        return None
    where = window.point(*start)
    gap_km = float(arcs_km(*point, *where))
    if gap_km > ASHORE_LIMIT_KM:
        return None
    at_quay = gap_km <= QUAY_KM
    reached_km, back = dijkstra(moves, indices=int(window.number[start]), return_predecessors=True)
    over = reached_km[window.number[rows[near], columns[near]]]
    near, over = near[np.isfinite(over)], over[np.isfinite(over)]
    vertices, km, lookout = [near], [over], [np.full(len(near), -1)]
    for cell in _lookouts(window, moves, reached_km):
        found, away = _look_out(window.point(*cell), closed)
        vertices.append(found)
        km.append(away + reached_km[window.number[cell]])
        lookout.append(np.full(len(found), cell[0] * window.water.shape[1] + cell[1]))
    if not sum(map(len, vertices)):
        return None
    return Berth(
        point if at_quay else where,
        0.0 if at_quay else gap_km,
        np.concatenate(vertices),
        np.concatenate(km),
        np.concatenate(lookout),
        window,
        reached_km,
        back,
    )


def _nearest(window: Window, point: LonLat, usable: Truths) -> tuple[int, int] | None:
    rows, columns = np.nonzero(usable)
    if not len(rows):
        return None
    row, column = (int(x) for x in cells(*point))
    row, column = row - window.top, (column - window.left) % WIDTH
    best = int(np.argmin((rows - row) ** 2 + ((columns - column) * window.shrink) ** 2))
    return int(rows[best]), int(columns[best])


def _lookouts(window: Window, moves: csr_array, reached_km: Floats) -> list[tuple[int, int]]:
    # the first cell in the offing, and of every other offing that the first does not join, the same
    rows, columns = np.nonzero(window.water)
    offing = np.flatnonzero((window.room_km[rows, columns] >= OFFING_KM) & np.isfinite(reached_km))
    if not len(offing):
        return []
    count, basin = connected_components(moves[offing][:, offing], directed=False)
    best = [offing[basin == n][np.argmin(reached_km[offing[basin == n]])] for n in range(min(count, 20))]
    return [(int(rows[n]), int(columns[n])) for n in sorted(best, key=lambda n: reached_km[n])[:LOOKOUTS]]


def _look_out(point: LonLat, closed: frozenset[str]) -> tuple[Integers, Floats]:
    sea = chart()
    found = sight.seen(point, np.flatnonzero(sight.taut_from(point)))
    found = found[~barred(point, found, sorted(closed))]
    return found, arcs_km(*point, sea.lon[found], sea.lat[found]) * ice_toll(sight.vectors(*point), sea.vectors[found])
