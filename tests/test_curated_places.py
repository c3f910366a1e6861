"""The places that were set down by hand: ids, countries, points, names, and the outlines of the seas."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pytest
from pyarrow import feather
from shapely import STRtree
from shapely.geometry import Point, Polygon, shape

from geo.config import DATA, PLACES
from geo.places.names import key

AT_LEAST = {
    "rivers": 450,
    "mountains": 500,
    "lakes": 200,
    "airports": 500,
    "islands": 450,
    "regions": 400,
    "sites": 333,
}
SEAS_AT_LEAST = 170
COLUMNS = ["id", "name", "kind", "country", "within", "lon", "lat", "radius_km", "aliases", "source", "note"]
CURATED = [
    *AT_LEAST,
    *(name for name in ("towns", "former", "landmarks", "ports") if (PLACES / f"{name}.csv").exists()),
]
SLACK_KM = 50.0
# Far from every city of their own country, and nearer to others: checked one by one.
REMOTE = {
    "attu",
    "coco-islands",
    "coco-islands-airstrip",
    "eareckson-air-station",
    "ellesmere-island",
    "lake-hazen",
    "phoenix-islands",
    "shemya-island",
    "tiran-island",
}
KM_PER_DEGREE = 111.195  # of a great circle, on a sphere of the Earth's mean radius
Floats = npt.NDArray[np.float64]


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    with (PLACES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def seas() -> list[dict]:
    return json.loads((PLACES / "seas.geojson").read_text(encoding="utf-8"))["features"]


@cache
def cities() -> dict[str, Floats]:
    """The points of GeoNames' cities by country, and of all of them under ``""``."""
    table = feather.read_table(PLACES / "places.arrow", columns=["kind", "country", "lon_e5", "lat_e5", "gid"])
    table = table.filter(pc.and_(pc.equal(table["kind"], "city"), pc.greater(table["gid"], 0)))
    points = np.column_stack([table["lon_e5"].to_numpy(), table["lat_e5"].to_numpy()]) / 1e5
    country = np.asarray(table["country"].to_pylist())
    return {"": points} | {code: points[country == code] for code in np.unique(country)}


def nearest_km(lon: float, lat: float, points: Floats) -> float:
    east = (points[:, 0] - lon + 180.0) % 360.0 - 180.0
    return float(np.hypot(east * np.cos(np.radians(lat)), points[:, 1] - lat).min()) * KM_PER_DEGREE


@cache
def land() -> tuple[list[Polygon], STRtree]:
    """The rings of the bundled basemap: shells counter-clockwise, holes clockwise."""
    head, _, packed = gzip.decompress((DATA / "basemap" / "basemap.bin.gz").read_bytes()).partition(b"\n")
    facts = json.loads(head)
    numbers = varints(packed)
    pieces = facts["rings"] + facts["lines"]
    sizes, steps = numbers[:pieces], numbers[pieces:]
    total = int(sizes.sum())
    columns = [np.cumsum(steps[:total]), np.cumsum(steps[total : 2 * total])]
    points = np.column_stack(columns) * facts["scale"] + facts["translate"]
    ends = np.cumsum(sizes[: facts["rings"]])
    rings = [Polygon(ring) for ring in np.split(points[: ends[-1]], ends[:-1])]
    return rings, STRtree(rings)


def varints(packed: bytes) -> npt.NDArray[np.int64]:
    data = np.frombuffer(packed, np.uint8).astype(np.int64)
    starts = np.concatenate([[0], np.flatnonzero(data < 128)[:-1] + 1])
    place = np.arange(len(data)) - np.repeat(starts, np.diff(np.append(starts, len(data))))
    values = np.add.reduceat((data & 127) << (7 * place), starts)
    return (values >> 1) ^ -(values & 1)


