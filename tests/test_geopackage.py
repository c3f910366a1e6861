"""A workspace in one file under all that happens to files: killed, full, read-only, torn, shared, edited by GDAL."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geo import Atlas, FormatError, GeoError, SaveError, StoreError, Workspace
from geo.edits import Change
from geo.store import Store
from tests.conftest import ROOT

KILLS = 200
EVENTS = 5


@pytest.fixture
def path(tmp_path, sample):
    Workspace.create(tmp_path / "dossier.gpkg", sample, who="ann")
    return tmp_path / "dossier.gpkg"


def edit(store: Store, turn: int) -> str:
    """Change one event in a transaction of its own, as the app does, and say what stands there now."""
    name = f"e{turn % EVENTS}"
    row = store.rows("events", [name])[0]
    store.apply([Change("events", name, row, {**row, "note": f"turn {turn}"})], who="ann", what=f"turn {turn}")
    return f"{name}:turn {turn}"


def test_gdal_opens_it_as_a_geopackage(path, sample):
    with sqlite3.connect(path) as link:
        assert link.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GPKG", "big"),)
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert link.execute("PRAGMA foreign_key_check").fetchall() == []
    assert dict(pyogrio.list_layers(path).tolist()) == {
        "events": "Point",
        "routes": "MultiLineString",
        **dict.fromkeys(("sources", "corrections", "transactions", "changes", "dossier")),
    }
    events = pyogrio.read_dataframe(path, layer="events")
    assert events.crs == "EPSG:4326"
    assert list(events["id"]) == list(sample.events["id"])
    assert list(events["quote"]) == list(sample.events["quote"])
    assert (pd.to_datetime(events["start"], utc=True) == sample.events["start"]).all()
    assert events["radius_km"].equals(sample.events["radius_km"])
    assert all(
        (ours is None and theirs is None) or shapely.equals_exact(ours, theirs, 1e-7)
        for ours, theirs in zip(sample.events.geometry, events.geometry, strict=True)
    )
    routes = pyogrio.read_dataframe(path, layer="routes")
    assert shapely.length(routes.geometry).sum() == pytest.approx(shapely.length(sample.routes.geometry).sum())


def test_what_gdal_adds_is_taken_in_and_noted(path):
    work = Workspace.open(path, who="ann")
    time.sleep(0.01)  # the file keeps time to the millisecond
    added = gpd.GeoDataFrame({"title": ["Drawn in another program"]}, geometry=[shapely.Point(131, 43)], crs=4326)
    pyogrio.write_dataframe(added, path, layer="events", append=True)
    found = work.refresh().atlas.events
    drawn = found[found["title"] == "Drawn in another program"].iloc[0]
    assert drawn["id"] == f"events-{len(found)}"
    assert (drawn["kind"], drawn["status"]) == ("other", "reported")
    edited = work.edit("events", found["id"].iloc[0], {"title": "Ann's"})
    assert edited.store.history()[-1].who == "ann"
    with sqlite3.connect(path) as link:
        assert link.execute("SELECT who FROM transactions WHERE role = 'outside'").fetchall() == [("another program",)]
    later = edited.edit("events", drawn["id"], {"title": "Named"})
    assert Workspace.open(path).row("events", drawn["id"])["title"] == "Named"
    assert later.undo().row("events", drawn["id"])["title"] == "Drawn in another program"


def test_the_spatial_index_of_another_program_stays_right(path, tmp_path):
    model = tmp_path / "model.gpkg"
    pyogrio.write_dataframe(pyogrio.read_dataframe(path, layer="events"), model, layer="events", SPATIAL_INDEX="YES")
    with sqlite3.connect(model) as link:
        made = link.execute(
            "SELECT sql FROM sqlite_master WHERE name LIKE 'rtree_events%' AND type = 'trigger'"
        ).fetchall()
        column = link.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()[0]
    with sqlite3.connect(path) as link:
        link.execute("CREATE VIRTUAL TABLE rtree_events_geometry USING rtree(id, minx, maxx, miny, maxy)")
        for (sql,) in made:
            link.execute(
                sql.replace(f"rtree_events_{column}", "rtree_events_geometry").replace(f'"{column}"', '"geometry"')
            )
        link.execute("INSERT INTO rtree_events_geometry VALUES (1, 125.8, 125.9, 39.0, 39.1)")
    assert len(made) > 3, "GDAL made no index to learn from"
    work = Workspace.open(path)
    name = work.atlas.events["id"].iloc[0]
    work.edit("events", name, {"geometry": shapely.Point(-150, 60)})
    with sqlite3.connect(path) as link:
        west = link.execute("SELECT minx FROM rtree_events_geometry WHERE id = 1").fetchone()[0]
    assert west == pytest.approx(-150, abs=0.001)


def test_killed_two_hundred_times_it_holds_every_committed_change(tmp_path):
    path = tmp_path / "d.gpkg"
    begun = [Change("events", f"e{number}", None, {"title": "T", "note": "turn 0"}) for number in range(EVENTS)]
    Workspace.create(path, Atlas.empty(), who="ann").apply(begun, what="began")
    store, chance, told = Store.open(path), random.Random(6), {f"e{number}": 0 for number in range(EVENTS)}
    for kill in range(KILLS):
        lines, tell = os.pipe()
        child = os.fork()
        if child == 0:
            for turn in range(kill * 1000 + 1, kill * 1000 + 1000):
                os.write(tell, f"{edit(store, turn)}\n".encode())
        os.close(tell)
        with os.fdopen(lines) as said:
            first = said.readline()  # it is at work; the next change is under way
            time.sleep(chance.uniform(0.0, 0.02))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            for line in (first, *said):
                told[line.partition(":")[0]] = int(line.rpartition(" ")[2])
        with sqlite3.connect(path) as link:
            notes = {name: int(note.split()[1]) for name, note in link.execute("SELECT id, note FROM events")}
            count, last = link.execute("SELECT count(*), max(id) FROM transactions").fetchone()
            assert link.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert all(notes[name] >= turn for name, turn in told.items()), f"kill {kill} lost a committed change"
        assert count == last, "a transaction is missing from the log"
    back = Workspace.open(path)
    for name in told:
        assert back.history("events", name)[-1].change.after["note"] == back.row("events", name)["note"]


_WRITER = """
import sys
from geo import Workspace
work = Workspace.open(sys.argv[1], who=sys.argv[2])
for turn in range(20):
    work = work.edit("events", sys.argv[2] + str(turn % 5), {"note": str(turn)})
