"""What can be seen from a point in the offing: corners to which a great circle keeps off land."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np

from geo.geodesy import EARTH_RADIUS_KM
from geo.routing.chart import CELLS_OF_FAR, FAR_STEP_KM, Singles, chart
from geo.routing.gates import barred
from geo.routing.grid import Integers, Truths, cells
from geo.routing.sight import SAMPLE_KM, Arcs, arcs_between, steps, vectors
from geo.types import LonLat

NEAR_CORNER_KM = 20.0  # that far from a corner of narrow water a line may run close to land
SURE_KM = 6.5  # the offing, and what a point may be off its cell
PIECES = 4
PIECE_MIDDLES = (np.arange(PIECES) * 2 + 1) / PIECES - 1
LONGEST_PIECE_KM = SAMPLE_KM * PIECES**5
TAUT_SLACK = float(np.sin(np.radians(4.0)))
COARSE_SHARES = ((0.25, 0.75), (0.125, 0.375, 0.625, 0.875))
FINE_SHARES = tuple(np.arange(0.5, 12) / 12)
"""Where along a line the sea is looked at first: most lines over land are found out at once."""

BLOCK = 64
NEAREST = (0, 8, 64, 10**6)
"""How many blocks of the nearest vertices are looked at in turn, when any will do."""

FEW = 8
UNKNOWN, HIDDEN, LIKELY, SEEN = range(4)


class View:
    """What can be seen from a point: corners at which a string from there is taut, and vertices of channels.

    What is asked for only is looked at, first at a few points of each line, all along it where that matters: of some
    17,000 taut lines a way needs few. What was found is kept.

    Args:
        point: (longitude, latitude) in degrees, in the offing.
        closed: Names of passages whose gates no line may cross.

    Attributes:
        point: The point.
    """

    def __init__(self, point: LonLat, closed: frozenset[str]) -> None:
        self.point = point
        self._closed = sorted(closed)
        self._start = vectors(*point)
        self._known = np.zeros(len(chart().lon), dtype=np.int8)

    def _arcs_to(self, vertices: Integers) -> Arcs:
        return arcs_between(self._start, chart().vectors[vertices])

    def likely(self, vertices: Integers | None = None) -> Integers:
        """Find vertices that may be seen, by a quick look.

        Args:
            vertices: Numbers of those that matter, each once, rising; all if None.

        Returns:
            Those to which a line is taut and off land at a few points; no other can be seen.
        """
        if vertices is None:
            vertices = np.arange(len(self._known))
        new = vertices[self._known[vertices] == UNKNOWN]
        if len(new):
            self._known[new] = HIDDEN
            self._known[self._looked(new)] = LIKELY
        return np.asarray(vertices[self._known[vertices] > HIDDEN])

    def _looked(self, vertices: Integers) -> Integers:
        sea, start = chart(), self._start.astype(np.float32)
        chosen = _taut(start, vertices)
        middle = (sea.vectors32[chosen] + start).T
        away = np.einsum("ij,ij->j", middle, middle) < 4 * np.cos(NEAR_CORNER_KM / EARTH_RADIUS_KM) ** 2
        chosen = chosen[_offing(middle) | (~away & _spared(chosen))]
        arcs = self._arcs_to(chosen)
        for shares in COARSE_SHARES:
            kept = _clear_at(arcs, chosen, shares)
            arcs, chosen = arcs.picked(kept), chosen[kept]
        return np.asarray(chosen)

    def clear(self, vertices: Integers) -> Truths:
        """Tell to which vertices the great circle keeps off land and crosses no closed gate.

        Args:
            vertices: Numbers of some that are likely.

        Returns:
            True for each that is seen.
        """
        new = vertices[self._known[vertices] == LIKELY]
        if len(new):
            arcs = self._arcs_to(new)
            kept = np.flatnonzero(_clear_at(arcs, new, FINE_SHARES))
            kept = kept[_clear(arcs.picked(kept), new[kept])]
            kept = kept[~barred(self.point, new[kept], self._closed)]
            self._known[new] = HIDDEN
            self._known[new[kept]] = SEEN
        return np.asarray(self._known[vertices] == SEEN)

    def any(self) -> bool:
        """Tell whether any vertex is seen at all."""
        around = np.argsort(-(_middles() @ self._start.astype(np.float32)))
        for first, last in pairwise(NEAREST):
            blocks = np.sort(around[first:last])
            near = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
            near = self.likely(near[near < len(self._known)])
            near = near[np.argsort(-(chart().vectors32[near] @ self._start.astype(np.float32)))]
            if self.clear(near[:FEW]).any() or self.clear(near).any():
                return True
        return False


@cache
def _middles() -> Singles:
    # vertices that follow one another in the chart lie near one another
    return np.asarray(np.add.reduceat(chart().vectors32, np.arange(0, len(chart().lon), BLOCK)) / BLOCK)


def _taut(start: Singles, vertices: Integers) -> Integers:
    # a string from the point touches the corner and can go on round it
    sea = chart()
    dot = _dots(sea.vectors32[vertices], start)
    near = dot > sea.nearest_dot[vertices]
    vertices, dot = vertices[near], dot[near]
    slack = np.float32(TAUT_SLACK) * np.sqrt(np.maximum(1 - dot * dot, 0))
    a, b = _dots(sea.sides[0, vertices], start), _dots(sea.sides[1, vertices], start)
    taut = (np.minimum(a, b) > -slack) | (np.maximum(a, b) < slack) | sea.free[vertices]
    return np.asarray(vertices[taut])


def _dots(units: Singles, at: Singles) -> Singles:
    # a matrix product may round one row otherwise in another company
    return np.asarray(units[:, 0] * at[0] + units[:, 1] * at[1] + units[:, 2] * at[2])


def _offing(points: Singles) -> Truths:
    x, y, z = points
    return chart().offing.at(*cells(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))))


def _spared(vertices: Integers) -> Truths:
    sea = chart()
    return sea.narrow[vertices] | sea.free[vertices]


def _clear_at(arcs: Arcs, vertices: Integers, shares: tuple[float, ...]) -> Truths:
    spared = _spared(vertices)
    share = np.array(shares)[:, None]
    close = (1 - share) * arcs.omega < NEAR_CORNER_KM / EARTH_RADIUS_KM
    offing = chart().offing.at(*arcs.cells(np.s_[:], share * arcs.omega))
    return np.asarray(np.all(offing | (spared & close), axis=0))


def _clear(arcs: Arcs, vertices: Integers) -> Truths:
    # halved and halved again where land is too near for the whole of a piece to be surely clear
    sea, spared = chart(), _spared(vertices)
    km = arcs.omega * EARTH_RADIUS_KM
    out = np.ones(len(km), dtype=bool)
    which, middle = steps(np.zeros(len(km)), km, LONGEST_PIECE_KM)
    half = (km / 2 / np.maximum(1, np.ceil(km / LONGEST_PIECE_KM)))[which]
    while len(which):
        row, column = arcs.cells(which, middle / EARTH_RADIUS_KM)
        doubtful = sea.far[row // CELLS_OF_FAR, column // CELLS_OF_FAR] * FAR_STEP_KM < half + SURE_KM
        which, middle, half = which[doubtful], middle[doubtful], half[doubtful]
        row, column = row[doubtful], column[doubtful]
        bad = np.flatnonzero(~sea.offing.at(row, column))
        fine = spared[which[bad]] & (km[which[bad]] - middle[bad] < NEAR_CORNER_KM)
        fine &= sea.water.at(row[bad], column[bad])
        out[which[bad[~fine]]] = False
        open_ = out[which] & (half > SAMPLE_KM / 2 + 1e-9)
        which, half = np.repeat(which[open_], PIECES), np.repeat(half[open_], PIECES)
        middle = (middle[open_, None] + half.reshape(-1, PIECES) * PIECE_MIDDLES).ravel()
        half = half / PIECES
    return out
