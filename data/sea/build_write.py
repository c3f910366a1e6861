"""The two files that ship: planes of the mask, and the network with its landmarks."""

from __future__ import annotations

import csv
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from build_channels import points_of
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.routing.chart import LANDMARK_STEP_KM, TOLLS, UNREACHED, ice_toll
from geo.routing.grid import tiled

LANDMARKS = 16
DEGREE_STEP = 1e-5
BEND_STEPS = 128  # half a turn


def write_water(path: Path, water: np.ndarray, near: np.ndarray, far: np.ndarray, offing_km: float) -> None:
    """Write the planes.

    Args:
        path: Where to.
        water: True for water, channels carved, shape (10800, 21600).
        near: Distance to land in steps of 0.1 km.
        far: Least distance to land by quarter degree, in steps of 2 km.
        offing_km: From where water is the offing.
    """
    pieces = {}
    for name, cells in (("water", water), ("offing", near >= round(offing_km * 10))):
        pieces[f"{name}_tiles"], pieces[f"{name}_rows"] = tiled(cells)
    np.savez_compressed(path, **pieces, far=far)


def write_network(path: Path, vertices: dict[str, np.ndarray], lines: dict[str, np.ndarray], passages: Path) -> None:
    """Write vertices, lines, what crosses which gate, and distances from landmarks.

    Args:
        path: Where to.
        vertices: `lon`, `lat` in degrees, `before`, `after` in radians, `free`, `level`; shape (n,) each.
        lines: `start`, `end` and `km`, shape (m,) each.
        passages: `passages.csv`.
    """
    lon, lat = (np.rint(vertices[name] / DEGREE_STEP).astype(np.int64) for name in ("lon", "lat"))
    order = np.argsort(_along_curve(vertices["lon"], vertices["lat"]), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    ends = np.sort(np.column_stack([rank[lines["start"]], rank[lines["end"]]]), axis=1)
    chosen = np.lexsort((ends[:, 1], ends[:, 0]))
    start, end, km = ends[chosen, 0], ends[chosen, 1], lines["km"][chosen]
    lon, lat = lon[order], lat[order]
    crossing, closed = _crossings(lon * DEGREE_STEP, lat * DEGREE_STEP, start, end, passages)
    shut = np.unique(np.concatenate([lines for lines, is_closed in zip(crossing, closed, strict=True) if is_closed]))
    away = _landmarks(len(lon), start, end, km, shut)
    bends = np.column_stack([vertices["before"], vertices["after"]])[order].T
    np.savez_compressed(
        path,
        lon=np.diff(lon, prepend=0).astype(np.int32),
        lat=np.diff(lat, prepend=0).astype(np.int32),
        bends=np.rint(bends / np.pi * BEND_STEPS).astype(np.int64).astype(np.uint8),
        free=np.flatnonzero(vertices["free"][order]).astype(np.int32),
        level=vertices["level"][order].astype(np.uint8),
        degree=np.bincount(start, minlength=len(lon)).astype(np.uint16),
        step=(end - start).astype(np.int32),
        crossing=np.concatenate(crossing).astype(np.int32),
        crossings=np.array([len(lines) for lines in crossing], dtype=np.int32),
        landmarks=np.diff(away, axis=1, prepend=np.uint16(0)),
    )


def _along_curve(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    # numbers whose bits are those of both coordinates in turn: neighbours on the Earth stay near in the file
    x, y = ((lon + 180) / 360 * 65535).astype(np.uint64), ((lat + 90) / 180 * 65535).astype(np.uint64)
    out = np.zeros(len(lon), dtype=np.uint64)
    for bit in range(16):
        out |= ((x >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit)
        out |= ((y >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + 1)
    return out


def unit_vectors(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Turn points in degrees into unit vectors, shape (n, 3)."""
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def tolls(lon: np.ndarray, lat: np.ndarray, level: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Say by how much each line weighs more than its length, by the rule of `geo/routing/chart.py`.

    Args:
        lon: Longitudes of the vertices in degrees.
        lat: Latitudes of the vertices in degrees.
        level: Number of each vertex's contour.
        start: First vertex of each line.
        end: Second vertex of each line.

    Returns:
        Factors, shape (m,).
    """
    points = unit_vectors(lon, lat)
    return np.array(TOLLS)[np.maximum(level[start], level[end])] * ice_toll(points[start], points[end])


def _crossings(
    lon: np.ndarray, lat: np.ndarray, start: np.ndarray, end: np.ndarray, passages: Path
) -> tuple[list[np.ndarray], list[bool]]:
    points = unit_vectors(lon, lat)
    along = np.cross(points[start], points[end])
    middle = points[start] + points[end]
    found, closed = [], []
    with passages.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            gate = np.array(points_of(row["gate"]))
            posts = unit_vectors(gate[:, 0], gate[:, 1])
            meets = np.zeros(len(start), dtype=bool)
            for a, b in pairwise(posts):
                side = points @ np.cross(a, b)
                meets |= (side[start] * side[end] < 0) & ((along @ a) * (along @ b) < 0) & (middle @ (a + b) > 0)
            found.append(np.flatnonzero(meets))
            closed.append(row["closed"] == "yes")
    return found, closed


def _landmarks(size: int, start: np.ndarray, end: np.ndarray, km: np.ndarray, shut: np.ndarray) -> np.ndarray:
    kept = np.ones(len(start), dtype=bool)
    kept[shut] = False
    graph = csr_array((km[kept], (start[kept], end[kept])), shape=(size, size))
    away = dijkstra(graph, directed=False, indices=int(np.bincount(start).argmax()))
    reached = np.isfinite(away)
    nearest = np.where(reached, away, -1.0)
    chosen = []
    for _ in range(LANDMARKS):
        km_from = dijkstra(graph, directed=False, indices=int(np.argmax(nearest)))
        nearest = np.where(reached, np.minimum(nearest, km_from) if chosen else km_from, -1.0)
        chosen.append(np.where(np.isfinite(km_from), np.rint(km_from / LANDMARK_STEP_KM), UNREACHED).astype(np.uint16))
    return np.array(chosen)
