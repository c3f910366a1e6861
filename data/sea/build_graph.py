"""Corners to sail round and the straight lines between them, from the distances to land."""

from __future__ import annotations

import math

import contourpy
import numpy as np
from build_mask import (
    CELL_KM,
    CELLS_PER_DEGREE,
    CLEARANCE_STEP_KM,
    EARTH_RADIUS_KM,
    FAR_CELLS_PER_DEGREE,
    FAR_STEP_KM,
    FARTHEST_KM,
    HEIGHT,
    WIDTH,
)
from numba import njit

LEVELS = (
    (18.0, 4.0, 2.0, 0.0),
    (9.0, 4.0, 1.2, 0.0),
    (5.0, 2.7, 1.0, 4.6),
    (3.2, 2.0, 0.7, 3.5),
    (1.7, 0.9, 0.45, 3.5),
)
"""Contours whose corners are sailed round: their distance from land; the least distance of a line from land near such
a corner; how far the corners may be off the contour; and how far from the water inside the wider contour a corner must
be to serve at all: the narrowest contours are for places that the wider do not reach. In km."""

REACH_KM = (20_000.0, 20_000.0, 1500.0, 300.0, 300.0)
"""How far a line from a corner of each contour reaches: those of narrow water lead to the next wider."""

NEAR_CORNER_KM = 60.0  # farther from a narrow corner a line keeps off land as in the open
LEAST_TURN = math.radians(3.0)
TAUT_SLACK = math.sin(math.radians(2.0))


def corners(clearance: np.ndarray, *, south: float, north: float) -> np.ndarray:
    """Find the corners of the contours that bulge into the water.

    Args:
        clearance: Distance to land on the fine grid, in steps of 0.1 km.
        south: Corners south of this latitude are left out, degrees.
        north: Corners north of it are left out, degrees.

    Returns:
        Rows of longitude, latitude, bearings to the contour's neighbours before and after in radians, and the number of
        the level; shape (n, 5).
    """
    found = []
    padded = np.concatenate([clearance[:, -CELLS_PER_DEGREE:], clearance, clearance[:, :CELLS_PER_DEGREE]], axis=1)
    for number, (level_km, _, tolerance_km, beyond_km) in enumerate(LEVELS):
        steps = level_km / CLEARANCE_STEP_KM - 0.05
        narrow = None
        if beyond_km:
            narrow = _far_from(clearance >= LEVELS[number - 1][0] / CLEARANCE_STEP_KM, beyond_km)
        for line in contourpy.contour_generator(z=padded, name="serial").lines(steps):
            x, y = (line[:, 0] - CELLS_PER_DEGREE + 0.5), line[:, 1] + 0.5
            lon, lat = x / CELLS_PER_DEGREE - 180.0, 90.0 - y / CELLS_PER_DEGREE
            if len(line) < 4 or lat.max() < south or lat.min() > north:
                continue
            kept = _simplified(lon, lat, tolerance_km)
            closed = bool((line[0] == line[-1]).all())
            for row in _convex(lon[kept], lat[kept], closed=closed):
                column, at = int((row[0] + 180) * CELLS_PER_DEGREE), int((90 - row[1]) * CELLS_PER_DEGREE)
                if -180 <= row[0] < 180 and south < row[1] < north and (narrow is None or narrow[at, column]):
                    found.append([*row, number])
    return np.array(sorted(found))


def _far_from(wide: np.ndarray, km: float) -> np.ndarray:
    away = np.full(wide.shape, 255, dtype=np.uint8)
    _spread(wide, away)
    return away >= km / CLEARANCE_STEP_KM


@njit
def _spread(wide, away):  # noqa: ANN001, ANN202
    # two sweeps of a 3 by 3 chamfer: exact enough for a threshold
    rows, columns = wide.shape
    for sweep in range(2):
        for i in range(rows):
            row = i if sweep == 0 else rows - 1 - i
            before = row - 1 if sweep == 0 else row + 1
            shrink = max(math.cos(math.radians(90 - (row + 0.5) / CELLS_PER_DEGREE)), 0.01)
            up, side = CELL_KM * 10, CELL_KM * 10 * shrink
            for turn in range(2):
                for j in range(columns):
                    column = j if (sweep == 0) == (turn == 0) else columns - 1 - j
                    back = column - 1 if (sweep == 0) == (turn == 0) else column + 1
                    best = float(away[row, column])
                    if wide[row, column]:
                        best = 0.0
                    best = min(best, away[row, back % columns] + side)
                    if 0 <= before < rows:
                        best = min(best, away[before, column] + up)
                        best = min(best, away[before, (column + 1) % columns] + math.hypot(up, side))
                        best = min(best, away[before, column - 1] + math.hypot(up, side))
                    away[row, column] = np.uint8(min(best, 255.0))


