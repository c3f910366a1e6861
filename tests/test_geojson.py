"""GeoJSON per RFC 7946, checked by GDAL and by a validator that is not ours, and read back to the same Atlas."""

from __future__ import annotations

import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from geojson_validator import validate_geometries, validate_structure
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely.geometry import LinearRing, LineString, Point, Polygon

from geo import Atlas, schema
from geo.formats.writing.cited import cite
from geo.formats.writing.geojson import write_geojson


@pytest.fixture(scope="module")
def exported(sample, tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "all.geojson"
    sample.save(path)
    return path


def test_reads_back_as_the_same_atlas(sample, exported):
    again = Atlas.open(exported)
    for name in ("events", "routes"):
        ours, theirs = sample.layer(name), again.layer(name)
        assert_frame_equal(ours.drop(columns="geometry"), theirs.drop(columns="geometry"), check_like=True)
        assert all(
            (a is None and b is None) or a.equals_exact(b, 0.6e-7)
            for a, b in zip(ours.geometry, theirs.geometry, strict=True)
        )
        assert theirs.crs == "EPSG:4326"
    assert_frame_equal(sample.sources, again.sources)


def test_one_layer_or_a_slice(sample):
    march = sample.between(pd.Timestamp("2024-03-01", tz="UTC"), pd.Timestamp("2024-04-01", tz="UTC"))
    only = json.loads(march.to_geojson(layers=["routes"]))
    assert [feature["id"] for feature in only["features"]] == list(march.routes["id"])
    assert {feature["properties"]["layer"] for feature in only["features"]} == {"routes"}


def test_members(exported):
    text = exported.read_text(encoding="utf-8")
    collection = json.loads(text)
    assert "crs" not in collection
    for feature in collection["features"]:
        properties = feature["properties"]
        for name in ("source_title", "source_publisher", "source_published", "quote", "confidence", "note"):
            assert name in properties
        assert properties["source_publisher"], "every row of the sample names who says so"
        times = ("start", "end") if properties["layer"] == "events" else ("depart", "arrive")
        for name in times:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", properties[name])
    decimals = re.findall(r"-?\d+\.(\d+)(?=[,\]])", re.sub(r'"properties":\{.*?\}\}', "", text))
    assert max(map(len, decimals)) <= 7


def test_an_independent_validator_finds_nothing(exported):
    collection = json.loads(exported.read_text(encoding="utf-8"))
    placed = {**collection, "features": [f for f in collection["features"] if f["geometry"]]}
    assert validate_structure(collection) == {}
    report = validate_geometries(placed)
    assert report["invalid"] == {}, report
    # The validator advises 6 decimals; Rutter writes 7, a centimetre, on purpose.
    assert report["problematic"].keys() <= {"excessive_coordinate_precision"}, report["problematic"]
    assert report["count_geometry_types"].keys() == {"Point", "LineString"}


def test_gdal_reads_it(sample, exported):
    read = pyogrio.read_dataframe(exported)
    assert len(read) == len(sample.events) + len(sample.routes)
    assert read.crs == "EPSG:4326"
    assert set(read["source_publisher"]) <= set(sample.sources["publisher"])
    starts = pd.to_datetime(read.set_index("id")["start"].dropna(), utc=True)
    expected = sample.events.set_index("id")["start"]
    assert (starts == expected.reindex(starts.index)).all()
    west, south, east, north = read.total_bounds
    assert west >= -180 and east <= 180 and south >= -90 and north <= 90


def test_what_crosses_180_is_cut(sample):
    line = LineString([(158.65, 53), (210.1, 61.2)])
    routes = schema.check("routes", pd.DataFrame({"id": ["r"], "title": ["T"], "mode": ["sea"]}), file="x")
    routes = routes.set_geometry(gpd.GeoSeries([line], crs="EPSG:4326"))
    (feature,) = json.loads(write_geojson(cite({"routes": routes}, sample.sources)).content)["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    for part in feature["geometry"]["coordinates"]:
        assert all(-180 <= lon <= 180 for lon, _ in part)
    assert feature["geometry"]["coordinates"][0][-1][0] == 180
    assert feature["geometry"]["coordinates"][1][0][0] == -180


def test_rings_are_right_handed(sample):
    clockwise = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)], holes=[[(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)]])
    table = gpd.GeoDataFrame({"id": ["a"], "source_id": [""]}, geometry=[clockwise], crs="EPSG:4326")
    geometry = json.loads(write_geojson(cite({"areas": table}, sample.sources)).content)["features"][0]["geometry"]
    shell, hole = (LinearRing(ring) for ring in geometry["coordinates"])
    assert shell.is_ccw and not hole.is_ccw


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            texts,
            st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
            st.integers(-30_000_000_000_000, 100_000_000_000_000),
            st.integers(0, 100_000_000_000),
            st.floats(0, 1),
        ),
        max_size=6,
    )
)
def test_any_events_read_back_the_same(tmp_path_factory, rows):
    frame = pd.DataFrame(
        {
            "id": [f"e{number}" for number in range(len(rows))],
            "title": [f"t {text}" for text, *_ in rows],
            "start": pd.to_datetime([start for _, _, start, _, _ in rows], unit="ms", utc=True),
            "end": pd.to_datetime([start + long for _, _, start, long, _ in rows], unit="ms", utc=True),
            "confidence": [share for *_, share in rows],
            "geometry": [Point(np.round(place, 7)) if place else None for _, place, *_ in rows],
        }
    )
    atlas = Atlas(schema.check("events", frame, file="x"), schema.empty("routes"), schema.empty("sources"))
    path = tmp_path_factory.mktemp("any") / "any.geojson"
    atlas.save(path)
    again = Atlas.open(path)
    assert_frame_equal(atlas.events, again.events, check_like=True)
