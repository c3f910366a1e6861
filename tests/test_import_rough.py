"""What files hold that a map does not, and files that only look like others."""

from __future__ import annotations

import os

import pytest
from shapely.geometry import Point

from geo import Atlas, FormatError, read_import
from geo.errors import MissingFileError
from geo.importing import read_sheet
from tests.test_import_formats import EVENTS, KML, PLACEMARK, write


def test_heights_are_left_out_and_said(tmp_path):
    high = EVENTS.set_geometry([Point(130.3, 42.25, 310), Point(131.9, 43.1, 0)])
    for suffix in (".geojson", ".gpkg", ".parquet", ".kml", ".kmz"):
        result = read_import(write(tmp_path, suffix, high))
        assert "Rows whose coordinates have heights (Z): 1. They are left out." in result.remarks, suffix
        assert not result.events.geometry.has_z.any()
    (tmp_path / "t.csv").write_text("title,date,wkt\nA,2024,POINT Z (1 2 3)\nB,2024,POINT Z (1 2 0)\n")
    assert "Rows whose coordinates have heights (Z): 1. They are left out." in read_import(tmp_path / "t.csv").remarks
    assert not [said for said in read_import(write(tmp_path, ".gpkg")).remarks if "heights" in said]


def test_what_positions_say_beyond_a_track_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("MMSI,BaseDateTime,LAT,LON,Draft\n" + "1,2024-01-01T00:0{}:00,1,2,3\n" * 2)
    text = (tmp_path / "t.csv").read_text().replace("{}", "0", 1).replace("{}", "1", 1)
    (tmp_path / "t.csv").write_text(text)
    assert any("Draft: left out" in said for said in read_import(tmp_path / "t.csv").remarks)


OWN_TRACK = (
    '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1" xmlns:rutter="urn:rutter:columns"><trk><extensions>'
    + "".join(f"<rutter:{name}>{text}</rutter:{name}>" for name, text in {"layer": "routes", "id": "a"}.items())
    + "<rutter:title>a</rutter:title><rutter:precision>day</rutter:precision><rutter:status>reported</rutter:status>"
    '</extensions><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>'
)
SIMPLE = '<SchemaData><SimpleData name="rutter_column_zz">1</SimpleData></SchemaData>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.gpx", OWN_TRACK),
        ("t.kml", KML.format(head="", body=PLACEMARK.format(more=f"<ExtendedData>{SIMPLE}</ExtendedData>"))),
    ],
)
def test_what_only_looks_like_our_own_is_read_like_any_other(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert len(read_sheet(tmp_path / name)) == 1


@pytest.mark.parametrize(
    ("name", "content"), [("t.csv", "id,title,date\n"), ("t.kml", KML.format(head="", body="<Document/>"))]
)
def test_a_file_without_rows_says_so(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    with pytest.raises(FormatError, match="holds no rows"):
        read_import(tmp_path / name)


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(FormatError, match="no file that can be read twice"):
        read_import(tmp_path / "t.csv")
    for path in (tmp_path / "t.csv", tmp_path / ("x" * 300 + ".geojson")):
        with pytest.raises(MissingFileError):
            Atlas.open(path)
    huge = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[%s,1]}}]}'
    )
    (tmp_path / "t.geojson").write_text(huge % ("9" * 400))
    with pytest.raises(FormatError, match="its coordinates cannot be read"):
        Atlas.open(tmp_path / "t.geojson")
