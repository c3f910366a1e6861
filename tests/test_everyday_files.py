"""Files as spreadsheets and other tools really write them, and Atlas calls as people really type them."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from geo import Atlas, DateError, FormatError, GeoError, LayerError, ReadError, TableError
from geo.formats.csvfile import read_cells
from tests.test_bad_input import EVENT_HEADER, GOOD, ROUTE_HEADER, dossier, geocode, opened, refused

__all__ = ["dossier"]  # a fixture


@pytest.mark.parametrize(
    ("content", "cells", "numbers"),
    [
        ("\n\na,b\n1,2\n", [["1", "2"]], [4]),
        ("a,b\r\n1,2\r\n", [["1", "2"]], [2]),
        ("a,b\r1,2\r", [["1", "2"]], [2]),
        ("a,b\n1,2\n\n,\n3,4\n\n", [["1", "2"], ["3", "4"]], [2, 5]),
        ("a,b,,\n1,2,,\n", [["1", "2"]], [2]),
        (" a , b\n1,2\n", [["1", "2"]], [2]),
        ('a,b\n5" gun,2\n3,4" gun\n', [['5" gun', "2"], ["3", '4" gun']], [2, 3]),
        ('a,b\n"x\ny","say ""yes"""\n3,4\n', [["x\ny", 'say "yes"'], ["3", "4"]], [2, 3]),
        ("\ufeffa,b\n1,2", [["1", "2"]], [2]),
        ("a\n1\n\n3\n", [["1"], ["3"]], [2, 4]),
    ],
)
def test_cells_stand_where_a_spreadsheet_shows_them(content, cells, numbers):
    read = read_cells(content.encode(), file="x.csv")
    assert read.rows.to_numpy().tolist() == cells
    assert read.numbers == numbers
    assert read.faults == []


def test_a_quote_that_never_closes_is_named_where_it_opens():
    read = read_cells(b'a,b\n1,2\n3,"open\n5,6\n7,8\n', file="x.csv")
    assert [(fault.row, fault.column) for fault in read.faults] == [(3, "b")]
    assert read.rows.to_numpy().tolist() == [["1", "2"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("id;title;date;place\n", "divided by semicolons"),
        ("id\ttitle\n", "divided by tabs"),
        ("id,title,ID\n", "column id: the column is there twice"),
        ("place,place \n", "column place: the column is there twice"),
        ("x" * 200_000 + ",b\n1,2\n", "the header cannot be read"),
    ],
)
def test_headers_that_cannot_be_used(content, says):
    with pytest.raises(FormatError, match=f"x.csv, row 1.*{says}"):
        read_cells(content.encode(), file="x.csv")


def test_a_wrong_letter_is_named_after_a_cell_of_any_length(dossier):
    rows = f'a,"{"x" * 200_000}\r\ny",x,2024,Najin,1,\r\nb,K\u00f6ln,x,2024,Najin,1,\r\n'
    message = str(refused(dossier((EVENT_HEADER + rows).encode("latin-1"))))
    assert message.startswith("events.csv, row 3, column title: a letter is not UTF-8")


def test_a_stop_between_that_is_unknown_is_said_and_the_line_is_drawn(dossier):
    header = "id,title,mode,origin,destination,via,depart,arrive\n"
    atlas = opened(dossier(routes=header + "r,T,sea,Najin,Dunay,Atlantis,2024,2024\n"))
    assert atlas.routes.geometry.notna().all()
    assert [(n.column, n.value, n.message) for n in atlas.notices] == [
        ("via", "Atlantis", "No place of this name is known: the line is drawn without it.")
    ]


def test_headers_may_be_written_in_capitals(dossier):
    atlas = opened(dossier("ID,Title,Date,Place,Analyst\na,T,2024,Najin,Kim\n"))
    assert (atlas.events["id"][0], atlas.events["Analyst"][0]) == ("a", "Kim")


def test_a_cell_in_a_column_without_a_name_is_not_lost(dossier):
    message = str(refused(dossier("id,title,date,place,\na,T,2024,Najin,stray\n")))
    assert "events.csv, row 2: 'stray' stands in a column without a name" in message


def test_columns_that_rutter_fills_itself_are_not_overwritten(dossier):
    message = str(refused(dossier(EVENT_HEADER.strip() + ",layer\na,T,x,2024,Najin,1,,mine\n")))
    assert "events.csv, column layer: the column has a name that Rutter fills itself. Rename it." in message


def test_no_column_hides_behind_another_with_many_faults(dossier):
    rows = "".join(f"e{number},T,military,2024-13,Najin,1,\n" for number in range(30))
    error = refused(dossier(EVENT_HEADER + rows + "last,T,military,2024,Najin,7,\n"))
    assert isinstance(error, TableError)
    assert len(error.faults) == 31
    assert "column date: 20 more rows" in str(error)
    assert "row 32, column confidence: '7.0' is not between 0 and 1" in str(error)


def test_start_and_end_may_stand_in_two_columns(dossier):
    atlas = opened(dossier("id,title,start,end,place\na,T,2024-03,2024-04-02,Najin\n"))
    assert atlas.events["end"][0] == pd.Timestamp("2024-04-03", tz="UTC")


