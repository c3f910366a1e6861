"""Places that we set down: the CSV files with an id for each, and the seas."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable

import numpy as np
from pyproj import Geod
from shapely.geometry import shape

from geo.places.gazetteer import ALIAS, ALTERNATE, MAIN
from geo.places.rows import Row
from sources.cities import cities_by_country
from sources.tables import FOLDER, BuildError, listed, our_sort, table

FILES = (
    "islands.csv",
    "regions.csv",
    "sites.csv",
    "towns.csv",
    "rivers.csv",
    "mountains.csv",
    "lakes.csv",
    "airports.csv",
    "former.csv",
    "landmarks.csv",
    "ports.csv",
)
PORTS = "ports.csv"
ENDS_OF_LEGS = ("port", "station")  # a leg from Najin by sea starts at its port
END_WORD = re.compile(
    r" (?:port|(?:railway |train )?station)$|^(?:port of|порт|станция) |(?:항|역|港|站|駅)$", re.IGNORECASE
)
SMALL_KM = 30.0


def read_curated() -> list[Row]:
    """Read every file of places that is there, and the seas.

    Raises:
        BuildError: An id stands twice, or a row has no point.
    """
    rows: list[Row] = []
    read_from: dict[str, str] = {}
    for name in FILES:
        for number, line in enumerate(table(name), 2):
            here = f"{name}, row {number}"
            if line["id"] in read_from:
                raise BuildError(f"{here}: the id {line['id']!r} stands in {read_from[line['id']]} too. Rename one.")
            read_from[line["id"]] = here
            rows.append(_place(line, here, is_port=name == PORTS))
    for sea in _read_seas():
        if sea.slug in read_from:
            raise BuildError(f"seas.geojson: the id {sea.slug!r} stands in {read_from[sea.slug]} too. Rename one.")
        read_from[sea.slug] = "seas.geojson"
        rows.append(sea)
    return rows


def _place(line: dict[str, str], here: str, *, is_port: bool) -> Row:
    try:
        lon, lat, radius = float(line["lon"]), float(line["lat"]), float(line["radius_km"])
    except (TypeError, ValueError) as error:
        raise BuildError(f"{here}: lon, lat and radius_km must be numbers: {line}") from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and radius > 0):
        raise BuildError(f"{here}: lon {lon}, lat {lat}, radius_km {radius} are not on the Earth.")
    row = Row(0, line["id"], line["name"], line["kind"], line["country"], "", lon, lat, radius)
    row.call(line["name"], MAIN)
    for alias in listed(line["aliases"] or ""):
        row.call(alias, our_sort(alias))
    if is_port:
        row.call(f"Port of {line['within']}", ALIAS)
        row.call(line["within"], ALTERNATE)  # the town itself stays the first answer for its bare name
    elif line["kind"] in ENDS_OF_LEGS:
        for name in (line["name"], *listed(line["aliases"] or "")):
            if bare := END_WORD.sub("", name).strip():
                row.call(bare, ALTERNATE)
    return row


def _read_seas() -> list[Row]:
    # A sea's radius is that of a disc of the same area.
    geod = Geod(ellps="WGS84")
    rows = []
    for feature in json.loads((FOLDER / "seas.geojson").read_text(encoding="utf-8"))["features"]:
        facts = feature["properties"]
        area, _ = geod.geometry_area_perimeter(shape(feature["geometry"]))
        radius = math.sqrt(abs(area) / math.pi) / 1000
        row = Row(0, facts["id"], facts["name"], facts["kind"], "", "", facts["lon"], facts["lat"], radius)
        row.call(facts["name"], MAIN)
        for alias in facts["aliases"]:
            row.call(alias, ALIAS)
        rows.append(row)
    return rows


def place_in_provinces(rows: Iterable[Row]) -> None:
    """Put each small place of ours into the first-level division of the nearest city of its country."""
    rows = list(rows)
    cities = cities_by_country(rows)
    where = {
        iso: (np.array([city.lon for city in there]), np.array([city.lat for city in there]))
        for iso, there in cities.items()
    }
    for row in rows:
        if not row.slug or row.country not in where or row.radius_km > SMALL_KM:
            continue
        lon, lat = where[row.country]
        away = np.hypot((lon - row.lon) * math.cos(math.radians(row.lat)), lat - row.lat)
        row.admin1 = cities[row.country][int(away.argmin())].admin1
