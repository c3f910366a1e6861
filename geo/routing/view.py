"""What can be seen from a point in the offing: corners to which a great circle keeps off land."""

from __future__ import annotations

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

NEAREST = 8


class View:
    """What can be seen from a point: corners at which a string from there is taut, and vertices of channels.

    Land is looked for at a few points of each line at first, and all along it when asked: of the thousands that pass
    the first look a way needs few.

    Args:
        point: (longitude, latitude) in degrees, in the offing.
        closed: Names of passages whose gates no line may cross.

    Attributes:
        point: The point.
        vertices: Numbers of the vertices that may be seen, shape (n,).
    """

    def __init__(self, point: LonLat, closed: frozenset[str]) -> None:
        sea = chart()
        self.point = point
        self._closed = sorted(closed)
        self._start = vectors(*point)
        chosen = _taut(self._start.astype(np.float32))
        middle = (sea.vectors32[chosen] + self._start.astype(np.float32)).T
        away = np.einsum("ij,ij->j", middle, middle) < 4 * np.cos(NEAR_CORNER_KM / EARTH_RADIUS_KM) ** 2
        chosen = chosen[_offing(middle) | (~away & _spared(chosen))]
        arcs = self._arcs_to(chosen)
        for shares in COARSE_SHARES:
            kept = _clear_at(arcs, chosen, shares)
            arcs, chosen = arcs.picked(kept), chosen[kept]
        self.vertices: Integers = chosen.astype(np.int32)
        self._known = np.full(len(chosen), -1, dtype=np.int8)

    def _arcs_to(self, vertices: Integers) -> Arcs:
        return arcs_between(self._start, chart().vectors[vertices])

    def clear(self, which: Integers) -> Truths:
        """Tell to which of the vertices the great circle keeps off land and crosses no closed gate.

        Args:
            which: Their numbers among `vertices`.

        Returns:
            True for each that is seen.
        """
        new = which[self._known[which] < 0]
        if len(new):
            arcs, vertices = self._arcs_to(self.vertices[new]), self.vertices[new]
            kept = np.flatnonzero(_clear_at(arcs, vertices, FINE_SHARES))
            kept = kept[_clear(arcs.picked(kept), vertices[kept])]
            kept = kept[~barred(self.point, vertices[kept], self._closed)]
            self._known[new] = 0
            self._known[new[kept]] = 1
        return np.asarray(self._known[which] > 0)

    def any(self) -> bool:
        """Tell whether any vertex is seen at all."""
        near = np.argsort(-(chart().vectors32[self.vertices] @ self._start.astype(np.float32)))
        return bool(self.clear(near[:NEAREST]).any() or self.clear(near).any())


def _taut(start: Singles) -> Integers:
    # a string from the point touches the corner and can go on round it
    sea = chart()
    dot = sea.vectors32 @ start
    slack = np.float32(TAUT_SLACK) * np.sqrt(np.maximum(1 - dot * dot, 0))
    a, b = sea.sides[0] @ start, sea.sides[1] @ start
    taut = (np.minimum(a, b) > -slack) | (np.maximum(a, b) < slack) | sea.free
    return np.flatnonzero(taut & (dot > sea.nearest_dot))


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
