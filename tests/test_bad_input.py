"""What a user may bring that is wrong: one clear message with file, row and column, and nothing lost."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from geo import Atlas, FormatError, GeoError, MissingFileError, SaveError, TableError
from geo.formats.spreadsheet import harmless
from geo.types import Place

EVENT_HEADER = "id,title,kind,date,place,confidence,source_id\n"
ROUTE_HEADER = "id,title,mode,origin,destination,depart,arrive\n"
GOOD = "a,Ship leaves,military,2024-03-24,Najin,0.8,\n"
KNOWN = {
    "Najin": Place("geonames:1", "Rajin", 130.3, 42.25, "city", "KP", 3.0, 0.9, "najin"),
    "Dunay": Place("geonames:2", "Dunay", 132.3, 42.88, "city", "RU", 3.0, 0.9, "dunay"),
}


def geocode(name, *, near=None):
    return KNOWN.get(name)


@pytest.fixture
def dossier(tmp_path):
    def write(events: str | bytes = EVENT_HEADER + GOOD, **others: str) -> Path:
        content = events if isinstance(events, bytes) else events.encode()
        (tmp_path / "events.csv").write_bytes(content)
        for name, text in others.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def opened(folder: Path) -> Atlas:
    return Atlas.open(folder, geocode=geocode)


def refused(folder: Path) -> GeoError:
    with pytest.raises(GeoError) as caught:
        opened(folder)
    assert isinstance(caught.value, ValueError), "also the built-in that fits"
    return caught.value


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "b,T,military,2024-03-31/2024-03-20,Najin,1,\n",
            "row 3, column date: '2024-03-31/2024-03-20' ends before it starts",
        ),
        ("b,T,military,2024-13-01,Najin,1,\n", "row 3, column date: '2024-13-01' is not a date in the calendar"),
        ("a,T,military,2024,Najin,1,\n", "row 3, column id: 'a' appears more than once"),
        (",T,military,2024,Najin,1,\n", "row 3, column id: '' is empty"),
        ("b,,military,2024,Najin,1,\n", "row 3, column title: '' is empty"),
        ("b,T,military,2024,Najin,NaN,\n", "row 3, column confidence: 'NaN' is not a number"),
        ("b,T,military,2024,Najin,inf,\n", "row 3, column confidence: 'inf' is not a number"),
        ("b,T,military,2024,Najin,1.5,\n", "row 3, column confidence: '1.5' is not between 0 and 1"),
        ("b,T,military,2024,Najin,sure,\n", "row 3, column confidence: 'sure' is not a number"),
        ("b,T,military,2024\n", "row 3, column date: the row has 4 cells, the header 7"),
        ('b,"T,military,2024,Najin,1,\n', "row 3, column title: a double quote opens and never closes"),
        (f"b,{'x' * 2_000_000},military,2024,Najin,1,\n", "row 3, column title: 'xxx"),
    ],
)
def test_a_wrong_row_is_named(dossier, row, says):
    message = str(refused(dossier(EVENT_HEADER + GOOD + row)))
    assert f"events.csv, {says}" in message
    assert len(message) < 700, "a long cell does not flood the message"


def test_all_faults_are_told_at_once(dossier):
    events = EVENT_HEADER + "a,T,military,2024-13,Najin,7,\na,,military,2024,Najin,1,\n"
    error = refused(dossier(events, routes=ROUTE_HEADER + "r,T,camel,Najin,Dunay,2024,2023\n"))
    assert isinstance(error, TableError)
    told = {(fault.file, fault.row, fault.column) for fault in error.faults}
    assert told == {
        ("events.csv", 2, "date"),
        ("events.csv", 2, "confidence"),
        ("events.csv", 2, "id"),
        ("events.csv", 3, "id"),
        ("events.csv", 3, "title"),
        ("routes.csv", 2, "mode"),
        ("routes.csv", 2, "arrive"),
    }
    assert all(fault.remedy for fault in error.faults), "each says what to do"


def test_latitude_95(dossier):
    header = EVENT_HEADER.strip() + ",lon,lat\n"
    message = str(refused(dossier(header + "a,T,military,2024,somewhere,1,,130,95\n")))
    assert "events.csv, row 2, column lat: Latitude 95 is not between -90 and 90" in message


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "east"])
def test_longitude_that_is_no_number(dossier, number):
    header = EVENT_HEADER.strip() + ",lon,lat\n"
    message = str(refused(dossier(header + f"a,T,military,2024,somewhere,1,,{number},5\n")))
    assert "events.csv, row 2, column lon" in message


def test_a_missing_column(dossier):
    message = str(refused(dossier("title,date\nT,2024\n")))
    advice = "the column is missing. Add it to the header. Columns found: title, date."
    assert message == f"events.csv, column place: {advice}\nevents.csv, column id: {advice}"


@pytest.mark.parametrize("content", [b"", b"  \n \n", b"\xef\xbb\xbf"])
def test_an_empty_file(dossier, content):
    assert str(refused(dossier(content))) == "events.csv: the file is empty. Its first row must name the columns."


def test_latin1_bytes(dossier):
    content = (EVENT_HEADER + GOOD + "b,Bericht aus Köln,military,2024,Najin,1,\n").encode("latin-1")
    message = str(refused(dossier(content)))
    assert message.startswith("events.csv, row 3, column title: a letter is not UTF-8 (byte 0xf6)")
    assert "Latin-1" in message


def test_an_empty_header_only_file_is_an_empty_dossier(dossier):
    assert len(opened(dossier(EVENT_HEADER)).events) == 0


def test_nothing_there(tmp_path):
    with pytest.raises(MissingFileError, match="Check the path"):
        Atlas.open(tmp_path / "nowhere")
    with pytest.raises(MissingFileError, match=r"neither events\.csv nor routes\.csv"):
        Atlas.open(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(FormatError, match="not a kind of file"):
        Atlas.open(tmp_path / "notes.txt")


def test_an_unknown_place_is_kept_counted_and_listed(dossier):
    atlas = opened(dossier(EVENT_HEADER + GOOD + "b,T,military,2024,Nowhereville,,\n"))
    assert len(atlas.events) == 2
    assert atlas.unplaced.to_dict("records") == [{"layer": "events", "id": "b", "title": "T", "place": "Nowhereville"}]
    (notice,) = atlas.notices
    assert (notice.id, notice.column, notice.value) == ("b", "place", "Nowhereville")
    assert json.loads(atlas.to_geojson())["features"][1]["geometry"] is None, "exported all the same"


def test_a_route_with_one_end_unknown_is_kept(dossier):
    rows = ROUTE_HEADER + "r,T,sea,Najin,Atlantis,2024-03,2024-03\ns,U,sea,Najin,Dunay,2024-03,2024-03\n"
    atlas = opened(dossier(routes=rows))
    assert list(atlas.routes.geometry.isna()) == [True, False]
    assert math.isnan(atlas.routes["length_km"][0])
    assert [(n.layer, n.id, n.column, n.value) for n in atlas.notices] == [("routes", "r", "destination", "Atlantis")]


def test_a_route_to_where_it_started_is_kept_with_the_reason(dossier):
    atlas = opened(dossier(routes=ROUTE_HEADER + "r,T,sea,Najin,Najin,2024-03,2024-03\n"))
    assert atlas.routes.geometry.isna().all()
    assert "No line is drawn" in atlas.notices[0].message


def test_half_known_dates_are_kept_and_said(dossier):
    atlas = opened(
        dossier(EVENT_HEADER + "a,T,military,,Najin,,\n", routes=ROUTE_HEADER + "r,T,sea,Najin,Dunay,2024-03,\n")
    )
    assert list(atlas.undated["id"]) == ["a"]
    assert {notice.id: notice.message.split(":")[0] for notice in atlas.notices} == {
        "a": "No date is given",
        "r": "No date in arrive",
    }


def test_scripts_and_formulas_are_text_and_said(dossier):
    atlas = opened(
        dossier(
            EVENT_HEADER
            + 'a,"</script><img src=x onerror=alert(1)>",x,2024,Najin,,\nb,"=HYPERLINK(""x"")",x,2024,Najin,,\n'
        )
    )
    assert list(atlas.events["title"]) == ["</script><img src=x onerror=alert(1)>", '=HYPERLINK("x")']
    assert [(notice.id, notice.column) for notice in atlas.notices] == [("a", "title"), ("b", "title")]
    page = str(atlas.to_map().get_root().render())
    assert "</script><img" not in page


@pytest.mark.parametrize("cell", ["=1+1", " @SUM(A1)", "+7", "-cmd", "-1+cmd|'/c calc'!A0", "- 2*3"])
def test_a_cell_that_a_spreadsheet_would_run(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.5", "-", "- a dash", "-5 °C", "3+4", "", "a = b"])
def test_a_cell_that_a_spreadsheet_leaves_alone(cell):
    assert harmless(cell) == cell


def test_a_source_that_is_not_listed(dossier):
    events = EVENT_HEADER + "a,T,military,2024,Najin,1,who\n"
    message = str(refused(dossier(events, sources="id,title\nft,Financial Times\n")))
    assert message.startswith("events.csv, row 2, column source_id: 'who' is the id of no source.")


def test_columns_of_ones_own_are_kept(dossier):
    atlas = opened(dossier(EVENT_HEADER.strip() + ",analyst\n" + "a,T,military,2024,Najin,1,,Kim\n"))
    assert list(atlas.events["analyst"]) == ["Kim"]
    assert '"analyst":"Kim"' in atlas.to_geojson()


def test_a_failed_save_leaves_the_old_file(dossier, tmp_path):
    atlas = opened(dossier())
    target = tmp_path / "out.geojson"
    target.write_text("old")
    with pytest.raises(SaveError, match="could not be written"):
        atlas.save(tmp_path / "no such folder" / "out.geojson")
    with pytest.raises(FormatError, match="not a kind of file Rutter writes"):
        atlas.save(tmp_path / "out.docx")
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.csv", "out.geojson"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"{", "line 1, column 2: no JSON here"),
        (b"[]", "no FeatureCollection"),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point"}}]}',
            "row 1, column geometry",
        ),
        (b'{"type":"FeatureCollection","features":[NaN]}', "holds NaN"),
        (
            b'{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features":[]}',
            "WGS 84",
        ),
        (b'{"type":"FeatureCollection","features":"\xe9"}', "not UTF-8"),
        (b"[" * 100_000, "no JSON here|nested too deeply"),
    ],
)
def test_geojson_that_cannot_be_read(tmp_path, content, says):
    path = tmp_path / "bad.geojson"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=f"bad.geojson.*({says})"):
        Atlas.open(path)


def test_geojson_with_a_point_off_the_earth(tmp_path):
    path = tmp_path / "bad.geojson"
    feature = {
        "type": "Feature",
        "id": "a",
        "geometry": {"type": "Point", "coordinates": [130, 95]},
        "properties": {"title": "T"},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(TableError, match=r"bad\.geojson, row 1, column geometry: .*not on the Earth"):
        Atlas.open(path)
