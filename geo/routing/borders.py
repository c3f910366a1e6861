"""Borders that railways cross, with the stations on both sides and the gauges of their tracks."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import LineString

from geo.config import NETWORKS
from geo.geodesy import wgs84
from geo.types import Border, Line, LonLat

GATE_KM = 8.0  # to each side of the straight line between the two stations


class Crossing(NamedTuple):
    """A border and the gate that a line crosses there.

    Args:
        border: In one direction.
        stations: Points of its two stations, (longitude, latitude) in degrees.
        gate: A line across the middle between them.
    """

    border: Border
    stations: tuple[LonLat, LonLat]
    gate: LineString


@cache
def crossings() -> tuple[Crossing, ...]:
    """Read the borders, once.

    Returns:
        All that are known.

    Source:
        `data/networks/borders.csv`, curated for this project.
    """
    with (NETWORKS / "borders.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_crossing(row) for row in csv.DictReader(file))


def _crossing(row: dict[str, str]) -> Crossing:
    a, b = (float(row["lon"]), float(row["lat"])), (float(row["next_lon"]), float(row["next_lat"]))
    azimuth, _, metres = wgs84().inv(*a, *b)
    middle = wgs84().fwd(*a, azimuth, metres / 2)[:2]
    posts = [wgs84().fwd(*middle, azimuth + side, GATE_KM * 1000)[:2] for side in (-90.0, 90.0)]
    border = Border(
        station=row["station"],
        country=row["country"],
        gauge_mm=int(row["gauge_mm"]),
        next_station=row["next_station"],
        next_country=row["next_country"],
        next_gauge_mm=int(row["next_gauge_mm"]),
        note=row["note"],
    )
    return Crossing(border, (a, b), LineString(posts))


def borders_on(line: Line) -> tuple[Border, ...]:
    """Name the borders that a railway line crosses.

    Args:
        line: In degrees, WGS 84, in the direction of travel.

    Returns:
        Each as often as it is crossed, in order, seen in the direction of travel.
    """
    known = crossings()
    points = shapely.get_coordinates(line)
    steps = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    gates = shapely.STRtree([crossing.gate for crossing in known])
    step, gate = gates.query(steps, predicate="intersects")
    found: list[Border] = []
    for number, crossed in sorted(zip(step.tolist(), gate.tolist(), strict=True)):
        border, (a, b), _ = known[crossed]
        course = points[number + 1] - points[number]
        border = border if course @ np.subtract(b, a) > 0 else _reversed(border)
        if border not in found[-1:]:  # a vertex on the gate itself belongs to two steps
            found.append(border)
    return tuple(found)


def _reversed(border: Border) -> Border:
    return Border(*border[3:6], *border[:3], border.note)
