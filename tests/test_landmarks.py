"""The curated landmarks, former places and other spellings say where things are, and nothing twice."""

from __future__ import annotations

import csv
import re
from collections import Counter

import numpy as np
import pytest
from pyarrow import feather

from geo.config import PLACES

COLUMNS = ["id", "name", "kind", "country", "within", "lon", "lat", "radius_km", "aliases", "source", "note"]
OURS = ("landmarks.csv", "former.csv")
KINDS = {
    "landmarks.csv": {
        "university", "park", "palace", "museum", "church", "mosque", "temple", "prison", "military site",
        "refugee camp", "neighbourhood", "square", "theme park", "stadium", "nuclear site", "mine", "headquarters",
        "government seat", "bridge", "border crossing", "monument", "building", "street", "cemetery", "zoo",
        "research centre", "city",
    },
    "former.csv": {"former country", "former province"},
}  # fmt: skip
AT_LEAST = {
    "university": 150, "park": 120, "military site": 100, "refugee camp": 50, "neighbourhood": 190,
    "nuclear site": 60, "border crossing": 50, "prison": 50, "monument": 100,
}  # fmt: skip
SLACK_KM = 80
LONELY = {
    "boma-national-park", "yida", "doro-refugee-camp", "dollo-ado-refugee-camps", "lusenda", "trebil",
    "khunjerab-pass", "pituffik-space-base", "coco-islands-base", "alert", "moruroa", "fangataufa", "bikini-atoll",
    "maralinga", "jaslyk-prison", "pibor", "nasir", "renk", "heglig", "in-amenas", "escondida", "bisie",
}  # fmt: skip
"""Sites more than `SLACK_KM` from any city of their own country: deserts, atolls, the Arctic, war zones."""


def read(name):
    with (PLACES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module", params=OURS)
def table(request):
    return request.param, read(request.param)


@pytest.fixture(scope="module")
def towns():
    columns = feather.read_table(PLACES / "places.arrow", columns=["kind", "country", "lon_e5", "lat_e5"])
    kind, country, lon, lat = (np.asarray(column.to_pandas()) for column in columns.columns)
    points = np.radians(np.column_stack([lon, lat]) / 1e5)
    cities = kind == "city"
    country, points = country[cities].astype(str), points[cities]
    order = np.argsort(country, kind="stable")
    codes, starts = np.unique(country[order], return_index=True)
    return dict(zip(codes.tolist(), np.split(points[order], starts[1:]), strict=True))


def nearest_km(lon, lat, radians):
    lon, lat = np.radians(lon), np.radians(lat)
    across, up = (radians[:, 0] - lon) / 2, (radians[:, 1] - lat) / 2
    half = np.sin(up) ** 2 + np.cos(lat) * np.cos(radians[:, 1]) * np.sin(across) ** 2
    return float(12742 * np.arcsin(np.sqrt(half.min())))


def test_no_id_is_used_twice_in_any_curated_file():
    seen = Counter(
        row["id"] for path in sorted(PLACES.glob("*.csv")) for row in read(path.name) if row.get("id") is not None
    )
    assert [each for each, times in seen.items() if times > 1] == []


def test_columns_are_filled(table):
    name, rows = table
    for row in rows:
        assert list(row) == COLUMNS, row
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]
        assert row["name"] == row["name"].strip() != "", row["id"]
        assert row["kind"] in KINDS[name], row["id"]
        assert re.fullmatch(r"([A-Z]{2})?", row["country"]), row["id"]
        assert row["source"] == "rutter", row["id"]
        aliases = row["aliases"].split("|") if row["aliases"] else []
        assert all(alias == alias.strip() != "" for alias in aliases), row["id"]


def test_coordinates_are_on_the_globe(table):
    for row in table[1]:
        assert -180 <= float(row["lon"]) <= 180, row["id"]
        assert -90 <= float(row["lat"]) <= 90, row["id"]
        assert 0 < float(row["radius_km"]) <= 3000, row["id"]


def test_every_point_is_near_a_town_of_its_country(table, towns):
    far = {
        row["id"]
        for row in table[1]
        if row["country"] in towns
        and nearest_km(float(row["lon"]), float(row["lat"]), towns[row["country"]]) > float(row["radius_km"]) + SLACK_KM
    }
    assert far <= LONELY


def test_no_name_comes_twice_in_one_country(table):
    seen = Counter((row["name"].casefold(), row["country"]) for row in table[1])
    assert [each for each, times in seen.items() if times > 1] == []


def test_there_are_enough_of_every_kind():
    landmarks = read("landmarks.csv")
    kinds = Counter(row["kind"] for row in landmarks)
    assert len(landmarks) >= 2000
    assert {kind: kinds[kind] for kind, least in AT_LEAST.items() if kinds[kind] < least} == {}
    former = Counter(row["kind"] for row in read("former.csv"))
    assert former["former country"] >= 70
    assert former["former province"] >= 200


def test_spellings_are_for_places_that_are_there():
    known = set(feather.read_table(PLACES / "places.arrow", columns=["gid"])["gid"].to_pylist())
    rows = read("aliases.csv")
    assert len(rows) >= 250
    for row in rows:
        assert int(row["geonameid"]) in known, row
        assert all(alias == alias.strip() != "" for alias in row["aliases"].split("|")), row
