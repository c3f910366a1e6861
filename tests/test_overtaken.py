"""Where two change a dossier at once, or a cell is odd: every case here once lost or broke something."""

from __future__ import annotations

import datetime
import sqlite3

import pandas as pd
import psycopg
import pytest
import shapely

from geo import Atlas, Workspace
from geo.edits import Change
from geo.errors import ConflictError, FormatError, GeoError, LayerError, OptionError, SaveError, StoreError, TableError
from tests.test_workspace import EVENT, address, as_told  # noqa: F401


@pytest.fixture
def work(address):  # noqa: F811
    return Workspace.create(address, Atlas.empty(), who="ann").add("events", EVENT)


@pytest.fixture
def bob(work, address):  # noqa: F811
    return Workspace.open(address, who="bob")


def test_a_source_that_another_began_to_cite_is_not_undone(work, bob):
    work = work.add("sources", {"id": "s", "title": "A report"})
    bob.refresh().edit("events", "new", {"source_id": "s"})
    for act in (work.undo, lambda: work.remove("sources", "s")):
        with pytest.raises(TableError, match="still the source of the event 'new'"):
            act()
    assert list(work.refresh().atlas.sources["id"]) == ["s"]


def test_a_row_does_not_come_back_to_a_source_that_is_gone(work, bob):
    work = work.add("sources", {"id": "s"}).edit("events", "new", {"source_id": "s"}).remove("events", "new")
    bob.refresh().remove("sources", "s")
    with pytest.raises(TableError, match="id of no source"):
        work.undo()
    assert Workspace.open(work.store.place).atlas.events.empty


def test_a_dossier_whose_rows_name_sources_it_lacks_can_be_worked_on(address):  # noqa: F811
    events = Workspace.create(address, Atlas.empty(), who="ann").add("events", EVENT).atlas.events
    events["source_id"] = "unlisted"
    other = f"{address[:-5]}-2.gpkg" if address.endswith(".gpkg") else f"{address}x"
    begun = Workspace.create(other, Atlas(events, Atlas.empty().routes, Atlas.empty().sources), who="ann")
    begun = begun.edit("events", "new", {"note": "looked at"}).add("sources", {"id": "mine"})
    assert any(notice.column == "source_id" for notice in Workspace.open(other).atlas.notices)
    assert begun.edit("events", "new", {"source_id": "mine"}).row("events", "new")["source_id"] == "mine"


def test_own_columns_of_numbers_with_gaps_follow_an_edit(work):
    work = work.edit("events", "new", {"tonnes": 3.5}).add("events", {**EVENT, "id": "b"})
    work = work.edit("events", "b", {"note": "light"}).edit("events", "new", {"tonnes": "three"})
    assert work.row("events", "b")["note"] == "light"
    assert work.row("events", "new")["tonnes"] == "three"


@pytest.mark.parametrize("cells", [{"note": "Bob's"}, {"imo": "9123456"}], ids=["an empty cell filled", "a new column"])
def test_what_another_added_to_a_row_stops_its_deletion(work, bob, cells):
    bob.edit("events", "new", cells)
    for act in (work.undo, lambda: work.remove("events", "new")):
        with pytest.raises(ConflictError):
            act()
    assert set(cells.items()) <= set(work.refresh().row("events", "new").items())


def test_a_new_column_is_no_gap_in_the_guard(work, bob):
    bob.edit("events", "new", {"imo": "1"})
    with pytest.raises(ConflictError, match="imo"):
        work.edit("events", "new", {"imo": "2"})
    assert work.edit("events", "new", {"note": "N"}).row("events", "new")["imo"] == "1"


def test_a_row_is_changed_once_in_a_transaction_and_keeps_its_id(work):
    row = work.row("events", "new")
    twice = [Change("events", "new", row, {**row, "note": "x"}), Change("events", "new", row, None)]
    with pytest.raises(OptionError, match="twice"):
        work.apply(twice, what="both")
    with pytest.raises(OptionError, match="id stays"):
        work.edit("events", "new", {"id": "renamed"})
    with pytest.raises(LayerError, match="No table"):
        work.add("ships", {"id": "x"})


@pytest.mark.parametrize("cell", ["POINT (foo", 5, "somewhere"])
def test_a_position_that_is_none_is_told(work, cell):
    with pytest.raises(TableError, match="is no position"):
        work.edit("events", "new", {"geometry": cell})


def test_cells_of_all_kinds_are_kept_as_plain_values(work):
    cells = {
        "extra": "a column called extra",
        "fid": "and one called fid",
        "day": datetime.date(2024, 3, 1),
        "moment": pd.Timestamp("2024-03-01", tz="UTC"),
        "gone": pd.NA,
        "much": float("inf"),
        "yes": True,
        "spot": shapely.Point(1, 2),
    }
    row = work.edit("events", "new", cells).row("events", "new")
    assert (row["extra"], row["fid"], row["day"]) == ("a column called extra", "and one called fid", "2024-03-01")
    assert (row["yes"], row["much"], row["spot"]) == (True, "inf", "POINT (1 2)")
    assert row.get("gone") is None


