"""The table of formats: its document, its command, its preview, its faults."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from geo import Atlas, FormatError, LayerError, SaveError, exporting, schema
from geo.exporting import FORMATS, preview
from geo.formats.writing import xlsx
from geo.opening import READERS, is_workspace
from tests.conftest import ROOT
from tests.odd_rows import CONTROL, EMOJI, odd_atlas
from tests.test_cli import geo

SAMPLE = "data/sample"


def test_the_document_lists_every_format():
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `.")
    ]
    told = {
        suffix: (label, media, layers, unplaced, back)
        for ends, label, media, layers, unplaced, back in rows
        for suffix in re.findall(r"`(\S+)`", ends)
    }
    assert told == {
        suffix: (
            kind.label,
            kind.media_type,
            ("one of " if kind.one_layer else "") + ", ".join(kind.layers),
            "yes" if kind.unplaced else "no",
            "yes" if suffix in READERS or is_workspace(f"dossier{suffix}") else "no",
        )
        for suffix, kind in FORMATS.items()
    }
    assert READERS.keys() <= FORMATS.keys()
    assert "| a folder | CSV files | – | events, routes | yes | yes |" in text.splitlines()


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_preview_says_what_is_then_written(suffix):
    layers = ["routes"] if FORMATS[suffix].one_layer else ["events", "routes"]
    seen = preview(odd_atlas(), f"x{suffix}", layers=layers, rows=2)
    counts = {"events": 5, "routes": 4 if FORMATS[suffix].unplaced else 3}
    if suffix == ".gpx":
        assert seen.left_out == {"events": 5, "routes": 1}
        assert (seen.unplaced, seen.undated) == ({"routes": 0}, {"routes": 0})
    else:
        assert not any(seen.left_out.values())
        assert seen.unplaced == {name: {"events": 2, "routes": 1}[name] for name in seen.counts}
        assert seen.undated == dict.fromkeys(seen.counts, 1)
    assert seen.counts == {name: counts[name] for name in layers if name in FORMATS[suffix].layers}
    assert all(len(rows) == 2 and tuple(rows.columns) == seen.columns[name] for name, rows in seen.first.items())
    assert "source_url" in seen.columns["routes"]
    assert seen.format is FORMATS[suffix]
    assert seen.size_bytes == pytest.approx(len(exporting.export(odd_atlas(), suffix, layers=layers).content), rel=0.1)


@pytest.mark.parametrize("name", ["geojson", "geojsonl", "parquet", "kmz", "xlsx", "csv"])
def test_the_size_of_many_rows_is_told_from_a_few(sample, name):
    rows = {column: [f"{column} {number % 97}" for number in range(2000)] for column in ("title", "quote", "note")}
    frame = pd.DataFrame({"id": [f"e{number}" for number in range(2000)], **rows})
    atlas = Atlas(schema.check("events", frame, file="x"), schema.empty("routes"), sample.sources)
    said = preview(atlas, name).size_bytes
    assert said == pytest.approx(len(exporting.export(atlas, name).content), rel=0.5)


def test_the_same_atlas_gives_the_same_file():
    for suffix in (".geojson", ".parquet", ".kmz", ".zip", ".xlsx", ".gpx"):
        assert exporting.export(odd_atlas(), suffix).content == exporting.export(odd_atlas(), suffix).content


def test_writing_changes_nothing():
    atlas, same = odd_atlas(), odd_atlas()
    for suffix in FORMATS:
        exporting.export(atlas, suffix, layers=["routes"])
    pd.testing.assert_frame_equal(pd.DataFrame(atlas.routes), pd.DataFrame(same.routes))
    pd.testing.assert_frame_equal(atlas.sources, same.sources)


def test_what_a_format_cannot_hold_is_refused(sample, tmp_path):
    with pytest.raises(FormatError, match=r"CSV: a file holds one layer.*\.zip"):
        sample.save(tmp_path / "x.csv")
    with pytest.raises(FormatError, match="GPX tracks: it can hold routes only"):
        sample.save(tmp_path / "x.gpx", layers=["events"])
    with pytest.raises(FormatError, match=r"x\.docx is not a kind of file Rutter writes\. End the name in \.geojson"):
        sample.save(tmp_path / "x.docx")
    with pytest.raises(LayerError, match="No layer is called bogus"):
        sample.save(tmp_path / "x.kml", layers=["bogus"])
    assert not list(tmp_path.iterdir())
    only = sample.keep(
        {"events": sample.events["id"].notna().to_numpy(), "routes": sample.routes["id"].isna().to_numpy()}
    )
    only.save(tmp_path / "x.csv")
    assert len(pd.read_csv(tmp_path / "x.csv")) == len(sample.events), "with one layer filled there is no question"


# A workspace is a database, which fails in ways of its own: tests/test_geopackage.py.
@pytest.mark.parametrize("suffix", sorted(set(FORMATS) - {".gpkg"}))
def test_a_failed_save_leaves_what_stood_there(sample, suffix, tmp_path, monkeypatch):
    target = tmp_path / f"x{suffix}"
    target.write_text("old")
    layers = ["routes"]
    with pytest.raises(SaveError, match="could not be written"):
        sample.save(tmp_path / "no such folder" / target.name, layers=layers)

    def full(self, content):
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(SaveError, match="No space left on device"):
        sample.save(target, layers=layers)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "old"


def test_a_sheet_has_limits(monkeypatch):
    atlas = odd_atlas()
    atlas.events.loc[0, "quote"] = EMOJI[6] * 40_000
    written = exporting.export(atlas, "xlsx")
    (notice,) = (notice for notice in written.notices if "32,767" in notice.message)
    assert (notice.id, notice.column) == ("long", "quote")
    monkeypatch.setattr(xlsx, "LONGEST_CELL", 60)
    told = {(n.id, n.column): n.message for n in exporting.export(atlas, "xlsx").notices if "Longer" in n.message}
    assert "left out" in told["across", "wkt"]
    assert "cut" in told["long", "title"]
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    with pytest.raises(FormatError, match="A sheet holds 4 rows"):
        exporting.export(atlas, "xlsx")


def test_what_xml_and_sheets_cannot_hold_is_said():
    for name in ("kml", "zip", "xlsx", "gpx"):
        told = [n for n in exporting.export(odd_atlas(), name).notices if "control character" in n.message]
        assert {notice.column for notice in told} <= {"title"}
        assert len(told) == (0 if name == "gpx" else 2), "the route with one has no line, so GPX leaves it out"
        assert all(notice.value == CONTROL[:80] for notice in told)


def test_export_by_name_and_to_standard_output(tmp_path):
    assert geo("export", SAMPLE, "--format", "kml").stdout.startswith("<?xml")
    lines = geo("export", SAMPLE, "--format", "geojsonl", "--layer", "routes").stdout.splitlines()
    assert {json.loads(line)["properties"]["layer"] for line in lines} == {"routes"}
    assert geo("export", SAMPLE, "--format", "csv", "--layer", "events").stdout.startswith("\ufeffid,title")
    done = geo("export", SAMPLE, "--format", "xlsx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Name a file with -o" in done.stderr
    done = geo("export", SAMPLE, "-o", str(tmp_path / "odd.name"), "--format", "parquet", "--json")
    assert json.loads(done.stdout) == {"file": str(tmp_path / "odd.name"), "events": 34, "routes": 11}
    assert (tmp_path / "odd.name").read_bytes().startswith(b"PAR1")
    done = geo("export", SAMPLE, "-o", str(tmp_path / "x.gpx"))
    assert done.stdout == f"{tmp_path / 'x.gpx'}: 11 routes\n"
    assert "34 rows are left out" in done.stderr
    again = geo("slice", str(tmp_path / "odd.name"))
    assert "is not a kind of file Rutter opens" in again.stderr
