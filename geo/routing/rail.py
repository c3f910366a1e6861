"""Rail legs: the shortest way along a curated backbone of named stations."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from heapq import heappop, heappush
from itertools import groupby, pairwise
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.config import NETWORKS
from geo.errors import NoRouteError
from geo.geodesy import distance_km, distances_km, length_km
from geo.routing.borders import borders_on
from geo.routing.great_circle import drawn
from geo.routing.stops import Stop, label, position
from geo.types import LonLat, Place, Route

ACCESS_LIMIT_KM = 60.0  # an hour's drive: beyond it nobody would call the station the place's own
GAUGE_CHANGE_KM = 1000.0  # new bogies or new wagons cost about a day, and a freight train covers about this in a day
SECONDARY_COST = 1.3  # single track without wires: through trains go round by the trunk line when it is not much longer
ACCESS_DRAWN_KM = 1.0  # nearer than this the station is the place, as far as a map of a continent can tell


class Station(NamedTuple):
    """A named point on the rail network.

    Args:
        name: Its usual name in Latin letters.
        country: ISO 3166-1 alpha-2 code.
        lonlat: (longitude, latitude) in degrees, WGS 84.
        gauge_mm: Track gauge in mm.
        main: Named when a train passes it: cities, junctions, borders.
    """

    name: str
    country: str
    lonlat: LonLat
    gauge_mm: int
    main: bool


class Network(NamedTuple):
    """The rail network.

    Args:
        stations: Stations by id.
        tracks: For each station id its neighbours, with what it costs to reach them: the distance in km, weighed by
            the line's grade and any change of gauge.
        positions: Longitudes and latitudes of the stations in degrees, in their order; shape (2, n).
    """

    stations: dict[str, Station]
    tracks: dict[str, dict[str, float]]
    positions: npt.NDArray[np.float64]


def along_rails(stops: Sequence[Stop]) -> Route:
    """Follow the shortest way along the rails from stop to stop, by trunk lines of one gauge where those are near.

    The ends join their nearest stations, with a straight stretch where those are more than 1 km away; the stops
    between are passed at their stations.

    Args:
        stops: Origin, any stops between, destination; each apart from the next. Points in degrees, WGS 84.

    Returns:
        The line, its length in km as drawn, the main stations passed, and the borders crossed with any change of
        gauge. Always `inferred`. The line is straight
        from station to station, so its length is short of the winding track: mostly by a tenth to a quarter.

    Raises:
        CoordinateError: A stop is not on the Earth.
        NoRouteError: A stop has no station near it, or the lines at two stops do not meet.

    Source:
        `data/networks/`: station positions from GeoNames and own estimates, lines curated for this project.
    """
    stations = network().stations
    roles = ["origin", *["stop between"] * (len(stops) - 2), "destination"]
    joined = [_join(stop, role=role) for stop, role in zip(stops, roles, strict=True)]
    called = [station for station, _ in groupby(joined)]
    if len(called) == 1:
        raise NoRouteError(
            f"{label(stops[0])} and {label(stops[-1])} have the same station, {stations[called[0]].name}: no train "
            "goes between them. Use mode 'road'."
        )
    path = [called[0]]
    for start, end in pairwise(called):
        path += _cheapest_path(start, end)[1:]
    to_start = _access(stops[0], stations[path[0]])
    from_end = _access(stops[-1], stations[path[-1]])
    line = drawn([*to_start, *(stations[station].lonlat for station in path), *from_end])
    passed = path[0 if to_start else 1 : len(path) if from_end else -1]
    names = (stations[station].name for station in passed if stations[station].main or station in called)
    return Route(line, length_km(line), "inferred", tuple(names), borders=borders_on(line))


@cache
def network() -> Network:
    """Read the bundled rail network, once.

    Returns:
        Stations and tracks; nobody may change them.

    Source:
        `data/networks/rail_stations.csv` and `rail_lines.csv`.
    """
    with (NETWORKS / "rail_stations.csv").open(encoding="utf-8", newline="") as file:
        stations = {
            row["id"]: Station(
                name=row["name"],
                country=row["country"],
                lonlat=(float(row["lon"]), float(row["lat"])),
                gauge_mm=int(row["gauge_mm"]),
                main=row["main"] == "yes",
            )
            for row in csv.DictReader(file)
        }
    tracks: dict[str, dict[str, float]] = {station: {} for station in stations}
    with (NETWORKS / "rail_lines.csv").open(encoding="utf-8", newline="") as file:
        for (_, grade), rows in groupby(csv.DictReader(file), key=lambda row: (row["line"], row["grade"])):
            for a, b in pairwise(row["station"] for row in rows):
                tracks[a][b] = tracks[b][a] = _cost(stations[a], stations[b], grade=grade)
    return Network(stations, tracks, np.array([station.lonlat for station in stations.values()]).T)


def _cost(a: Station, b: Station, *, grade: str) -> float:
    running = distance_km(a.lonlat, b.lonlat) * (1.0 if grade == "trunk" else SECONDARY_COST)
    return running + (GAUGE_CHANGE_KM if a.gauge_mm != b.gauge_mm else 0.0)


def _join(stop: Stop, *, role: str) -> str:
    # A place never joins a station across a border: the crossing is what such a leg is about.
    stations, _, positions = network()
    lon, lat = position(stop)
    away = distances_km(lon, lat, *positions)
    nearest = int(np.argmin(away))
    reachable = away.copy()
    if isinstance(stop, Place) and stop.country:
        reachable[[station.country != stop.country for station in stations.values()]] = np.inf
    best = int(np.argmin(reachable))
    if reachable[best] <= ACCESS_LIMIT_KM:
        return list(stations)[best]
    if np.isfinite(reachable[best]):
        nearest = best
    found = list(stations.values())[nearest]
    raise NoRouteError(
        f"No railway station within {ACCESS_LIMIT_KM:g} km of the {role}, {label(stop)}: the nearest known is "
        f"{found.name} ({found.country}), {away[nearest]:,.0f} km away. Begin or end the leg there, or change its mode."
    )


def _cheapest_path(start: str, end: str) -> list[str]:
    stations = network().stations
    _, before = _reached(start, end)
    if end not in before:
        raise NoRouteError(
            f"The railways at {stations[start].name} and {stations[end].name} do not meet in the network. "
            "Split the journey into legs that change mode where the rails end."
        )
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]


def _reached(start: str, end: str | None = None) -> tuple[dict[str, float], dict[str, str]]:
    # costs and stations before, of all stations or of those no farther than the end
    tracks = network().tracks
    costs: dict[str, float] = {}
    reached: dict[str, str] = {}
    queue = [(0.0, start, start)]
    while queue:
        cost, station, before = heappop(queue)
        if station in reached:
            continue
        reached[station], costs[station] = before, cost
        if station == end:
            break
        for neighbour, step in tracks[station].items():
            if neighbour not in reached:
                heappush(queue, (cost + step, neighbour, station))
    return costs, reached


def rail_costs(stop: Stop, ends: Sequence[Stop]) -> list[float]:
    """Weigh the ways along the bundled railways from a stop to many others.

    Args:
        stop: Where they start, a place or (longitude, latitude) in degrees, WGS 84.
        ends: Where they lead.

    Returns:
        Each way's length in km, more on secondary lines and where the gauge changes; infinite where there is none.
    """
    try:
        costs, _ = _reached(_join(stop, role="origin"))
    except NoRouteError:
        return [inf] * len(ends)
    found = []
    for end in ends:
        try:
            found.append(costs.get(_join(end, role="destination"), inf))
        except NoRouteError:
            found.append(inf)
    return found


def _access(stop: Stop, station: Station) -> list[LonLat]:
    point = position(stop)
    return [point] if distance_km(point, station.lonlat) > ACCESS_DRAWN_KM else []
