"""Legs by rail or road along a network that the user gives."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geo.errors import NoRouteError
from geo.geodesy import EARTH_RADIUS_KM, distance_km, distances_km, length_km
from geo.routing.borders import borders_on
from geo.routing.great_circle import drawn
from geo.routing.lines import LineNetwork, line_network
from geo.routing.sight import vectors
from geo.routing.stops import Stop, label, position
from geo.types import LonLat, Mode, Place, Route

ACCESS_LIMIT_KM = 60.0  # as by the bundled railways: an hour's drive


def along_lines(stops: Sequence[Stop], *, mode: Mode, network: Any) -> Route:
    """Follow the shortest way along the lines of a network from stop to stop.

    Each stop joins the nearest point of the network, within 60 km; of several pieces of the network the one that is
    nearest to all stops is taken.

    Args:
        stops: Origin, any stops between, destination; each apart from the next. Points in degrees, WGS 84.
        mode: `rail` or `road`.
        network: What `line_network` takes.

    Returns:
        The line, its length in km as drawn, how far its ends are from the stops, and, by rail, the borders it crosses.
        Always `inferred`.

    Raises:
        CoordinateError: A stop is not on the Earth.
        MissingFileError: There is no such file.
        NoRouteError: A stop is far from every line, or the lines at two stops do not meet.
        OptionError: The network is nothing that can be read.
        ReadError: It holds no lines, or they are damaged.
    """
    lines = line_network(network)
    points = [position(stop) for stop in stops]
    near = [_pieces_near(lines, point) for point in points]
    for stop, point, pieces in zip(stops, points, near, strict=True):
        if not pieces:
            raise _too_far(lines, stop, point)
    shared = set(near[0]).intersection(*near[1:])
    if not shared:
        raise _apart(lines, stops, near)
    piece = min(shared, key=lambda number: (sum(pieces[number][0] for pieces in near), number))
    joined = [pieces[piece][1] for pieces in near]
    called = [vertex for vertex, _ in groupby(joined)]
    if len(called) == 1:
        raise NoRouteError(
            f"{label(stops[0])} and {label(stops[-1])} are by the same point of the network: no line leads from one to "
            "the other."
        )
    path = [called[0]]
    for start, end in pairwise(called):
        path += _shortest(lines, start, end)[1:]
    line = drawn(lines.lonlat[path].tolist())
    names = tuple(stop.name for stop in stops[1:-1] if isinstance(stop, Place))
    gaps_km = tuple(distance_km(point, _at(lines, vertex)) for point, vertex in zip(points, joined, strict=True))
    borders = borders_on(line) if mode == "rail" else ()
    return Route(line, length_km(line), "inferred", names, gaps_km=(gaps_km[0], gaps_km[-1]), borders=borders)


def line_kms(stop: Stop, points: np.ndarray, *, network: Any) -> np.ndarray:
    """Measure the ways along a network from a stop to many points.

    Args:
        stop: Where they start, (longitude, latitude) in degrees, WGS 84, or a place.
        points: Longitudes and latitudes in degrees; shape (n, 2).
        network: What `line_network` takes.

    Returns:
        km along the lines; infinite where either end is more than 60 km from every line, or no line leads there.
    """
    lines = line_network(network)
    pieces = _pieces_near(lines, position(stop))
    if not pieces:
        return np.full(len(points), np.inf)
    chords, nearest = lines.tree.query(vectors(*points.T))
    km = np.min([dijkstra(lines.km, indices=vertex) for _, vertex in pieces.values()], axis=0)[nearest]
    return np.where(chords * EARTH_RADIUS_KM <= ACCESS_LIMIT_KM, km, np.inf)


def near_lines(points: np.ndarray, *, network: Any) -> np.ndarray:
    """Tell which points a network serves.

    Args:
        points: Longitudes and latitudes in degrees; shape (n, 2).
        network: What `line_network` takes.

    Returns:
        True for those within 60 km of a line; shape (n,).
    """
    chords, _ = line_network(network).tree.query(vectors(*points.T))
    return np.asarray(chords * EARTH_RADIUS_KM <= ACCESS_LIMIT_KM)


def _at(lines: LineNetwork, vertex: int) -> LonLat:
    lon, lat = lines.lonlat[vertex].tolist()
    return lon, lat


def _pieces_near(lines: LineNetwork, point: LonLat) -> dict[int, tuple[float, int]]:
    # the nearest point of each connected piece within reach, with its distance
    chord = 2 * np.sin(ACCESS_LIMIT_KM * 1.01 / EARTH_RADIUS_KM / 2)
    close = np.sort(np.array(lines.tree.query_ball_point(vectors(*point), chord), dtype=np.int64))
    if not len(close):
        return {}
    away = distances_km(*point, *lines.lonlat[close].T)
    found: dict[int, tuple[float, int]] = {}
    for at in np.argsort(away, kind="stable"):
        if away[at] <= ACCESS_LIMIT_KM:
            found.setdefault(int(lines.piece[close[at]]), (float(away[at]), int(close[at])))
    return found


def _shortest(lines: LineNetwork, start: int, end: int) -> list[int]:
    _, back = dijkstra(lines.km, indices=end, return_predecessors=True)
    path = [start]
    while path[-1] != end:
        path.append(int(back[path[-1]]))
    return path


def _too_far(lines: LineNetwork, stop: Stop, point: LonLat) -> NoRouteError:
    nearest = _at(lines, int(lines.tree.query(vectors(*point))[1]))
    return NoRouteError(
        f"The network has no line within {ACCESS_LIMIT_KM:g} km of {label(stop)}: the nearest point is "
        f"{label(nearest)}, {distance_km(point, nearest):,.0f} km away. Add the line that leads there, or begin or end "
        "the leg elsewhere."
    )


def _apart(lines: LineNetwork, stops: Sequence[Stop], near: Sequence[dict[int, tuple[float, int]]]) -> NoRouteError:
    for (a, one), (b, other) in pairwise(zip(stops, near, strict=True)):
        if set(one) & set(other):
            continue
        here, there = (
            np.flatnonzero(lines.piece == min(pieces, key=lambda number: pieces[number])) for pieces in (one, other)
        )
        chords, nearest = cKDTree(lines.tree.data[there]).query(lines.tree.data[here])
        at = int(np.argmin(chords))
        ends = _at(lines, int(here[at])), _at(lines, int(there[nearest[at]]))
        return NoRouteError(
            f"The lines at {label(a)} and {label(b)} do not meet in the network. A line from {label(ends[0])} to "
            f"{label(ends[1])}, {distance_km(*ends):,.2f} km, would join them."
        )
    return NoRouteError("No piece of the network is near to all the stops. Split the journey into legs.")
