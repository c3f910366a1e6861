"""Every kind of file, made by a writer that is not ours, is read; what is wrong with a file is said in one message."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiPoint, Point, box

from geo import FormatError, GeoError, read_import
from geo.errors import LayerError, MissingFileError
from geo.formats.reading import limits
from geo.importing import import_sheet, list_layers, read_sheet, suggest

EVENTS = gpd.GeoDataFrame(
    {"name": ["Ship leaves", "Поезд пришёл"], "event_date": ["2024-03-01", "2024-04"], "tons": [1.5, None]},
    geometry=[Point(130.3, 42.25), Point(131.9, 43.1)],
    crs="EPSG:4326",
)
KML = '<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2">{body}</kml>'
PLACEMARK = "<Placemark><name>A</name>{more}<Point><coordinates>130.3,42.25</coordinates></Point></Placemark>"


def zipped(path: Path, **files: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return path


def write(folder: Path, suffix: str, table: gpd.GeoDataFrame = EVENTS) -> Path:
    path = folder / f"layer{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path)
    elif suffix == ".zip":
        table.to_file(folder / "layer.shp", encoding="utf-8")
        parts = {
            f"layer__{part}": (folder / f"layer.{part}").read_bytes() for part in ("shp", "shx", "dbf", "prj", "cpg")
        }
        zipped(path, **parts)
    elif suffix == ".kmz":
        table.to_file(folder / "doc.kml", driver="KML")
        zipped(path, doc__kml=(folder / "doc.kml").read_bytes())
    else:
        table.to_file(path, **{".shp": {"encoding": "utf-8"}, ".kml": {"driver": "KML"}}.get(suffix, {}))
    return path


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".zip", ".parquet", ".kml", ".kmz", ".geojsonl"])
def test_layers_with_geometry(tmp_path, suffix):
    result = read_import(write(tmp_path, suffix))
    assert list(result.events["title"]) == ["Ship leaves", "Поезд пришёл"]
    assert list(result.events["precision"]) == ["day", "month"]
    assert [point.coords[0] for point in result.events.geometry] == [(130.3, 42.25), (131.9, 43.1)]
    assert list(result.events["tons"]) == ["1.5", ""]
    assert not len(result.failed)
    assert not any("Reprojected" in remark for remark in result.remarks)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".parquet"])
def test_other_systems_are_reprojected_and_said(tmp_path, suffix):
    result = read_import(write(tmp_path, suffix, EVENTS.to_crs("EPSG:32652")))
    assert result.events.geometry.iloc[0].coords[0] == pytest.approx((130.3, 42.25), abs=1e-6)
    assert any("EPSG:32652" in remark for remark in result.remarks)


def test_a_shapefile_without_its_system_is_taken_as_degrees_and_said(tmp_path):
    path = write(tmp_path, ".shp")
    path.with_suffix(".prj").unlink()
    assert any("does not say" in remark for remark in read_import(path).remarks)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(FormatError, match=r"\.dbf are missing"):
        read_import(path)


def test_a_shapefile_in_metres_without_its_system_is_not_taken(tmp_path):
    path = write(tmp_path, ".shp", EVENTS.to_crs("EPSG:3857"))
    path.with_suffix(".prj").unlink()
    result = read_import(path)
    assert len(result.failed) == 2
    assert [offer.mapping.crs for offer in result.offers] == ["EPSG:3857"]
    there = read_import(path, mapping=result.offers[0].mapping)
    assert there.events.geometry.iloc[0].coords[0] == pytest.approx((130.3, 42.25), abs=1e-5)


@pytest.mark.parametrize(
    ("encoding", "divider"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1251", ";"), ("utf-8", "|")],
)
def test_tables_of_text(tmp_path, encoding, divider):
    header = ["Название", "Дата", "Широта", "Долгота"]
    rows = [["Корабль вышел из порта утром", "24.03.2024", "42,25", "130,3"], ["Поезд пришёл", "2024", "43,1", "131,9"]]
    path = tmp_path / "таблица.csv"
    text = "\r\n".join(
        divider.join(f'"{cell}"' if divider in cell else cell for cell in row) for row in [header, *rows]
    )
    path.write_bytes(text.encode(encoding))
    result = read_import(path)
    assert list(result.events["title"]) == ["Корабль вышел из порта утром", "Поезд пришёл"]
    assert [point.coords[0] for point in result.events.geometry] == [(130.3, 42.25), (131.9, 43.1)]


def test_latin_1_and_what_excel_writes_above(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("sep=;\nTitel;Datum;Breite;Länge\nÜbergabe in Müllheim;01.03.2024;42,5;130,1\n".encode("latin-1"))
    result = read_import(path)
    assert list(result.events["title"]) == ["Übergabe in Müllheim"]
    assert any("encoding" in remark for remark in result.remarks)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('\ntitle,date,lat,lon\n"two\nlines",2024,1,2\n\nB,2024-02-31,1,2\nC,2024,1,2,3\nD,2024,1\n')
    assert [fault.row for fault in read_import(path).faults] == [5, 6, 7]


def test_the_divider_is_not_taken_from_the_commas_in_cells(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name;geom\na;POLYGON((0 0,2 0,2 2,0 2,0 0))\n")
    assert read_import(path).events.geometry.iloc[0].within(box(0, 0, 2, 2))


def workbook(path: Path) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.active.title = "Ships"
    for row in (["Title", "When", "Lat", "Lon", "Big"], ["A", date(2024, 3, 1), 42.25, 130.3, 2**40]):
        book.active.append(row)
    book.active.append(["B", datetime(2024, 3, 1, 9, 30), 43, 131, None])
    book.save(path)
    return book


def test_a_workbook(tmp_path):
    path = tmp_path / "t.xlsx"
    book = workbook(path)
    events = read_import(path).events
    assert list(events["precision"]) == ["day", "exact"]
    assert list(events["Big"]) == ["1099511627776", ""]
    book.create_sheet("Trains").append(["title"])
    book["Trains"].append(["T"])
    book.create_sheet("Empty")
    book.save(path)
    assert [layer.name for layer in list_layers(path)] == ["Ships", "Trains"]
    with pytest.raises(LayerError, match=r"Ships.*Trains"):
        read_import(path)
    assert list(read_import(path, layer="Trains").events["title"]) == ["T"]


def test_a_million_empty_rows_cost_little(tmp_path):
    path = tmp_path / "t.xlsx"
    book = workbook(path)
    book.active.cell(1_048_576, 1).value = "C"
    book.save(path)
    sheet = read_sheet(path)
    assert list(sheet.numbers) == [2, 3, 1_048_576]
    book.active.cell(1_048_576, 16_000).value = "far"
    book.save(path)
    with pytest.raises(FormatError, match="spans 1,048,576 rows and 16,000 columns"):
        read_sheet(path)


def test_a_geopackage_from_elsewhere_lists_its_layers(tmp_path):
    path = tmp_path / "other.gpkg"
    EVENTS.to_file(path, layer="incidents")
    EVENTS.head(1).to_file(path, layer="ports")
    before = path.read_bytes()
    with pytest.raises(LayerError, match=r"incidents \(2 rows, Point\); ports \(1 rows, Point\)"):
        read_import(path)
    with pytest.raises(LayerError, match="no layer 'roads'"):
        read_import(path, layer="roads")
    assert len(read_import(path, layer="incidents").events) == 2
    assert path.read_bytes() == before


def test_mixed_geometry_types(tmp_path):
    shapes = [Point(1, 2), LineString([(0, 0), (1, 1)]), box(0, 0, 1, 1), MultiPoint([(3, 4)]), None]
    table = gpd.GeoDataFrame({"name": list("plamn"), "mode": ["", "road", "", "", ""]}, geometry=shapes, crs=4326)
    result = read_import(write(tmp_path, ".geojson", table))
    assert list(result.events["title"]) == ["p", "a", "m", "n"]
    assert result.events.geometry.iloc[2] == Point(3, 4)
    assert 50 < result.events["radius_km"].iloc[1] < 120, "an area is a point with a reach"
    assert result.events["shape_wkt"].iloc[1].startswith("POLYGON")
    assert list(result.routes["mode"]) == ["road"]
    assert list(result.routes["basis"]) == ["stated"]


def test_kml_keeps_how_exactly_its_dates_are_known(tmp_path):
    more = (
        "<TimeStamp><when>2024-03</when></TimeStamp>",
        "<TimeSpan><begin>2024-01-01</begin><end>2024-01-05</end></TimeSpan>",
    )
    (tmp_path / "t.kml").write_text(KML.format(head="", body="".join(PLACEMARK.format(more=one) for one in more)))
    events = read_import(tmp_path / "t.kml").events
    assert list(events["precision"]) == ["month", "day"]
    assert list(events["end"].astype(str)) == ["2024-04-01 00:00:00+00:00", "2024-01-06 00:00:00+00:00"]


def test_kml_fetches_nothing(tmp_path):
    body = f"<Document>{PLACEMARK.format(more='')}<NetworkLink><Link><href>http://127.0.0.1:9/x</href></Link></NetworkLink></Document>"
    (tmp_path / "t.kml").write_text(KML.format(head="", body=body))
    result = read_import(tmp_path / "t.kml")
    assert len(result.events) == 1
    assert any("fetches nothing" in remark for remark in result.remarks)


ENTITY = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
SPOILT = {
    "entity.kml": (KML.format(head=ENTITY, body=PLACEMARK.format(more="<description>&x;</description>")), "DOCTYPE"),
    "laughs.kml": (KML.format(head=LAUGHS, body=PLACEMARK.format(more="<description>&b;</description>")), "DOCTYPE"),
    "cut.kml": (KML.format(head="", body="<Placemark>")[:-6], "damaged or cut short"),
    "page.kml": ("<html><body>Sign in</body></html>", "no KML"),
    "cut.geojson": ('{"type": "FeatureCollection", "features": [{"type": "Fea', "damaged"),
    "virtual.geojson": ("<OGRVRTDataSource></OGRVRTDataSource>", "no GeoJSON"),
    "cut.gpkg": ("SQLite format 3\0 and no more", "damaged"),
    "text.gpkg": ("not a database", "no GeoPackage"),
    "cut.parquet": ("PAR1 and no more", "damaged"),
    "cut.xlsx": ("PK\x03\x04 and no more", "damaged"),
    "cut.kmz": ("PK\x03\x04 and no more", "damaged"),
    "cut.shp": ("not a shape", "no Shapefile"),
    "empty.csv": ("", "empty"),
    "blank.csv": ("\n\n,,\n", "empty"),
    "picture.csv": ("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no table of text"),
    "letter.docx": ("anything", "not a kind of file"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_is_one_message_with_its_name(tmp_path, name):
    content, says = SPOILT[name]
    (tmp_path / name).write_bytes(content.encode("latin-1"))
    with pytest.raises(FormatError, match=says) as caught:
        read_import(tmp_path / name)
    assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_zips_that_are_traps_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("geo.formats.reading.packed.UNPACKED_BYTES", 1_000_000)
    bomb = zipped(tmp_path / "bomb.kmz", doc__kml=b"<kml>" + b" " * 2_000_000)
    book = zipped(tmp_path / "bomb.xlsx", xl__xml=b" " * 2_000_000)
    nested = zipped(tmp_path / "nested.zip", inner__zip=b"PK", t__csv="a,b\n")
    two = zipped(tmp_path / "two.zip", a__csv="a\n", b__csv="b\n")
    for path, says in (
        (bomb, "unpacks to more"),
        (book, "unpacks to more"),
        (nested, "another packed"),
        (two, "2 files"),
    ):
        with pytest.raises(FormatError, match=says):
            read_import(path)
    assert limits.UNPACKED_BYTES >= 100_000_000


def test_what_is_not_there_or_may_not_be_read(tmp_path):
    with pytest.raises(MissingFileError):
        read_import(tmp_path / "none.csv")
    with pytest.raises(FormatError, match="folder"):
        read_import(tmp_path)
    locked = tmp_path / "locked.csv"
    locked.write_text("title\nA\n")
    locked.chmod(0)
    if not os.access(locked, os.R_OK):
        with pytest.raises(GeoError, match="cannot be read"):
            read_import(locked)


def test_failed_rows_of_a_layer_keep_their_shape(tmp_path):
    table = EVENTS.assign(event_date=["2024-02-31", "2024"])
    result = read_import(write(tmp_path, ".gpkg", table))
    assert list(result.failed["geometry_wkt"]) == ["POINT (130.3 42.25)"]
    (tmp_path / "failed.csv").write_text(result.failed_csv().replace("2024-02-31,", "2024-02-28,", 1))
    again = read_import(tmp_path / "failed.csv", mapping=result.mapping)
    assert again.events.geometry.iloc[0] == Point(130.3, 42.25)
    assert isinstance(again.failed, pd.DataFrame)
    assert again.failed.empty


@pytest.mark.parametrize("end", ["csv", "geojson", "geojsonl", "parquet", "xlsx"])
@pytest.mark.parametrize("layer", ["events", "routes"])
def test_what_we_export_names_its_sources_when_it_is_imported(layer, end, sample, tmp_path):
    others = {name: sample.layer(name).iloc[:0] for name in ("events", "routes") if name != layer}
    one = replace(sample, **others)
    one.save(tmp_path / f"out.{end}")
    sheet = read_sheet(tmp_path / f"out.{end}", layer=layer if end == "xlsx" else None)
    back = import_sheet(sheet, suggest(sheet).mapping).atlas
    shared = ["id", "title", "quote", "note", "confidence", "status", "precision", "source_id"]
    shared += ["basis", "mode"] if layer == "routes" else ["kind"]
    want, got = one.layer(layer), back.layer(layer)
    assert got[shared].to_dict("list") == want[shared].to_dict("list")
    named = ["title", "publisher", "url", "published"]
    kept = one.sources.set_index("id").loc[back.sources["id"], named]
    assert back.sources[named].astype(str).to_numpy().tolist() == kept.astype(str).to_numpy().tolist()