@njit
def _simplified(lon, lat, tolerance_km):  # noqa: ANN001, ANN202
    keep = np.zeros(len(lon), dtype=np.bool_)
    keep[0] = keep[-1] = True
    stack = [(0, len(lon) - 1)]
    if lon[0] == lon[-1] and lat[0] == lat[-1]:
        half = len(lon) // 2
        keep[half] = True
        stack = [(0, half), (half, len(lon) - 1)]
    degree_km = CELL_KM * CELLS_PER_DEGREE
    while stack:
        first, last = stack.pop()
        worst, at = -1.0, -1
        for i in range(first + 1, last):
            shrink = math.cos(math.radians(lat[i]))
            ax, ay = (lon[first] - lon[i]) * shrink * degree_km, (lat[first] - lat[i]) * degree_km
            bx, by = (lon[last] - lon[i]) * shrink * degree_km, (lat[last] - lat[i]) * degree_km
            dx, dy = bx - ax, by - ay
            size = dx * dx + dy * dy
            t = 0.0 if size == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / size))
            off = math.hypot(ax + t * dx, ay + t * dy)
            if off > worst:
                worst, at = off, i
        if worst > tolerance_km:
            keep[at] = True
            stack.append((first, at))
            stack.append((at, last))
    return keep


def _convex(lon: np.ndarray, lat: np.ndarray, *, closed: bool) -> np.ndarray:
    # contourpy keeps the higher ground on the left in (column, row): on the map, whose rows run down, on the right
    if closed:
        lon, lat = np.concatenate([lon[-2:-1], lon]), np.concatenate([lat[-2:-1], lat])
    shrink = np.cos(np.radians(lat[1:-1]))
    before = np.arctan2((lon[:-2] - lon[1:-1]) * shrink, lat[:-2] - lat[1:-1])
    after = np.arctan2((lon[2:] - lon[1:-1]) * shrink, lat[2:] - lat[1:-1])
    turn = (after - (before + np.pi) + np.pi) % (2 * np.pi) - np.pi  # clockwise is positive
    corner = turn < -LEAST_TURN
    return np.column_stack([lon[1:-1], lat[1:-1], before, after])[corner]


@njit
def gap_km(lon1, lat1, lon2, lat2):  # noqa: ANN001, ANN201
    """Measure the great circle between two points in degrees, in km."""
    a = math.sin(math.radians(lat2 - lat1) / 2) ** 2
    b = math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(a + b)))


@njit
def taut(a, b, apart):  # noqa: ANN001, ANN201
    """Tell whether a string touches the corner without cutting it off or leaving it, from its sides of the contour."""
    slack = TAUT_SLACK * apart
    return (a > -slack and b > -slack) or (a < slack and b < slack)


def sides(lon: np.ndarray, lat: np.ndarray, bearings: np.ndarray) -> np.ndarray:
    """Give the unit vectors to the right of a course at points.

    Args:
        lon: Longitudes in degrees.
        lat: Latitudes in degrees.
        bearings: Courses in radians from north.

    Returns:
        Shape (n, 3).
    """
    x, y = np.radians(lon), np.radians(lat)
    north = np.column_stack([-np.sin(y) * np.cos(x), -np.sin(y) * np.sin(x), np.cos(y)])
    east = np.column_stack([-np.sin(x), np.cos(x), np.zeros(len(x))])
    right = bearings + np.pi / 2
    return np.cos(right)[:, None] * north + np.sin(right)[:, None] * east


