"""Named channels as chains of points: led through the water where the land polygons show it, straight elsewhere."""

from __future__ import annotations

import csv
import heapq
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
from build_graph import _simplified, gap_km
from build_mask import CELLS_PER_DEGREE, CLEARANCE_STEP_KM, EARTH_RADIUS_KM, HEIGHT, WIDTH, land_grid
from numba import njit

FINE_CELLS_PER_DEGREE = 480
ASHORE = 12.0  # a channel crosses what the polygons call land only where the way through water is that much longer
SNAP_CELLS = 12  # a point on land moves to water within 2.8 km
FINE_TOLERANCE_KM = 0.15
LONGEST_STEP_KM = 8.0
OPEN_KM = 5.0
EXTENSION_DEGREES = 1.0
MARGIN_DEGREES = 0.15

Chain = list[tuple[float, float]]


def points_of(text: str) -> Chain:
    """Read `lon lat; lon lat` in degrees."""
    return [(float(lon), float(lat)) for lon, lat in (pair.split() for pair in text.split(";"))]


def channels(path: Path, rings: list[np.ndarray], clearance: np.ndarray) -> list[Chain]:
    """Lead every channel through the water and on to open sea.

    Args:
        path: `channels.csv`.
        rings: Land rings in degrees.
        clearance: Distance to land on the fine grid, in steps of 0.1 km.

    Returns:
        One chain of (longitude, latitude) a channel; channels that share a point join there.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    met = Counter(point for row in rows for point in points_of(row["points"]))
    chains = []
    for row in rows:
        given = points_of(row["points"])
        chain = given if row["kind"] == "canal" else _led(given, rings)
        first = _to_open(chain[0], clearance)[::-1] if met[given[0]] == 1 else []
        last = _to_open(chain[-1], clearance) if met[given[-1]] == 1 else []
        chains.append(_stepped([*first, *chain, *last]))
    return chains


def _led(given: Chain, rings: list[np.ndarray]) -> Chain:
    n = FINE_CELLS_PER_DEGREE
    lons, lats = np.array(given).T
    west, north = (math.floor((lons.min() - MARGIN_DEGREES) * n) / n, math.ceil((lats.max() + MARGIN_DEGREES) * n) / n)
    columns = round((lons.max() + MARGIN_DEGREES - west) * n)
    rows = round((north - lats.min() + MARGIN_DEGREES) * n)
    land = land_grid(rings, west=west, north=north, columns=columns, rows=rows, cells_per_degree=n)
    shore = _shore_cost(land)
    cells = [_to_water(land, int((north - lat) * n), int((lon - west) * n)) for lon, lat in given]
    out: list[tuple[float, float]] = []
    for (row1, col1), (row2, col2) in pairwise(cells):
        path = cheapest(shore, row1, col1, row2, col2, math.cos(math.radians(north - row1 / n)))
        # from whole numbers, so that channels which share a point get the very same one
        lon, lat = (round(west * n) + path[:, 1] + 0.5) / n, (round(north * n) - path[:, 0] - 0.5) / n
        kept = _simplified(lon, lat, FINE_TOLERANCE_KM)
        out += list(zip(lon[kept].tolist(), lat[kept].tolist(), strict=True))[1 if out else 0 :]
    return out


def _to_water(land: np.ndarray, row: int, column: int) -> tuple[int, int]:
    if not land[row, column]:
        return row, column
    around = range(-SNAP_CELLS, SNAP_CELLS + 1)
    near = [
        (dy * dy + dx * dx, row + dy, column + dx)
        for dy in around
        for dx in around
        if 0 <= row + dy < land.shape[0] and 0 <= column + dx < land.shape[1] and not land[row + dy, column + dx]
    ]
    return min(near)[1:] if near else (row, column)


@njit
def _shore_cost(land):  # noqa: ANN001, ANN202
    # water by the shore costs twice as much: the chain keeps to the middle
    cost = np.ones(land.shape, dtype=np.float32)
    rows, columns = land.shape
    for row in range(rows):
        for column in range(columns):
            if land[row, column]:
                cost[row, column] = ASHORE
                continue
            for dy in range(-2, 3):
                for dx in range(-2, 3):
                    if 0 <= row + dy < rows and 0 <= column + dx < columns and land[row + dy, column + dx]:
                        cost[row, column] = 2.0
    return cost


@njit
def cheapest(cost, row1, col1, row2, col2, shrink):  # noqa: ANN001, ANN201, PLR0917
    """Find the cheapest way over a grid between two cells, or from a cell to any whose cost is negative."""
    rows, columns = cost.shape
    best = np.full(rows * columns, np.inf)
    back = np.full(rows * columns, -1)
    start = row1 * columns + col1
    best[start] = 0.0
    queue = [(0.0, start)]
    end = -1
    while queue:
        so_far, cell = heapq.heappop(queue)
        if so_far > best[cell]:
            continue
        row, column = cell // columns, cell % columns
        if (row == row2 and column == col2) or cost[row, column] < 0:
            end = cell
            break
        for dy in range(-2, 3):
            for dx in range(-2, 3):
                if (dy == 0 and dx == 0) or (abs(dy) != 1 and abs(dx) != 1):
                    continue
                y, x = row + dy, column + dx
                if not (0 <= y < rows and 0 <= x < columns):
                    continue
                step = abs(cost[y, x])
                if abs(dy) == 2 or abs(dx) == 2:  # a knight's move passes between two cells
                    my, mx = row + dy // 2 if abs(dy) == 2 else row, column + dx // 2 if abs(dx) == 2 else column
                    step = max(step, abs(cost[my, mx]))
                    my, mx = (
                        row + (dy - dy // 2 if abs(dy) == 2 else dy),
                        column + (dx - dx // 2 if abs(dx) == 2 else dx),
                    )
                    step = max(step, abs(cost[my, mx]))
                if step == np.inf:
                    continue
                price = so_far + step * math.hypot(dy, dx * shrink)
                other = y * columns + x
                if price < best[other]:
                    best[other] = price
                    back[other] = cell
                    heapq.heappush(queue, (price, other))
    path = [(0, 0)]
    while end >= 0:
        path.append((end // columns, end % columns))
        end = back[end]
    return np.array(path[:0:-1]) if len(path) > 1 else np.zeros((0, 2), dtype=np.int64)


def _to_open(end: tuple[float, float], clearance: np.ndarray) -> Chain:
    lon, lat = end
    n = CELLS_PER_DEGREE
    reach_x = int(EXTENSION_DEGREES * n / max(math.cos(math.radians(lat)), 0.2))
    reach_y = int(EXTENSION_DEGREES * n)
    row, column = int((90 - lat) * n), int((lon + 180) * n)
    rows = np.clip(np.arange(row - reach_y, row + reach_y + 1), 0, HEIGHT - 1)
    near = clearance[np.ix_(rows, np.arange(column - reach_x, column + reach_x + 1) % WIDTH)].astype(float)
    near *= CLEARANCE_STEP_KM
    if near[reach_y, reach_x] >= OPEN_KM:
        return []
    cost = 1 + 3 / (0.5 + near)
    cost[near == 0] = np.inf
    cost[near >= OPEN_KM] *= -1
    cost[reach_y, reach_x] = 1.0
    path = cheapest(cost, reach_y, reach_x, -1, -1, math.cos(math.radians(lat)))
    if not len(path):
        return []
    x = (column - reach_x + path[:, 1] + 0.5) / n - 180
    y = 90 - (row - reach_y + path[:, 0] + 0.5) / n
    kept = _simplified(x, y, 0.5)
    return list(zip(x[kept].tolist(), y[kept].tolist(), strict=True))[1:]


def _stepped(chain: Chain) -> Chain:
    out = [chain[0]]
    for lon, lat in chain[1:]:
        km = gap_km(*out[-1], lon, lat)
        if km < 0.02:
            continue
        pieces = math.ceil(km / LONGEST_STEP_KM)
        lon0, lat0 = out[-1]
        out += [(lon0 + (lon - lon0) * k / pieces, lat0 + (lat - lat0) * k / pieces) for k in range(1, pieces)]
        out.append((lon, lat))
    return [(round(lon, 5), round(lat, 5)) for lon, lat in out]


def carve(water: np.ndarray, chains: list[Chain]) -> None:
    """Make every cell that a channel passes water.

    Args:
        water: True for water on the fine grid; changed in place.
        chains: The channels' points in degrees.
    """
    for chain in chains:
        for (lon1, lat1), (lon2, lat2) in pairwise(chain):
            steps = max(2, math.ceil(gap_km(lon1, lat1, lon2, lat2) / (EARTH_RADIUS_KM * math.radians(0.004))))
            t = np.linspace(0, 1, steps)
            rows = ((90 - (lat1 + t * (lat2 - lat1))) * CELLS_PER_DEGREE).astype(int)
            columns = ((lon1 + t * (lon2 - lon1) + 180) * CELLS_PER_DEGREE).astype(int) % WIDTH
            water[rows, columns] = True
