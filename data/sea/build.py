"""Build the sea chart: where water is, corners to sail round, lines between them, channels and passages.

    python data/sea/build.py [--world-atlas FOLDER_OR_TGZ]

Without `--world-atlas` the published npm package is fetched with `npm pack`. Writes `water.npz` and `network.npz`
beside this file. Takes ten minutes of the processor and 4 GB of memory. Needs numpy, scipy, numba, contourpy.
"""

from __future__ import annotations

import argparse
import csv
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from build_bridges import bridged
from build_channels import Chain, carve, channels, points_of
from build_graph import LEVELS, REACH_KM, corners, gap_km, sides, sight_lines
from build_mask import (
    CELLS_PER_DEGREE,
    CLEARANCE_STEP_KM,
    HEIGHT,
    WIDTH,
    clearance,
    far_clearance,
    land_grid,
    land_rings,
    world_land,
)
from build_spanner import spanner
from build_write import ice_toll, tolls, unit_vectors, write_network, write_water

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from world_atlas import PACKAGE, topojson  # noqa: E402

SOURCE = "land-10m.json"
SOUTH, NORTH = -72.0, 84.0  # beyond them no corner is sailed round
OFFING_KM = 5.0
ICE_EDGE = tuple((-180 + 7.5 * k, -57.0) for k in range(48))
"""Points by which a way that would lead through the ice of the Southern Ocean goes round it."""

LINKED_FROM = ((1.0, 0.9), (2.9, 2.7), (4.5, 4.0))
"""A channel's point that far from land is joined to lines that keep so far off, in km; others only by the channel."""

UNLINKED = 99.0
LONGEST_IN_ICE_KM = 3000.0


def shoals(path: Path) -> np.ndarray:
    """Draw the shoals that ships keep off on the fine grid: 1 where one is."""
    grid = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            outline = points_of(row["outline"])
            ring = np.array([*outline, outline[0]])
            grid |= land_grid(
                [ring], west=-180.0, north=90.0, columns=WIDTH, rows=HEIGHT, cells_per_degree=CELLS_PER_DEGREE
            )
    return grid


def vertices_of(chains: list[Chain], near: np.ndarray) -> dict[str, np.ndarray]:
    """Put the points of channels and ice edge, then the corners, into one table."""
    points = np.array(sorted({point for chain in chains for point in chain} | set(ICE_EDGE)))
    rows = ((90 - points[:, 1]) * CELLS_PER_DEGREE).astype(int)
    columns = ((points[:, 0] + 180) * CELLS_PER_DEGREE).astype(int) % WIDTH
    off_km = near[rows, columns] * CLEARANCE_STEP_KM
    linked = np.full(len(points), UNLINKED)
    for from_km, least_km in LINKED_FROM:
        linked[off_km >= from_km] = least_km
    found = corners(near, south=SOUTH, north=NORTH)
    level = found[:, 4].astype(int)
    none = np.zeros(len(points))
    return {
        "lon": np.round(np.concatenate([points[:, 0], found[:, 0]]), 5),
        "lat": np.round(np.concatenate([points[:, 1], found[:, 1]]), 5),
        "before": np.concatenate([none, found[:, 2]]),
        "after": np.concatenate([none, found[:, 3]]),
        "free": np.arange(len(points) + len(found)) < len(points),
        "level": np.concatenate([none.astype(int), level]),
        "least": np.concatenate([linked, np.array([least for _, least, *_ in LEVELS])[level]]),
    }


def lines_of(
    table: dict[str, np.ndarray], chains: list[Chain], near: np.ndarray, far: np.ndarray
) -> dict[str, np.ndarray]:
    """Find the lines between the vertices and keep those that are needed; the channels' own come first."""
    lon, lat = table["lon"], table["lat"]
    number = {point: n for n, point in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)) if table["free"][n]}
    steps = sorted(
        {(min(number[a], number[b]), max(number[a], number[b])) for chain in chains for a, b in pairwise(chain)}
    )
    own = np.array([(a, b, gap_km(lon[a], lat[a], lon[b], lat[b])) for a, b in steps])
    seen = np.array(
        sight_lines(
            lon,
            lat,
            unit_vectors(lon, lat),
            sides(lon, lat, table["before"]),
            sides(lon, lat, table["after"]),
            table["least"],
            np.array(REACH_KM)[table["level"]],
            table["free"],
            near,
            far,
            LEVELS[0][1],
        )
    )
    start, end = seen[:, 0].astype(int), seen[:, 1].astype(int)
    weight = tolls(lon, lat, table["level"], start, end)
    icy = ice_toll(unit_vectors(lon, lat)[start], unit_vectors(lon, lat)[end]) > 1
    seen[:, 2] *= weight
    seen = seen[~icy | (seen[:, 2] < LONGEST_IN_ICE_KM)]
    every = np.concatenate([own, seen[np.argsort(seen[:, 2], kind="stable")]])
    start, end, km = every[:, 0].astype(int), every[:, 1].astype(int), every[:, 2]
    kept = spanner(lon, lat, start, end, km, len(own))
    return {"start": start[kept], "end": end[kept], "km": km[kept]}


def used_only(
    table: dict[str, np.ndarray], lines: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Leave out vertices that no line reaches."""
    used = np.unique(np.concatenate([lines["start"], lines["end"]]))
    number = np.full(len(table["lon"]), -1)
    number[used] = np.arange(len(used))
    shorter = {name: column[used] for name, column in table.items()}
    return shorter, {**lines, "start": number[lines["start"]], "end": number[lines["end"]]}


def main() -> None:
    """Build both files."""
    parser = argparse.ArgumentParser(description="Build the sea chart.")
    parser.add_argument("--world-atlas", type=Path, help=f"folder or .tgz of npm {PACKAGE}")
    args = parser.parse_args()
    with topojson(SOURCE, args.world_atlas) as path:
        rings = land_rings(path)
    land = world_land(rings)
    land |= shoals(HERE / "shoals.csv")
    near = clearance(land)
    far = far_clearance(near)
    chains = channels(HERE / "channels.csv", rings, near)
    table = vertices_of(chains, near)
    table, lines = used_only(table, lines_of(table, chains, near, far))
    water = land == 0
    carve(water, chains)
    table, lines, bridges = bridged(table, lines, water, near)
    write_water(HERE / "water.npz", water, near, far, OFFING_KM)
    write_network(HERE / "network.npz", table, lines, HERE / "passages.csv")
    print(f"{len(table['lon']):,} vertices, {len(lines['km']):,} lines, {len(chains)} channels, {len(bridges)} bridges")
    for name in ("water.npz", "network.npz"):
        print(f"{name}: {(HERE / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
