"""Ways over the mask that join waters which no line between corners joins."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from build_channels import Chain, cheapest
from build_graph import _simplified, gap_km
from build_mask import CELLS_PER_DEGREE, CLEARANCE_STEP_KM, HEIGHT, WIDTH
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

SMALLEST = 3  # a water with fewer corners is nowhere to sail to
REACH_DEGREES = 1.5
TOLERANCE_KM = 0.3


def bridged(
    table: dict[str, np.ndarray], lines: dict[str, np.ndarray], water: np.ndarray, near: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], list[Chain]]:
    """Join small waters to the largest one near them, and leave out those that are too small.

    Args:
        table: Vertices: `lon`, `lat`, `before`, `after`, `free`, `level`, `least`.
        lines: `start`, `end`, `km`.
        water: True for water on the fine grid, channels carved.
        near: Distance to land, in steps of 0.1 km.

    Returns:
        Vertices and lines with the bridges, and the bridges as chains of (longitude, latitude) in degrees.
    """
    basin = _basins(len(table["lon"]), lines)
    size = np.bincount(basin)
    rows = np.minimum(((90 - table["lat"]) * CELLS_PER_DEGREE).astype(int), HEIGHT - 1)
    columns = ((table["lon"] + 180) * CELLS_PER_DEGREE).astype(int) % WIDTH
    greater = size[basin]
    chains, ends = [], []
    for number in np.argsort(size, kind="stable"):
        if size[number] < SMALLEST or number == size.argmax():
            continue
        members = np.flatnonzero(basin == number)
        found = _bridge(members, greater > size[number], rows, columns, water, near)
        if found is not None:
            first, last, chain = found
            chains.append(
                [_place(table, first), *chain, _place(table, last)],
            )
            ends.append((first, last))
    table, lines = _added(table, lines, chains, ends)
    basin = _basins(len(table["lon"]), lines)
    kept = np.bincount(basin)[basin] >= SMALLEST
    number = np.cumsum(kept) - 1
    whole = kept[lines["start"]]
    lines = {name: column[whole] for name, column in lines.items()}
    lines = {**lines, "start": number[lines["start"]], "end": number[lines["end"]]}
    return {name: column[kept] for name, column in table.items()}, lines, chains


def _basins(count: int, lines: dict[str, np.ndarray]) -> np.ndarray:
    graph = csr_array((lines["km"], (lines["start"], lines["end"])), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def _place(table: dict[str, np.ndarray], vertex: int) -> tuple[float, float]:
    return float(table["lon"][vertex]), float(table["lat"][vertex])


def _bridge(  # noqa: PLR0917
    members: np.ndarray, wanted: np.ndarray, rows: np.ndarray, columns: np.ndarray, water: np.ndarray, near: np.ndarray
) -> tuple[int, int, Chain] | None:
    first = int(members[len(members) // 2])
    row, column = int(rows[first]), int(columns[first])
    shrink = max(math.cos(math.radians(90 - row / CELLS_PER_DEGREE)), 0.1)
    up = int(REACH_DEGREES * CELLS_PER_DEGREE)
    side = int(up / shrink)
    top, bottom = max(0, row - up), min(HEIGHT, row + up + 1)
    across = np.arange(column - side, column + side + 1) % WIDTH
    cells = np.ix_(np.arange(top, bottom), across)
    cost = 1 + 3 / (0.5 + near[cells] * CLEARANCE_STEP_KM)
    cost[~water[cells]] = np.inf
    y, x = rows - top, (columns - column + side) % WIDTH
    inside = (y >= 0) & (y < bottom - top) & (x < len(across))
    goals = np.flatnonzero(inside & wanted)
    goals = goals[np.isfinite(cost[y[goals], x[goals]])]
    if not len(goals) or not np.isfinite(cost[row - top, side]):
        return None
    cost[y[goals], x[goals]] *= -1
    path = cheapest(cost, row - top, side, -1, -1, shrink)
    if len(path) == 0:
        return None
    last = int(goals[np.flatnonzero((y[goals] == path[-1][0]) & (x[goals] == path[-1][1]))[0]])
    lon = ((column - side + path[:, 1]) % WIDTH + 0.5) / CELLS_PER_DEGREE - 180
    lat = 90 - (top + path[:, 0] + 0.5) / CELLS_PER_DEGREE
    kept = _simplified(lon, lat, TOLERANCE_KM)
    return first, last, list(zip(lon[kept].round(5).tolist(), lat[kept].round(5).tolist(), strict=True))[1:-1]


def _added(
    table: dict[str, np.ndarray], lines: dict[str, np.ndarray], chains: list[Chain], ends: list[tuple[int, int]]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    count = len(table["lon"])
    points = [point for chain in chains for point in chain[1:-1]]
    start, end, km = [], [], []
    for chain, (first, last) in zip(chains, ends, strict=True):
        numbers = [first, *range(count, count + len(chain) - 2), last]
        count += len(chain) - 2
        for (a, b), (here, there) in zip(pairwise(numbers), pairwise(chain), strict=True):
            start.append(a)
            end.append(b)
            km.append(gap_km(*here, *there))
    new = np.array(points).reshape(-1, 2)
    none = np.zeros(len(new))
    more = {"lon": new[:, 0], "lat": new[:, 1], "before": none, "after": none, "free": none == 0, "level": none}
    more["least"] = none
    extras = zip(lines.items(), (start, end, km), strict=True)
    return (
        {name: np.concatenate([column, more[name].astype(column.dtype)]) for name, column in table.items()},
        {name: np.concatenate([column, extra]) for (name, column), extra in extras},
    )
