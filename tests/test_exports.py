"""Every format read back by a reader that is not ours, value by value."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import gpxpy
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from lxml import etree
from python_calamine import CalamineWorkbook

from geo import exporting
from geo.formats.spreadsheet import harmless
from tests.odd_rows import FORMULA, odd_atlas
from tests.pages import texts_of

KML = {"k": "http://www.opengis.net/kml/2.2"}
CITED = ("title", "publisher", "url", "published", "note")


@pytest.fixture(scope="module", params=["sample", "odd"])
def atlas(request, sample):
    return sample if request.param == "sample" else odd_atlas()


def expected(atlas, layer):
    """What each row must say: its columns, times in ISO 8601, and its source; empty and missing cells left out."""
    sources = atlas.sources.set_index("id").to_dict("index")
    rows = []
    for row in atlas.layer(layer).drop(columns="geometry").to_dict("records"):
        source = sources.get(row["source_id"], {})
        said = {"layer": layer, **row, **{f"source_{name}": source.get(name) for name in CITED}}
        rows.append({name: written(value) for name, value in said.items() if not pd.isna(value) and value != ""})
    return rows


def written(value):
    if isinstance(value, pd.Timestamp):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")
    return value


def legal(value):
    return "".join(c if c in "\t\n\r" or c >= " " else "�" for c in value) if isinstance(value, str) else value


def alike(said, meant, *, relative=0.0):
    """Whether a cell says a value, be it as text or as a number."""
    if isinstance(meant, str):
        return said == meant
    return said not in (None, "") and float(said) == pytest.approx(float(meant), rel=relative, abs=0)


def same_rows(read, meant, *, relative=0.0, without=()):
    assert len(read) == len(meant)
    for said, row in zip(read, meant, strict=True):
        for name, value in row.items():
            if name not in without:
                assert alike(said.get(name), value, relative=relative), (row, name, said.get(name))
        surplus = {name for name, value in said.items() if value not in (None, "")} - row.keys() - set(without)
        assert not surplus, f"{row} has gained {surplus}"


def same_places(read, ours):
    for said, meant in zip(read, ours, strict=True):
        assert (said is None) == (meant is None)
        assert meant is None or _together(said).equals_exact(_together(meant), 0.6e-7)


def _together(geometry):
    """A lone line that a reader calls a MultiLineString is that line."""
    pieces = shapely.get_parts(geometry)
    return pieces[0] if len(pieces) == 1 else geometry


@pytest.mark.parametrize("suffix", [".geojson", ".geojsonl"])
def test_geojson(atlas, suffix, tmp_path):
    path = tmp_path / f"x{suffix}"
    assert atlas.save(path) == ()
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if suffix == ".geojsonl" else []
    features = [json.loads(line) for line in text.split("\n")[:-1]] if lines else json.loads(text)["features"]
    assert "\x1e" not in text, "newline-delimited, without record separators"
    split = len(atlas.events)
    for layer, part in (("events", features[:split]), ("routes", features[split:])):
        same_rows([feature["properties"] for feature in part], expected(atlas, layer))
        same_places(
            [feature["geometry"] and shapely.geometry.shape(feature["geometry"]) for feature in part],
            atlas.layer(layer).geometry,
        )
    driver = "GeoJSONSeq" if lines else "GeoJSON"
    gdal = pyogrio.read_dataframe(f"{driver}:{path}" if lines else path)
    assert list(gdal["id"]) == [*atlas.events["id"], *atlas.routes["id"]]
    same_places(gdal.geometry, [*atlas.events.geometry, *atlas.routes.geometry])
    listed = json.loads(lines[0])["sources"] if lines else json.loads(text)["sources"]
    assert listed == atlas.sources.to_dict("records")


def test_geoparquet(atlas, tmp_path):
    path = tmp_path / "x.parquet"
    atlas.save(path)
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert column["covering"]["bbox"]["ymax"] == ["bbox", "ymax"]
    assert column["bbox"] == list(atlas.bounds)
    kinds = {str(field.type) for field in table.schema if field.name in ("start", "end", "depart", "arrive")}
    assert kinds == {"timestamp[ms, tz=UTC]"}
    assert [str(table.schema.field(name).type) for name in ("leg", "radius_km", "quantity")] == ["int64"] + [
        "double"
    ] * 2
    frame = table.to_pandas()
    for layer in ("events", "routes"):
        ours, theirs = atlas.layer(layer), frame[frame["layer"] == layer].reset_index(drop=True)
        for name in ours.columns.drop("geometry"):
            for said, meant in zip(theirs[name], ours[name], strict=True):
                assert (pd.isna(said) and pd.isna(meant)) or said == meant or said == str(meant), (name, said, meant)
        places = shapely.from_wkb(theirs["geometry"].to_numpy())
        assert all(a is b or a.equals_exact(b) for a, b in zip(places, ours.geometry, strict=True))
        boxes = [list(box.values()) if box else [np.nan] * 4 for box in theirs["bbox"]]
        np.testing.assert_array_equal(boxes, shapely.bounds(places))
        cited = [f"source_{name}" for name in CITED]
        said = [{name: row[name] for name in cited if not pd.isna(row[name])} for row in theirs.to_dict("records")]
        same_rows(said, [{name: row[name] for name in cited if name in row} for row in expected(atlas, layer)])
    assert json.loads(table.schema.metadata[b"rutter"])["sources"] == atlas.sources.to_dict("records")


@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_kml(atlas, suffix, tmp_path):
    path = tmp_path / f"x{suffix}"
    notices = atlas.save(path)
    content = path.read_bytes() if suffix == ".kml" else zipfile.ZipFile(path).read("doc.kml")
    document = etree.fromstring(content)
    for layer in ("events", "routes"):
        ours, meant = atlas.layer(layer), expected(atlas, layer)
        marks = document.xpath(f"//k:Folder[k:name='{layer}']/k:Placemark", namespaces=KML)
        same_rows(list(map(extended, marks)), [{name: legal(it) for name, it in row.items()} for row in meant])
        first, last = ("start", "end") if layer == "events" else ("depart", "arrive")
        for mark, row in zip(marks, meant, strict=True):
            assert mark.findtext("k:name", namespaces=KML) == legal(row["title"])
            span = [mark.findtext(f"k:TimeSpan/k:{end}", namespaces=KML) for end in ("begin", "end")]
            assert span == [row.get(first), row.get(last)]
            if layer == "routes":
                words = {"observed track": "observed", "stated": "stated", "inferred": "inferred"}[row["basis"]]
                style = mark.findtext("k:styleUrl", namespaces=KML).removeprefix("#")
                assert style == words
                assert document.xpath(f"//k:Style[@id='{style}']/k:LineStyle/k:width", namespaces=KML)
                assert words in mark.findtext("k:description", namespaces=KML).lower()
        gdal = pyogrio.read_dataframe(path, layer=layer)
        same_places(gdal.geometry, ours.geometry)
        assert list(gdal["begin"].dropna()) == list(ours[first].dropna())
    listed = document.xpath("//k:Folder[k:name='sources']/k:Placemark", namespaces=KML)
    assert [extended(mark)["id"] for mark in listed] == list(atlas.sources["id"])
    assert {notice.id for notice in notices} == set(atlas.events["id"]) & {"control"} | set(atlas.routes["id"]) & {
        "nowhere"
    }


def extended(mark):
    data = mark.findall("k:ExtendedData/k:Data", namespaces=KML)
    return {one.get("name"): one.findtext("k:value", namespaces=KML) for one in data}


def test_what_kml_shows_as_html_is_text():
    (mark,) = etree.fromstring(exporting.export(odd_atlas(), "kml").content).xpath(
        "//k:Placemark[k:ExtendedData/k:Data[@name='id']/k:value='long']", namespaces=KML
    )
    balloon = mark.findtext("k:description", namespaces=KML)
    assert "&lt;b&gt;]]&gt;&lt;/b&gt; &amp; " in balloon
    assert "<b>" not in balloon


def places_of(layer, rows):
    """The cells of a spreadsheet that say where a row is."""
    cells = []
    for geometry in rows.geometry:
        points = [] if geometry is None else shapely.get_coordinates(geometry)[[0, -1]]
        names = ("", "") if layer == "events" else ("origin_", "destination_")
        axes = [
            (f"{end}{axis}", point[at])
            for end, point in zip(names, points, strict=False)
            for at, axis in enumerate(("lon", "lat"))
        ]
        cells.append(dict(axes))
    return cells


def check_sheet(atlas, layer, rows, *, text, relative=0.0):
    """Compare a sheet's rows, each a dict of its cells, with the table."""
    lines = [row.pop("wkt") for row in rows]
    same_places(
        [shapely.from_wkt(line) if line and "EMPTY" not in line else None for line in lines],
        atlas.layer(layer).geometry,
    )
    wheres = places_of(layer, atlas.layer(layer))
    meant = [
        {name: text(it) if isinstance(it, str) else it for name, it in row.items() if name != "layer"} | where
        for row, where in zip(expected(atlas, layer), wheres, strict=True)
    ]
    where = {name for row in wheres for name in row}
    same_rows(rows, meant, relative=relative, without=where)
    for said, at in zip(rows, wheres, strict=True):
        assert all(float(said[name]) == pytest.approx(value, abs=0.6e-7) for name, value in at.items())


