"""A dossier saved as its folder of CSV, or zipped, and opened again: the same Atlas, whole or not at all."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, MultiLineString, Point

from geo import Atlas, FormatError, MissingFileError, SaveError, TableError, exporting, schema
from geo.casting import TIME
from geo.formats.reading import packed
from geo.formats.spreadsheet import bare, harmless, is_formula
from geo.opening import READERS
from geo.timeline import parse_date
from tests.odd_rows import odd_atlas
from tests.test_bad_input import EVENT_HEADER, GOOD, ROUTE_HEADER, geocode
from tests.test_cli import geo
from tests.test_exports_back import lats, lines, lons, same_atlas

BACK = ["", *READERS, ".gpkg"]
NAMES = ["events.csv", "routes.csv", "sources.csv", "title.txt"]


def refuses_to_look_up(name, *, near=None):
    raise AssertionError(f"{name} was looked up")


def saved(atlas, path):
    atlas.save(path)
    return Atlas.open(path, geocode=refuses_to_look_up)


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_the_sample_comes_back_without_a_name_looked_up(sample, suffix, tmp_path):
    again = saved(sample, tmp_path / f"march{suffix}")
    same_atlas(sample, again)
    assert again.title == sample.title
    assert list(again.routes.columns) == list(sample.routes.columns)
    for layer in ("events", "routes"):
        assert (again.layer(layer).geometry.isna() == sample.layer(layer).geometry.isna()).all()
    assert [notice.message for notice in again.notices] == [notice.message for notice in sample.notices]
    assert saved(again, tmp_path / "twice").save(tmp_path / f"thrice{suffix}") == ()
    assert (tmp_path / f"thrice{suffix}").is_dir() == (suffix == "")


def in_csv(atlas):
    """What CSV cannot hold of the odd dossier: control characters, ways for a line to end, kinds of one's own."""

    def text(value):
        if not isinstance(value, str):
            return "" if pd.isna(value) else str(value)
        kept = "".join(c if c in "\t\n\r" or c >= " " else "�" for c in value)
        return kept.replace("\r\n", "\n").replace("\r", "\n")

    tables = {}
    for layer in ("events", "routes", "sources"):
        table = getattr(atlas, layer)
        names = [name for name in table if str(table[name].dtype) == "str" or name in ("analyst", "a.b")]
        tables[layer] = table.assign(**{name: table[name].map(text).astype("str") for name in names})
    return Atlas(**tables, title=atlas.title)


@pytest.mark.parametrize("suffix", BACK)
def test_every_format_that_opens_again_gives_the_same_atlas(suffix, tmp_path):
    """Of rows that every format can hold."""
    plain = in_csv(odd_atlas())
    again = saved(plain, tmp_path / f"odd{suffix}")
    same_atlas(plain, Atlas(own_text(again.events), own_text(again.routes), again.sources))
    assert [notice.id for notice in again.notices if "position" in notice.message] == ["control", "formula", "nowhere"]


def own_text(table):
    return table.assign(**{name: table[name].astype("str") for name in ("analyst", "a.b") if name in table})


@pytest.mark.parametrize("suffix", ["", ".zip"])
def test_odd_rows_come_back_but_for_what_was_said(suffix, tmp_path):
    odd = odd_atlas()
    told = {(notice.layer, notice.id, notice.column) for notice in odd.save(tmp_path / f"odd{suffix}")}
    again = Atlas.open(tmp_path / f"odd{suffix}", geocode=refuses_to_look_up)
    same_atlas(in_csv(odd), Atlas(own_text(again.events), own_text(again.routes), again.sources))
    for layer in ("events", "routes", "sources"):
        ours, theirs = getattr(odd, layer).set_index("id"), getattr(again, layer).set_index("id")
        for name in ours.columns.drop(["geometry", "analyst", "a.b"], errors="ignore"):
            for row in ours.index[ours[name].ne(theirs[name]) & ours[name].notna()]:
                assert (layer, row, name) in told
    assert suffix or ("events", "", "a.b") in told, "numbers that become text"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=12)
