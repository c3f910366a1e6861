"""Rutter's own files opened again as the same Atlas, foreign ones like them, and what cannot be opened."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyproj import CRS
from shapely.geometry import LineString, MultiLineString, Point

from geo import Atlas, FormatError, SaveError, TableError, exporting, schema
from geo.opening import READERS
from tests.odd_rows import odd_atlas

SUFFIXES = [".geojson", ".geojsonl", ".parquet"]


def same_atlas(ours, theirs, *, exact=False):
    for layer in ("events", "routes"):
        mine, read = ours.layer(layer), theirs.layer(layer)
        assert_frame_equal(mine.drop(columns="geometry"), read.drop(columns="geometry"), check_like=True)
        assert read.crs == "EPSG:4326"
        for a, b in zip(mine.geometry, read.geometry, strict=True):
            assert (a is None and b is None) or a.equals_exact(b, 0 if exact else 0.6e-7)
    assert_frame_equal(ours.sources, theirs.sources)


@pytest.mark.parametrize("suffix", READERS)
def test_the_sample_comes_back(sample, suffix, tmp_path):
    path = tmp_path / f"sample{suffix}"
    sample.save(path)
    again = Atlas.open(path)
    same_atlas(sample, again, exact=suffix == ".parquet")
    assert [notice.message for notice in again.notices] == [notice.message for notice in sample.notices]
    assert again.title == (sample.title if suffix == ".zip" else "sample")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_layer_and_a_slice_come_back(sample, suffix, tmp_path):
    march = sample.between(pd.Timestamp("2024-03-01", tz="UTC"), pd.Timestamp("2024-04-01", tz="UTC"))
    march.save(tmp_path / f"march{suffix}", layers=["routes"])
    again = Atlas.open(tmp_path / f"march{suffix}")
    assert list(again.routes["id"]) == list(march.routes["id"])
    assert len(again.events) == 0
    assert_frame_equal(again.sources, sample.sources)


def test_an_empty_atlas_comes_back(tmp_path):
    nothing = Atlas(schema.empty("events"), schema.empty("routes"), schema.empty("sources"))
    for suffix in (*READERS, ".gpkg", ""):
        nothing.save(tmp_path / f"x{suffix}")
        same_atlas(nothing, Atlas.open(tmp_path / f"x{suffix}"))
    for suffix in (".kml", ".xlsx", ".csv", ".gpx", ".html"):
        nothing.save(tmp_path / f"x{suffix}")


# JSON has one kind of number and no line ends of its own, so all characters but lone halves come back.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lons = st.floats(-180, 180).map(lambda x: round(x, 7))
lats = st.floats(-90, 90).map(lambda x: round(x, 7))
days = st.integers(-11_670_000_000_000, 13_600_000_000_000)  # 1600 to 2400, in milliseconds
within = st.lists(st.tuples(st.integers(-89, 89), lats), min_size=2, max_size=5, unique=True)


@st.composite
def lines(draw):
    """A line, whole or in two pieces that meet at 180 degrees."""
    if draw(st.booleans()):
        return LineString(draw(within))
    lat, west, east = draw(lats), draw(st.floats(90, 179)), draw(st.floats(-179, -90))
    return MultiLineString([[(round(west, 7), 1), (180, lat)], [(-180, lat), (round(east, 7), 2)]])


@settings(max_examples=20)
@given(
    st.lists(st.tuples(texts, texts, st.none() | st.builds(Point, lons, lats), days, st.floats(0, 1)), max_size=5),
    st.lists(st.tuples(texts, texts, st.none() | lines(), days, st.integers(1, 2**40)), max_size=3),
    st.sampled_from(SUFFIXES),
)
def test_any_rows_come_back(tmp_path_factory, events, routes, suffix):
    tables = {}
    for layer, rows, first, last, number in (
        ("events", events, "start", "end", "confidence"),
        ("routes", routes, "depart", "arrive", "leg"),
    ):
        frame = {
            "id": [f"{layer}{place}" for place in range(len(rows))],
            "title": [f"t {row[0]}" for row in rows],
            "mode" if layer == "routes" else "kind": "sea",
            "quote": [row[1] for row in rows],
            "source_id": ["s" for _ in rows],
            first: pd.to_datetime([row[3] for row in rows], unit="ms", utc=True),
            last: pd.to_datetime([row[3] + 1 for row in rows], unit="ms", utc=True),
            number: [row[4] for row in rows],
            "geometry": [row[2] for row in rows],
        }
        tables[layer] = schema.check(layer, pd.DataFrame(frame), file=layer)
    said = [row[1] for row in events[:1]] or [""]
    sources = schema.check("sources", pd.DataFrame({"id": ["s"], "title": said, "note": said}), file="sources")
    atlas = Atlas(tables["events"], tables["routes"], sources)
    path = tmp_path_factory.mktemp("any") / f"any{suffix}"
    assert atlas.save(path) == ()
    same_atlas(atlas, Atlas.open(path), exact=True)


def test_odd_rows_come_back_from_geoparquet(tmp_path):
    odd = odd_atlas()
    notices = odd.save(tmp_path / "odd.parquet")
    assert {(notice.layer, notice.column) for notice in notices} == {("events", "a.b")}, "numbers here, words there"
    again = Atlas.open(tmp_path / "odd.parquet")
    odd.events["a.b"] = odd.events["a.b"].astype("str")
    same_atlas(odd, again, exact=True)


def test_columns_of_ones_own_keep_their_kind(tmp_path):
    frame = {"id": ["a", "b"], "title": "T", "whole": [1, 2], "flag": [True, False], "many": [["x"], {"y": 1}]}
    mixed = {"bbox": ["mine", None], "mixed": [1, "two"], "day": pd.to_datetime(["2024-01-01", "2024-01-02"])}
    events = schema.check("events", pd.DataFrame({**frame, **mixed}, dtype=None), file="x")
    atlas = Atlas(events, schema.empty("routes"), schema.empty("sources"))
    notices = atlas.save(tmp_path / "own.parquet")
    again = Atlas.open(tmp_path / "own.parquet").events
    assert [notice.column for notice in notices] == ["many", "mixed"]
    assert (again["whole"].dtype, again["flag"].dtype) == ("int64", "bool")
    assert list(again["many"]) == ['["x"]', '{"y": 1}']
    assert list(again["mixed"]) == ["1", "two"]
    assert again["bbox"][0] == "mine"
    assert list(again["day"]) == list(events["day"])


def test_halves_of_characters_are_replaced_and_said(tmp_path):
    events = schema.check("events", pd.DataFrame({"id": ["a"], "title": ["T"]}), file="x")
    events["own"] = pd.Series(["lone \ud800 half"], dtype=object)
    atlas = Atlas(events, schema.empty("routes"), schema.empty("sources"))
    for suffix in (".geojson", ".parquet", ".kml", ".xlsx", ".zip", ".html"):
        notices = atlas.save(tmp_path / f"x{suffix}")
        assert suffix == ".html" or "half a character" in " ".join(notice.message for notice in notices)
    assert Atlas.open(tmp_path / "x.parquet").events["own"][0] == "lone � half"


def test_foreign_geoparquet(tmp_path):
    table = gpd.GeoDataFrame(
        {
            "id": ["a", "b", "c"],
            "title": ["P", "L", "N"],
            "mode": [None, "rail", None],
            "tags": [["x", "y"], None, None],
            "size": [1, 2, 3],
            "layer": ["mine", "mine", "events"],
        },
        geometry=[Point(190, 10), LineString([(1, 2), (3, 4)]), None],
        crs="EPSG:4326",
    )
    for options in ({}, {"write_covering_bbox": True}, {"geometry_encoding": "WKB", "compression": None}):
        table.to_parquet(tmp_path / "foreign.parquet", **options)
        atlas = Atlas.open(tmp_path / "foreign.parquet")
        assert (list(atlas.events["id"]), list(atlas.routes["id"])) == (["a", "c"], ["b"])
        assert atlas.events.geometry[0].x == -170
        assert atlas.events["tags"][0] == '["x", "y"]'
        assert atlas.events["original_layer"][0] == "mine"
        assert "bbox" not in atlas.events, "what only helps to search is no column of the rows"
    points = table.drop(columns="tags").iloc[[0]].set_geometry([Point(1, 2)])
    points.to_parquet(tmp_path / "foreign.parquet", geometry_encoding="geoarrow")
    assert Atlas.open(tmp_path / "foreign.parquet").events.geometry[0] == Point(1, 2)


def test_our_own_file_after_another_program_wrote_it(sample, tmp_path):
    sample.save(tmp_path / "ours.parquet")
    gpd.read_parquet(tmp_path / "ours.parquet").to_parquet(tmp_path / "theirs.parquet")
    again = Atlas.open(tmp_path / "theirs.parquet")
    assert list(again.routes["leg"]) == list(sample.routes["leg"])
    assert again.routes.columns.symmetric_difference(sample.routes.columns).empty
    named = sample.sources[sample.sources["id"].isin([*sample.events["source_id"], *sample.routes["source_id"]])]
    assert set(again.sources["id"]) == set(named["id"])


def test_geoparquet_that_cannot_be_opened(tmp_path, sample):
    path = tmp_path / "bad.parquet"
    sample.save(path)
    whole = path.read_bytes()
    for content in (b"", b"PAR1", b"no parquet at all", whole[:1000], whole[:-100], whole[:500] + whole[600:]):
        path.write_bytes(content)
        with pytest.raises(FormatError, match=r"bad\.parquet: no GeoParquet that can be read"):
            Atlas.open(path)
    pq.write_table(pa.table({"id": ["a"], "title": ["T"]}), path)
    with pytest.raises(FormatError, match=r"bad\.parquet: no GeoParquet"):
        Atlas.open(path)
    for told in (b"[1]", b'{"columns": 3, "sources": []}', b'{"columns": {"events": ["gone"]}, "sources": []}', b"{"):
        table = pq.read_table(pa.BufferReader(whole))
        pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"rutter": told}), path)
        with pytest.raises(FormatError, match=r"bad\.parquet: no GeoParquet"):
            Atlas.open(path)
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(1, 95)], crs="EPSG:4326").to_parquet(path)
    with pytest.raises(TableError, match=r"(?s)bad\.parquet.*title.*not on the Earth"):
        Atlas.open(path)


def test_other_coordinates_are_turned_into_degrees_and_that_is_said(tmp_path):
    path = tmp_path / "metres.parquet"
    rows = {"id": ["a", "b", "c"], "title": "T", "mode": [None, "rail", None]}
    places = [Point(130.3, 42.2), LineString([(1, 2), (3, 4)]), None]
    gpd.GeoDataFrame(rows, geometry=places, crs="EPSG:4326").to_crs("EPSG:3857").to_parquet(path)
    atlas = Atlas.open(path)
    assert [*atlas.events.geometry, *atlas.routes.geometry] == [places[0], None, places[1]]
    told = [notice.message for notice in atlas.notices if "EPSG:3857" in notice.message]
    assert told == [
        "metres.parquet: reprojected from WGS 84 / Pseudo-Mercator (EPSG:3857) to degrees, WGS 84 (EPSG:4326)."
    ]
    plan = CRS.from_wkt('ENGCRS["a plan",EDATUM["a stone"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],UNIT["m",1]]')
    gpd.GeoDataFrame(rows, geometry=places, crs=plan).to_parquet(path)
    with pytest.raises(FormatError, match=r"metres\.parquet: coordinates in a plan cannot be turned into degrees"):
        Atlas.open(path)


FEATURE = '{"type":"Feature","id":"a","geometry":null,"properties":{"title":"T"}}'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the file is empty"),
        (f"{FEATURE}\n\nno json\n", "line 3, column 1: no JSON here"),
        (f"{FEATURE}\n[1]\n", "line 2: no FeatureCollection"),
        ('{"type":"Feature"}\n', "row 1, column geometry"),
        ('{"type":"Feature","geometry":NaN}\n', "line 1: holds NaN"),
        (f'{FEATURE[:-1]},"sources":7}}\n', "'sources' is no list"),
        ("[" * 100_000, "nested too deeply|no JSON"),
    ],
)
def test_lines_that_are_no_features(tmp_path, content, says):
    (tmp_path / "bad.geojsonl").write_text(content)
    with pytest.raises(FormatError, match=f"bad.geojsonl.*({says})"):
        Atlas.open(tmp_path / "bad.geojsonl")


def test_lines_of_others(tmp_path):
    path = tmp_path / "x.geojsons"
    other = FEATURE.replace('"a"', '"b"')
    path.write_bytes(b"\xef\xbb\xbf" + f"\x1e{FEATURE}\r\n\x1e{other}".encode())
    assert list(Atlas.open(path).events["id"]) == ["a", "b"], "with the record separators of RFC 8142"


def test_two_exports_joined_are_one(sample, tmp_path):
    parts = [tmp_path / "events.geojsonl", tmp_path / "routes.geojsonl"]
    for path in parts:
        sample.save(path, layers=[path.stem])
    (tmp_path / "joined.geojsonl").write_bytes(b"".join(path.read_bytes() for path in parts))
    same_atlas(sample, Atlas.open(tmp_path / "joined.geojsonl"))


def test_a_dossier_at_work_is_never_written_over(tmp_path, sample):
    path = tmp_path / "d.gpkg"
    sample.save(path)
    held = path.read_bytes()
    for save in (sample.save, lambda path: exporting.save(sample, path)):
        with pytest.raises(SaveError, match="history"):
            save(path)
    assert path.read_bytes() == held
