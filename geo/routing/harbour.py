"""Joining a point to the network at sea: a search over the fine mask around it, then a look out from the offing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.errors import NoRouteError
from geo.routing import sight
from geo.routing.chart import (
    CELL_KM,
    CELLS_PER_DEGREE,
    HEIGHT,
    WIDTH,
    Floats,
    Integers,
    Truths,
    arcs_km,
    chart,
    ice_toll,
    passages,
)
from geo.types import LonLat

REACH_DEGREES = (0.7, 2.5)
"""How far around a point the mask is searched: the second only where the first finds no way out."""

QUAY_KM = 2.0  # the mask is no finer: a point this near to water is at the water
ASHORE_LIMIT_KM = 150.0  # beyond it a place is not on the sea in any sense
OFFING_KM = 9.5  # from here the corners of the 9 km contour are seen
MOST_ROOM_KM = 12.0
SHY = 0.25  # a cell at the shore costs that much more than one in the offing
MOVES: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {
    (0, 1): (),
    (1, 0): (),
    (1, 1): (),
    (1, -1): (),
    (1, 2): ((0, 1), (1, 1)),
    (2, 1): ((1, 0), (1, 1)),
    (1, -2): ((0, -1), (1, -1)),
    (2, -1): ((1, 0), (1, -1)),
}
"""Moves by rows and columns, with the cells they pass between."""

LOOKOUTS = 3


@dataclass(frozen=True)
class Window:
    """A piece of the fine mask.

    Args:
        top: Its first row.
        left: Its first column, which may be below 0.
        water: Water that ships can use, shape (rows, columns).
        room_km: Distance of each cell from land, in km, shape (rows, columns).
        shrink: Width of a cell by its height.
    """

    top: int
    left: int
    water: Truths
    room_km: Floats
    shrink: float

    def cell(self, point: LonLat) -> tuple[int, int] | None:
        """Find the cell of a point.

        Args:
            point: (longitude, latitude) in degrees.

        Returns:
            Row and column within the window; None outside it.
        """
        row, column = (int(x) for x in sight.cells(*point))
        row, column = row - self.top, (column - self.left) % WIDTH
        return (row, column) if 0 <= row < self.water.shape[0] and column < self.water.shape[1] else None

    def point(self, row: int, column: int) -> LonLat:
        """Find the centre of a cell.

        Args:
            row: Row within the window.
            column: Column within the window.

        Returns:
            (longitude, latitude) in degrees.
        """
        lon = ((self.left + column) % WIDTH + 0.5) / CELLS_PER_DEGREE - 180.0
        return lon, 90.0 - (self.top + row + 0.5) / CELLS_PER_DEGREE

    @cached_property
    def number(self) -> npt.NDArray[np.int32]:
        """Numbers of the water cells, -1 on land."""
        out = np.full(self.water.shape, -1, dtype=np.int32)
        out[self.water] = np.arange(int(self.water.sum()))
        return out

    def moves(self) -> csr_array:
        """List the moves between water cells, in 16 directions, dearer near the shore."""
        rows, columns = self.water.shape
        toll = 1.0 + SHY * np.clip(1.0 - self.room_km / OFFING_KM, 0, 1)
        first, second, price = [], [], []
        for (dy, dx), passed in MOVES.items():
            here = np.s_[: rows - dy, max(0, -dx) : columns - max(0, dx)]
            there = np.s_[dy:, max(0, dx) : columns - max(0, -dx)]
            open_ = self.water[here] & self.water[there]
            between = [
                self.water[my : rows - dy + my, max(0, -dx) + mx : columns - max(0, dx) + mx] for my, mx in passed
            ]
            for cells in between:
                open_ &= cells
            first.append(self.number[here][open_])
            second.append(self.number[there][open_])
            price.append((toll[here] + toll[there])[open_] * (CELL_KM / 2 * np.hypot(dy, dx * self.shrink)))
        a, b, km = np.concatenate(first), np.concatenate(second), np.concatenate(price)
        size = int(self.water.sum())
        return csr_array(
            (np.concatenate([km, km]), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(size, size)
        )


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
    """

    point: LonLat
    gap_km: float
    vertices: Integers
    km: Floats
    lookout: Integers
    window: Window | None
    reached_km: Floats
    back: npt.NDArray[np.int32]

    def way_to(self, link: int) -> list[LonLat]:
        """Draw the way to a vertex it is joined to.

        Args:
            link: Which of the vertices.

        Returns:
            Points from the berth to the vertex, both included.
        """
        sea = chart()
        vertex = self.vertices[link]
        end = (float(sea.lon[vertex]), float(sea.lat[vertex]))
        if self.window is None or self.lookout[link] == -2:
            return [self.point, end]
        cell = (
            self.window.cell(end)
            if self.lookout[link] == -1
            else divmod(int(self.lookout[link]), self.window.water.shape[1])
        )
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
        turns = _turns(steps)
        return [self.point, *(window.point(*step) for step in _pulled(window, turns)[1:])]


def _turns(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out = steps[:1]
    for before, here, after in zip(steps, steps[1:], steps[2:], strict=False):
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1]):
            out.append(here)
    return out + steps[-1:] if len(steps) > 1 else out


