"""A dossier at work, in a file and in a real PostGIS: nothing lost, nothing overwritten, everything undone."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import Atlas, Workspace
from geo.config import SAMPLE
from geo.edits import Change
from geo.errors import ConflictError, HistoryError, LayerError, MissingFileError, OptionError, SaveError, TableError
from tests.conftest import ROOT

EVENT = {
    "id": "new",
    "title": "A ship calls",
    "kind": "visit",
    "start": "2024-01-01T00:00:00Z",
    "end": "2024-01-02T00:00:00Z",
    "precision": "day",
    "geometry": "POINT (131.9 43.1)",
}
_numbers = itertools.count()


@pytest.fixture(params=["gpkg", "postgis"])
def address(request, tmp_path):
    if request.param == "gpkg":
        return str(tmp_path / "dossier.gpkg")
    return f"{request.getfixturevalue('postgis')}?dossier=d{next(_numbers)}"


@pytest.fixture
def work(address, sample):
    return Workspace.create(address, sample, who="ann")


def as_told(table: pd.DataFrame) -> list[dict]:
    """Write a table so that equal ones compare equal, coordinates to a centimetre."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    rows = plain.astype(object).where(plain.notna(), None).to_dict("records")
    if "geometry" in table:
        for row, shape in zip(rows, table.geometry, strict=True):
            row["geometry"] = None if shape is None else shapely.to_wkt(shape, rounding_precision=7)
    return rows


def everything(workspace: Workspace) -> dict[str, list[dict]]:
    return {
        "events": as_told(workspace.atlas.events),
        "routes": as_told(workspace.atlas.routes),
        "sources": as_told(workspace.atlas.sources),
    }


def test_a_dossier_comes_back_as_it_went(work, address, sample):
    back = Atlas.open(address)
    for layer in ("events", "routes", "sources"):
        assert as_told(getattr(back, layer)) == as_told(getattr(sample, layer)), layer
        assert list(getattr(back, layer).dtypes) == list(getattr(sample, layer).dtypes), layer
    assert back.title == sample.title
    assert back.events.crs == "EPSG:4326"


def test_dates_of_all_ages_columns_of_ones_own_and_odd_letters(address):
    rows = [
        {**EVENT, "id": "old", "start": "1600-02-29T00:00:00Z", "end": "1600-03-01T00:00:00Z", "imo": "9123456"},
        {**EVENT, "id": "late", "start": "2399-12-31T23:59:59.999Z", "end": "2400-01-01T00:00:00Z", "tonnes": 3.5},
        {"id": "bare", "title": "🚢 مرحبا 나진 \u202e'; DROP TABLE events; --"},
    ]
    work = Workspace.create(address, Atlas.empty(), who="ann")
    for row in rows:
        work = work.add("events", row)
    back = Workspace.open(address).atlas.events.set_index("id")
    assert back.loc["old", "start"] == pd.Timestamp("1600-02-29", tz="UTC")
    assert back.loc["late", "start"] == pd.Timestamp("2399-12-31T23:59:59.999", tz="UTC")
    assert back.loc["old", "imo"] == "9123456"
    assert back.loc["late", "tonnes"] == 3.5
    assert back.loc["bare", "title"] == rows[2]["title"]
    assert back.loc["bare", "geometry"] is None
    assert pd.isna(back.loc["bare", "start"])


def test_every_change_says_who_when_before_and_after(work):
    name = work.atlas.events["id"].iloc[3]
    title = work.row("events", name)["title"]
    work = work.edit("events", name, {"title": "Another title", "confidence": 0.25})
    started, edited = work.history("events", name)
    assert (edited.who, edited.role) == ("ann", "change")
    assert pd.Timestamp.now(tz="UTC") - pd.Timestamp(edited.at) < pd.Timedelta(minutes=1)
    assert edited.change.before["title"] == title
    assert edited.change.after == {"title": "Another title", "confidence": 0.25}
    assert started.change.before is None
    assert started.change.after["title"] == title


def test_nobody_overwrites_what_they_have_not_seen(work, address):
    name = work.atlas.events["id"].iloc[0]
    other = Workspace.open(address, who="bob").edit("events", name, {"title": "Bob's"})
    with pytest.raises(ConflictError, match="title") as caught:
        work.edit("events", name, {"title": "Ann's"})
    conflict = caught.value.conflicts[0]
    assert (conflict.theirs["title"], conflict.mine["title"]) == ("Bob's", "Ann's")
    assert everything(Workspace.open(address)) == everything(other)
    with pytest.raises(ConflictError):
        work.remove("events", name)
    over = work.refresh().edit("events", name, {"title": "Ann's"})
    assert other.refresh().row("events", name) == over.row("events", name)


def test_a_row_deleted_or_added_by_another_is_a_conflict(work, address):
    name = work.atlas.events["id"].iloc[0]
    other = Workspace.open(address, who="bob").remove("events", name).add("events", EVENT)
    with pytest.raises(ConflictError, match="deleted by somebody else"):
        work.edit("events", name, {"title": "Ann's"})
    with pytest.raises(ConflictError, match="is there already"):
        work.add("events", {**EVENT, "title": "Ann's"})
    assert everything(other.refresh()) == everything(work.refresh())


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"confidence": 7}, "confidence"),
        ({"title": " "}, "title"),
        ({"source_id": "nobody"}, "source_id"),
        ({"end": "1200-01-01T00:00:00Z"}, "end"),
        ({"geometry": "POINT (431 12)"}, "geometry"),
        ({"status": "maybe"}, "status"),
    ],
)
def test_a_wrong_cell_changes_nothing(work, address, cells, column):
    before, name = everything(work), work.atlas.events["id"].iloc[0]
    with pytest.raises(TableError) as caught:
        work.edit("events", name, cells)
    assert caught.value.faults[0].column == column
    assert everything(Workspace.open(address)) == before
    assert len(work.history("events", name)) == 1


