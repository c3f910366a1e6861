"""The command line on a dossier at work: rows in, who did what, and back again."""

from __future__ import annotations

import json

import pyogrio
import pytest

from geo import Atlas
from tests.test_cli import geo

TABLE = """id,title,date,lat,lon,source_id
c1,A train crosses,2024-05-01,42.41,130.63,
c2,A ship calls at Najin,2024-05-03,42.25,130.29,
"""


@pytest.fixture
def dossier(tmp_path, sample):
    sample.save(tmp_path / "d.gpkg")
    (tmp_path / "new.csv").write_text(TABLE)
    return str(tmp_path / "d.gpkg")


def test_rows_are_imported_into_a_dossier_and_taken_back(dossier, tmp_path, sample):
    done = geo("import", str(tmp_path / "new.csv"), "--into", dossier)
    assert done.returncode == 0, done.stderr
    titles = list(pyogrio.read_dataframe(dossier, layer="events")["title"])
    assert titles[-2:] == ["A train crosses", "A ship calls at Najin"]
    again = geo("import", str(tmp_path / "new.csv"), "--into", dossier)
    assert len(Atlas.open(dossier).events) == len(sample.events) + 2, again.stdout
    told = geo("history", dossier).stdout.splitlines()
    assert len(told) == 2
    assert told[1].endswith("imported new.csv, 3 rows"), "two events, and the file as their source"
    assert "undone: imported new.csv" in geo("undo", dossier).stdout
    assert len(Atlas.open(dossier).events) == len(sample.events)
    assert "done again" in geo("redo", dossier).stdout
    lines = [json.loads(line) for line in geo("history", dossier, "--row", "events:c1", "--json").stdout.splitlines()]
    assert [line["role"] for line in lines] == ["change", "undo", "redo"]
    assert lines[0]["before"] is None
    assert lines[0]["after"]["title"] == "A train crosses"


def test_rows_are_imported_into_a_new_folder(tmp_path, dossier):
    done = geo("import", str(tmp_path / "new.csv"), "-o", f"{tmp_path / 'spring.d'}/")
    assert done.returncode == 0, done.stderr
    assert list(Atlas.open(tmp_path / "spring.d").events["title"]) == ["A train crosses", "A ship calls at Najin"]


def test_a_row_that_says_otherwise_is_left_and_told(dossier, tmp_path):
    geo("import", str(tmp_path / "new.csv"), "--into", dossier)
    (tmp_path / "new.csv").write_text(TABLE.replace("A ship calls at Najin", "Two ships call at Najin"))
    told = geo("import", str(tmp_path / "new.csv"), "--into", dossier)
    assert "c2: is there already and says otherwise" in told.stderr
    assert "A ship calls at Najin" in set(Atlas.open(dossier).events["title"])


def test_what_may_be_told_twice_is_said_and_kept(dossier, tmp_path, sample):
    row = sample.events[sample.events.geometry.notna()].iloc[0]
    point = f"{row.geometry.y},{row.geometry.x}"
    (tmp_path / "twice.csv").write_text(
        f'id,title,kind,date,lat,lon\ntwice,"{row["title"]}",{row["kind"]},{row["start"].date()},{point}\n'
    )
    told = geo("import", str(tmp_path / "twice.csv"), "--into", dossier)
    assert f"twice may be {row['id']}" in told.stderr
    assert len(Atlas.open(dossier).events) == len(sample.events) + 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("history", "nowhere.gpkg"), "There is no file"),
        (("undo", "data/sample"), "data/sample is a folder, which keeps no changes"),
        (("undo", "{dossier}", "--who", "carol"), "nothing to undo for carol"),
        (("history", "{dossier}", "--row", "ships:1"), "names no row"),
        (("import", "{dossier}", "--into", "postgresql://127.0.0.1:1/x"), "cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_one_line(dossier, words, message):
    told = geo(*(word.format(dossier=dossier) for word in words))
    assert told.returncode == 2
    assert message in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
