"""Editing without a browser: what people write as cells, corrections inside a workspace, and what a map is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import Atlas
from geo.app.editing.acts import mine_over
from geo.app.editing.begin import beside
from geo.app.editing.cells import dates_as_written, event_dates, new_id, own_cells, read_when, route_dates, way
from geo.app.editing.conflict import cell
from geo.app.places.keeping import keep_inside
from geo.app.workspaces import hold, workspace_at
from geo.config import SAMPLE
from geo.correcting import changes_between
from geo.edits import Change
from geo.errors import DateError
from geo.maps.columns import pack
from geo.maps.packing import take, take_texts
from geo.maps.renewal import known_texts, renewal
from geo.places.finder import default_finder
from geo.store.rows import plain_row
from geo.timeline import parse_date
from geo.workspace import Workspace

BUSAN, MOSCOW, VLADIVOSTOK = (default_finder().place(name) for name in ("Busan", "Moscow", "Vladivostok"))


@pytest.fixture
def workspace(sample, tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "team.gpkg", sample, who="Anna")


def same(atlas: Atlas, other: Atlas) -> bool:
    return atlas.to_geojson() == other.to_geojson()


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("24 March 2024", "2024-03-24"),
        ("on March 24, 2024", "2024-03-24"),
        ("2024-Q1", "2024-Q1"),
        ("in March 2024", "2024-03"),
        ("spring 2023", "2023-03-01/2023-05-31"),
    ],
)
def test_a_date_is_read_in_figures_or_words(written, iso):
    assert read_when(written)[:2] == parse_date(iso)[:2]


@pytest.mark.parametrize("written", ["yesterday", "03/04/2023", "24 March 2024 or so they said", "soon"])
def test_a_date_that_would_be_guessed_at_is_refused(written):
    with pytest.raises(DateError):
        read_when(written)


DAYS = st.dates(pd.Timestamp("1700-01-01").date(), pd.Timestamp("2100-01-01").date())


@given(st.lists(DAYS, min_size=2, max_size=2).map(sorted), st.sampled_from(["day", "month", "year"]), st.booleans())
def test_dates_of_a_route_come_back_as_they_were_written(days, precision, arrives):
    cut = {"day": 10, "month": 7, "year": 4}[precision]
    depart, arrive = (day.isoformat()[:cut] for day in days)
    written = {"depart": depart, "arrive": arrive if arrives else ""}
    assert dates_as_written("routes", plain_row(route_dates(**written))) == written


def test_what_is_not_dated_is_said_to_be_so():
    assert event_dates("") == {"start": None, "end": None, "precision": "range"}
    assert route_dates("", "2024-03")["dated_by"] == "arrive"
    with pytest.raises(DateError):
        route_dates("2024-03-24", "2024-03-20")


def test_ids_are_made_of_what_a_row_says_and_never_alike():
    first, second = (new_id("Пожар на пристани!", "2024-03-24T00:00") for _ in range(2))
    assert first.startswith("2024-03-24-пожар-на-пристани-")
    assert first != second


def test_a_route_with_no_way_says_why():
    found, trouble = way(MOSCOW, VLADIVOSTOK, "sea", [])
    assert found is None
    assert "No line is drawn" in trouble
    found, trouble = way(VLADIVOSTOK, BUSAN, "sea", [])
    assert 800 < found.length_km < 1100
    assert not trouble


def test_mine_goes_over_theirs_with_all_that_belongs_to_it():
    seen = {"id": "a", "title": "T", "note": "", "place": "X", "place_id": "1", "radius_km": 5.0, "geometry": "P1"}
    mine = {**seen, "place": "Y", "place_id": "2", "geometry": "P2"}
    theirs = {**seen, "note": "theirs", "radius_km": 9.0}
    assert own_cells(seen, mine).keys() == {"place", "place_id", "radius_km", "geometry"}
    over = mine_over(theirs, Change("events", "a", seen, mine))
    assert over == {**mine, "note": "theirs"}, "a place is taken whole, the rest stays theirs"
    assert mine_over(None, Change("events", "a", seen, mine)) == mine, "what they deleted is there again"
    assert mine_over(theirs, Change("events", "a", seen, None)) is None
    assert cell("POINT (130.6 42.4)") == "42.4000, 130.6000"


def test_a_correction_moves_its_rows_in_the_same_change_and_one_undo_takes_both_back(workspace, sample):
    corrected = workspace.correct(workspace.named.add("vladivostok", BUSAN, note="so it says"))
    about = corrected.atlas.events["place"] == "Vladivostok"
    assert about.any()
    assert set(corrected.atlas.events["place_id"][about]) == {BUSAN.place_id}
    moved = corrected.atlas.routes.set_index("id")
    before = sample.routes.set_index("id")
    gone = before.index[(before["destination"] == "Vladivostok") & (before["basis"] == "inferred")]
    assert all(moved.loc[name, "length_km"] != before.loc[name, "length_km"] for name in gone)
    assert Workspace.open(workspace.store.path).named.find("Vladivostok").place_id == BUSAN.place_id
    undone = corrected.undo()
    assert not undone.named.entries()
    assert same(undone.atlas, sample)
    again = undone.redo()
    back = again.correct(again.named.remove("Vladivostok"))
    assert set(back.atlas.events["place_id"][about]) == {VLADIVOSTOK.place_id}, "placed by its name again"


def test_a_row_put_at_a_point_by_hand_stays_where_it_is(workspace):
    row = workspace.atlas.events["id"][workspace.atlas.events["place"] == "Vladivostok"].iloc[0]
    cells = {"place_id": "point:10.00000,20.00000", "geometry": "POINT (20 10)"}
    moved = workspace.edit("events", row, cells)
    moved = moved.correct(moved.named.add("Vladivostok", BUSAN))
    assert moved.row("events", row)["geometry"] == "POINT (20 10)"
    again = moved.correct(moved.named.add("Vladivostok", None))
    others = again.atlas.events[(again.atlas.events["place"] == "Vladivostok") & (again.atlas.events["id"] != row)]
    assert others.geometry.isna().all()


def test_corrections_of_the_app_go_into_the_workspace(workspace, tmp_path):
    address = str(workspace.store.path)
    kept = keep_inside(address, workspace_at(address), tmp_path)
    kept.corrections.add("Najin", MOSCOW)
    assert kept.again().corrections.find("Najin").place_id == MOSCOW.place_id
    assert kept.again().corrections.last_change() == ("Najin",)
    now = workspace_at(address)
    hold(address, now.edit("events", now.atlas.events["id"][0], {"note": "n"}))
    assert kept.again().corrections.last_change() == (), "something else was changed since"
    hold(address, workspace_at(address).undo())
    kept.again().corrections.undo()
    assert not workspace_at(address).named.entries()
    assert not list(tmp_path.glob("corrections*")), "nothing is written beside it"


def test_a_dossier_becomes_another_by_what_differs(workspace, sample):
    assert changes_between(sample, workspace.atlas) == []
    events = sample.events.assign(note=sample.events["note"].where(sample.events.index > 0, "new"))
    more = events.iloc[[0]].assign(id="more")
    after = Atlas(pd.concat([events.iloc[:-1], more], ignore_index=True), sample.routes, sample.sources)
    changes = changes_between(sample, after)
    names = (sample.events["id"].iloc[0], "more", sample.events["id"].iloc[-1])
    assert {change.id for change in changes} == {*names}
    changed = workspace.apply(changes, what="took it over")
    assert set(changed.atlas.events["id"]) == set(after.events["id"])
    assert same(changed.undo().atlas, sample)


def test_a_map_is_told_of_changed_rows_with_those_texts_alone_that_it_lacks(sample):
    known = known_texts(sample.events, sample.routes, sample.sources)
    events = sample.events.assign(title=sample.events["title"].where(sample.events.index != 3, "Another"))
    told = renewal(known, pd.concat([events, events.iloc[[5]].assign(id="new")]), sample.routes, sample.sources)
    patch = told["texts"]["events"]
    fresh = take_texts(patch["fresh"])
    assert sorted(fresh["id"]) == sorted([sample.events["id"][3], "new"])
    assert take_texts(told["texts"]["routes"]["fresh"])["id"] == []
    old = take_texts(pack(sample.events, sample.routes, sample.sources).texts["events"])
    places = take(patch["from"], patch["bytes"])
    assert [(old["id"] + fresh["id"])[place] for place in places] == [*events["id"], "new"]


def test_a_dossier_to_edit_goes_beside_its_files_and_never_into_the_sample(tmp_path):
    folder = tmp_path / "own.data"
    folder.mkdir()
    assert beside(folder) == (tmp_path / "own.data.gpkg", "")
    assert beside(tmp_path / "a.geojson") == (tmp_path / "a.gpkg", "")
    assert beside(SAMPLE)[0] is None
    assert beside(None)[0] is None
    assert "written" in beside(Path("/proc/1/own"))[1]
