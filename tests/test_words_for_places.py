"""Demonyms, abbreviations and other names of countries: each leads to a place that exists, and none is there twice."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pyarrow.compute as pc
import pytest
from pyarrow import feather

from geo.config import PLACES
from geo.places import key

SORTS = {"demonym", "people", "language"}
TARGET = re.compile(r"country:[A-Z]{2}|admin1:[A-Z]{2}\.[A-Z0-9.]+|geonames:[1-9]\d*|rutter:[a-z0-9-]+")
LEAST = {"demonyms.csv": 1450, "abbreviations.csv": 340}
LEAST_WORDS = {"demonyms.csv": 3250, "abbreviations.csv": 580}
UNINHABITED = {"BV", "GS", "HM", "TF", "UM"}


def curated(name):
    with (PLACES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def words(row):
    return (row["word"] if "word" in row else row["written"]).split("|")


def told(file):
    return {(word, row["target"]) for row in curated(file) for word in words(row)}


@pytest.fixture(scope="module")
def targets():
    table = feather.read_table(PLACES / "places.arrow", columns=["gid", "kind", "admin1"])
    provinces = table.filter(pc.equal(table["kind"].cast("string"), "province"))
    found = {f"admin1:{code}" for code in provinces["admin1"].cast("string").unique().to_pylist()}
    found |= {f"geonames:{gid}" for gid in table["gid"].to_pylist() if gid}
    found |= {f"country:{row['iso2']}" for row in curated("countries.csv")}
    rows = (row for path in PLACES.glob("*.csv") for row in curated(path.name))
    return found | {f"rutter:{row['id']}" for row in rows if row.get("id")}


@pytest.mark.parametrize("file", LEAST)
def test_every_word_leads_to_a_place_that_exists(file, targets):
    rows = curated(file)
    assert not [row["target"] for row in rows if not TARGET.fullmatch(row["target"])]
    assert not sorted({row["target"] for row in rows} - targets)


@pytest.mark.parametrize("file", LEAST)
def test_no_cell_is_empty_and_no_word_padded(file):
    rows = curated(file)
    assert all(row["source"] == "rutter" and all(row.values()) for row in rows)
    assert not [word for row in rows for word in words(row) if not key(word) or word != " ".join(word.split())]


@pytest.mark.parametrize(("file", "same"), [("demonyms.csv", key), ("abbreviations.csv", str)])
def test_no_word_is_there_twice_for_one_place(file, same):
    count = Counter((same(word), row["target"]) for row in curated(file) for word in words(row))
    assert not [pair for pair, times in count.items() if times > 1]


@pytest.mark.parametrize("file", LEAST)
def test_there_are_as_many_as_there_were(file):
    rows = curated(file)
    assert len(rows) >= LEAST[file]
    assert sum(len(words(row)) for row in rows) >= LEAST_WORDS[file]


def test_sorts_of_demonyms_are_known():
    assert {row["sort"] for row in curated("demonyms.csv")} == SORTS


def test_every_inhabited_country_has_a_demonym():
    having = {row["target"] for row in curated("demonyms.csv")}
    without = {row["iso2"] for row in curated("countries.csv") if f"country:{row['iso2']}" not in having}
    assert without == UNINHABITED


def test_every_state_of_the_united_states_has_a_demonym_and_most_an_abbreviation():
    table = feather.read_table(PLACES / "places.arrow", columns=["kind", "country", "admin1"])
    rows = table.filter(pc.equal(table["country"].cast("string"), "US"))
    rows = rows.filter(pc.equal(rows["kind"].cast("string"), "province"))
    states = {f"admin1:{code}" for code in rows["admin1"].cast("string").to_pylist()}
    assert states <= {row["target"] for row in curated("demonyms.csv")}
    # Newspapers write Ohio and Utah out.
    assert states - {row["target"] for row in curated("abbreviations.csv")} == {"admin1:US.OH", "admin1:US.UT"}


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("Filipino", "country:PH"),
        ("Korean", "country:KP"),
        ("Korean", "country:KR"),
        ("Georgian", "country:GE"),
        ("Georgian", "admin1:US.GA"),
        ("English", "admin1:GB.ENG"),
        ("Kurdish", "rutter:kurdistan-region"),
        ("Muscovite", "geonames:524901"),
        ("северокорейский", "country:KP"),
        ("российская", "country:RU"),
    ],
)
def test_demonyms_people_know(word, target):
    assert (word, target) in told("demonyms.csv")


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("Calif.", "admin1:US.CA"),
        ("N.S.W.", "admin1:AU.02"),
        ("U.K.", "country:GB"),
        ("EU", "rutter:european-union"),
        ("NYC", "geonames:5128581"),
        ("Hants", "geonames:2647554"),
    ],
)
def test_abbreviations_people_know(written, target):
    assert (written, target) in told("abbreviations.csv")


def test_no_country_has_two_names_alike():
    for row in curated("countries.csv"):
        names = [alias for alias in row["aliases"].split("|") if row["aliases"]]
        count = Counter(names)
        assert not [name for name, times in count.items() if times > 1 or not key(name)], row["iso2"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DR Congo", "CD"),
        ("Zaire", "CD"),
        ("Republic of Congo", "CG"),
        ("Czech Republic", "CZ"),
        ("Holy See", "VA"),
        ("Siam", "TH"),
        ("Bechuanaland", "BW"),
        ("Occupied Palestinian Territories", "PS"),
        ("Rhodesia", "ZW"),
        ("Republic of Korea", "KR"),
    ],
)
def test_long_and_former_names_of_countries(name, code):
    having = {key(alias): row["iso2"] for row in curated("countries.csv") for alias in row["aliases"].split("|")}
    assert having[key(name)] == code