cells = texts | st.builds("".join, st.tuples(st.sampled_from(["=", "'=", "''+", "'", "-", " @", "\t", "'-1"]), texts))
DAY = 86_400_000
moments = st.integers(-11_670_000_000_000, 13_600_000_000_000)
dates = st.builds(
    "{:04d}{}".format, st.integers(1, 9998), st.sampled_from(["", "-Q1", "-Q4", "-02", "-12", "-02-28", "-12-31"])
)


def stretch(date):
    start, end, _ = parse_date(date)
    return tuple(int(it.as_unit("ms").asm8.astype("int64")) for it in (start, end))


stretches = st.one_of(
    st.tuples(moments, st.integers(0, 3 * DAY)).map(lambda it: (it[0], it[0] + it[1])),
    st.tuples(moments.map(lambda ms: ms // DAY * DAY), st.sampled_from([0, DAY, 5 * DAY])).map(
        lambda it: (it[0], it[0] + it[1])
    ),
    dates.map(stretch),
    st.none(),
)
precisions = st.sampled_from(["exact", "day", "month", "quarter", "year", "range"])
own_names = st.sampled_from(
    ["note 2", "date", "Date", "wkt", "WKT", "lon", "original_date", "original_lon", "=x", "ID"]
)


@settings(max_examples=15)
@given(
    st.lists(st.tuples(cells, cells, st.none() | st.builds(Point, lons, lats), stretches, precisions), max_size=4),
    st.lists(st.tuples(cells, st.none() | lines(), stretches, precisions, st.sampled_from(["", "depart", "arrive"]))),
    own_names,
    st.sampled_from(["", ".zip"]),
)
def test_any_rows_come_back(tmp_path_factory, events, routes, own, suffix):
    tables = {
        "events": pd.DataFrame(
            {
                "id": [f"e{place}" for place in range(len(events))],
                "title": [f"{row[0]}." for row in events],
                "quote": [row[1] for row in events],
                **times("start", "end", [row[3] for row in events]),
                "precision": [row[4] for row in events],
                "geometry": [row[2] for row in events],
                own: [row[0] for row in events],
            }
        ),
        "routes": pd.DataFrame(
            {
                "id": [f"r{place}" for place in range(len(routes))],
                "title": "T",
                "mode": "rail",
                "origin": [row[0] for row in routes],
                **times("depart", "arrive", [row[2] for row in routes]),
                "precision": [row[3] for row in routes],
                "dated_by": [row[4] for row in routes],
                "geometry": [row[1] for row in routes],
                own: [row[0] for row in routes],
            }
        ),
        "sources": pd.DataFrame({"id": ["s"], "title": [events[0][0] if events else ""], own: "x"}),
    }
    atlas = Atlas(**{layer: schema.check(layer, table, file=layer) for layer, table in tables.items()})
    again = saved(atlas, tmp_path_factory.mktemp("any") / f"any{suffix}")
    for layer in ("events", "routes"):
        assert str(again.layer(layer)[schema.TIMES[layer][0]].dtype) == TIME
    same_atlas(
        *(
            Atlas(
                one.events.assign(**{own: one.events[own].astype("str")}),
                one.routes.assign(**{own: one.routes[own].astype("str")}),
                one.sources.assign(**{own: one.sources[own].astype("str")}),
            )
            for one in (atlas, again)
        ),
        exact=True,
    )


def times(first, last, told):
    starts = [pd.NaT if it is None else pd.Timestamp(np.datetime64(it[0], "ms"), tz="UTC") for it in told]
    ends = [pd.NaT if it is None else pd.Timestamp(np.datetime64(it[1], "ms"), tz="UTC") for it in told]
    return {name: pd.Series(list(moments), dtype=TIME) for name, moments in ((first, starts), (last, ends))}


@given(cells)
def test_an_apostrophe_goes_on_and_off(text):
    assert bare(harmless(text)) == text
    assert not is_formula(harmless(text))


def test_dates_are_as_people_write_them(tmp_path):
    header = "id,title,date,precision,place\n"
    rows = ["2024", "2024-Q1", "2024-03", "2024-03-24", "2024-03-20/2024-03-31", "2024-03-24T09:30:00Z", ""]
    (tmp_path / "events.csv").write_text(header + "".join(f"e{n},T,{date},,Najin\n" for n, date in enumerate(rows)))
    ends = [("2024-03-01", "2024-03-02"), ("2024-03", "2024-03"), ("2024-03", ""), ("", "2024-03-20/2024-03-31")]
    text = "".join(f"r{n},T,rail,Najin,Dunay,{a},{b}\n" for n, (a, b) in enumerate(ends))
    (tmp_path / "routes.csv").write_text(ROUTE_HEADER + text)
    atlas = Atlas.open(tmp_path, geocode=geocode)
    atlas.save(tmp_path / "again")
    events, routes = (pd.read_csv(tmp_path / "again" / f"{name}.csv", dtype=str, na_filter=False) for name in NAMES_)
    assert events["date"].tolist() == rows
    assert routes[["depart", "arrive"]].to_numpy().tolist() == [list(pair) for pair in ends]
    assert set(events["precision"]) | set(routes["precision"]) == {""}, "the dates say it"
    same_atlas(atlas, Atlas.open(tmp_path / "again", geocode=refuses_to_look_up))


NAMES_ = ("events", "routes")


def test_others_read_the_folder(tmp_path):
    odd = odd_atlas()
    odd.save(tmp_path / "odd")
    for layer in NAMES_:
        path, ours = tmp_path / "odd" / f"{layer}.csv", odd.layer(layer)
        read = pd.read_csv(path, dtype=str, na_filter=False)
        assert list(read["id"]) == list(ours["id"])
        places = shapely.from_wkt(read["wkt"].to_numpy())
        gdal = pyogrio.read_dataframe(path).geometry
        for meant, *said in zip(ours.geometry, places, gdal, strict=True):
            for one in said:
                assert one.is_empty if meant is None else one.equals_exact(meant, 0.6e-7)
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not [cell for row in csv.reader(file) for cell in row if is_formula(cell)]
    assert list(pd.read_csv(tmp_path / "odd" / "sources.csv")["id"]) == list(odd.sources["id"])


def test_a_row_added_by_hand_is_placed_by_its_name_and_others_stay(tmp_path):
    (tmp_path / "events.csv").write_text(EVENT_HEADER + GOOD + "b,T,x,2024,Nowhereville,,\n")
    atlas = Atlas.open(tmp_path, geocode=geocode)
    atlas.save(tmp_path)
    path = tmp_path / "events.csv"
    sheet = pd.read_csv(path, dtype=str, na_filter=False)
    assert sheet["wkt"].tolist() == ["POINT (130.3 42.25)", "GEOMETRYCOLLECTION EMPTY"]
    sheet.loc[1, "wkt"] = ""
    sheet.loc[2] = {**dict.fromkeys(sheet.columns, ""), "id": "c", "title": "New", "date": "2025", "place": "Dunay"}
    sheet.loc[3] = {**sheet.loc[2], "id": "d", "wkt": "point z(190 1 5)"}
    sheet.to_csv(path, index=False)
    asked = []
    again = Atlas.open(tmp_path, geocode=lambda name, *, near=None: asked.append(name) or geocode(name))
    assert asked == ["Nowhereville", "Dunay"]
    assert [None if one is None else (one.x, one.y) for one in again.events.geometry] == [
        *((130.3, 42.25), None, (132.3, 42.88), (-170, 1))
    ]
    assert again.events["confidence"].tolist() == pytest.approx([0.8, np.nan, 0.9, np.nan], nan_ok=True)


def test_a_line_that_is_given_is_not_drawn_anew(tmp_path):
    header = ROUTE_HEADER.strip() + ",basis,wkt\n"
    drawn = 'r,T,sea,Najin,Dunay,2024-03,2024-03,observed track,"LINESTRING (1 2, 3 4)"\n'
    across = 's,T,sea,Najin,Dunay,2024-03,2024-03,stated,"LINESTRING (170 0, 190 0)"\n'
    (tmp_path / "routes.csv").write_text(header + drawn + across)
    routes = Atlas.open(tmp_path, geocode=refuses_to_look_up).routes
    assert list(routes.geometry) == [
        LineString([(1, 2), (3, 4)]),
        MultiLineString([[(170, 0), (180, 0)], [(-180, 0), (-170, 0)]]),
    ]
    assert list(routes["basis"]) == ["observed track", "stated"]


@pytest.mark.parametrize("wkt", ["near Najin", "POINT (130.3)", "POINT (nan 1)", "POINT (1 inf)", "42.2 130.3"])
def test_well_known_text_that_is_none(tmp_path, wkt):
    (tmp_path / "events.csv").write_text(f"id,title,date,wkt\na,T,2024,{wkt}\n")
    with pytest.raises(TableError, match=r"events\.csv, row 2, column wkt: .* is no well-known text\. Write POINT"):
        Atlas.open(tmp_path)


def test_a_position_of_the_wrong_kind_or_off_the_earth(tmp_path):
    rows = 'a,T,2024,"LINESTRING (1 2, 3 4)"\nb,T,2024,POINT (5 95)\n'
    (tmp_path / "events.csv").write_text(f"id,title,date,wkt\n{rows}")
    with pytest.raises(TableError, match=r"(?s)row 2, column geometry: .*not a point.*row 3, .*not on the Earth"):
        Atlas.open(tmp_path)


def test_two_positions_that_differ_are_said(tmp_path):
    rows = "a,T,2024,1,2,POINT (1 2)\nb,T,2024,7,2,POINT (1 2)\nc,T,2024,7,2,\n"
    (tmp_path / "events.csv").write_text(f"id,title,date,lon,lat,wkt\n{rows}")
    atlas = Atlas.open(tmp_path)
    assert list(atlas.events.geometry) == [Point(1, 2), Point(1, 2), Point(7, 2)]
    assert [(n.id, n.column) for n in atlas.notices if "another place" in n.message] == [("b", "wkt")]


def test_what_else_is_in_the_folder_stays(sample, tmp_path):
    (tmp_path / "corrections.csv").write_text("kept")
    (tmp_path / "review").mkdir()
    sample.save(tmp_path)
    sample.save(f"{tmp_path}/", layers=["events"])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["corrections.csv", "review", *NAMES])
    assert (tmp_path / "corrections.csv").read_text() == "kept"
    (tmp_path / "corrections.csv").unlink()
    again = Atlas.open(tmp_path)
    assert (len(again.events), len(again.routes)) == (len(sample.events), 0), "what was not asked for is not left over"
    assert_frame_equal(again.sources, sample.sources)


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("fails", [*NAMES, *(f"place {number}" for number in range(4))])
def test_all_files_or_none(sample, tmp_path, monkeypatch, there, fails):
    folder = tmp_path / "dossier"
    if there:
        folder.mkdir()
        for name in NAMES[:2]:
            (folder / name).write_text(f"old {name}")
    write, place, placed = Path.write_bytes, Path.replace, []

    def full(self, content):
        if fails in self.name:
            write(self, content[: len(content) // 2])
            raise OSError(28, "No space left on device")
        return write(self, content)

    def busy(self, target):
        placed.append(self)
        if self.suffix == ".part" and fails == f"place {sum(one.suffix == '.part' for one in placed) - 1}":
            raise OSError(16, "Device or resource busy")
        return place(self, target)

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    monkeypatch.setattr("pathlib.Path.replace", busy)
    with pytest.raises(SaveError, match=r"dossier could not be written, and is as it was: (No space|Device or)"):
        sample.save(folder)
    assert folder.exists() == there
    if there:
        assert {path.name: path.read_text() for path in folder.iterdir()} == {n: f"old {n}" for n in NAMES[:2]}


def test_where_no_folder_can_be(sample, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(FormatError, match=r"is not a kind of file Rutter writes.*or name a folder"):
        sample.save(tmp_path / "taken")
    with pytest.raises(SaveError, match="could not be written"):
        sample.save(tmp_path / "taken" / "in it")
    with pytest.raises(SaveError, match="No such file"):
        sample.save(tmp_path / "gone" / "deeper")
    with pytest.raises(FormatError, match="not a kind of file"):
        sample.save("")
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize("top", ["", "march/"])
def test_a_zip_of_a_folder_written_by_hand_opens(tmp_path, top):
    path = tmp_path / "hand.zip"
    with zipfile.ZipFile(path, "w") as archive:
        if top:
            archive.mkdir(top.strip("/"))
            archive.writestr("__MACOSX/march/._events.csv", b"\x00")
        archive.writestr(f"{top}events.csv", EVENT_HEADER + GOOD)
        archive.writestr(f"{top}title.txt", "By hand\n")
    atlas = Atlas.open(path, geocode=geocode)
    assert (list(atlas.events["place_id"]), atlas.title) == (["geonames:1"], "By hand")


def test_an_unpacked_export_opens(sample, tmp_path):
    sample.save(tmp_path / "x.zip")
    zipfile.ZipFile(tmp_path / "x.zip").extractall(tmp_path / "x")
    same_atlas(sample, Atlas.open(tmp_path / "x", geocode=refuses_to_look_up))
    (tmp_path / "x" / "sources.csv").unlink()
    with pytest.raises(TableError, match="column source_title: the column has a name that Rutter fills itself"):
        Atlas.open(tmp_path / "x")


def packed_files(*files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(name, text)
    return content.getvalue()


EVENTS = ("events.csv", EVENT_HEADER + GOOD)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no zip", "the file is damaged"),
        (packed_files(EVENTS)[:-40], "the file is damaged"),
        (packed_files(), "holds neither events.csv nor routes.csv"),
        (packed_files(("sources.csv", "id\n")), "holds neither events.csv nor routes.csv"),
        (packed_files(EVENTS, ("report.docx", "x")), "holds 'report.docx', which is no part of a dossier"),
        (packed_files(EVENTS, ("corrections.csv", "x")), "'corrections.csv'.*Unpack it and open the folder"),
        (packed_files(EVENTS, ("inner.zip", b"PK")), "holds 'inner.zip'"),
        (packed_files(EVENTS, ("other/routes.csv", "id\n")), "more than one dossier"),
        (packed_files(("../events.csv", "")), r"events\.csv: the file is empty"),
        (packed_files(("events.csv", b"\xff")), r"events\.csv, row 1.*not UTF-8"),
    ],
)
def test_zips_that_cannot_be_opened(tmp_path, content, says):
    path = tmp_path / "bad.zip"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=says):
        Atlas.open(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path):
    (tmp_path / "twice.zip").write_bytes(packed_files(EVENTS, EVENTS))
    with pytest.raises(FormatError, match="more than one dossier"):
        Atlas.open(tmp_path / "twice.zip")


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "UNPACKED_BYTES", 10_000_000)
    (tmp_path / "bomb.zip").write_bytes(packed_files(("events.csv", b"\n" * 20_000_000)))
    assert (tmp_path / "bomb.zip").stat().st_size < 100_000
    with pytest.raises(FormatError, match=r"bomb\.zip: unpacks to more than 10 MB"):
        Atlas.open(tmp_path / "bomb.zip")


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    (tmp_path / "routes.csv").write_text(ROUTE_HEADER)
    assert len(Atlas.open(tmp_path).routes) == 0
    with pytest.raises(MissingFileError):
        Atlas.open(tmp_path / "gone")


