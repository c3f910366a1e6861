"""The slider's Python side: the slicing rule, packing, and what reaches the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from geo.errors import DateError, GeoError, MapError, TableError
from geo.maps import OfflineMap, TimeSlider
from geo.maps import columns as packing
from geo.maps.columns import DAY_MS, mercator, pack, pack_intervals, unpack_intervals
from geo.maps.packing import Shelf, take
from geo.maps.slider import SCRIPTS
from geo.maps.style import KINDS, MODES, SHAPES, SPARE, kind_style, kind_swatch, mode_style, mode_swatch, sort_kinds
from geo.timeline import in_window
from tests.pages import texts_of

GOLDEN = json.loads((Path(__file__).parent / "golden" / "slices.json").read_text())
HOSTILE = '</script><img src=x onerror="window.hurt=1">{{ 7*7 }}{# x #}<!--'


def utc(values):
    return pd.Series(pd.to_datetime(values, utc=True, format="ISO8601")).astype("datetime64[ms, UTC]")


def one_event(**changes):
    row = {
        "id": "a", "title": "A", "kind": "meeting", "start": "2024-03-24", "end": "2024-03-25", "precision": "day",
        "place": "Seoul", "place_id": "", "radius_km": 5.0, "confidence": 0.8, "status": "reported", "source_id": "s",
        "quote": "", "note": "", "geometry": Point(127, 37.5),
    }  # fmt: skip
    table = pd.DataFrame([row | changes])
    for name in ("start", "end"):
        table[name] = utc(table[name])
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def one_route(line, **changes):
    row = {
        "id": "r", "title": "R", "mode": "sea", "basis": "inferred", "shipment": "x", "leg": 1, "depart": "2024-03-01",
        "arrive": "2024-03-11", "precision": "day", "confidence": 1.0, "status": "reported", "length_km": 1234.0,
    }  # fmt: skip
    table = pd.DataFrame([row | changes])
    for name in ("depart", "arrive"):
        table[name] = utc(table[name])
    return gpd.GeoDataFrame(table, geometry=[line], crs="EPSG:4326")


def page(*tables, **options):
    base = OfflineMap()
    TimeSlider(*tables, **options).add_to(base)
    return base.get_root().render()


@pytest.mark.parametrize("case", GOLDEN["windows"], ids=lambda case: case["name"])
def test_slicing_rule(case):
    starts, ends = (utc([row[name] for row in GOLDEN["rows"]]) for name in ("start", "end"))
    mask = in_window(starts, ends, pd.Timestamp(case["t0"]), pd.Timestamp(case["t1"]))
    assert [row["id"] for row, inside in zip(GOLDEN["rows"], mask, strict=True) if inside] == case["inside"]


MOMENTS = st.one_of(st.none(), st.integers(-60_000_000_000_000, 200_000_000_000_000))
ROUND = st.one_of(st.none(), st.integers(-20_000, 40_000).map(lambda day: day * DAY_MS))


EXACT_ROWS = st.lists(st.tuples(MOMENTS, st.integers(0, 10**13)))
ROUND_ROWS = st.lists(st.tuples(ROUND, ROUND.map(lambda length: abs(length or 0))))


@given(st.one_of(EXACT_ROWS, ROUND_ROWS))
def test_times_survive_packing_to_the_millisecond(rows):
    first = [np.datetime64("NaT" if start is None else start, "ms") for start, _ in rows]
    last = [np.datetime64("NaT" if start is None else start + length, "ms") for start, length in rows]
    starts, ends = (pd.Series(np.array(side, "datetime64[ms]")).dt.tz_localize("UTC") for side in (first, last))
    shelf = Shelf()
    order, packed = pack_intervals(starts, ends, shelf)
    kept, start, end = unpack_intervals(json.loads(json.dumps(packed)), shelf.bytes())
    assert sorted(order) == list(range(len(rows)))
    dated = [k for k, (at, _) in enumerate(rows) if at is not None]
    assert sorted(kept) == dated
    assert [(int(a), int(b)) for a, b in zip(start, end, strict=True)] == [(rows[k][0], sum(rows[k])) for k in kept]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), min_size=1))
def test_buckets_hold_like_lengths_in_order_of_start(rows):
    starts = pd.Series(pd.to_datetime([60_000 * start for start, _ in rows], unit="ms", utc=True)).dt.as_unit("ms")
    ends = pd.Series(pd.to_datetime([60_000 * sum(row) for row in rows], unit="ms", utc=True)).dt.as_unit("ms")
    shelf = Shelf()
    _, packed = pack_intervals(starts, ends, shelf)
    _, start, end = unpack_intervals(packed, shelf.bytes())
    assert [lo for lo, _, _ in packed["buckets"]] + [packed["dated"]] == [0] + [hi for _, hi, _ in packed["buckets"]]
    for lo, hi, longest in packed["buckets"]:
        lengths = (end - start)[lo:hi]
        assert (np.diff(start[lo:hi]) >= 0).all()
        assert lengths.max() == longest * packed["unit"]
        assert lengths.max() <= max(DAY_MS, packing.BUCKET_FACTOR * lengths.min())


@pytest.mark.parametrize(
    ("starts", "unit", "kind"),
    [
        (["1945-01-01", "1945-01-02", "2025-12-12"], DAY_MS, "u32"),
        (["1945-01-01", "1945-01-02", "2025-12-12T06:30Z"], 1_800_000, "u32"),
        (["1945-01-01", "1945-01-02", "2025-12-12T06:30:01Z"], 1_000, "u32"),
        (["1945-01-01", "1945-01-02", "2025-12-12T06:30:01.001Z"], 1, "f64"),
    ],
)
def test_unit_is_the_largest_that_loses_nothing(starts, unit, kind):
    shelf = Shelf()
    _, packed = pack_intervals(utc(starts), utc(starts), shelf)
    assert (packed["unit"], packed["start"]["type"]) == (unit, kind)
    assert list(unpack_intervals(packed, shelf.bytes())[1]) == [int(pd.Timestamp(s).value // 10**6) for s in starts]


def test_places_are_exact_to_a_centimetre_and_missing_ones_are_kept():
    events = pd.concat([one_event(id="a", geometry=Point(179.9999999, -33.1234567)), one_event(id="b", geometry=None)])
    packed = pack(events)
    columns = packed.columns["events"]
    x, y = (take(columns[axis], packed.bytes) for axis in ("x", "y"))
    want = mercator(np.array([179.9999999]), np.array([-33.1234567]))
    assert abs(x[0] / 2**32 - want[0][0]) * 40_075_000 < 0.01
    assert abs(y[0] / 2**32 - want[1][0]) * 40_075_000 < 0.01
    assert y[1] == packing.NOWHERE
    assert columns["count"] == 2


def test_missing_numbers_are_told_from_zero():
    events = pd.concat([one_event(confidence=np.nan, radius_km=np.nan), one_event(confidence=0.0)])
    packed = pack(events)
    columns = packed.columns["events"]
    assert list(take(columns["confidence"], packed.bytes)) == [packing.MISSING, 0]
    assert list(take(columns["radius"], packed.bytes)) == [0.0, 5.0]


def test_cut_line_keeps_its_parts_and_a_missing_line_has_none():
    cut = MultiLineString([[(170, 0), (180, 1)], [(-180, 1), (-170, 2), (-160, 2)]])
    routes = pd.concat([one_route(cut), one_route(None, id="q"), one_route(LineString([(0, 0), (1, 1)]), id="p")])
    packed = pack(one_event(), routes)
    columns = packed.columns["routes"]
    assert list(take(columns["lines"], packed.bytes)) == [0, 2, 2, 3]
    assert list(take(columns["parts"], packed.bytes)) == [0, 2, 5, 7]


def test_all_missing_columns_are_named_at_once():
    with pytest.raises(TableError) as caught:
        TimeSlider(one_event().drop(columns=["id", "end"]))
    assert [fault.column for fault in caught.value.faults] == ["id", "end"]


def test_other_reference_system_is_refused():
    with pytest.raises(TableError, match="EPSG:4326"):
        TimeSlider(one_event().to_crs("EPSG:3857"))


def test_tables_are_not_changed():
    events, routes = one_event(), one_route(LineString([(0, 0), (1, 1)]))
    before = events.copy(deep=True), routes.copy(deep=True)
    page(events, routes)
    pd.testing.assert_frame_equal(events, before[0])
    pd.testing.assert_frame_equal(routes, before[1])


def test_nothing_of_the_data_reaches_the_page_as_html_or_template():
    fields = dict.fromkeys(("id", "title", "kind", "place", "quote", "note", "status", "source_id"), HOSTILE)
    sources = pd.DataFrame([{"id": HOSTILE, "title": HOSTILE, "url": "javascript:alert(1)"}])
    html = page(one_event(**fields), None, sources)
    assert "<img src=x" not in html
    assert "{{ 7*7 }}" in html
    assert texts_of(html)["events"]["title"] == [HOSTILE]


def test_page_says_the_same_each_time_it_is_rendered():
    base = OfflineMap()
    TimeSlider(one_event()).add_to(base)
    assert base.get_root().render() == base.get_root().render()


def test_scripts_come_once_for_two_maps():
    figure = folium.Figure()
    for _ in range(2):
        base = OfflineMap().add_to(figure)
        TimeSlider(one_event()).add_to(base)
    html = figure.render()
    assert html.count("Rutter.mount = ") == 1
    assert len(re.findall(r"= Rutter.mount\(map_", html)) == 2


def test_plugin_brings_no_address_of_the_web():
    html = page(one_event())
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', html)
    assert len(SCRIPTS) == len(set(SCRIPTS))


@pytest.mark.parametrize("window", [("2024-02-01", "2024-01-01"), ("2024-02-01", "2024-02-01"), ("soon", "later")])
def test_bad_window_is_refused(window):
    with pytest.raises(DateError):
        TimeSlider(one_event(), window=window)


def test_window_is_read_as_utc():
    window = ("2024-02-01", pd.Timestamp("2024-02-02T09:00:00+09:00"))
    assert TimeSlider(one_event(), window=window).options["window"] == [1706745600000, 1706832000000]


def test_bad_step_is_refused():
    with pytest.raises(ValueError, match="fortnight"):
        TimeSlider(one_event(), step="fortnight")


def test_only_a_map_in_web_mercator_will_do():
    with pytest.raises(MapError, match="EPSG4326"):
        TimeSlider(one_event()).add_to(folium.Map(crs="EPSG4326")).get_root().render()
    slider = TimeSlider(one_event())
    folium.Figure().add_child(slider)
    with pytest.raises(GeoError, match="belongs on a map"):
        slider.render()


def test_every_kind_has_colours_of_its_own_and_a_known_shape():
    looks = [*KINDS.values(), *SPARE]
    assert all(re.fullmatch("#[0-9A-F]{6}", color) for look in looks for color in (look.color, look.dark))
    assert len({look.color for look in looks}) == len({look.dark for look in looks}) == len(looks)
    assert {look.shape for look in looks} <= set(SHAPES)
    families = {(look.family, look.shape) for look in KINDS.values()}
    assert len(families) == len({family for family, _ in families}) == len({shape for _, shape in families})


def luminance(color):
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("theme", "ground"), [("color", "#F5F1E8"), ("dark", "#262A2C")])
def test_marks_stand_out_from_the_ground(theme, ground):
    for look in [*KINDS.values(), *SPARE, *MODES.values()]:
        low, high = sorted((luminance(getattr(look, theme)), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) > 2, look


def test_unknown_kind_looks_the_same_every_time_and_is_not_one_of_the_known():
    assert kind_style("smuggling") == kind_style(" Smuggling ") == kind_style("smuggling")
    assert kind_style("smuggling") in SPARE
    assert kind_style("Meeting") == KINDS["meeting"]
    assert kind_style("") == KINDS["other"]
    assert mode_style("balloon").label == "Other"


def test_kinds_come_in_the_usual_order_or_as_asked():
    kinds = ["zeppelin", "attack", "airship", "meeting"]
    assert sort_kinds(kinds) == ["meeting", "attack", "airship", "zeppelin"]
    assert sort_kinds(kinds, order=["airship", "attack"]) == ["airship", "attack", "meeting", "zeppelin"]


def test_swatches_take_no_text_from_the_data():
    assert "<img" not in kind_swatch("<img>") + mode_swatch("<img>", basis="<img>")
    assert "stroke-dasharray" in mode_swatch("sea", basis="inferred")
    assert "stroke-dasharray" not in mode_swatch("sea", basis="observed track")
    assert kind_swatch("meeting", theme="dark") != kind_swatch("meeting", theme="light")


def test_half_a_surrogate_pair_does_not_keep_the_page_from_being_saved(tmp_path):
    events = one_event()
    events["title"] = pd.Series(["broken \ud83d end"], dtype=object)
    base = OfflineMap()
    TimeSlider(events).add_to(base)
    base.save(str(tmp_path / "map.html"))
    assert texts_of((tmp_path / "map.html").read_text(encoding="utf-8"))["events"]["title"] == ["broken ? end"]
