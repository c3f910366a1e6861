"""What can be seen from where at sea: great circles held against the mask, and gates they cross."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

import numpy as np
import numpy.typing as npt

from geo.geodesy import EARTH_RADIUS_KM
from geo.routing.chart import (
    CELLS_PER_DEGREE,
    FAR_CELLS_PER_DEGREE,
    FAR_STEP_KM,
    HEIGHT,
    WIDTH,
    Floats,
    Integers,
    Truths,
    arcs_km,
    chart,
    ice_toll,
)
from geo.types import LonLat

SAMPLE_KM = 0.9  # half a cell
LEAP_KM = 16.0
NEAR_CORNER_KM = 20.0  # that far from a corner of narrow water a line may run close to land
TAUT_SLACK = float(np.sin(np.radians(4.0)))
LONGEST_ARC_KM = 17_000.0  # longer great circles are of no use to a ship


def cells(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Integers, Integers]:
    """Find the fine cells that points lie in.

    Args:
        lon: Longitudes in degrees.
        lat: Latitudes in degrees.

    Returns:
        Rows and columns.
    """
    rows = np.minimum(((90.0 - np.asarray(lat)) * CELLS_PER_DEGREE).astype(np.int64), HEIGHT - 1)
    return rows, ((np.asarray(lon) + 180.0) * CELLS_PER_DEGREE).astype(np.int64) % WIDTH


def bit(plane: npt.NDArray[np.uint8], rows: Integers, columns: Integers) -> Truths:
    """Look cells up in a packed plane.

    Args:
        plane: Eight cells a byte, shape (10800, 2700).
        rows: Rows of the cells.
        columns: Columns of the cells.

    Returns:
        True where the cell is set.
    """
    return np.asarray((plane[rows, columns >> 3] >> (7 - (columns & 7)).astype(np.uint8)) & 1, dtype=bool)


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
    vertices = vertices[sea.vectors[vertices] @ start > sea.nearest_dot[vertices]]
    for shares in ((0.5,), (0.25, 0.75), (0.125, 0.375, 0.625, 0.875), tuple(np.arange(0.5, 12) / 12)):
        end = sea.vectors[vertices]
        omega = np.arccos(np.clip(end @ start, -1, 1))
        share = np.array(shares)[:, None]
        lon, lat = _points(start, end[None], omega[None], share)
        close = (1 - share) * omega < NEAR_CORNER_KM / EARTH_RADIUS_KM
        spared = (sea.narrow | sea.free)[vertices] & close
        vertices = vertices[(bit(sea.offing, *cells(lon, lat)) | spared).all(axis=0)]
    if not len(vertices):
        return vertices
    return vertices[_clear(start, vertices)]


def _clear(start: Floats, vertices: Integers) -> Truths:
    sea = chart()
    end = sea.vectors[vertices]
    omega = np.arccos(np.clip(end @ start, -1, 1))
    km = omega * EARTH_RADIUS_KM
    out = np.ones(len(vertices), dtype=bool)
    spared = (sea.narrow | sea.free)[vertices]

    def held(which: Integers, at: Floats) -> None:
        lon, lat = _points(start, end[which], omega[which], at / np.maximum(km[which], 1e-9))
        where = cells(lon, lat)
        bad = np.flatnonzero(~bit(sea.offing, *where))
        fine = spared[which[bad]] & (km[which[bad]] - at[bad] < NEAR_CORNER_KM)
        fine &= bit(sea.water, where[0][bad], where[1][bad])
        out[which[bad[~fine]]] = False

    which, first = _near_land(start, end, omega, held, out)
    for step_km in (8 * SAMPLE_KM, SAMPLE_KM):
        which, first = which[out[which]], first[out[which]]
        row, at = _steps(first, np.minimum(first + LEAP_KM, km[which]), step_km)
        held(which[row], at)
    return out


def _near_land(
    start: Floats, end: Floats, omega: Floats, held: Callable[[Integers, Floats], None], alive: Truths
) -> tuple[Integers, Floats]:
    # leap along every line by the distance to land; where that is short, keep the stretch for a closer look
    km = omega * EARTH_RADIUS_KM
    active, at = np.arange(len(km)), np.zeros(len(km))
    which, first = [], []
    while len(active):
        away = _far_km(*_points(start, end[active], omega[active], at / np.maximum(km[active], 1e-9)))
        near = np.flatnonzero(away < LEAP_KM)
        held(active[near], at[near])
        which.append(active[near])
        first.append(at[near])
        at = at + np.maximum(away, LEAP_KM)
        going = (at < km[active]) & alive[active]
        active, at = active[going], at[going]
    return np.concatenate(which), np.concatenate(first)


def _steps(first: Floats, last: Floats, step_km: float) -> tuple[Integers, Floats]:
    counts = np.maximum(1, np.ceil((last - first) / step_km)).astype(np.int64)
    which = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    return which, first[which] + (within + 0.5) * ((last - first) / counts)[which]


def _far_km(lon: Floats, lat: Floats) -> Floats:
    far = chart().far
    rows = np.minimum(((90.0 - lat) * FAR_CELLS_PER_DEGREE).astype(np.int64), far.shape[0] - 1)
    columns = ((lon + 180.0) * FAR_CELLS_PER_DEGREE).astype(np.int64) % far.shape[1]
    return np.asarray(far[rows, columns] * FAR_STEP_KM)


@lru_cache(maxsize=16384)
def hindrance_km(a: LonLat, b: LonLat) -> tuple[float, float, float]:
    """Measure how much of a great circle is on land, outside the offing, and in ice.

    Args:
        a: (longitude, latitude) in degrees.
        b: (longitude, latitude) in degrees.

    Returns:
        km on land, km nearer to land than 5 km, each to about a km; its whole length where it runs south of 60 S.
    """
    sea = chart()
    start, end = vectors(*a), vectors(*b)
    km = float(arcs_km(*a, *b))
    omega = np.asarray(km / EARTH_RADIUS_KM)
    icy = km if ice_toll(start, end[None])[0] > 1 else 0.0
    _, at = _steps(np.zeros(1), np.array([km]), LEAP_KM)
    half = km / len(at) / 2
    at = at[_far_km(*_points(start, end, omega, at / max(km, 1e-9))) < LEAP_KM + half]
    if not len(at):
        return 0.0, 0.0, icy
    first, last = at - half, at + half
    row, offset = _steps(first, last, SAMPLE_KM)
    where = cells(*_points(start, end, omega, offset / max(km, 1e-9)))
    each = ((last - first) / np.bincount(row))[row]
    return float(each[~bit(sea.water, *where)].sum()), float(each[~bit(sea.offing, *where)].sum()), icy


def taut_from(point: LonLat) -> Truths:
    """Tell at which corners a string from a point is taut: it touches the corner and can go on round it.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        True where it is taut, and at every vertex of a channel; shape (n,).
    """
    sea = chart()
    start = vectors(*point)
    slack = TAUT_SLACK * np.sqrt(np.maximum(1 - (sea.vectors @ start) ** 2, 0))
    a, b = sea.sides[0] @ start, sea.sides[1] @ start
    return np.asarray(((a > -slack) & (b > -slack)) | ((a < slack) & (b < slack)) | sea.free)


@lru_cache(maxsize=16384)
def rounds(a: LonLat, b: LonLat, c: LonLat) -> bool:
    """Tell whether a line bends round land at a corner, so that nothing can be saved there, or follows a channel.

    Args:
        a: The point before, (longitude, latitude) in degrees.
        b: The corner.
        c: The point after.

    Returns:
        True where the corner is needed; False for any point that is no corner of the network.
    """
    numbers = corners()
    vertex = numbers.get(b)
    if vertex is None:
        return False
    sea = chart()
    if sea.free[vertex]:
        return all(end in numbers and sea.free[numbers[end]] for end in (a, c))
    here, landward = sea.vectors[vertex].tolist(), sea.landward[vertex].tolist()
    inward = 0.0
    for lon, lat in (a, c):
        x, y = radians(lon), radians(lat)
        there = (cos(y) * cos(x), cos(y) * sin(x), sin(y))
        dot = sum(p * q for p, q in zip(here, there, strict=True))
        inward += sum(p * q for p, q in zip(there, landward, strict=True)) / max(sqrt(max(1 - dot * dot, 0.0)), 1e-9)
    return inward > 0


@lru_cache(maxsize=16384)
def inshore(a: LonLat, b: LonLat) -> bool:
    """Tell quickly whether a great circle surely leaves the offing, from the points at its quarters.

    Args:
        a: (longitude, latitude) in degrees.
        b: (longitude, latitude) in degrees.

    Returns:
        True when one of them is nearer to land than 5 km.
    """
    sea = chart()
    (x1, y1, z1), (x2, y2, z2) = vectors(*a).tolist(), vectors(*b).tolist()
    for share in (0.5, 0.25, 0.75):
        x, y, z = ((1 - share) * p + share * q for p, q in ((x1, x2), (y1, y2), (z1, z2)))
        row = min(int((90 - degrees(atan2(z, hypot(x, y)))) * CELLS_PER_DEGREE), HEIGHT - 1)
        column = int((degrees(atan2(y, x)) + 180) * CELLS_PER_DEGREE) % WIDTH
        if not sea.offing[row, column >> 3] >> (7 - (column & 7)) & 1:
            return True
    return False


@cache
def corners() -> dict[LonLat, int]:
    """Number the vertices by their points.

    Returns:
        Numbers by (longitude, latitude) in degrees.
    """
    sea = chart()
    return {point: number for number, point in enumerate(zip(sea.lon.tolist(), sea.lat.tolist(), strict=True))}
