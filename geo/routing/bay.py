"""The water around a point, searched cell by cell: how far each cell is, and the way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.routing.chart import Floats, arcs_km, chart
from geo.routing.grid import WIDTH, Integers, Truths, cells
from geo.routing.window import OFFING_KM, Window, pulled_steps, turns_of, window_around
from geo.types import LonLat

ASHORE_LIMIT_KM = 150.0  # beyond it a place is not on the sea in any sense
LOOKOUTS = 3
KM_DECIMALS = 2


@dataclass(frozen=True)
class Bay:
    """The water around a point.

    Args:
        window: The mask.
        start: Row and column of the nearest water that ships can use.
        reached_km: Length of the way to each water cell of the window, in km, more near the shore; shape (n,).
        back: For each water cell the one before it; shape (n,).
        vertices: Vertices of the network that are reached; shape (k,).
        lookouts: Cells from which the horizon is looked along.
        drawn: Ways that were drawn before, by cell.
    """

    window: Window
    start: tuple[int, int]
    reached_km: Floats
    back: npt.NDArray[np.int32]
    vertices: Integers
    lookouts: tuple[tuple[int, int], ...]
    drawn: dict[tuple[int, int], list[LonLat]] = field(default_factory=dict, compare=False, repr=False)

    def km_to(self, cell: tuple[int, int]) -> float:
        """Look up how far a water cell is.

        Args:
            cell: Row and column within the window.

        Returns:
            km, infinite where no way leads.
        """
        return round(float(self.reached_km[self.window.number[cell]]), KM_DECIMALS)

    def cell_of(self, vertex: int) -> tuple[int, int]:
        """Find the cell of a vertex that is reached.

        Args:
            vertex: Its number.

        Returns:
            Row and column within the window.
        """
        row, column = (int(at[vertex]) for at in _vertex_cells())
        return row - self.window.top, (column - self.window.left) % WIDTH

    def way_to(self, cell: tuple[int, int]) -> list[LonLat]:
        """Draw the way to a cell that is reached.

        Args:
            cell: Row and column within the window.

        Returns:
            Centres of the cells at which it turns and of the last, that of the first left out.
        """
        if cell not in self.drawn:
            self.drawn[cell] = self._way_to(cell)
        return self.drawn[cell]

    def _way_to(self, cell: tuple[int, int]) -> list[LonLat]:
        window = self.window
        rows, columns = np.nonzero(window.water)
        path = [int(window.number[cell])]
        while self.back[path[-1]] >= 0:
            path.append(int(self.back[path[-1]]))
        steps = [(int(rows[n]), int(columns[n])) for n in path[::-1]]
        return [window.point(*step) for step in pulled_steps(window, turns_of(steps))[1:]]


@lru_cache(maxsize=64)
def bay_around(point: LonLat, reach_degrees: float, closed: frozenset[str]) -> Bay | None:
    """Search the water around a point.

    Args:
        point: (longitude, latitude) in degrees, WGS 84.
        reach_degrees: How far, in degrees of latitude.
        closed: Names of passages that may not be used.

    Returns:
        The bay; None where no water within 150 km leads out of the window or to the network.
    """
    window = window_around(point, reach_degrees, closed)
    near, rows, columns = _vertices_in(window)
    moves = window.moves()
    useful = window.room_km >= OFFING_KM
    useful[rows, columns] = True
    useful &= window.water
    start = _nearest(window, point, window.water)
    if start is None or not useful.any():
        return None
    reached_km, back = dijkstra(moves, indices=int(window.number[start]), return_predecessors=True)
    if not np.isfinite(reached_km[window.number[useful]]).any():
        # the nearest is a pond
        basins = connected_components(moves, connection="strong")[1]  # each move leads both ways
        open_ = np.zeros_like(window.water)
        open_[window.water] = np.isin(basins, basins[window.number[useful]])
        start = _nearest(window, point, open_) or start
        reached_km, back = dijkstra(moves, indices=int(window.number[start]), return_predecessors=True)
    if float(arcs_km(*point, *window.point(*start))) > ASHORE_LIMIT_KM:
        return None
    near = near[np.isfinite(reached_km[window.number[rows, columns]])]
    return Bay(window, start, reached_km, back, near, tuple(_lookouts(window, moves, reached_km)))


def _vertices_in(window: Window) -> tuple[Integers, Integers, Integers]:
    rows, columns = _vertex_cells()
    first, last = np.searchsorted(_from_north()[1], [window.top, window.top + window.water.shape[0]])
    near = np.sort(_from_north()[0][first:last])
    down, along = rows[near] - window.top, (columns[near] - window.left) % WIDTH
    inside = np.flatnonzero(along < window.water.shape[1])
    inside = inside[window.water[down[inside], along[inside]]]
    return near[inside], down[inside], along[inside]


@cache
def _from_north() -> tuple[Integers, Integers]:
    rows, _ = _vertex_cells()
    order = np.argsort(rows, kind="stable")
    return order, rows[order]


@cache
def _vertex_cells() -> tuple[Integers, Integers]:
    return cells(chart().lon, chart().lat)


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
    count, basin = connected_components(moves[offing][:, offing], connection="strong")
    best = [offing[basin == n][np.argmin(reached_km[offing[basin == n]])] for n in range(min(count, 20))]
    return [(int(rows[n]), int(columns[n])) for n in sorted(best, key=lambda n: reached_km[n])[:LOOKOUTS]]