def test_csv_in_a_zip_and_alone(atlas, tmp_path):
    path = tmp_path / "x.zip"
    atlas.save(path)
    archive = zipfile.ZipFile(path)
    assert archive.namelist() == ["events.csv", "routes.csv", "sources.csv", "title.txt"]
    assert archive.read("title.txt").decode().strip() == atlas.title
    for layer in ("events", "routes"):
        content = archive.read(f"{layer}.csv")
        assert content.startswith(b"\xef\xbb\xbf")
        check_sheet(atlas, layer, cells(content), text=in_csv)
        gdal = pyogrio.read_dataframe(f"/vsizip/{path}/{layer}.csv")
        same_places([None if one.is_empty else one for one in gdal.geometry], atlas.layer(layer).geometry)
        alone = exporting.export(atlas, "csv", layers=[layer])
        assert alone.content == content
    listed = cells(archive.read("sources.csv"))
    assert listed == [{n: in_csv(it) for n, it in row.items()} for row in atlas.sources.to_dict("records")]


def in_csv(text):
    return harmless(legal(text).replace("\r\n", "\n").replace("\r", "\n"))


def cells(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_xlsx(atlas, tmp_path):
    path = tmp_path / "x.xlsx"
    atlas.save(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["events", "routes", "sources"]
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert kinds <= {"s", "n", "inlineStr"}, "no cell is a formula or a date"
    for layer in ("events", "routes"):
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name(layer).to_python()
        sheet = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        check_sheet(atlas, layer, sheet, text=legal, relative=1e-15)
    assert b"<f>" not in b"".join(map(zipfile.ZipFile(path).read, zipfile.ZipFile(path).namelist()))


def test_a_formula_stays_text_when_its_cell_is_edited():
    sheet = openpyxl.load_workbook(io.BytesIO(exporting.export(odd_atlas(), "xlsx").content))["events"]
    (cell,) = (cell for cell in sheet["B"] if cell.value == FORMULA)
    assert cell.quotePrefix
    assert not sheet["A2"].quotePrefix


def test_gpx(atlas, tmp_path):
    path = tmp_path / "x.gpx"
    notices = atlas.save(path)
    drawn = atlas.routes[atlas.routes.geometry.notna()].reset_index(drop=True)
    tracks = gpxpy.parse(path.read_text(encoding="utf-8")).tracks
    assert len(tracks) == len(drawn)
    meant = {row["id"]: row for row in expected(atlas, "routes")}
    for track, row in zip(tracks, drawn.to_dict("records"), strict=True):
        said = {one.tag.partition("}")[2]: one.text for one in track.extensions}
        own = {one.get("name"): one.text for one in track.extensions if one.get("name")}
        (said.pop("column", None), said.update(own))
        same_rows([said], [{name: legal(it) for name, it in meant[row["id"]].items()}])
        assert (track.name, track.type, track.comment or "") == (legal(row["title"]), row["mode"], row["quote"])
        assert track.link == (meant[row["id"]].get("source_url"))
        assert ("not observed" in track.description) == (row["basis"] == "inferred")
        segments = [[(point.longitude, point.latitude) for point in segment.points] for segment in track.segments]
        same_places([shapely.MultiLineString(segments)], [row["geometry"]])
        times = [point.time for segment in track.segments for point in segment.points]
        assert not any(times[1:-1]), "nobody timed what lies between"
        for time, end, other in ((times[0], "depart", "arrive"), (times[-1], "arrive", "depart")):
            known = not pd.isna(row[end]) and row["dated_by"] != other
            assert (time is not None) == known
            assert not known or pd.Timestamp(time) == row[end]
    gdal = pyogrio.read_dataframe(path, layer="tracks")
    same_places(gdal.geometry, drawn.geometry)
    left = {notice.id for notice in notices if "Has no line" in notice.message}
    assert left == set(atlas.routes["id"]) - set(drawn["id"])
    assert any(notice.layer == "events" and str(len(atlas.events)) in notice.message for notice in notices)


def test_a_page_holds_what_was_asked_for(sample, tmp_path):
    march = sample.between(pd.Timestamp("2024-03-01", tz="UTC"), pd.Timestamp("2024-04-01", tz="UTC"))
    march.save(tmp_path / "all.html")
    march.save(tmp_path / "routes.html", layers=["routes"])
    texts = {name: (tmp_path / name).read_text(encoding="utf-8") for name in ("all.html", "routes.html")}

    def holds(text, atlas, layer):
        ids = texts_of(text)[layer]["id"]
        return [name in ids for name in atlas.layer(layer)["id"]]

    assert all(holds(texts["all.html"], march, "events") + holds(texts["all.html"], march, "routes"))
    assert sum(holds(texts["all.html"], sample, "events")) == len(march.events) < len(sample.events)
    assert not any(holds(texts["routes.html"], march, "events"))
    assert all(holds(texts["routes.html"], march, "routes"))