def test_one_wrong_row_among_many_keeps_all_out(work, address):
    rows = [{**EVENT, "id": f"n{number}", "confidence": 0.5 if number != 40 else 5} for number in range(50)]
    with pytest.raises(TableError):
        work.apply([Change("events", row["id"], None, row) for row in rows], what="brought a table")
    assert len(Workspace.open(address).atlas.events) == len(work.atlas.events)


def test_a_cited_source_stays(work):
    source = work.atlas.events["source_id"].iloc[0]
    with pytest.raises(TableError, match="still the source of the event"):
        work.remove("sources", source)
    work = work.add("sources", {"id": "mine", "title": "My notes"})
    work = work.edit("events", work.atlas.events["id"].iloc[0], {"source_id": "mine"})
    work = work.remove("events", work.atlas.events["id"].iloc[0]).remove("sources", "mine")
    assert "mine" not in set(work.atlas.sources["id"])


def test_undo_is_ones_own_and_append_only(work, address):
    name, other_name = work.atlas.events["id"].iloc[:2]
    begun = everything(work)
    work = work.edit("events", name, {"title": "Ann's"})
    bob = Workspace.open(address, who="bob").edit("events", other_name, {"title": "Bob's"})
    with pytest.raises(HistoryError, match="nothing to undo for carol"):
        Workspace.open(address, who="carol").undo()
    work = work.undo()
    assert work.row("events", other_name)["title"] == "Bob's"
    assert everything(bob.undo()) == begun
    with pytest.raises(HistoryError):
        work.refresh().undo()
    assert work.redo().row("events", name)["title"] == "Ann's"
    assert [entry.role for entry in work.history("events", name)] == ["start", "change", "undo", "redo"]


def test_undo_stops_where_another_went_on(work, address):
    name = work.atlas.events["id"].iloc[0]
    work = work.edit("events", name, {"title": "Ann's"})
    Workspace.open(address, who="bob").edit("events", name, {"title": "Bob's", "kind": "meeting"})
    with pytest.raises(ConflictError, match="changed by somebody else"):
        work.undo()
    assert Workspace.open(address).row("events", name)["title"] == "Bob's"


def test_a_deletion_is_undone_even_of_what_was_just_added(work):
    work = work.add("events", {**EVENT, "imo": "9123456"})
    row = work.row("events", "new")
    gone = work.remove("events", "new")
    with pytest.raises(LayerError, match="Refresh"):
        gone.row("events", "new")
    assert gone.undo().row("events", "new") == row
    assert "new" not in set(gone.undo().atlas.events["id"])


acts = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "place", "remove", "undo", "redo"]), st.integers(0, 5)), max_size=8
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(acts)
def test_what_is_held_is_what_is_stored_and_all_of_it_goes_back(tmp_path_factory, sample, steps):
    path = tmp_path_factory.mktemp("steps") / "d.gpkg"
    work = Workspace.create(path, Atlas.empty(), who="ann")
    begun = everything(work)
    for turn, (act, number) in enumerate(steps):
        names = list(work.atlas.events["id"])
        try:
            if act == "add":
                work = work.add("events", {**EVENT, "id": f"e{number}", "note": f"turn {turn}"})
            elif act in ("undo", "redo"):
                work = getattr(work, act)()
            elif names:
                name = names[number % len(names)]
                cells = {"title": f"Turn {turn}"} if act == "edit" else {"geometry": shapely.Point(turn, number)}
                work = work.remove("events", name) if act == "remove" else work.edit("events", name, cells)
        except (ConflictError, HistoryError):
            continue
    assert everything(work) == everything(Workspace.open(path))
    while "undo" in work.next_steps():
        work = work.undo()
    assert everything(work) == begun


def test_messages_for_what_is_not_there(address, sample, tmp_path):
    missing = address.replace("dossier", "nowhere", 1) if address.endswith(".gpkg") else f"{address}x"
    with pytest.raises(MissingFileError):
        Workspace.open(missing)
    Workspace.create(address, sample)
    with pytest.raises(SaveError, match="already"):
        Workspace.create(address, sample)


@pytest.mark.parametrize("bad", ["postgresql://h/db?dossier=Robert'); DROP", "postgresql://h:port/db"])
def test_a_bad_address_is_told(bad):
    with pytest.raises(OptionError):
        Workspace.open(bad)


@pytest.mark.parametrize("guide", ["README.md", "docs/workspace.md"])
def test_the_guide_runs(guide, tmp_path, monkeypatch, capsys):
    text = (ROOT / guide).read_text(encoding="utf-8")
    block = next(code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "Workspace.create" in code)
    monkeypatch.chdir(tmp_path)
    exec(block.replace("data/sample", str(SAMPLE)), {})
    assert "two more reports agree" in capsys.readouterr().out
