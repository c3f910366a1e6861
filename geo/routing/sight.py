"""What can be seen from where at sea: great circles held against the mask."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.geodesy import EARTH_RADIUS_KM
from geo.routing.chart import CELLS_OF_FAR, FAR_STEP_KM, Floats, Singles, arcs_km, chart, ice_toll
from geo.routing.grid import Integers, Truths, cells
from geo.types import LonLat

SAMPLE_KM = 0.9  # half a cell
LEAP_KM = 16.0
NEAR_CORNER_KM = 20.0  # that far from a corner of narrow water a line may run close to land
SURE_KM = 6.5  # the offing, and what a point may be off its cell
PIECES = 4
PIECE_MIDDLES = (np.arange(PIECES) * 2 + 1) / PIECES - 1
LONGEST_PIECE_KM = SAMPLE_KM * PIECES**5
TAUT_SLACK = float(np.sin(np.radians(4.0)))
LONGEST_ARC_KM = 17_000.0  # longer great circles are of no use to a ship
COARSE_SHARES = ((0.5,), (0.25, 0.75), (0.125, 0.375, 0.625, 0.875), tuple(np.arange(0.5, 12) / 12))
"""Where along a line the sea is looked at first: most lines over land are found out at once."""


class Arcs(NamedTuple):
    """Great circles; in single precision, which is right to a metre and four times as fast.

    Args:
        start: Unit vectors of the points they start at, shape (3, n), or of the one point, shape (3, 1).
        tangent: Unit vectors in which they set out, shape (3, n).
        omega: Their lengths in radians, shape (n,).
    """

    start: Singles
    tangent: Singles
    omega: Floats

    def cells(self, which: Integers | slice, theta: Floats) -> tuple[Integers, Integers]:
        """Find the fine cells of points along them.

        Args:
            which: Numbers of the great circles.
            theta: How far along each, in radians.

        Returns:
            Rows and columns.
        """
        theta32 = theta.astype(np.float32)
        cosine, sine = np.cos(theta32), np.sin(theta32)
        start = self.start[:, which] if self.start.shape[1] > 1 else self.start
        x, y, z = (at * cosine + to[which] * sine for at, to in zip(start, self.tangent, strict=True))
        return cells(np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(np.minimum(np.maximum(z, -1), 1))))

    def picked(self, which: Integers | Truths) -> Arcs:
        """Keep some of them.

        Args:
            which: Their numbers, or True for each.

        Returns:
            Those.
        """
        start = self.start[:, which] if self.start.shape[1] > 1 else self.start
        return Arcs(start, self.tangent[:, which], self.omega[which])


def _arcs(start: Floats, ends: Floats) -> Arcs:
    start = np.atleast_2d(start)
    cosine = np.clip(np.einsum("ij,ij->i", ends, np.broadcast_to(start, ends.shape)), -1, 1)
    omega = np.arccos(cosine)
    tangent = (ends.T - start.T * cosine) / np.maximum(np.sin(omega), 1e-12)
    return Arcs(start.T.astype(np.float32), tangent.astype(np.float32), omega)


def vectors(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
    """Turn points into unit vectors.

    Args:
        lon: Longitudes in degrees.
        lat: Latitudes in degrees.

    Returns:
        Shape (..., 3).
    """
    x, y = np.radians(np.asarray(lon, dtype=float)), np.radians(np.asarray(lat, dtype=float))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def _points(start: Floats, end: Floats, omega: Floats, share: Floats) -> tuple[Floats, Floats]:
    sine = np.maximum(np.sin(omega), 1e-12)
    a, b = np.sin((1 - share) * omega) / sine, np.sin(share * omega) / sine
    x, y, z = (a * start[..., k] + b * end[..., k] for k in range(3))
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def stretched(corners: Sequence[LonLat], *, step_km: float) -> Floats:
    """Place points along great circles on the sphere.

    Args:
        corners: (longitude, latitude) in degrees.
        step_km: Longest distance between two points, in km.

    Returns:
        Longitudes and latitudes, the corners among them; shape (n, 2).
    """
    given = np.asarray(corners, dtype=float)
    unit = vectors(given[:, 0], given[:, 1])
    km = arcs_km(given[:-1, 0], given[:-1, 1], given[1:, 0], given[1:, 1])
    counts = np.maximum(1, np.ceil(km / step_km)).astype(np.int64)
    which = np.repeat(np.arange(len(km)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    lon, lat = _points(unit[which], unit[which + 1], km[which] / EARTH_RADIUS_KM, within / counts[which])
    points = np.column_stack([lon, lat])
    points[within == 0] = given[:-1]
    return np.concatenate([points, given[-1:]])


def seen(point: LonLat, vertices: Integers) -> Integers:
    """Pick the vertices to which the great circle keeps off land.

    Args:
        point: (longitude, latitude) in degrees, in the offing.
        vertices: Numbers of vertices that may be seen.

    Returns:
        Those that are.
    """
    sea = chart()
    start = vectors(*point)
    vertices = vertices[sea.vectors32[vertices] @ start.astype(np.float32) > sea.nearest_dot[vertices]]
    arcs = _arcs(start, sea.vectors[vertices])
    spared = (sea.narrow | sea.free)[vertices]
    for shares in COARSE_SHARES:
        share = np.array(shares)[:, None]
        close = (1 - share) * arcs.omega < NEAR_CORNER_KM / EARTH_RADIUS_KM
        kept: Truths = np.all(sea.offing.at(*arcs.cells(np.s_[:], share * arcs.omega)) | (spared & close), axis=0)
        arcs, vertices, spared = arcs.picked(kept), vertices[kept], spared[kept]
    return vertices[_clear(arcs, spared)]


def _clear(arcs: Arcs, spared: Truths) -> Truths:
    # halved and halved again where land is too near for the whole of a piece to be surely clear
    sea = chart()
    km = arcs.omega * EARTH_RADIUS_KM
    out = np.ones(len(km), dtype=bool)
    which, middle = _steps(np.zeros(len(km)), km, LONGEST_PIECE_KM)
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


def _steps(first: Floats, last: Floats, step_km: float) -> tuple[Integers, Floats]:
    counts = np.maximum(1, np.ceil((last - first) / step_km)).astype(np.int64)
    which = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which, first[which] + (within + 0.5) * ((last - first) / counts)[which]


def hindrances_km(a: Floats, b: Floats) -> Floats:
    """Measure how much of great circles is on land, outside the offing, and in ice.

    Args:
        a: Longitudes and latitudes in degrees; shape (n, 2).
        b: Longitudes and latitudes in degrees; shape (n, 2).

    Returns:
        km on land, km nearer to land than 5 km, each to about a km; the whole length of those that run south of 60 S.
        Shape (n, 3).
    """
    sea = chart()
    start, end = vectors(*a.T), vectors(*b.T)
    arcs = _arcs(start, end)
    km = arcs_km(*a.T, *b.T)
    which, at = _steps(np.zeros(len(km)), km, LEAP_KM)
    half = (km / np.bincount(which) / 2)[which]
    row, column = arcs.cells(which, at / EARTH_RADIUS_KM)
    near = np.flatnonzero(sea.far[row // CELLS_OF_FAR, column // CELLS_OF_FAR] * FAR_STEP_KM < LEAP_KM + half)
    which, first, last = which[near], (at - half)[near], (at + half)[near]
    piece, offset = _steps(first, last, SAMPLE_KM)
    where = arcs.cells(which[piece], offset / EARTH_RADIUS_KM)
    each = ((last - first) / np.bincount(piece, minlength=len(first)))[piece]
    hindered = (
        np.bincount(which[piece], each * ~plane.at(*where), minlength=len(km)) for plane in (sea.water, sea.offing)
    )
    return np.column_stack([*hindered, np.where(ice_toll(start, end) > 1, km, 0.0)])


@lru_cache(maxsize=16384)
def hindrance_km(a: LonLat, b: LonLat) -> tuple[float, float, float]:
    """Measure how much of one great circle is on land, outside the offing, and in ice.

    Args:
        a: (longitude, latitude) in degrees.
        b: (longitude, latitude) in degrees.

    Returns:
        What `hindrances_km` gives.
    """
    land, inshore, ice = hindrances_km(np.array([a]), np.array([b]))[0].tolist()
    return land, inshore, ice


def taut_from(point: LonLat) -> Truths:
    """Tell at which corners a string from a point is taut: it touches the corner and can go on round it.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        True where it is taut, and at every vertex of a channel; shape (n,).
    """
    sea = chart()
    start = vectors(*point).astype(np.float32)
    slack = np.float32(TAUT_SLACK) * np.sqrt(np.maximum(1 - (sea.vectors32 @ start) ** 2, 0))
    a, b = sea.sides[0] @ start, sea.sides[1] @ start
    return np.asarray((np.minimum(a, b) > -slack) | (np.maximum(a, b) < slack) | sea.free)
