"""Where no ship can be: well inland by the mask, away from every canal and river that the chart knows."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.geodesy import EARTH_RADIUS_KM, unit_vectors
from geo.routing.chart import chart
from geo.routing.grid import HEIGHT, WIDTH, Truths, cells

INLAND_CELLS = 3  # 5.6 km north and south: quays, islets and the mask's own error lie nearer to water
CHANNEL_KM = 10.0
CHANNEL_STEP_KM = 5.0
LONGEST_CHANNEL_KM = 100.0  # longer lines of the network lead from a channel out to sea


def inland(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Truths:
    """Tell which points lie well inland.

    Args:
        lon: Longitudes in degrees, WGS 84; shape (n,).
        lat: Latitudes in degrees; shape (n,).

    Returns:
        True for those more than about 5 km from water and 10 km from the canals and rivers of the chart; lakes and
        other rivers count as land. Shape (n,).

    Source:
        `data/sea/`: Natural Earth's land polygons, channels curated for this project.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    water = chart().water
    row, column = cells(lon, lat)
    found = ~water.at(row, column)
    rest = np.flatnonzero(found)
    wide = np.round(INLAND_CELLS / np.maximum(np.cos(np.radians(lat)), 0.05)).astype(
        np.int64
    )  # meridians draw together
    for down, along in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)):
        rows = np.clip(row[rest] + down * INLAND_CELLS, 0, HEIGHT - 1)
        dry = ~water.at(rows, (column[rest] + along * wide[rest]) % WIDTH)
        found[rest[~dry]] = False
        rest = rest[dry]
    if len(rest):
        chord = 2 * np.sin(CHANNEL_KM / EARTH_RADIUS_KM / 2)
        away, _ = _channels().query(unit_vectors(lon[rest], lat[rest]), distance_upper_bound=chord)
        found[rest] = ~np.isfinite(away)
    return np.asarray(found)


@cache
def _channels() -> cKDTree:
    sea = chart()
    lines = np.flatnonzero(sea.free[sea.start] & sea.free[sea.end] & (sea.km < LONGEST_CHANNEL_KM))
    counts = np.ceil(sea.km[lines] / CHANNEL_STEP_KM).astype(np.int64) + 1
    which = np.repeat(lines, counts)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)) / np.repeat(counts, counts)
    start, end = sea.vectors[sea.start[which]], sea.vectors[sea.end[which]]
    points = start + share[:, None] * (end - start)
    return cKDTree(points / np.linalg.norm(points, axis=1)[:, None])
