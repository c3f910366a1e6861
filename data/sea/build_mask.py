"""Water, land and the distance between them on a grid of one minute of arc, from Natural Earth's land polygons."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
from numba import njit

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
CELLS_PER_DEGREE = 60
WIDTH, HEIGHT = 360 * CELLS_PER_DEGREE, 180 * CELLS_PER_DEGREE
CELL_KM = math.radians(1 / CELLS_PER_DEGREE) * EARTH_RADIUS_KM
SAMPLES = 4  # a cell is looked at in 4 by 4 points
CLEARANCE_STEP_KM = 0.1
FARTHEST_KM = 20.0  # beyond it a cell is simply far from land
FAR_CELLS_PER_DEGREE = 4
FAR_STEP_KM = 2.0


def land_rings(path: Path) -> list[np.ndarray]:
    """Read the rings of all land, without jumps over 180 degrees.

    Args:
        path: `land-10m.json` of world-atlas (TopoJSON).

    Returns:
        Closed rings of (longitude, latitude) in degrees; longitudes may run past 180. The ring round the South Pole is
        led down to the pole and back.
    """
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    rings = []
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            for indexes in polygon:
                pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes]
                ring = np.concatenate([piece[1:] if n else piece for n, piece in enumerate(pieces)])
                ring[:, 0] = np.unwrap(ring[:, 0], period=360)
                if abs(ring[-1, 0] - ring[0, 0]) > 180:
                    ring = np.concatenate([ring, [[ring[-1, 0], -90.0], [ring[0, 0], -90.0]], ring[:1]])
                rings.append(ring)
    return rings


def land_grid(
    rings: list[np.ndarray], *, west: float, north: float, columns: int, rows: int, cells_per_degree: int
) -> np.ndarray:
    """Look at the centre of every cell of a grid: land or water.

    Args:
        rings: Closed rings in degrees.
        west: Western edge in degrees.
        north: Northern edge in degrees.
        columns: Number of columns.
        rows: Number of rows.
        cells_per_degree: How fine the grid is.

    Returns:
        1 for land, 0 for water, shape (rows, columns), uint8; north first.
    """
    grid = np.zeros((rows, columns), dtype=np.uint8)
    for ring in rings:
        for turn in (-360.0, 0.0, 360.0):
            x = (ring[:, 0] + turn - west) * cells_per_degree - 0.5
            y = (north - ring[:, 1]) * cells_per_degree - 0.5
            if x.max() < 0 or x.min() > columns or y.max() < 0 or y.min() > rows:
                continue
            _fill(grid, x, y)
    return grid


@njit
def _fill(grid, x, y):  # noqa: ANN001, ANN202
    rows, columns = grid.shape
    first, last = max(0, math.ceil(y.min())), min(rows - 1, math.floor(y.max()))
    count = np.zeros(last - first + 2, dtype=np.int64)
    for step in range(2):
        if step == 1:
            starts = np.zeros(len(count) + 1, dtype=np.int64)
            starts[1:] = np.cumsum(count)
            crossings = np.empty(starts[-1])
            count[:] = 0
        for i in range(len(x) - 1):
            low, high = min(y[i], y[i + 1]), max(y[i], y[i + 1])
            for row in range(max(first, math.ceil(low)), min(last, math.ceil(high) - 1) + 1):
                if step == 1:
                    crossings[starts[row - first] + count[row - first]] = x[i] + (row - y[i]) / (y[i + 1] - y[i]) * (
                        x[i + 1] - x[i]
                    )
                count[row - first] += 1
    for row in range(first, last + 1):
        found = np.sort(crossings[starts[row - first] : starts[row - first + 1]])
        for k in range(0, len(found) - 1, 2):
            for column in range(max(0, math.ceil(found[k])), min(columns - 1, math.floor(found[k + 1])) + 1):
                grid[row, column] ^= 1


def world_land(rings: list[np.ndarray]) -> np.ndarray:
    """Make the land of the whole Earth: a cell is land when half of its 16 points are.

    Args:
        rings: Closed rings in degrees.

    Returns:
        1 for land, 0 for water, shape (10800, 21600), uint8; north first, from 180 W.
    """
    land = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    band = 600
    for top in range(0, HEIGHT, band):
        fine = land_grid(
            rings,
            west=-180.0,
            north=90.0 - top / CELLS_PER_DEGREE,
            columns=WIDTH * SAMPLES,
            rows=band * SAMPLES,
            cells_per_degree=CELLS_PER_DEGREE * SAMPLES,
        )
        _half(fine, land, top)
    return land


@njit
def _half(fine, land, top):  # noqa: ANN001, ANN202
    for row in range(fine.shape[0] // SAMPLES):
        for column in range(land.shape[1]):
            count = 0
            for i in range(SAMPLES):
                for j in range(SAMPLES):
                    count += fine[row * SAMPLES + i, column * SAMPLES + j]
            land[top + row, column] = 2 * count >= SAMPLES * SAMPLES


def clearance(land: np.ndarray) -> np.ndarray:
    """Measure how far each cell is from land.

    Args:
        land: 1 for land, 0 for water, shape (10800, 21600).

    Returns:
        Distance from the cell's centre to the edge of the nearest land cell, in steps of 0.1 km, at most 20 km; 0 on
        land; uint8.
    """
    far = np.full(land.shape, round(FARTHEST_KM / CLEARANCE_STEP_KM), dtype=np.uint8)
    _stamp(land, far, CELLS_PER_DEGREE, CELL_KM / 2, FARTHEST_KM, CLEARANCE_STEP_KM)
    return far


def far_clearance(near: np.ndarray) -> np.ndarray:
    """Measure on a coarse grid how far the whole of each cell is at least from land.

    Args:
        near: Clearance on the fine grid, in steps of 0.1 km.

    Returns:
        Lower bound in steps of 2 km, shape (720, 1440), uint8.
    """
    size = CELLS_PER_DEGREE // FAR_CELLS_PER_DEGREE
    blocks = near.reshape(near.shape[0] // size, size, near.shape[1] // size, size).min(axis=(1, 3))
    coast = (blocks == 0).astype(np.uint8)
    far = np.full(coast.shape, 255, dtype=np.uint8)
    cell_km = CELL_KM * size
    _stamp(coast, far, FAR_CELLS_PER_DEGREE, cell_km * 1.5, 500.0, FAR_STEP_KM)
    return far


@njit
def _stamp(land, far, cells_per_degree, less_km, farthest_km, step_km):  # noqa: ANN001, ANN202, PLR0917
    rows, columns = land.shape
    cell_km = math.radians(1 / cells_per_degree) * EARTH_RADIUS_KM
    reach = math.ceil((farthest_km + less_km) / cell_km)
    for row in range(rows):
        for column in range(columns):
            if not land[row, column]:
                continue
            far[row, column] = 0
            inner = (
                land[max(row - 1, 0), column]
                and land[min(row + 1, rows - 1), column]
                and land[row, column - 1]
                and land[row, (column + 1) % columns]
            )
            if inner:
                continue
            for other in range(max(0, row - reach), min(rows, row + reach + 1)):
                # the narrower of the two parallels: never longer than the way over the sphere
                widest = max(abs(row + 0.5 - rows / 2), abs(other + 0.5 - rows / 2)) / cells_per_degree
                shrink = max(math.cos(math.radians(widest)), 1e-3)
                dy = abs(other - row) * cell_km
                across = min(columns // 2, math.ceil((farthest_km + less_km) / (cell_km * shrink)))
                for dx in range(-across, across + 1):
                    km = math.sqrt(dy * dy + (dx * cell_km * shrink) ** 2) - less_km
                    value = max(0.0, km) / step_km
                    at = (column + dx) % columns
                    if value < far[other, at]:
                        far[other, at] = np.uint8(value)
