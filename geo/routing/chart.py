"""The sea as the router knows it: water and offing on a fine grid, corners to sail round, lines between them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from geo.config import SEA
from geo.errors import OptionError
from geo.geodesy import EARTH_RADIUS_KM
from geo.routing.grid import Plane, Truths, plane
from geo.types import LonLat

CELLS_OF_FAR = 15  # of the fine grid, along each side
FAR_STEP_KM = 2.0
DEGREE_STEP = 1e-5
LANDMARK_STEP_KM = 1.0
TOLLS = (1.0, 1.01, 1.04, 1.07, 1.11)
"""What a line weighs by the contour of its narrower corner, 18, 9, 5, 3.2 and 1.7 km from land: a ship gives the shore
a wide berth where that makes the way no more than so much longer."""

REACHES_KM = (17_000.0, 17_000.0, 1500.0, 300.0, 300.0)
"""How far a line from a corner of each contour reaches: those of narrow water lead to the next wider."""

ICE_LATITUDE = -60.0
ICE_TOLL = 1.25
UNREACHED = 65535

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


class Passage(NamedTuple):
    """A strait or canal that a line is said to use when it crosses the gate.

    Args:
        name: As it is called in `avoid`, `allow` and answers.
        closed: Not used unless it is allowed.
        gate: A line from shore to shore, (longitude, latitude) in degrees.
        note: What it is, and why it is closed.
    """

    name: str
    closed: bool
    gate: tuple[LonLat, ...]
    note: str


class Chart(NamedTuple):
    """Everything the router reads; nobody may change it.

    Args:
        water: Water, by cell of one minute.
        offing: Water at least 5 km from land, likewise.
        far: Least distance to land by cell of a quarter degree, in steps of 2 km; shape (720, 1440).
        lon: Longitudes of the vertices in degrees; shape (n,).
        lat: Latitudes of the vertices in degrees; shape (n,).
        vectors: The vertices as unit vectors; shape (n, 3).
        vectors32: The same in single precision.
        landward: At each corner a vector towards the land it lies before; shape (n, 3).
        nearest_dot: Cosine of how far each vertex reaches; shape (n,).
        sides: At each corner the unit vectors to the right of the contour's course before and after; shape (2, n, 3),
            in single precision.
        free: Vertices of channels, which lie off every contour.
        narrow: Corners of narrow water, where lines run closer to land; shape (n,).
        toll: What a line to each weighs for its length, more the nearer to land the corner lies; shape (n,).
        start: First vertex of each line.
        end: Second vertex of each line.
        km: Length of each line on the sphere; more where it leads through tight water or ice.
        gates: For each passage the lines that cross its gate.
        landmarks: Distance of every vertex from each landmark in km, passages closed by default kept
            closed; shape (n, k).
    """

    water: Plane
    offing: Plane
    far: npt.NDArray[np.uint8]
    lon: Floats
    lat: Floats
    vectors: Floats
    vectors32: Singles
    landward: Floats
    nearest_dot: Singles
    sides: Singles
    free: Truths
    narrow: Truths
    toll: Floats
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    km: Floats
    gates: dict[str, npt.NDArray[np.int32]]
    landmarks: npt.NDArray[np.float32]


@cache
def passages() -> dict[str, Passage]:
    """Read the named passages, once.

    Returns:
        Passages by name, in the order of the file.

    Source:
        `data/sea/passages.csv`, curated for this project.
    """
    with (SEA / "passages.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["passage"]: Passage(row["passage"], row["closed"] == "yes", _points(row["gate"]), row["note"])
            for row in csv.DictReader(file)
        }


def _points(text: str) -> tuple[LonLat, ...]:
    pairs = (pair.split() for pair in text.split(";"))
    return tuple((float(lon), float(lat)) for lon, lat in pairs)


@cache
def chart() -> Chart:
    """Read the bundled chart, once.

    Returns:
        Masks, vertices and lines.

    Source:
        `data/sea/`: Natural Earth's land polygons and channels curated for this project.
    """
    with np.load(SEA / "water.npz") as planes:
        water, offing = (plane(planes[f"{name}_tiles"], planes[f"{name}_rows"]) for name in ("water", "offing"))
        far = planes["far"]
    with np.load(SEA / "network.npz") as file:
        network = {name: file[name] for name in file.files}
    lon, lat = (np.cumsum(network[name]) * DEGREE_STEP for name in ("lon", "lat"))
    start = np.repeat(np.arange(len(lon), dtype=np.int32), network["degree"])
    end = (start + network["step"]).astype(np.int32)
    landmarks = np.cumsum(network["landmarks"], axis=1, dtype=np.uint16).T.astype(np.float32, order="C")
    landmarks[landmarks == UNREACHED] = np.inf
    crossed = np.split(network["crossing"], np.cumsum(network["crossings"])[:-1])
    free = np.zeros(len(lon), dtype=bool)
    free[network["free"]] = True
    level = network["level"]
    toll = np.array(TOLLS)[level]
    x, y = np.radians(lon), np.radians(lat)
    north = np.column_stack([-np.sin(y) * np.cos(x), -np.sin(y) * np.sin(x), np.cos(y)])
    east = np.column_stack([-np.sin(x), np.cos(x), np.zeros(len(x))])
    units = np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])
    bends = network["bends"] * (np.pi / 128)
    right = bends + np.pi / 2
    sides = np.cos(right)[..., None] * north + np.sin(right)[..., None] * east
    return Chart(
        water=water,
        offing=offing,
        far=far,
        lon=lon,
        lat=lat,
        vectors=units,
        vectors32=units.astype(np.float32),
        landward=np.cross(units, sides[0] + sides[1]),
        nearest_dot=np.cos(np.array(REACHES_KM) / EARTH_RADIUS_KM).astype(np.float32)[level],
        sides=sides.astype(np.float32),
        free=free,
        narrow=level > 1,
        toll=toll,
        start=start,
        end=end,
        km=arcs_km(lon[start], lat[start], lon[end], lat[end])
        * np.maximum(toll[start], toll[end])
        * ice_toll(units[start], units[end]),
        gates=dict(zip(passages(), crossed, strict=True)),
        landmarks=landmarks * LANDMARK_STEP_KM,
    )


def closed_passages(avoid: Iterable[str], allow: Iterable[str]) -> frozenset[str]:
    """Say which passages a route may not use.

    Args:
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.

    Returns:
        Names of all that are closed.

    Raises:
        OptionError: A name stands for no passage, or is both avoided and allowed.
    """
    known = {name.casefold(): name for name in passages()}
    asked: list[set[str]] = []
    for names in (avoid, allow):
        names = [names] if isinstance(names, str) else list(names)
        unknown = [name for name in names if str(name).casefold() not in known]
        if unknown:
            raise OptionError(f"No passage is called {unknown[0]!r}. Passages: {', '.join(passages())}.")
        asked.append({known[name.casefold()] for name in names})
    shut, opened = asked
    if shut & opened:
        raise OptionError(f"{sorted(shut & opened)[0]} is both avoided and allowed. Leave out one of them.")
    return (closed_by_default() | shut) - opened


@cache
def closed_by_default() -> frozenset[str]:
    """List the passages that are not used unless they are allowed.

    Returns:
        Their names.
    """
    return frozenset(name for name, passage in passages().items() if passage.closed)


@lru_cache(maxsize=8)
def lines(closed: frozenset[str]) -> csr_array:
    """Make the network without some passages.

    Args:
        closed: Names of the passages that may not be used.

    Returns:
        Lengths in km between vertices, both ways; shape (n, n).
    """
    sea = chart()
    kept = np.ones(len(sea.km), dtype=bool)
    for name in closed:
        kept[sea.gates[name]] = False
    start, end, km = sea.start[kept], sea.end[kept], sea.km[kept]
    size = len(sea.lon)
    both = (np.concatenate([km, km]), (np.concatenate([start, end]), np.concatenate([end, start])))
    return csr_array(both, shape=(size, size))


def arcs_km(lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike) -> Floats:
    """Measure great circles on the sphere.

    Args:
        lon1: Longitudes of the first points in degrees; shape (n,) or a scalar.
        lat1: Latitudes of the first points in degrees; shape (n,) or a scalar.
        lon2: Longitudes of the second points in degrees; shape (n,) or a scalar.
        lat2: Latitudes of the second points in degrees; shape (n,) or a scalar.

    Returns:
        Distances in km, shape (n,).
    """
    x1, y1, x2, y2 = (np.radians(np.asarray(x, dtype=float)) for x in (lon1, lat1, lon2, lat2))
    half = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def arc_km(a: LonLat, b: LonLat) -> float:
    """Measure one great circle on the sphere.

    Args:
        a: (longitude, latitude) in degrees.
        b: (longitude, latitude) in degrees.

    Returns:
        Distance in km.
    """
    y1, y2 = radians(a[1]), radians(b[1])
    half = sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin(radians(b[0] - a[0]) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def ice_toll(start: Floats, end: Floats) -> Floats:
    """Weigh great circles that run south of 60 S.

    Args:
        start: Unit vectors of the first points; shape (n, 3) or (3,).
        end: Unit vectors of the second points; shape (n, 3).

    Returns:
        1 for each that keeps north of 60 S, else 1.25; shape (n,).
    """
    start = np.broadcast_to(start, end.shape)
    z1, z2, dot = start[:, 2], end[:, 2], np.einsum("ij,ij->i", start, end)
    across = np.maximum(1 - dot**2, 1e-18)
    axis = (start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]) ** 2 / across
    between = (z2 < z1 * dot) & (z1 < z2 * dot)  # the southernmost point of the circle lies on the way
    lowest = np.where(between, -np.sqrt(np.maximum(1 - axis, 0)), np.minimum(z1, z2))
    return np.where(lowest < np.sin(np.radians(ICE_LATITUDE)), ICE_TOLL, 1.0)
