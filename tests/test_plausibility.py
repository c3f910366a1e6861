"""Implausible legs are said, with figures, and possible ones are left alone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString
from streamlit.testing.v1 import AppTest

from geo import Atlas, extract, plausibility, route
from geo.app.evidence import card
from geo.checking.speeds import vehicles
from geo.cli import main
from geo.routing import inland
from geo.timeline import hull, parse_date

NAUTICAL = 1.852
ROUTE_HEADER = "id,title,mode,origin,destination,depart,arrive,length_km\n"


def table(**row):
    usual = {"id": "r", "title": "T", "mode": "sea", "carrier": "", "cargo": "", "basis": "inferred", "dated_by": ""}
    usual |= {"depart": "2024-03-24T00:00Z", "arrive": "2024-03-24T01:00Z", "precision": "exact", "geometry": None}
    routes = gpd.GeoDataFrame([usual | row], geometry="geometry", crs="EPSG:4326")
    for name in ("depart", "arrive"):
        routes[name] = pd.to_datetime(routes[name], utc=True).astype("datetime64[ms, UTC]")
    return routes


def said(**row):
    return [notice.message for notice in plausibility(table(**row))]


def dated(depart, arrive):
    start, end, precision = hull(parse_date(depart), parse_date(arrive))
    return {"depart": start, "arrive": end, "precision": precision}


def test_ten_miles_in_an_hour_are_fine_and_five_hundred_are_not():
    assert said(length_km=10 * NAUTICAL) == []
    (message,) = said(length_km=500 * NAUTICAL)
    assert message == (
        "Too fast: 926 km in 1 hour would need 500 knots; ships make up to 30 knots. "
        "Check the dates, the places and the mode."
    )
    (notice,) = plausibility(table(length_km=500 * NAUTICAL))
    assert (notice.layer, notice.id, notice.column) == ("routes", "r", "arrive")


@pytest.mark.parametrize(
    ("mode", "km", "depart", "arrive", "starts"),
    [
        ("sea", 8000, "2024-03", "2024-03", None),
        ("sea", 1300, "2024-03-24", "2024-03-24", None),
        (
            "sea",
            1400,
            "2024-03-24",
            "2024-03-24",
            "Too fast: 1,400 km in at most 24 hours would need 31.5 knots; ships",
        ),
        ("sea", 8000, "2024-03-24", "2024-03-25", "Too fast: 8,000 km in at most 48 hours would need 90 knots; ships"),
        ("sea", 10, "2023", "2024", None),
        ("air", 8000, "2024-03-24", "2024-03-24", None),
        ("air", 2800, "2024-06-19", "2024-06-20", None),
        ("air", 2800, "2024-06-01", "2024-06-09", "Too slow: 2,800 km in at least 7 days would be 17 km/h; aircraft"),
        ("air", 2800, "2024-06-01/2024-06-04", "2024-06-05/2024-06-09", None),
        ("air", 2800, "2024-03", "2024-06", "Too slow: 2,800 km in at least 60 days would be 2 km/h; aircraft"),
        (
            "rail",
            8600,
            "2024-03-24",
            "2024-03-24",
            "Too fast: 8,600 km in at most 24 hours would need 358.3 km/h; trains",
        ),
        (
            "road",
            100,
            "2024-03-24T10:00Z",
            "2024-03-24T10:30Z",
            "Too fast: 100 km in 30 minutes would need 200 km/h; road",
        ),
        ("air", 60, "2024-03-24T10:00Z", "2024-03-24T11:30Z", None),
        ("air", 60, "2024-03-24T10:00Z", "2024-03-25T10:00Z", "Too slow: 60 km in 24 hours would be 2 km/h; aircraft"),
        ("sea", 0, "2024-03-24T10:00Z", "2024-03-24T10:00Z", None),
        (
            "sea",
            5,
            "2024-03-24T10:00Z",
            "2024-03-24T10:00Z",
            "Too fast: 5.0 km in no time is more than any speed; ships",
        ),
        ("sea", None, "2024-03-24T10:00Z", "2024-03-24T10:00Z", None),
    ],
)
def test_only_what_no_moment_of_the_dates_allows_is_said(mode, km, depart, arrive, starts):
    messages = said(mode=mode, length_km=km, **dated(depart, arrive))
    assert len(messages) == (starts is not None)
    assert all(message.startswith(starts) for message in messages)


@given(
    mode=st.sampled_from(sorted(vehicles())),
    hours=st.floats(0.1, 9000),
    share=st.floats(0.01, 0.99),
    precision=st.sampled_from(["exact", "day", "month", "range"]),
)
def test_a_speed_within_the_limits_is_never_said(mode, hours, share, precision):
    usual = vehicles()[mode][-1]
    km = hours * (usual.slowest_kmh + share * (usual.fastest_kmh - usual.slowest_kmh))
    depart = pd.Timestamp("2024-01-01", tz="UTC")
    row = {"depart": depart, "arrive": depart + pd.Timedelta(hours=hours), "precision": precision}
    assert said(mode=mode, length_km=km, **row) == []


def test_what_a_row_says_of_its_vehicle_counts():
    assert said(length_km=40 * NAUTICAL, carrier="a fast ferry") == []
    assert "knots; ships" in said(length_km=40 * NAUTICAL, carrier="a bulk carrier")[0]
    assert said(length_km=200, mode="rail", title="A delegation") == []
    assert "; freight trains make up to 120 km/h" in said(length_km=200, mode="rail", cargo="containers of ore")[0]
    assert said(length_km=200, mode="camel") == []


def test_an_arrival_before_the_departure_is_said_whatever_the_length():
    (message,) = said(length_km=None, arrive="2024-03-23T12:00Z")
    assert message.startswith("Arrives before it departs: 23 March 2024, 12:00 UTC is before 24 March 2024, 00:00 UTC.")


def test_missing_dates_and_lengths():
    assert said(length_km=500, arrive=None) == []
    assert said(length_km=500, depart=None, arrive=None) == []
    assert said(length_km=5000, dated_by="depart") == []
    assert said(geometry=LineString([(0, 0), (10, 0)]))[0].startswith("Too fast: 1,113 km in 1 hour")
    few = table(length_km=500 * NAUTICAL)[["id", "mode", "depart", "arrive", "length_km", "geometry"]]
    assert len(plausibility(few)) == 1
    assert plausibility(few.iloc[:0]) == []


def test_the_table_is_not_changed():
    routes = table(length_km=None, geometry=LineString([(0, 0), (10, 0)]))
    before = routes.copy()
    plausibility(routes)
    pd.testing.assert_frame_equal(routes, before)


def test_the_sample_has_nothing_implausible(sample):
    assert plausibility(sample.routes) == []
    assert not [notice for notice in sample.notices if notice.message.startswith(("Too", "Arrives"))]


def test_a_dossier_is_told_when_it_is_opened_and_one_date_is_no_journey_of_a_day(tmp_path, capsys):
    rows = ("a,Fast,sea,Najin,Busan,2024-03-24T00:00Z,2024-03-24T02:00Z,", "b,Left,sea,Najin,Odesa,2024-03-24,,")
    (tmp_path / "routes.csv").write_text(ROUTE_HEADER + "\n".join(rows), encoding="utf-8")
    atlas = Atlas.open(tmp_path)
    flagged = [notice for notice in atlas.notices if notice.message.startswith("Too fast")]
    assert [notice.id for notice in flagged] == ["a"]
    assert list(atlas.routes["dated_by"]) == ["", "depart"]
    atlas.save(tmp_path / "again.geojson")
    again = Atlas.open(tmp_path / "again.geojson")
    assert [notice for notice in again.notices if notice.message.startswith("Too fast")] == flagged
    assert list(again.routes["dated_by"]) == ["", "depart"]
    assert list(again.routes["passages"]) == list(atlas.routes["passages"])
    assert "Suez" in again.routes["passages"][1].split("; ")
    main(["slice", str(tmp_path)])
    assert f"note: routes, a, arrive: {flagged[0].message}" in capsys.readouterr().err


def test_an_opened_leg_names_its_passages(tmp_path):
    row = "a,T,sea,Rotterdam,Shanghai,2024-03,2024-05,\n"
    (tmp_path / "routes.csv").write_text(ROUTE_HEADER + row, encoding="utf-8")
    (leg,) = Atlas.open(tmp_path).routes.to_dict("records")
    assert tuple(leg["passages"].split("; ")) == route("Rotterdam", "Shanghai").passages
    assert leg["passages"].replace(";", ",") in card("routes", leg, None)


def test_a_text_with_one_date_is_no_journey_of_a_day():
    text = "A Russian ship carried containers from Najin to Odesa on September 8, 2023."
    (row,) = extract(text, published="2023-10-15").routes.to_dict("records")
    assert row["arrive"] - row["depart"] == pd.Timedelta(days=1)
    assert row["dated_by"] in ("depart", "arrive")
    assert plausibility(extract(text, published="2023-10-15").routes) == []


def test_candidates_are_judged_too():
    text = "The ship left Najin on September 20, 2023 and arrived in Dunay on September 12, 2023."
    found = extract(text, published="2023-10-15")
    assert [notice.message.split(",")[0] for notice in found.notices] == ["Arrives before it departs"]
    fast = "The ship left Najin on September 20, 2023 and arrived in Odesa on September 21, 2023."
    (notice,) = extract(fast, published="2023-10-15").to_atlas().notices
    assert notice.message.startswith("Too fast")


def test_evidence_shows_what_is_odd_of_a_row(tmp_path):
    row = "a,Fast,sea,Najin,Busan,2024-03-24T00:00Z,2024-03-24T02:00Z,\n"
    (tmp_path / "routes.csv").write_text(ROUTE_HEADER + row, encoding="utf-8")

    def page(folder):
        from pathlib import Path

        import streamlit as st

        from geo.app.dossier import open_path
        from geo.app.panel import show_evidence

        st.session_state["selected"] = ("routes", "a")
        show_evidence(open_path(Path(folder)))

    shown = AppTest.from_function(page, args=(str(tmp_path),), default_timeout=60).run()
    assert not shown.exception
    assert [warning.value for warning in shown.warning if warning.value.startswith("Too fast")]


# ---- observed tracks -------------------------------------------------------------------------------------------------


def track(line, mode="sea"):
    row = {"mode": mode, "basis": "observed track", "geometry": line, "depart": None, "arrive": None}
    return [message.partition(":")[0] for message in said(**row)], said(**row)


def sailed(start, end, **options):
    return route(start, end, **options).line


def test_a_straight_course_over_open_sea_is_fine_even_over_180():
    assert track(LineString([(lon, 30) for lon in np.arange(150, 180, 0.5)])) == ([], [])
    line = MultiLineString([[(179, 30), (179.5, 30), (180, 30)], [(-180, 30), (-179.5, 30)]])
    assert track(line) == ([], [])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((4.0, 52.0), (121.9, 31.0)),
        ((9.9, 53.5), (29.9, 59.9)),
        ((-73.5, 45.5), (-63.5, 44.6)),
        ((49.9, 40.3), (47.6, 43)),
    ],
    ids=["Suez and Malacca", "Kiel", "St Lawrence", "Caspian"],
)
def test_what_the_router_draws_is_no_odd_track(start, end):
    line = sailed(start, end, allow=["Kiel"])
    assert [kind for kind in track(line)[0] if kind != "Gap"] == []


def test_a_detour_is_held_against_the_inferred_route_not_the_straight_line():
    round_korea = sailed((129.1, 35.0), (126.5, 37.3))
    assert "Detour" not in track(round_korea)[0]
    by_okinawa = LineString([*sailed((129.1, 35.0), (128, 27)).coords, *sailed((128, 27), (126.5, 37.3)).coords])
    (message,) = [message for message in track(by_okinawa)[1] if message.startswith("Detour")]
    assert "the inferred route between its ends" in message


def test_there_and_back_is_no_detour():
    assert track(LineString([(130, 41), (131, 41), (132, 41), (131, 41.02), (130.02, 41.02)]))[0] == []


def test_a_gap_is_told_with_its_ends():
    lons = [*np.arange(150, 151, 0.05), *np.arange(155, 156, 0.05)]
    (message,) = track(LineString([(lon, 30) for lon in lons]))[1]
    assert message.startswith("Gap: no position for 39")
    assert "from 30 N 150.95 E to 30 N 155 E" in message


def test_loitering_is_told_with_its_place():
    turns = np.linspace(0, 12 * np.pi, 200)
    ring = [(132 + 0.03 * np.cos(turn), 41 + 0.03 * np.sin(turn)) for turn in turns]
    way = [(lon, 41) for lon in np.arange(130, 132, 0.1)]
    kinds, messages = track(LineString([*way, *ring, *((lon, 41) for lon in np.arange(132.1, 134, 0.1))]))
    assert kinds == ["Loitering"]
    assert "within 10 km of 41" in messages[0]
    assert "Loitering" not in track(LineString([*way, *ring]), mode="road")[0]


def test_positions_and_stretches_on_land_are_signs_of_false_positions():
    course = [(lon, 41.0) for lon in np.arange(130, 132, 0.1)]
    assert track(LineString(course))[0] == []
    jumped = [*course[:10], (126.0, 41.0), *course[10:]]
    messages = [message for message in track(LineString(jumped))[1] if message.startswith("On land")]
    assert len(messages) == 1
    assert "1 of its 21 positions (the first at 41 N 126 E)" in messages[0]
    across = LineString([(124.8, 38.5), (128.9, 38.5)])
    (message,) = [message for message in track(across)[1] if message.startswith("On land")]
    assert "0 of its 2 positions and " in message
    assert track(across, mode="road")[0] == []


def test_what_is_well_inland():
    names = {
        "Pyongyang's hills": (126.5, 39.5),
        "Japan Sea": (132, 41),
        "Suez Canal": (32.31, 30.6),
        "a quay": (129.04, 35.1),
    }
    assert inland(*np.array(list(names.values())).T).tolist() == [True, False, False, False]


def test_only_so_many_tracks_are_routed_and_the_others_say_so(monkeypatch):
    monkeypatch.setattr("geo.checking.tracks.ROUTED", 1)
    line = LineString([(130, 41), (131, 42), (132, 40), (133, 41.9), (131, 40)])
    row = {"basis": "observed track", "geometry": line, "depart": None, "arrive": None}
    routes = pd.concat([table(id=name, **row) for name in "ab"], ignore_index=True)
    messages = [notice.message for notice in plausibility(routes)]
    assert [message.split(":")[0] for message in messages] == ["Detour", "Long"]
    assert "was not compared" in messages[1]