def test_heights_are_left_out_so_that_the_file_is_what_it_says(work):
    work = work.edit("events", "new", {"geometry": "POINT Z (131 43 12)"})
    assert work.row("events", "new")["geometry"] == "POINT (131 43)"


def test_half_a_letter_becomes_a_question_mark(work):
    assert work.edit("events", "new", {"note": "half \ud83d"}).row("events", "new")["note"] == "half ?"


def test_notices_do_not_pile_up(work):
    work = work.add("sources", {"id": "s", "title": "=odd()"})
    for turn in range(3):
        work = work.edit("events", "new", {"note": f"turn {turn}"})
    assert sum(notice.layer == "sources" for notice in work.atlas.notices) == 1


def test_what_another_program_did_stands_in_the_history(work):
    if work.store.path is None:
        pytest.skip("of a database the log knows what goes through Rutter")
    with sqlite3.connect(work.store.path) as link:
        link.execute("UPDATE events SET title = 'By hand', extra = 'my note' WHERE id = 'new'")
    held = work.refresh()
    assert held.row("events", "new")["title"] == "By hand"
    assert held.row("events", "new")["extra"] == "my note"
    assert held.refresh() is held, "read whole once, not at every look"
    with pytest.raises(ConflictError):
        work.edit("events", "new", {"title": "Ann's"})
    done = held.edit("events", "new", {"note": "seen"})
    assert [(entry.role, entry.who) for entry in done.history()][-2:] == [
        ("outside", "another program"),
        ("change", "ann"),
    ]


def test_ids_for_rows_without_one_are_free_ones(work):
    if work.store.path is None:
        pytest.skip("tried on a file")
    work = work.add("events", {**EVENT, "id": "events-3"})
    with sqlite3.connect(work.store.path) as link:
        link.execute("INSERT INTO events (title) VALUES ('Nameless')")
    held = work.refresh()
    assert list(held.atlas.events["id"]) == ["new", "events-3", "events-3-2"]
    assert held.edit("events", "events-3-2", {"note": "x"}).row("events", "events-3-2")["title"] == "Nameless"


@pytest.mark.parametrize("blob", [b"", b"GP", b"GP\0\1\0\0\0\0torn", "text"])
def test_a_torn_position_of_another_program_is_told_with_its_row(work, blob):
    if work.store.path is None:
        pytest.skip("a database does not take such")
    with sqlite3.connect(work.store.path) as link:
        link.execute("UPDATE events SET geometry = ?", (blob,))
    with pytest.raises(GeoError, match="row 1, column geometry"):
        Workspace.open(work.store.path)


def test_of_two_who_begin_one_file_the_second_is_told(tmp_path, monkeypatch):
    path = tmp_path / "d.gpkg"
    Workspace.create(path, Atlas.empty(title="Bob's"), who="bob")
    monkeypatch.setattr("pathlib.Path.exists", lambda self: False)
    with pytest.raises(SaveError, match="there already"):
        Workspace.create(path, Atlas.empty(title="Ann's"), who="ann")
    assert Workspace.open(path).atlas.title == "Bob's"


def test_the_edges_of_time_hold_in_every_zone_of_a_server(postgis):
    place = f"{postgis}?dossier=edges&options=-c%20TimeZone%3DAsia/Seoul"
    work = Workspace.create(place, Atlas.empty(), who="ann")
    work = work.add("events", {**EVENT, "start": "0001-01-01T00:00:00Z", "end": "9999-12-31T23:59:59.999Z"})
    assert work.row("events", "new")["end"] == "9999-12-31T23:59:59.999Z"
    assert as_told(Workspace.open(place).atlas.events) == as_told(work.atlas.events)


def test_what_another_program_is_changing_on_a_server_is_waited_for_and_seen(postgis):
    place = f"{postgis}?dossier=waits"
    work = Workspace.create(place, Atlas.empty(), who="ann").add("events", EVENT)
    with psycopg.connect(postgis) as other:
        other.execute("UPDATE waits.events SET title = 'By hand'")
        other.commit()
    with pytest.raises(ConflictError, match="title"):
        work.edit("events", "new", {"note": "Ann's"})


def test_a_schema_with_other_tables_of_the_name_is_left_alone(postgis):
    with psycopg.connect(postgis) as other:
        other.execute("CREATE SCHEMA foreign_one CREATE TABLE transactions (id int)")
    with pytest.raises(SaveError, match="other tables"):
        Workspace.create(f"{postgis}?dossier=foreign_one", Atlas.empty(), who="ann")


def test_no_message_holds_a_password():
    with pytest.raises(StoreError) as caught:
        Workspace.open("postgresql://ann:s3cret@127.0.0.1:1/db?password=s3cret&dossier=x")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(FormatError):
        Workspace.open("README.md")
