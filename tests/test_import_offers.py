"""What an import offers and never does by itself: axes swapped, rows merged."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import duplicates
from tests.test_importing import brought, sheet

__all__ = ["sheet"]  # a fixture


@pytest.mark.parametrize(
    "rows",
    [
        [f"{n},T,2024,{126 + n / 10},{37 + n / 10}," for n in range(9)],  # off the Earth
        [f"{n},T,2024,{2 + n / 10},{48 + n / 10},France" for n in range(9)],  # outside the country
        ["a,T,2024,2.35,48.86,,Paris", "b,T,2024,13.4,52.52,,Berlin", "c,T,2024,21.01,52.23,,Warsaw"],  # far from there
        [f"{n},T,2024,{85 + n},{37 + n / 10}," for n in range(9)],  # some off the Earth
    ],
)
def test_swapped_coordinates_are_said_and_offered(sheet, rows):
    read = sheet(
        "id,title,date,lat,lon,country,place\n" + "\n".join(f"{row}{',' * (6 - row.count(','))}" for row in rows)
    )
    result = brought(read)
    assert "swapped" in result.offers[0].message
    assert result.mapping.columns["lat"] == "lat", "never done unasked"
    turned = brought(read, result.offers[0].mapping)
    assert len(turned.events) == len(rows)
    assert not turned.offers


@pytest.mark.parametrize(
    "rows",
    [
        [f"{n},T,2024,{12 + n / 10},{48 + n / 10},," for n in range(30)],  # in the Gulf of Aden; swapped, in Germany
        ["a,T,2024,12.5,48.5,,Gulf of Aden", "b,T,2024,12.6,48.6,,Gulf of Aden"],
        [*(f"{n},T,2024,{5 + n / 10},{45 + n / 10},," for n in range(30)), "x,T,2024,145.1,4.5,,"],  # one wrong cell
        ["a,T,2024,40,45,,", "b,T,2024,45,40,,"],  # either way on land
        ["a,T,2024,2.35,48.86,,Paris"],  # one name is no evidence
        [f"{n},T,2024,{12 + n / 10},{45 + n / 10},Somalia," for n in range(9)],  # off the coast of the country
    ],
)
def test_coordinates_are_not_called_swapped_without_good_evidence(sheet, rows):
    assert not brought(sheet("id,title,date,lat,lon,country,place\n" + "\n".join(rows))).offers


def events(**columns):
    rows = {"id": ["a"], "title": ["Ship leaves Najin with coal"], "kind": ["other"], "lat": [42.25], "lon": [130.3]}
    table = pd.DataFrame({**rows, "date": ["2024-03-01"], **columns})
    return table.to_csv(index=False)


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ({}, 1),
        ({"title": ["Coal ship leaves Najin"]}, 1),
        ({"date": ["2024-03-03"]}, 1),
        ({"date": ["2024-03"]}, 1),
        ({"date": ["2024-05-01"]}, 0),
        ({"lat": [43.25]}, 0),
        ({"kind": ["attack"]}, 0),
        ({"title": ["Minister visits a school"]}, 0),
    ],
)
def test_duplicates_are_offered(sheet, change, pairs):
    there = brought(sheet(events())).events
    new = brought(sheet(events(id=["b"], **change))).events
    found = duplicates(there, new)
    assert len(found) == pairs
    if pairs:
        assert (found["existing"].iloc[0], found["new"].iloc[0]) == ("a", "b")
        assert 0.6 < found["score"].iloc[0] <= 1
        assert found["reason"].iloc[0]


def journeys(**columns):
    line = "LINESTRING (130.3 42.25, 131 42.5, 132.3 42.9)"
    rows = {"id": ["a"], "title": ["Coal for Dunay"], "mode": ["sea"], "cargo": ["coal"], "wkt": [line]}
    dates = {"origin": ["Najin"], "destination": ["Dunay"], "depart": ["2024-03-01"], "arrive": ["2024-03-02"]}
    return pd.DataFrame({**rows, **dates, **columns}).to_csv(index=False)


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ({}, 1),
        ({"title": ["Ship seen under way"]}, 1),
        ({"title": ["Dunay: coal"], "cargo": [""]}, 1),
        ({"wkt": ["LINESTRING (130.31 42.26, 132.31 42.91)"]}, 1),
        ({"wkt": ["MULTILINESTRING ((130.31 42.26, 131 43), (131 43, 132.31 42.91))"]}, 1),
        ({"wkt": ["LINESTRING (132.3 42.9, 130.3 42.25)"]}, 0),
        ({"wkt": ["LINESTRING (130.3 42.25, 135 42.9)"]}, 0),
        ({"mode": ["rail"]}, 0),
        ({"depart": ["2024-03-05"], "arrive": ["2024-03-06"]}, 1),
        ({"depart": ["2024-05-05"], "arrive": ["2024-05-06"]}, 0),
        ({"title": ["Minister goes home"], "cargo": ["passengers"]}, 0),
    ],
)
def test_routes_that_may_be_there_already_are_offered_too(sheet, change, pairs):
    there = brought(sheet(journeys())).routes
    new = brought(sheet(journeys(id=["b"], **change))).routes
    found = duplicates(there, new)
    assert len(found) == pairs
    assert all(found["reason"].str.startswith("Both sea, "))
    assert len(duplicates(there, there)) == 1, "the same id"
    assert not len(duplicates(there.iloc[:0], new))
