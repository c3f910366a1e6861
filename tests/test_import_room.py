"""What stands behind the room of tables: which rows may be there, what merging does, what joins the dossier."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from geo import Atlas
from geo.app.importing.desk import Desk, bring
from geo.app.importing.job import take
from geo.app.importing.joined import Batch, joined
from geo.app.importing.meanings import asked, meanings
from geo.app.importing.merging import BOTH, LEFT_OUT, changes_for, into
from geo.app.importing.twins import find_twins
from geo.importing import TARGETS, Imported, import_sheet, read_import, read_sheet, suggest
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.storing import tables_of
from geo.types import Place
from geo.workspace import Workspace

HEADER = "id,title,kind,date,lat,lon,place,source,quote,crew\n"
THERE = HEADER + (
    'e1,Fire at the harbour,accident,2024-03-05,43.1,131.9,Vladivostok,Harbour Daily,"A fire broke out.",\n'
    "e2,Strike in the mine,protest,2024-04-01,,,,,,\n"
)
NEW = HEADER + (
    'n1,Harbour fire,accident,2024-03-06,43.12,131.91,Vladivostok,Coast News,"The quay burned.",12\n'
    "e2,Strike in the mine,protest,,50.0,30.0,Kyiv,Coast News,,3\n"
    "n3,Bridge opened,other,2024-05-05,40.0,22.0,Katerini,Coast News,,\n"
)


@pytest.fixture
def read(tmp_path):
    def one(text: str, name: str = "table.csv") -> Imported:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_import(path)

    return one


@pytest.fixture
def dossier(read) -> Atlas:
    return read(THERE, "there.csv").atlas


def nothing(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "corrections.csv", {})


def row(atlas: Atlas, name: str) -> dict:
    return atlas.events.set_index("id").loc[name].to_dict()


def test_rows_that_may_be_there_are_found_by_likeness_and_by_id(read, dossier):
    twins, there = find_twins(read(NEW), tables_of(dossier))
    assert {(twin.id, twin.likes[0].id) for twin in twins} == {("n1", "e1"), ("e2", "e2")}
    assert there == 0
    assert find_twins(read(THERE, "there.csv"), tables_of(dossier)) == ([], 2), "word for word the same"


def test_merging_fills_what_is_empty_and_adds_the_source_and_changes_nothing_else(read, dossier, tmp_path):
    brought = read(NEW)
    decisions = {("events", "n1"): into("e1"), ("events", "e2"): into("e2")}
    changes = changes_for(brought, tables_of(dossier), decisions)
    after = joined(dossier, [Batch(1, tuple(changes), brought.notices, "")], nothing(tmp_path))
    assert sorted(after.events["id"]) == ["e1", "e2", "n3"]
    fire, before = row(after, "e1"), row(dossier, "e1")
    assert fire["crew"] == "12"
    assert fire["note"] == "Also Coast News: “The quay burned.”"
    kept = ("title", "start", "end", "place", "source_id", "quote", "geometry", "status")
    assert [fire[name] for name in kept] == [before[name] for name in kept]
    strike = row(after, "e2")
    assert (strike["geometry"].x, strike["geometry"].y, strike["place"]) == (30.0, 50.0, "Kyiv")
    assert strike["start"] == row(dossier, "e2")["start"], "a date that is known is not taken away"
    assert set(after.sources["title"]) == {*dossier.sources["title"], "Coast News"}
    assert not any(one.id == "e2" and one.column == "geometry" for one in after.notices), "it has a position now"
    assert row(dossier, "e1")["note"] == "", "the dossier as it was opened is not touched"


def test_both_are_kept_under_an_id_of_their_own_and_what_is_left_out_brings_no_source(read, dossier, tmp_path):
    brought = read(NEW)
    tables = tables_of(dossier)
    changes = changes_for(brought, tables, {("events", "n1"): BOTH, ("events", "e2"): BOTH})
    assert {change.id for change in changes if change.layer == "events"} == {"n1", "e2-2", "n3"}
    left = changes_for(read(NEW[: NEW.index("n3")]), tables, {("events", "n1"): LEFT_OUT, ("events", "e2"): LEFT_OUT})
    assert left == []
    assert changes_for(read(THERE, "there.csv"), tables, {}) == [], "the same file again brings nothing"


def test_a_source_of_another_name_under_a_taken_id_keeps_its_own(dossier, tmp_path):
    taken = dossier.sources["id"].iloc[0]
    path = tmp_path / "sourced.csv"
    path.write_text(f"title,date,paper,source\nBridge opened,2024-05-05,{taken},Another paper\n")
    sheet = read_sheet(path)
    brought = import_sheet(sheet, suggest(sheet).mapping.with_columns(source_id="paper"))
    changes = {change.layer: change for change in changes_for(brought, tables_of(dossier), {})}
    assert changes["sources"].id == f"{taken}-2"
    assert changes["events"].after["source_id"] == f"{taken}-2"


def test_the_same_changes_go_into_a_workspace_as_one_step(read, dossier, tmp_path):
    work = Workspace.create(tmp_path / "own.gpkg", dossier, who="tester")
    brought = read(NEW)
    decisions = {("events", "n1"): into("e1"), ("events", "e2"): BOTH}
    tables = tables_of(work.atlas)
    after = work.apply(changes_for(brought, tables, decisions), what="brought in new.csv")
    here = joined(work.atlas, [Batch(1, tuple(changes_for(brought, tables, decisions)), (), "")], nothing(tmp_path))
    assert set(after.atlas.events["id"]) == set(here.events["id"]) == {"e1", "e2", "e2-2", "n3"}
    for name in ("title", "note", "place", "start"):
        assert dict(zip(after.atlas.events["id"], after.atlas.events[name], strict=True)) == dict(
            zip(here.events["id"], here.events[name], strict=True)
        )
    assert len(after.undo().atlas.events) == 2


def test_rows_that_were_brought_follow_a_corrected_name(read, dossier, tmp_path):
    brought = read("title,date,place\nMeeting,2024-05-05,Vladivostok\n")
    batch = Batch(1, tuple(changes_for(brought, tables_of(dossier), {})), brought.notices, "")
    corrections = Corrections(tmp_path / "corrections.csv", {}).open(tmp_path / "corrections.csv")
    corrections.add(
        "Vladivostok", Place("point:10.00000,10.00000", "There", 10.0, 10.0, "coordinate", "", 1.0, 1.0, "")
    )
    after = joined(dossier, [batch], Corrections.open(corrections.path))
    moved = after.events[after.events["title"] == "Meeting"].geometry.iloc[0]
    assert (moved.x, moved.y) == (10.0, 10.0)
    assert row(after, "e1")["geometry"] == row(dossier, "e1")["geometry"], "rows of the dossier follow by themselves"


def test_a_row_whose_partner_is_gone_is_noticed(read, dossier, tmp_path):
    brought = read(NEW)
    changes = changes_for(brought, tables_of(dossier), {("events", "n1"): into("e1"), ("events", "e2"): LEFT_OUT})
    smaller = replace(dossier, events=dossier.events[dossier.events["id"] != "e1"])
    after = joined(smaller, [Batch(1, tuple(changes), (), "")], nothing(tmp_path))
    assert "e1" not in set(after.events["id"])
    assert any(one.id == "e1" and "no longer there" in one.message for one in after.notices)


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    import tempfile

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    return Desk(tempfile.TemporaryDirectory())


def test_files_of_one_name_stand_side_by_side_and_bad_ones_are_said_once_each(desk):
    good = b"title,date\nBridge opened,2024-05-05\n"
    bad = {
        "empty.csv": b"",
        "header.csv": b"title,date\n",
        "broken.xlsx": b"PK\x03\x04 nothing",
        "broken.gpkg": b"no database",
        "broken.geojson": b"{",
        "parts.dbf": b"\x03",
        "../../odd.kml": b"<!DOCTYPE kml [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><kml>&a;</kml>",
    }
    bring(desk, [("table.csv", good), ("table.csv", good), *bad.items()])
    assert [job.name for job in desk.jobs] == ["table.csv", "table.csv"]
    assert desk.jobs[0].path != desk.jobs[1].path
    assert len(desk.faults) == len(bad), desk.faults
    assert all(Path(name).stem in fault for name, fault in zip(bad, desk.faults, strict=True)), desk.faults
    assert desk.at == desk.jobs[1].number


def test_a_table_is_read_as_the_one_before_with_the_same_header(desk):
    bring(desk, [("table.csv", b"title,what,date\nBridge opened,steel,2024-05-05\n")])
    job = desk.jobs[0]
    take(job, job.mapping.with_columns(note="what"))
    desk.visit.keep(job.sheet, job.mapping)
    bring(desk, [("repaired.csv", b"title,what,date,fault\nRoad closed,tar,2024-05-06,date: is wrong\n")])
    assert desk.jobs[1].mapping.columns["note"] == "what"
    assert desk.jobs[1].guess.remembered


def test_a_damaged_memory_is_no_reason_not_to_read_a_table(desk, tmp_path):
    kept = tmp_path / "settings" / "rutter" / "import-mappings.json"
    kept.parent.mkdir(parents=True)
    kept.write_text("{")
    bring(desk, [("table.csv", b"title,date\nBridge opened,2024-05-05\n")])
    assert "damaged" in desk.jobs[0].guess.remarks[0]
    assert desk.jobs[0].mapping.columns["title"] == "title"


def test_every_meaning_has_words_and_the_usual_ones_are_asked_about():
    known = {target for targets in TARGETS.values() for target in targets}
    assert set(meanings()) == known
    assert asked("events", ["title", "start"], drawn=False) == ["title", "kind", "start", "lat", "lon", "place"]
    assert asked("events", ["title", "date"], drawn=True) == ["title", "kind", "date", "place"]


def test_the_reading_of_a_table_says_how_far_it_is(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(NEW)
    sheet = read_sheet(path)
    told: list[tuple[float, str]] = []
    import_sheet(sheet, suggest(sheet).mapping, find=PlaceFinder().places, report=lambda *said: told.append(said))
    assert told == [(0.0, "placing events"), (0.5, "checking events")]
    assert pd.Series([share for share, _ in told]).is_monotonic_increasing
