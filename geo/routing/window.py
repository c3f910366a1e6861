"""A piece of the fine mask, to find a way over cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from geo.routing.chart import Floats, chart, passages
from geo.routing.gates import near_gate
from geo.routing.grid import CELL_KM, CELLS_PER_DEGREE, HEIGHT, WIDTH, Truths, cells
from geo.types import LonLat

OFFING_KM = 9.5  # from here the corners of the 9 km contour are seen
MOST_ROOM_KM = 12.0
SHY = 0.5  # a cell at the shore costs that much more than one in the offing
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

DIRECTIONS = sorted(
    ((sign * dy, sign * dx), tuple((sign * my, sign * mx) for my, mx in passed))
    for (dy, dx), passed in MOVES.items()
    for sign in (1, -1)
)
"""The same and back, by the cell they lead to."""


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
        row, column = (int(x) for x in cells(*point))
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
        room = np.zeros((rows + 4, columns + 4), dtype=bool)
        room[2:-2, 2:-2] = self.water
        number, toll = np.zeros(room.shape, dtype=np.int32), np.zeros(room.shape)
        number[2:-2, 2:-2] = self.number
        toll[2:-2, 2:-2] = 1.0 + SHY * np.clip(1.0 - self.room_km / OFFING_KM, 0, 1)
        here = np.flatnonzero(room)
        wide = columns + 4
        open_ = np.empty((len(here), len(DIRECTIONS)), dtype=bool)
        for k, ((dy, dx), passed) in enumerate(DIRECTIONS):
            open_[:, k] = room.ravel()[here + (dy * wide + dx)]
            for my, mx in passed:
                open_[:, k] &= room.ravel()[here + (my * wide + mx)]
        steps = np.array([dy * wide + dx for (dy, dx), _ in DIRECTIONS])
        km = np.array([CELL_KM / 2 * np.hypot(dy, dx * self.shrink) for (dy, dx), _ in DIRECTIONS])
        cell, direction = np.divmod(np.flatnonzero(open_), len(DIRECTIONS))
        there = here[cell] + steps[direction]
        price = (toll.ravel()[here][cell] + toll.ravel()[there]) * km[direction]
        first = np.concatenate([[0], np.cumsum(open_.sum(axis=1))])
        return csr_array((price, number.ravel()[there], first.astype(np.int32)), shape=(len(here), len(here)))


def turns_of(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out the cells at which a way does not turn.

    Args:
        steps: Rows and columns of the cells it passes.

    Returns:
        Both ends and the turns.
    """
    out = steps[:1]
    for before, here, after in zip(steps, steps[1:], steps[2:], strict=False):
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1]):
            out.append(here)
    return out + steps[-1:] if len(steps) > 1 else out


def pulled_steps(window: Window, turns: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Go from each turn straight to the farthest to which that is no dearer than the way was.

    Args:
        window: The mask.
        turns: Rows and columns of the cells at which the way turns.

    Returns:
        Those that are needed.
    """
    prices = np.cumsum([0.0, *(_price(window, a, b) for a, b in pairwise(turns))])
    out, at = turns[:1], 0
    while at < len(turns) - 1:
        for to in range(len(turns) - 1, at, -1):
            if to == at + 1 or _price(window, turns[at], turns[to]) <= prices[to] - prices[at]:
                break
        out.append(turns[to])
        at = to
    return out


def _price(window: Window, a: tuple[int, int], b: tuple[int, int]) -> float:
    share = np.linspace(0, 1, 2 * max(abs(a[0] - b[0]), abs(a[1] - b[1])) + 2)
    rows = np.rint(a[0] + share * (b[0] - a[0])).astype(int)
    columns = np.rint(a[1] + share * (b[1] - a[1])).astype(int)
    if not window.water[rows, columns].all():
        return np.inf
    toll = 1.0 + SHY * np.clip(1.0 - window.room_km[rows, columns] / OFFING_KM, 0, 1)
    return float(toll.mean() * CELL_KM * np.hypot(b[0] - a[0], (b[1] - a[1]) * window.shrink))


def window_around(point: LonLat, reach_degrees: float, closed: frozenset[str]) -> Window:
    """Cut a piece out of the fine mask.

    Args:
        point: Its middle, (longitude, latitude) in degrees.
        reach_degrees: How far it reaches from there, in degrees of latitude.
        closed: Names of passages that may not be used: their gates are land.

    Returns:
        The piece.
    """
    row, column = (int(x) for x in cells(*point))
    shrink = max(float(np.cos(np.radians(point[1]))), 0.05)
    up = int(reach_degrees * CELLS_PER_DEGREE)
    side = min(int(up / shrink), WIDTH // 2 - 1)
    top, bottom = max(0, row - up), min(HEIGHT, row + up + 1)
    columns = np.arange(column - side, column + side + 1) % WIDTH
    rows = np.arange(top, bottom)
    water = chart().water.at(rows[:, None], columns[None])
    room = _room_km(water, shrink)
    for name in closed:
        if near_gate(name, point, reach_degrees):
            _shut(water, passages()[name].gate, top, column - side)
    return Window(top, column - side, water, room, shrink)


def _room_km(water: Truths, shrink: float) -> Floats:
    rows, columns = water.shape
    column = np.arange(columns)
    west = np.maximum.accumulate(np.where(water, -columns, column), axis=1)
    east = np.minimum.accumulate(np.where(water, 2 * columns, column)[:, ::-1], axis=1)[:, ::-1]
    aside = (np.minimum(column - west, east - column) * (CELL_KM * shrink)) ** 2
    room = aside.copy()
    for k in range(1, min(rows - 1, int(MOST_ROOM_KM / CELL_KM) + 1) + 1):
        beside = aside + (k * CELL_KM) ** 2
        np.minimum(room[k:], beside[:-k], out=room[k:])
        np.minimum(room[:-k], beside[k:], out=room[:-k])
    return np.clip(np.sqrt(room) - CELL_KM / 2, 0.0, MOST_ROOM_KM)


def _shut(water: Truths, gate: tuple[LonLat, ...], top: int, left: int) -> None:
    for a, b in pairwise(gate):
        count = int(np.hypot(a[0] - b[0], a[1] - b[1]) * CELLS_PER_DEGREE * 3) + 2
        rows, columns = cells(np.linspace(a[0], b[0], count), np.linspace(a[1], b[1], count))
        rows, columns = rows - top, (columns - left) % WIDTH
        inside = (rows >= 0) & (rows < water.shape[0]) & (columns < water.shape[1])
        water[rows[inside], columns[inside]] = False
        wide = inside & (columns + 1 < water.shape[1])
        water[rows[wide], columns[wide] + 1] = False  # no knight's move leaps over it