def test_nobody_rated_it_so_it_has_no_rating_but_the_places(dossier):
    routes = ROUTE_HEADER + "r,T,sea,Najin,Dunay,2024,2024\ns,U,sea,Najin,Atlantis,2024,2024\n"
    atlas = opened(
        dossier(EVENT_HEADER + "a,T,x,2024,Najin,,\nb,U,x,2024,Nowhereville,,\nc,V,x,2024,Najin,0.3,\n", routes=routes)
    )
    assert atlas.events["confidence"].tolist() == pytest.approx([0.9, float("nan"), 0.3], nan_ok=True)
    assert atlas.routes["confidence"].tolist() == pytest.approx([0.9, float("nan")], nan_ok=True)
    assert list(atlas.matching(confidence=0.5).events["id"]) == ["a"]


def test_ones_own_point_has_no_invented_radius(dossier):
    atlas = opened(dossier("id,title,date,lon,lat\na,T,2024,130.3,42.2\n"))
    assert atlas.events["radius_km"].isna().all()


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": list(features), **members}


def feature(geometry, **properties):
    return {"type": "Feature", "id": "a", "geometry": geometry, "properties": {"title": "T", **properties}}


POINT = {"type": "Point", "coordinates": [130, 42]}


@pytest.fixture
def geojson(tmp_path):
    def write(content):
        path = tmp_path / "foreign.geojson"
        path.write_text(json.dumps(content))
        return path

    return write


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (collection(feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]})), "is not a point"),
        (collection(feature({"type": "MultiPoint", "coordinates": [[0, 0]]})), "is not a point"),
        (collection(feature(POINT, layer="routes", mode="sea")), "is not a line"),
        (collection(feature(POINT), sources={"a": 1}), "no list of sources"),
        (collection(feature(POINT), sources="abc"), "no list of sources"),
        (collection(feature({"type": "Point", "coordinates": ["x", 1]})), "row 1, column geometry: its coordinates"),
        (collection(feature({"type": "Point"})), "row 1, column geometry"),
        (collection({"type": "Feature", "properties": {}}), "row 1, column geometry"),
        (collection(feature(POINT) | {"properties": [1]}), "row 1: its properties"),
        (collection(feature(POINT, radius_km=10**400)), "column radius_km"),
        (collection(feature(POINT, start="2024-03-01T00:00", end="2024-03-02T00:00")), "moment with its zone"),
        (collection(feature(POINT, source_id="who"), sources=[{"id": "ft"}]), "'who' is the id of no source"),
    ],
)
def test_foreign_geojson_that_does_not_fit_is_told_in_words(geojson, content, says):
    with pytest.raises(GeoError, match=says) as caught:
        Atlas.open(geojson(content))
    assert "foreign.geojson" in str(caught.value)


def test_foreign_properties_of_any_kind_are_kept_and_come_back(geojson, tmp_path):
    odd = feature(POINT, layer="Roads", tags=["x"], flag=True, size=3, nested={"a": 1}, title="lone \ud800 half")
    atlas = Atlas.open(geojson(collection(odd, feature(POINT) | {"id": "b"})))
    row = atlas.events.iloc[0]
    assert (row["tags"], row["original_layer"], row["nested"]) == ('["x"]', "Roads", '{"a": 1}')
    atlas.save(tmp_path / "again.geojson")
    again = Atlas.open(tmp_path / "again.geojson")
    assert again.events["tags"][0] == '["x"]'
    assert list(again.events["id"]) == ["a", "b"]


def test_longitudes_past_180_are_the_same_places(geojson):
    line = {"type": "LineString", "coordinates": [[170, 10], [190, 10]]}
    atlas = Atlas.open(
        geojson(collection(feature({"type": "Point", "coordinates": [190, 10]}), feature(line, mode="sea")))
    )
    assert atlas.events.geometry[0].x == -170
    assert atlas.routes.geometry[0].geom_type == "MultiLineString"


def test_a_source_that_leads_nowhere_is_said(geojson):
    atlas = Atlas.open(geojson(collection(feature(POINT, source_id="who"))))
    assert len(atlas.sources) == 0
    assert "No source of this id" in atlas.notices[-1].message


def test_a_file_that_may_not_be_read_is_said(dossier, monkeypatch):
    folder = dossier()

    def denied(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", denied)
    with pytest.raises(ReadError, match=r"events\.csv cannot be read: Permission denied\. Check who may read it\."):
        opened(folder)


def test_calls_that_cannot_be_meant_are_refused(dossier):
    atlas = Atlas.open(dossier(EVENT_HEADER + GOOD), geocode=geocode)
    with pytest.raises(LayerError, match=r"No layer is called bogus\. Use events or routes\."):
        atlas.to_geojson(layers=["bogus"])
    with pytest.raises(LayerError, match="sources"):
        atlas.layer("sources")
    now = pd.Timestamp("2024-03-24", tz="UTC")
    for window in ((now, now), (now, now - pd.Timedelta(days=1))):
        with pytest.raises(DateError, match="is empty"):
            atlas.between(*window)
    with pytest.raises(DateError, match="time zone"):
        atlas.between(pd.Timestamp("2024"), pd.Timestamp("2025"))


def test_one_word_is_one_kind(sample):
    assert set(sample.matching(kinds="attack").events["kind"]) == {"attack"}


def test_opening_slicing_and_writing_change_nothing(sample):
    before = sample.events.copy(), sample.routes.copy(), sample.sources.copy()
    sample.between(*sample.span)
    sample.matching(words="najin", confidence=0.5)
    sample.to_geojson()
    for table, was in zip((sample.events, sample.routes, sample.sources), before, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(was))


def test_words_are_found_wherever_they_stand(sample):
    assert set(sample.matching(words="ANGARA").routes["id"]) == {"arms-2023-1"}
    assert len(sample.matching(words="no such words").events) == 0


def test_an_atlas_shows_itself_in_a_notebook(sample):
    assert "<iframe" in sample._repr_html_()