def test_no_id_stands_twice():
    ids = Counter(row["id"] for name in CURATED for row in rows_of(name))
    ids.update(sea["properties"]["id"] for sea in seas())
    assert [found for found, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("name", AT_LEAST)
def test_as_many_as_promised(name):
    assert len(rows_of(name)) >= AT_LEAST[name]


@pytest.mark.parametrize("name", AT_LEAST)
def test_every_cell_holds_what_its_column_says(name):
    codes = {line["iso2"] for line in rows_of("countries")} | {""}
    for row in rows_of(name):
        assert list(row) == COLUMNS, row["id"]
        assert row["id"] == row["id"].strip().lower(), row["id"]
        assert row["name"].strip() == row["name"] != "", row["id"]
        assert row["kind"] == row["kind"].strip().lower() != "", row["id"]
        assert row["country"] in codes, row["id"]
        assert -180 <= float(row["lon"]) <= 180, row["id"]
        assert -90 <= float(row["lat"]) <= 90, row["id"]
        assert 0 < float(row["radius_km"]) <= 8000, row["id"]
        assert row["source"] in {"rutter", "GeoNames"}, row["id"]


@pytest.mark.parametrize("name", AT_LEAST)
def test_no_name_repeats_in_a_row(name):
    for row in rows_of(name):
        keys = [key(one) for one in [row["name"], *filter(None, row["aliases"].split("|"))]]
        assert all(keys), row["id"]
        assert [one for one, times in Counter(keys).items() if times > 1] == [], row["id"]


@pytest.mark.parametrize("name", AT_LEAST)
def test_every_point_lies_in_or_near_its_country(name):
    """A city of the country is within the radius and 50 km, or no city of another country is nearer."""
    wrong = []
    for row in rows_of(name):
        own = cities().get(row["country"]) if row["country"] else None
        if own is None or row["id"] in REMOTE:
            continue
        lon, lat = float(row["lon"]), float(row["lat"])
        away = nearest_km(lon, lat, own)
        if away > float(row["radius_km"]) + SLACK_KM and away > 2.0 * nearest_km(lon, lat, cities()[""]) + SLACK_KM:
            wrong.append((row["id"], row["country"], round(away)))
    assert wrong == []


def test_airports_have_codes_of_their_own():
    codes = Counter(
        code
        for row in rows_of("airports")
        if row["kind"] == "airport"
        for code in row["aliases"].split("|")
        if len(code) == 3 and code.isascii() and code.isupper()
    )
    assert [code for code, times in codes.items() if times > 1] == []
    assert len(codes) >= AT_LEAST["airports"]


def test_seas_are_as_many_as_promised_and_named_once():
    assert len(seas()) >= SEAS_AT_LEAST
    names = Counter(key(sea["properties"]["name"]) for sea in seas())
    assert [found for found, times in names.items() if times > 1] == []
    for sea in seas():
        keys = [key(one) for one in [sea["properties"]["name"], *sea["properties"]["aliases"]]]
        assert len(keys) == len(set(keys)), sea["properties"]["id"]


def test_seas_are_drawn_soundly():
    for sea in seas():
        outline, facts = shape(sea["geometry"]), sea["properties"]
        assert outline.is_valid, facts["id"]
        west, south, east, north = outline.bounds
        assert -180 <= west < east <= 180, facts["id"]
        assert -90 <= south < north <= 90, facts["id"]
        for part in getattr(outline, "geoms", [outline]):
            assert part.exterior.is_ccw, facts["id"]
        assert outline.contains(Point(facts["lon"], facts["lat"])), facts["id"]


def test_seas_have_their_point_in_the_water():
    rings, tree = land()
    dry = []
    for sea in seas():
        facts = sea["properties"]
        around = [rings[number] for number in tree.query(Point(facts["lon"], facts["lat"]), predicate="intersects")]
        depth = sum(1 if ring.exterior.is_ccw else -1 for ring in around)
        if depth > 0 and facts["kind"] != "canal":
            dry.append(facts["id"])
    assert dry == []
