"""The bundled dossier says what the reports say: dates, places and kinds are held to a second transcription."""

import csv

import pytest

from geo.config import SAMPLE

EVENTS = """
1945                  | military     | Hwanghae and Pyongan provinces
1994                  | labour       | Russian Far East (remote logging areas)
2002                  | diplomacy    | Vladivostok
2010-02-18            | natural      | near Rajin, tri-border area (42.59 N 130.70 E)
2010                  | defection    | South Korean consulate, Vladivostok
2014-11-18            | diplomacy    | Moscow
2014-12-01            | accident     | western Bering Sea
2015-01               | diplomacy    | Moscow
2015-04-30            | diplomacy    | Moscow
2015-04-30            | military     | Pyongyang
2015-05-09            | diplomacy    | Moscow
2015-11-19            | diplomacy    | UN Headquarters, New York
2016-08-20/2016-08-31 | defection    | St. Petersburg
2023                  | asylum       | South Korea
2023-07-25/2023-07-27 | diplomacy    | Pyongyang
2023-09-13            | diplomacy    | Vostochny Cosmodrome, Amur Oblast
2023-10-13            | announcement | White House, Washington
2024-01               | arrest       | Vladivostok
2024-02               | arrest       | Lefortovo, Moscow
2024-01-16            | diplomacy    | Kremlin, Moscow
2024-02-07            | announcement | Pyongyang
2024-02-18            | diplomacy    | North Korea
2024-03-07/2024-03-31 | oil transfer | Vostochny Port
2024-03-22            | attack       | Crocus City Hall, Moscow region
2024-03-24            | diplomacy    | Russian Embassy, Seoul
2024-03-26            | sanctions    | Washington
2024-03-27            | sanctions    | Washington
2024-03-27            | sanctions    | Seoul
2024-03-28            | diplomacy    | UN Headquarters, New York
2024-04-02            | sanctions    | Seoul
2024-06-12            | announcement | Stimson Center, Washington
2024-06-14            | diplomacy    | Seoul
2024-06-18/2024-06-19 | diplomacy    | Pyongyang
2025-12-12/2025-12-13 | military     | Pyongyang
"""

LEGS = """
arms-2023    | 1 | Najin                -> Dunay                | sea  | 2023-09-08 | 2023-09-12
arms-2023    | 2 | Dunay                -> Tikhoretsk           | rail | 2023-09-12 | 2023-10-01
oil-2024     | 1 | Vostochny Port       -> Chongjin             | sea  | 2024-03    | 2024-03
summit-2023  | 1 | Pyongyang            -> Tumangang -> Khasan  | rail | 2023-09-10 | 2023-09-12
summit-2023  | 2 | Khasan               -> Vostochny Cosmodrome | rail | 2023-09-12 | 2023-09-13
summit-2023  | 3 | Vostochny Cosmodrome -> Komsomolsk-on-Amur   | rail | 2023-09-13 | 2023-09-15
summit-2023  | 4 | Komsomolsk-on-Amur   -> Vladivostok          | rail | 2023-09-15 | 2023-09-16
visit-2024   | 1 | Yakutsk              -> Pyongyang            | air  | 2024-06-18 | 2024-06-18
visit-2024   | 2 | Pyongyang            -> Hanoi                | air  | 2024-06-19 | 2024-06-20
troops-2024  | 1 | Chongjin             -> Vladivostok          | sea  | 2024-10-08 | 2024-10-13
fishing-2014 | 1 | Busan                -> western Bering Sea   | sea  | 2014-07    | 2014-12-01
"""

CARRIED = {
    "arms-2023-1": ("300", "containers", "Angara"),
    "arms-2023-2": ("300", "containers", "Russian Railways"),
    "oil-2024-1": ("", "", "North Korean tankers"),
    "troops-2024-1": ("1500", "soldiers", "Russian Pacific Fleet landing ships"),
}