def _pulled(window: Window, turns: list[tuple[int, int]]) -> list[tuple[int, int]]:
    # from each turn to the farthest that keeps as far from land as the way between them did, or 2.5 km
    out, at = turns[:1], 0
    while at < len(turns) - 1:
        for to in range(len(turns) - 1, at, -1):
            if to == at + 1:
                break
            kept = min(_least_room(window, turns[i], turns[i + 1]) for i in range(at, to))
            if _least_room(window, turns[at], turns[to]) >= min(kept, 2.5) - 1e-9:
                break
        out.append(turns[to])
        at = to
    return out


def _least_room(window: Window, a: tuple[int, int], b: tuple[int, int]) -> float:
    share = np.linspace(0, 1, 2 * max(abs(a[0] - b[0]), abs(a[1] - b[1])) + 2)
    rows = np.rint(a[0] + share * (b[0] - a[0])).astype(int)
    columns = np.rint(a[1] + share * (b[1] - a[1])).astype(int)
    room = np.where(window.water[rows, columns], np.maximum(window.room_km[rows, columns], 0.1), 0.0)
    return float(room.min())


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
    row, column = sight.cells(*point)
    if sight.bit(chart().offing, row, column):
        window = _window(point, 0.12, closed)
        here = window.cell(point)
        if here and window.room_km[here] >= OFFING_KM:
            vertices, km = _look_out(point)
            if len(vertices):
                nowhere = np.full(len(vertices), -2)
                return Berth(point, 0.0, vertices, km, nowhere, None, np.zeros(0), np.zeros(0, dtype=np.int32))
    for reach in REACH_DEGREES:
        found = _search(point, _window(point, reach, closed))
        if found is not None:
            return found
    lon, lat = point
    raise NoRouteError(
        f"No water that ships can use lies within {ASHORE_LIMIT_KM:g} km of {lat:g} N, {lon:g} E. "
        "Begin or end the route at a port, or change its mode."
    )


def _window(point: LonLat, reach_degrees: float, closed: frozenset[str]) -> Window:
    row, column = (int(x) for x in sight.cells(*point))
    shrink = max(float(np.cos(np.radians(point[1]))), 0.05)
    up = int(reach_degrees * CELLS_PER_DEGREE)
    side = min(int(up / shrink), WIDTH // 2 - 1)
    top, bottom = max(0, row - up), min(HEIGHT, row + up + 1)
    columns = np.arange(column - side, column + side + 1) % WIDTH
    rows = np.arange(top, bottom)
    water = sight.bit(chart().water, rows[:, None], columns[None])
    room = _room_km(water, shrink)
    for name in closed:
        _shut(water, passages()[name].gate, top, column - side)
    return Window(top, column - side, water, room, shrink)


def _room_km(water: Truths, shrink: float) -> Floats:
    rows, columns = water.shape
    aside = np.where(water, np.inf, 0.0)
    for k in range(1, min(columns - 1, int(MOST_ROOM_KM / (CELL_KM * shrink)) + 1) + 1):
        km = k * CELL_KM * shrink
        aside[:, k:][~water[:, :-k] & (aside[:, k:] > km)] = km
        aside[:, :-k][~water[:, k:] & (aside[:, :-k] > km)] = km
    room = aside.copy()
    for k in range(1, min(rows - 1, int(MOST_ROOM_KM / CELL_KM) + 1) + 1):
        km = k * CELL_KM
        np.minimum(room[k:], np.hypot(aside[:-k], km), out=room[k:])
        np.minimum(room[:-k], np.hypot(aside[k:], km), out=room[:-k])
    return np.clip(room - CELL_KM / 2, 0.0, MOST_ROOM_KM)


def _shut(water: Truths, gate: tuple[LonLat, ...], top: int, left: int) -> None:
    for a, b in pairwise(gate):
        if abs(a[1] - b[1]) > 5:
            continue  # a gate towards a pole: no window is taken there
        count = int(np.hypot(a[0] - b[0], a[1] - b[1]) * CELLS_PER_DEGREE * 3) + 2
        rows, columns = sight.cells(np.linspace(a[0], b[0], count), np.linspace(a[1], b[1], count))
        rows, columns = rows - top, (columns - left) % WIDTH
        inside = (rows >= 0) & (rows < water.shape[0]) & (columns < water.shape[1])
        water[rows[inside], columns[inside]] = False
        wide = inside & (columns + 1 < water.shape[1])
        water[rows[wide], columns[wide] + 1] = False  # no knight's move leaps over it


def _search(point: LonLat, window: Window) -> Berth | None:
    sea = chart()
    rows, columns = sight.cells(sea.lon, sea.lat)
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
        found, away = _look_out(window.point(*cell))
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
    row, column = (int(x) for x in sight.cells(*point))
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


def _look_out(point: LonLat) -> tuple[Integers, Floats]:
    sea = chart()
    found = sight.seen(point, np.flatnonzero(sight.taut_from(point)))
    return found, arcs_km(*point, sea.lon[found], sea.lat[found]) * ice_toll(sight.vectors(*point), sea.vectors[found])