@njit
def clear(lon1, lat1, lon2, lat2, near, far, least1, least2, open_least):  # noqa: ANN001, ANN201, PLR0917
    """Tell whether the great circle keeps off land, leaping by the distance to land at each step."""
    km = gap_km(lon1, lat1, lon2, lat2)
    p, q = math.radians(lat1), math.radians(lat2)
    l1, l2 = math.radians(lon1), math.radians(lon2)
    x1, y1, z1 = math.cos(p) * math.cos(l1), math.cos(p) * math.sin(l1), math.sin(p)
    x2, y2, z2 = math.cos(q) * math.cos(l2), math.cos(q) * math.sin(l2), math.sin(q)
    arc = km / EARTH_RADIUS_KM
    if arc < 1e-9:
        return True
    if arc > 3.1:
        return False
    sine = math.sin(arc)
    for k in (8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15):
        t = k / 16
        a, b = math.sin((1 - t) * arc) / sine, math.sin(t * arc) / sine
        x, y, z = a * x1 + b * x2, a * y1 + b * y2, a * z1 + b * z2
        row = min(int((90 - math.degrees(math.asin(max(-1.0, min(1.0, z))))) * CELLS_PER_DEGREE), HEIGHT - 1)
        if near[row, int((math.degrees(math.atan2(y, x)) + 180) * CELLS_PER_DEGREE) % WIDTH] == 0:
            return False
    at = 0.0
    while at < km:
        t = at / km
        a, b = math.sin((1 - t) * arc) / sine, math.sin(t * arc) / sine
        x, y, z = a * x1 + b * x2, a * y1 + b * y2, a * z1 + b * z2
        lat = math.degrees(math.asin(max(-1.0, min(1.0, z))))
        lon = math.degrees(math.atan2(y, x))
        leap = (
            far[
                min(int((90 - lat) * FAR_CELLS_PER_DEGREE), far.shape[0] - 1),
                int((lon + 180) * FAR_CELLS_PER_DEGREE) % far.shape[1],
            ]
            * FAR_STEP_KM
        )
        if leap < 8.0:
            cell = (
                near[min(int((90 - lat) * CELLS_PER_DEGREE), HEIGHT - 1), int((lon + 180) * CELLS_PER_DEGREE) % WIDTH]
                * CLEARANCE_STEP_KM
            )
            least = open_least
            if at < NEAR_CORNER_KM:
                least = min(least, least1)
            if km - at < NEAR_CORNER_KM:
                least = min(least, least2)
            if cell < least:
                return False
            leap = cell - 3.5  # half a cell's diagonal of doubt on both sides
        at += max(0.6, leap)
    return True


@njit
def sight_lines(lon, lat, unit, before, after, least, reach_km, free, near, far, open_least):  # noqa: ANN001, ANN201, PLR0917
    """List the lines between corners that keep off land and are taut at both ends, with their lengths in km."""
    found = [(0, 0, 0.0)]
    n = len(lon)
    for i in range(n):
        if least[i] > FARTHEST_KM:
            continue
        for j in range(i + 1, n):
            if least[j] > FARTHEST_KM:
                continue
            dot = unit[i, 0] * unit[j, 0] + unit[i, 1] * unit[j, 1] + unit[i, 2] * unit[j, 2]
            if dot < math.cos(min(reach_km[i], reach_km[j]) / EARTH_RADIUS_KM):
                continue
            apart = math.sqrt(max(0.0, 1.0 - dot * dot))
            if not free[i]:
                a = before[i, 0] * unit[j, 0] + before[i, 1] * unit[j, 1] + before[i, 2] * unit[j, 2]
                b = after[i, 0] * unit[j, 0] + after[i, 1] * unit[j, 1] + after[i, 2] * unit[j, 2]
                if not taut(a, b, apart):
                    continue
            if not free[j]:
                a = before[j, 0] * unit[i, 0] + before[j, 1] * unit[i, 1] + before[j, 2] * unit[i, 2]
                b = after[j, 0] * unit[i, 0] + after[j, 1] * unit[i, 1] + after[j, 2] * unit[i, 2]
                if not taut(a, b, apart):
                    continue
            if clear(lon[i], lat[i], lon[j], lat[j], near, far, least[i], least[j], open_least):
                found.append((i, j, gap_km(lon[i], lat[i], lon[j], lat[j])))
    return found[1:]
