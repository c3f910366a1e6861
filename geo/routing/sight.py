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
LONGEST_ARC_KM = 17_000.0  # longer great circles are of no use to a ship


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


def arcs_between(start: Floats, ends: Floats) -> Arcs:
    """Lay great circles.

    Args:
        start: Unit vectors of the points they start at, or of the one point; shape (n, 3) or (3,).
        ends: Unit vectors of the points they end at; shape (n, 3).

    Returns:
        Those circles.
    """
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
    found = np.empty((*x.shape, 3))
    wide = np.cos(y)
    found[..., 0], found[..., 1], found[..., 2] = wide * np.cos(x), wide * np.sin(x), np.sin(y)
    return found


def across(a: Floats, b: Floats) -> Floats:
    """Find the vectors across pairs of vectors, without the checks of `numpy.cross`.

    Args:
        a: Shape (n, 3) or (3,).
        b: Shape (n, 3).

    Returns:
        Shape (n, 3).
    """
    found = np.empty(b.shape)
    for k in range(3):
        found[:, k] = a[..., k - 2] * b[:, k - 1] - a[..., k - 1] * b[:, k - 2]
    return found


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


def steps(first: Floats, last: Floats, step_km: float) -> tuple[Integers, Floats]:
    """Cut stretches into equal pieces.

    Args:
        first: Where each begins in km, shape (n,).
        last: Where each ends in km, shape (n,).
        step_km: Longest piece.

    Returns:
        For each piece the number of its stretch, and its middle in km.
    """
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
    arcs = arcs_between(start, end)
    km = arcs_km(*a.T, *b.T)
    which, at = steps(np.zeros(len(km)), km, LEAP_KM)
    half = (km / np.bincount(which) / 2)[which]
    row, column = arcs.cells(which, at / EARTH_RADIUS_KM)
    near = np.flatnonzero(sea.far[row // CELLS_OF_FAR, column // CELLS_OF_FAR] * FAR_STEP_KM < LEAP_KM + half)
    which, first, last = which[near], (at - half)[near], (at + half)[near]
    piece, offset = steps(first, last, SAMPLE_KM)
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