"""


def test_two_programs_write_at_once_and_nothing_is_lost(tmp_path):
    path, authors = tmp_path / "d.gpkg", ("bob", "eve")
    rows = [Change("events", f"{who}{number}", None, {"title": "T"}) for who in authors for number in range(5)]
    work = Workspace.create(path, Atlas.empty(), who="ann").apply(rows, what="began")
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, path, who], cwd=ROOT) for who in authors]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    back = work.refresh()
    assert back.number == work.number + 40
    assert sorted(back.atlas.events["note"]) == sorted(2 * [str(turn) for turn in range(15, 20)])
    assert {entry.who for entry in back.history()} == {"ann", "bob", "eve"}


_WAL = """
import os, signal, sqlite3, sys
link = sqlite3.connect(sys.argv[1])
link.execute("PRAGMA journal_mode = WAL")
link.execute("UPDATE events SET note = 'written ahead' WHERE fid = 1")
link.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_file_left_in_wal_mode_by_a_killed_program_is_whole(path):
    subprocess.run([sys.executable, "-c", _WAL, path], check=False)
    assert path.with_name(f"{path.name}-wal").exists(), "the change is not in the file itself"
    work = Workspace.open(path)
    name = work.atlas.events["id"].iloc[0]
    assert work.row("events", name)["note"] == "written ahead"
    work.edit("events", name, {"title": "Ours"})
    back = Workspace.open(path).row("events", name)
    assert (back["title"], back["note"]) == ("Ours", "written ahead")


def unchanged(path: Path, act, kind: type[GeoError], words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(kind, match=words):
        act()
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*-journal"))


def test_a_full_disk_changes_nothing(path):
    work = Workspace.open(path)
    name = work.atlas.events["id"].iloc[0]
    roomy, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
        unchanged(
            path, lambda: work.edit("events", name, {"note": "long " * 19_000}), StoreError, "Nothing was changed"
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (roomy, hard))
    assert work.edit("events", name, {"note": "short"}).row("events", name)["note"] == "short"


def test_a_file_that_may_only_be_read_is_read(path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    work = Workspace.open(path)
    name = work.atlas.events["id"].iloc[0]
    unchanged(path, lambda: work.edit("events", name, {"note": "x"}), StoreError, "may only be read")


def test_one_that_another_program_holds_is_waited_for_and_then_told(path, monkeypatch):
    monkeypatch.setattr("geo.store.geopackage.WAIT_S", 0.2)
    work = Workspace.open(path)
    name = work.atlas.events["id"].iloc[0]
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="changed by another program"):
            work.edit("events", name, {"note": "x"})
        assert Workspace.open(path).number == work.number, "reading goes on meanwhile"
        other.execute("ROLLBACK")
    assert work.edit("events", name, {"note": "x"}).number == work.number + 1


def test_what_is_no_workspace_is_told(tmp_path, sample):
    foreign = tmp_path / "foreign.gpkg"
    pyogrio.write_dataframe(sample.events[["id", "title", "geometry"]], foreign, layer="ships")
    (tmp_path / "text.gpkg").write_text("no database at all " * 99)
    (tmp_path / "empty.gpkg").write_bytes(b"")
    unchanged(foreign, lambda: Atlas.open(foreign), FormatError, "no workspace of Rutter.*Import it")
    unchanged(foreign, lambda: sample.save(foreign), SaveError, "there already")
    for name, words in (("text", "no GeoPackage"), ("empty", "no workspace of Rutter")):
        file = tmp_path / f"{name}.gpkg"
        unchanged(file, lambda file=file: Atlas.open(file), FormatError, words)


def test_a_torn_file_is_told(path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FormatError, match="damaged"):
        Atlas.open(path)


def test_wrong_rows_of_another_program_are_told_with_their_row(path):
    with sqlite3.connect(path) as link:
        link.execute("UPDATE events SET confidence = 7 WHERE fid = 2")
        link.execute("UPDATE events SET start = 'soon' WHERE fid = 3")
    with pytest.raises(GeoError) as caught:
        Workspace.open(path)
    assert "row 2, column confidence" in str(caught.value)
    assert "row 3, column start: 'soon'" in str(caught.value)