DATE_UNCERTAIN = {
    "2015-04-minister-execution",
    "2024-02-nuclear-test-remark",
    "2025-12-engineers-welcome",
    "arms-2023-1",
    "arms-2023-2",
    "fishing-2014-1",
}
PLACE_UNCERTAIN = {"1994-logging-camps", "2014-12-trawler-sinking"}
QUOTES = {"2015-01-may-invitation": "as a first signal"}
FIGURES = {  # numbers and names that a slip of the pen would change, with the row they belong to
    "1945-hwanghae-report": ["Thirteen pages"],
    "2010-02-rajin-earthquake": ["540 km", "6.7", "6.9"],
    "2014-11-choe-moscow": ["Su-35"],
    "2014-12-trawler-sinking": ["62", "50"],
    "2015-11-third-committee": ["112 for", "19 against", "50 abstaining"],
    "2023-asylum-claims": ["5,750", "1,038"],
    "2023-10-containers-statement": ["1,000 containers"],
    "2024-02-lefortovo": ["15 June 2024"],
    "2024-03-crocus-attack": ["143", "100"],
    "2025-12-engineers-welcome": ["528th", "120 days", "nine"],
}


def read(name):
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def transcribed(table):
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


@pytest.fixture(scope="module")
def events():
    return read("events.csv")


@pytest.fixture(scope="module")
def routes():
    return read("routes.csv")


@pytest.fixture(scope="module")
def sources():
    return read("sources.csv")


def test_every_event_has_the_date_kind_and_place_that_was_reported(events):
    assert [(row["date"], row["kind"], row["place"]) for row in events] == transcribed(EVENTS)


def test_every_leg_has_the_ends_mode_and_dates_that_were_reported(routes):
    def stops(row):
        return " -> ".join([row["origin"], *filter(None, row["via"].split(";")), row["destination"]])

    found = [(row["shipment"], row["leg"], stops(row), row["mode"], row["depart"], row["arrive"]) for row in routes]
    expected = [
        (shipment, leg, " -> ".join(stop.strip() for stop in way.split("->")), mode, depart, arrive)
        for shipment, leg, way, mode, depart, arrive in transcribed(LEGS)
    ]
    assert found == expected


def test_what_a_leg_carried_is_what_was_reported(routes):
    found = {row["id"]: (row["quantity"], row["unit"], row["carrier"]) for row in routes}
    assert CARRIED.items() <= found.items()


@pytest.mark.parametrize("row_id", FIGURES)
def test_figures_in_titles_and_notes(events, row_id):
    text = next(f"{row['title']} {row['note']}" for row in events if row["id"] == row_id)
    assert [figure for figure in FIGURES[row_id] if figure not in text] == []


def test_what_is_uncertain_says_so_and_is_trusted_less(events, routes):
    rows = {row["id"]: row for row in events + routes}
    for row_id in DATE_UNCERTAIN | PLACE_UNCERTAIN:
        assert float(rows[row_id]["confidence"]) <= 0.7, row_id
        word = "date" if row_id in DATE_UNCERTAIN else "position"
        assert "approximate" in rows[row_id]["note"] and word in rows[row_id]["note"].lower(), row_id
    assert all(float(row["radius_km"]) > 0 for row in events if row["id"] in PLACE_UNCERTAIN)


def test_no_line_is_passed_off_as_observed(routes):
    assert {row["basis"] for row in routes} == {"inferred"}


@pytest.mark.parametrize("name", ["events.csv", "routes.csv", "sources.csv"])
def test_places_are_names_only(name):
    columns = set(read(name)[0])
    assert not columns & {"lon", "lat", "longitude", "latitude", "x", "y", "geometry", "coordinates", "wkt"}


def test_ids_are_unique_and_every_source_is_used_and_known(events, routes, sources):
    for table in (events, routes, sources):
        ids = [row["id"] for row in table]
        assert len(ids) == len(set(ids))
    assert {row["source_id"] for row in events + routes} == {row["id"] for row in sources}


def test_only_words_that_were_really_said_are_quoted(events, routes):
    assert {row["id"]: row["quote"] for row in events + routes if row["quote"]} == QUOTES


def test_no_address_is_invented(sources):
    assert {row["url"] for row in sources} == {""}
    assert all(row["publisher"] and row["title"] for row in sources)


def test_values_are_within_what_the_tables_allow(events, routes):
    rows = events + routes
    assert {row["status"] for row in rows} <= {"reported", "confirmed", "disputed"}
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)
    assert all(0 < len(row["title"]) < 80 and row["note"] for row in rows)