def test_names_that_cannot_both_be_are_told_apart_and_said(tmp_path):
    events = pd.DataFrame({"id": ["a"], "title": ["T"], "size": ["1"], "Size": ["2"], " ": ["3"]})
    atlas = Atlas(schema.check("events", events, file="x"), schema.empty("routes"), schema.empty("sources"))
    told = [(notice.column, notice.message) for notice in atlas.save(tmp_path / "x")]
    assert [column for column, _ in told] == ["Size", " "]
    assert "written as Size_" in told[0][1]
    again = Atlas.open(tmp_path / "x").events
    assert again[["size", "Size_", "column"]].to_numpy().tolist() == [["1", "2", "3"]]


def test_the_command_line_writes_a_folder(tmp_path, sample):
    out = tmp_path / "march"
    done = geo("export", "data/sample", "-o", f"{out}/", "--from", "2024", "--to", "2024")
    year = sample.between(pd.Timestamp("2024-01-01", tz="UTC"), pd.Timestamp("2025-01-01", tz="UTC"))
    assert done.stdout == f"{out}/: {len(year.events)} events, {len(year.routes)} routes\n"
    same_atlas(year, Atlas.open(out))
    assert exporting.is_folder(out)
    done = geo("slice", str(out), "--json")
    assert len(done.stdout.splitlines()) == len(year.events) + len(year.routes)
    assert isinstance(year.events, gpd.GeoDataFrame)
