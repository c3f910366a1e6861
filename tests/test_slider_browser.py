"""The slider in a real Chromium: what it shows for a window, under the hand, by keyboard and by message."""

from __future__ import annotations

import base64
import json
import re
import time
from contextlib import contextmanager
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xstatic.pkg.leaflet
from shapely.geometry import LineString, MultiLineString, Point

from geo.maps import OfflineMap, TimeSlider
from geo.maps.style import kind_style, mode_style
from geo.timeline import in_window

pytestmark = pytest.mark.browser

GOLDEN = json.loads((Path(__file__).parent / "golden" / "slices.json").read_text())
APP = "Rutter.instances[0]"
FROM, TO = "2024-01-01", "2025-01-01"


def utc(values):
    return pd.DatetimeIndex(pd.to_datetime(values, utc=True, format="ISO8601")).as_unit("ms")


def make_events(*rows):
    usual = {
        "title": "", "kind": "meeting", "start": "2024-06-01", "end": "2024-06-02", "precision": "day", "place": "",
        "radius_km": 0.0, "confidence": 1.0, "status": "reported", "source_id": "", "quote": "", "note": "",
        "geometry": Point(127, 37.5),
    }  # fmt: skip
    table = pd.DataFrame([{"id": f"e{k}"} | usual | row for k, row in enumerate(rows)])
    for name in ("start", "end"):
        table[name] = utc(table[name])
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def make_routes(*rows):
    usual = {
        "title": "", "mode": "sea", "basis": "inferred", "shipment": "", "leg": 1, "depart": FROM, "arrive": TO,
        "precision": "day", "confidence": 1.0, "status": "reported", "length_km": 100.0, "geometry": None,
    }  # fmt: skip
    table = pd.DataFrame([{"id": f"r{k}"} | usual | row for k, row in enumerate(rows)])
    for name in ("depart", "arrive"):
        table[name] = utc(table[name])
    return gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


YEAR = make_events(
    *(
        {"start": f"2024-{m:02d}-05", "end": f"2024-{m:02d}-06", "kind": "attack" if m % 2 else "visit"}
        for m in range(1, 13)
    ),
)


@pytest.fixture
def open_map(browser, tmp_path):
    """Opens a page with these tables; afterwards, nothing may have been asked for or complained about."""
    contexts = []

    def open_(
        events, routes=None, sources=None, *, size=(1000, 640), scale=1, calm=False, view=None, base=None, **options
    ):
        base = base or OfflineMap(theme="light", online_tiles=False)
        TimeSlider(events, routes, sources, **options).add_to(base)
        path = tmp_path / f"map{len(contexts)}.html"
        base.save(str(path))
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=scale,
            reduced_motion="reduce" if calm else "no-preference",
        )
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        contexts.append((context, page, path))
        page.goto(path.as_uri())
        page.wait_for_function(
            f"window.Rutter && Rutter.instances && {APP} && ({APP}.timeline.axis.width > 0 || !{APP}.dated)"
        )
        if view:
            set_view(page, *view)
        return page

    yield open_
    for context, page, path in contexts:
        assert page.complaints == []
        assert [url for url in page.asked if not url.startswith(("data:", "blob:")) and url != path.as_uri()] == []
        context.close()


def set_view(page, lat, lon, zoom):
    to = f"([lat, lon, zoom]) => void {APP}.map.setView([lat, lon], zoom, {{animate: false}})"
    page.evaluate(to, [lat, lon, zoom])  # `void`: all of the map would come back


def visible(page):
    return page.evaluate(f"{APP}.visible()")


def set_window(page, start, end):
    page.evaluate(f"([a, b]) => {APP}.setWindow(a, b)", [start, end])


def get_window(page):
    return [pd.Timestamp(ms, unit="ms", tz="UTC") for ms in page.evaluate(f"{APP}.window")]


def middle(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, selector, dx, *, during=None):
    x, y = middle(page, selector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y, steps=4)
    page.mouse.move(x + dx, y, steps=4)
    held = during() if during else None
    page.mouse.up()
    return held


def x_of(page, moment):
    box = page.locator(".rutter-track").bounding_box()
    return box["x"] + page.evaluate(f"(t) => {APP}.timeline.axis.toPx(Date.parse(t))", moment)


def on_screen(page, lon, lat):
    point = page.evaluate(f"([lat, lon]) => {APP}.map.latLngToContainerPoint([lat, lon])", [lat, lon])
    return point["x"], point["y"]


def color_at(page, x, y):
    r, g, b, a = page.evaluate(
        f"([x, y]) => {{ const r = devicePixelRatio; const c = {APP}.layer.canvas;"
        "return Array.from(c.getContext('2d').getImageData(Math.round(x * r), Math.round(y * r), 1, 1).data); }",
        [x, y],
    )
    return f"#{r:02X}{g:02X}{b:02X}" if a == 255 else ""


def click_map(page, x, y):
    box = page.locator(".rutter-map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)


# ---- the slicing rule ------------------------------------------------------------------------------------------------


def test_slicing_rule_is_the_same_as_in_python(open_map):
    page = open_map(make_events(*({key: row[key] for key in ("id", "start", "end")} for row in GOLDEN["rows"])))
    for case in GOLDEN["windows"]:
        set_window(page, case["t0"], case["t1"])
        assert sorted(visible(page)["events"]) == sorted(case["inside"]), case["name"]
        ids = page.evaluate(
            "([rows, t0, t1]) => rows.filter((row) => row.start && row.end && Rutter.inWindow("
            "...[row.start, row.end, t0, t1].map(Date.parse))).map((row) => row.id)",
            [GOLDEN["rows"], case["t0"], case["t1"]],
        )
        assert ids == case["inside"], case["name"]


@pytest.mark.parametrize("unit_ms", [86_400_000, 1])
def test_search_finds_what_a_look_at_every_row_finds(open_map, unit_ms):
    rng = np.random.default_rng(7)
    days = 30_000
    starts = rng.integers(0, days, 800) * 86_400_000 + rng.integers(0, 86_400_000, 800) * (unit_ms == 1)
    lengths = (rng.choice([0, 1, 1, 2, 30, 365, 20_000], 800) * rng.random(800)).astype(np.int64) * 86_400_000
    events = make_events(*({} for _ in range(800)))
    events["start"], events["end"] = (
        pd.to_datetime(side, unit="ms", utc=True).as_unit("ms") for side in (starts, starts + lengths)
    )
    page = open_map(events, legend=False)
    windows = [
        (int(a), int(a + b))
        for a, b in zip(rng.choice(starts, 60), rng.choice([1, 86_400_000, 10**10], 60), strict=True)
    ]
    got = page.evaluate(
        f"(ws) => ws.map(([a, b]) => {{ {APP}.setWindow(a, b); return {APP}.visible().events; }})", windows
    )
    for (a, b), ids in zip(windows, got, strict=True):
        t0, t1 = (pd.Timestamp(side, unit="ms", tz="UTC") for side in (a, b))
        assert set(ids) == set(events["id"][in_window(events["start"], events["end"], t0, t1)])


def test_routes_follow_the_same_rule(open_map):
    line = LineString([(0, 0), (1, 1)])
    routes = make_routes({"depart": "2024-03-01", "arrive": "2024-03-05", "geometry": line})
    page = open_map(YEAR, routes)
    for start, end, inside in [
        ("2024-03-04", "2024-03-05", ["r0"]),
        ("2024-03-05", "2024-03-06", []),
        ("2024-02-01", "2024-03-01", []),
    ]:
        set_window(page, start, end)
        assert visible(page)["routes"] == inside


# ---- under the hand --------------------------------------------------------------------------------------------------


def test_everything_is_in_the_first_window(open_map):
    page = open_map(YEAR)
    assert visible(page)["events"] == [f"e{k}" for k in range(12)]
    assert page.inner_text(".rutter-label").split("\n") == ["1 Jan – 31 Dec 2024", "366 days · 12 events"]


def test_given_window_is_the_first(open_map):
    page = open_map(YEAR, window=("2024-03-01", "2024-05-01"))
    assert visible(page)["events"] == ["e2", "e3"]


def test_dragging_a_handle_changes_what_is_visible(open_map):
    page = open_map(YEAR)
    drag(page, ".rutter-end", x_of(page, "2024-07-01") - x_of(page, "2025-01-01"))
    assert get_window(page) == [pd.Timestamp("2024-01-01", tz="UTC"), pd.Timestamp("2024-07-01", tz="UTC")]
    assert visible(page)["events"] == [f"e{k}" for k in range(6)]
    assert "1 Jan – 30 Jun 2024" in page.inner_text(".rutter-label")
    drag(page, ".rutter-start", x_of(page, "2024-04-01") - x_of(page, "2024-01-01"))
    assert visible(page)["events"] == ["e3", "e4", "e5"]


def test_handles_do_not_cross(open_map):
    page = open_map(YEAR, window=("2024-05-01", "2024-07-01"))
    drag(page, ".rutter-start", 600)
    start, end = get_window(page)
    assert start < end == pd.Timestamp("2024-07-01", tz="UTC")


def test_dragging_the_middle_moves_the_window_and_keeps_its_length(open_map):
    page = open_map(YEAR, window=("2024-02-01", "2024-03-02"))
    drag(page, ".rutter-window", x_of(page, "2024-08-01") - x_of(page, "2024-02-01"))
    start, end = get_window(page)
    assert start == pd.Timestamp("2024-08-01", tz="UTC")
    assert end - start == pd.Timedelta(days=30)
    drag(page, ".rutter-window", 3000)
    assert get_window(page)[1] == pd.Timestamp("2025-01-01", tz="UTC")


def test_click_on_the_track_brings_the_window_there(open_map):
    page = open_map(YEAR, window=("2024-02-01", "2024-03-02"))
    page.mouse.click(x_of(page, "2024-10-05"), middle(page, ".rutter-track")[1])
    start, end = get_window(page)
    assert start < pd.Timestamp("2024-10-05", tz="UTC") < end
    assert abs((end - start).days - 30) <= 1


def test_zoomed_axis_keeps_the_window_and_fits_again(open_map):
    page = open_map(YEAR)
    before = get_window(page)
    x, y = middle(page, ".rutter-track")
    page.mouse.move(x, y)
    wide = x_of(page, "2024-08-01") - x_of(page, "2024-07-01")
    page.mouse.wheel(0, -500)
    page.wait_for_function(f"{APP}.timeline.axis.zoomed()")
    assert x_of(page, "2024-08-01") - x_of(page, "2024-07-01") > 1.3 * wide
    assert get_window(page) == before
    page.mouse.dblclick(x, y)
    assert not page.evaluate(f"{APP}.timeline.axis.zoomed()")


def test_empty_years_are_folded_and_unfold(open_map):
    rows = [
        {"start": "1945-01-01", "end": "1946-01-01"},
        *({"start": f"2024-0{m}-05", "end": f"2024-0{m}-06"} for m in range(1, 9)),
    ]
    page = open_map(make_events(*rows))
    busy = x_of(page, "2025-01-01") - x_of(page, "2024-01-01")
    assert busy > 400
    assert x_of(page, "1946-01-01") - x_of(page, "1945-01-01") > 20
    page.click("[aria-label='Fold empty years']")
    assert x_of(page, "2025-01-01") - x_of(page, "2024-01-01") < 30


# ---- keyboard and play -----------------------------------------------------------------------------------------------


def test_keyboard_moves_handles_and_says_where_they_are(open_map):
    page = open_map(YEAR, window=("2024-05-01", "2024-06-01"), step="week")
    end = page.locator(".rutter-end")
    end.focus()
    assert end.get_attribute("aria-valuetext") == "31 May 2024"
    page.keyboard.press("ArrowRight")
    assert end.get_attribute("aria-valuetext") == "7 June 2024"
    page.keyboard.press("Shift+ArrowLeft")
    assert end.get_attribute("aria-valuetext") == "7 May 2024"  # five weeks back stops a week after the start
    page.keyboard.press("End")
    assert end.get_attribute("aria-valuetext") == "31 December 2024"
    page.locator(".rutter-start").focus()
    page.keyboard.press("Home")
    assert len(visible(page)["events"]) == 12
    assert page.locator("[role=slider]").count() == 3


def test_arrows_on_the_window_step_by_calendar_months(open_map):
    page = open_map(YEAR, window=("2024-01-31", "2024-02-01"), step="month")
    page.locator(".rutter-window").focus()
    page.keyboard.press("ArrowRight")
    assert get_window(page)[0] == pd.Timestamp("2024-02-29", tz="UTC")


def test_space_plays_and_stops_on_a_whole_day(open_map):
    page = open_map(YEAR, trailing="month", step="week")
    page.locator(".rutter-window").focus()
    page.keyboard.press("Space")
    page.wait_for_function(f"{APP}.window[1] > Date.parse('2024-02-20')")
    start, end = get_window(page)
    assert timedelta_days(end - start) in range(30, 33)
    page.keyboard.press("Space")
    assert not page.evaluate(f"{APP}.player.playing")
    assert all(moment == moment.normalize() for moment in get_window(page))


def timedelta_days(length):
    return round(length / pd.Timedelta(days=1))


def test_play_skips_empty_years_and_ends(open_map):
    rows = [{"start": "1945-03-01", "end": "1945-03-02"}, {"start": "2024-03-01", "end": "2024-03-02"}]
    page = open_map(make_events(*rows), trailing="week", step="week")
    page.select_option("[aria-label=Speed]", "8")
    page.click("[aria-label=Play]")
    page.wait_for_function(f"!{APP}.player.playing", timeout=20_000)
    assert get_window(page)[1] == pd.Timestamp("2025-01-01", tz="UTC")


def test_playing_rests_while_the_page_sleeps_and_goes_on(open_map):
    page = open_map(YEAR, trailing="month", step="week")
    page.evaluate(f"() => {{ window.ends = []; {APP}.on('window', () => ends.push({APP}.window[1])); }}")
    page.click("[aria-label=Play]")
    page.wait_for_function(f"{APP}.window[1] > Date.parse('2024-02-10')")
    sleep = page.context.new_cdp_session(page)
    sleep.send("Debugger.enable")
    sleep.send("Debugger.pause")
    time.sleep(2)  # as long as it would take to play 12 weeks
    sleep.send("Debugger.resume")
    page.wait_for_function("ends.at(-1) > Date.parse('2024-06-01')")
    assert page.evaluate(f"{APP}.player.playing")
    leaps = np.diff(page.evaluate("ends"))
    assert pd.Timedelta(leaps.max(), "ms") < pd.Timedelta(days=14)


def test_less_motion_means_whole_steps(open_map):
    page = open_map(YEAR, trailing="month", step="month", calm=True)
    seen = page.evaluate(
        f"new Promise((done) => {{ const app = {APP}; const seen = []; app.on('window', () => {{"
        "seen.push(app.window[1]); if (seen.length === 4) { app.player.playing = false; done(seen); } });"
        "app.player.play(); })"
    )
    assert [str(pd.Timestamp(ms, unit="ms").date()) for ms in seen][1:] == ["2024-03-01", "2024-04-01", "2024-05-01"]


def test_cumulative_window_grows_from_the_first_day(open_map):
    page = open_map(YEAR, trailing=None, window=("2024-01-01", "2024-03-01"), step="month")
    page.click("[aria-label='Step forward']")
    assert visible(page)["events"] == ["e0", "e1", "e2"]
    assert page.locator(".rutter-start").is_hidden()


# ---- the picture -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, 2])
def test_points_stand_at_the_right_pixel(open_map, scale):
    lon, lat = 126.9784123, 37.5660456
    page = open_map(make_events({"geometry": Point(lon, lat), "kind": "meeting"}), scale=scale)
    color = kind_style("meeting").color
    for zoom in (1, 3, 7, 12, 18):
        set_view(page, lat - 40 / 2**zoom, lon + 60 / 2**zoom, zoom)
        x, y = on_screen(page, lon, lat)
        assert color_at(page, x, y) == color, zoom
        edge = [color_at(page, x + dx, y + dy) for dx, dy in ((3.5, 0), (-3.5, 0), (0, 3.5), (0, -3.5))]
        assert edge == [color] * 4, zoom
        beside = [color_at(page, x + dx, y + dy) for dx, dy in ((9, 0), (-9, 0), (0, 9), (0, -9))]
        assert color not in beside, zoom


def test_points_show_on_both_sides_of_180(open_map):
    page = open_map(
        make_events({"geometry": Point(179.5, 10), "kind": "attack"}, {"geometry": Point(-179.5, -10), "kind": "visit"})
    )
    for centre in (178, 182, -178, -182):
        set_view(page, 0, centre, 5)
        for lon, lat, kind in ((179.5, 10, "attack"), (-179.5, -10, "visit")):
            shown = min(
                (lon + 360 * turn for turn in (-1, 0, 1)),
                key=lambda x: abs(x - page.evaluate(f"{APP}.map.getCenter().lng")),
            )
            assert color_at(page, *on_screen(page, shown, lat)) == kind_style(kind).color, centre


def test_points_show_in_every_copy_of_the_world(open_map):
    page = open_map(make_events({"geometry": Point(20, 30)}), view=(0, 0, 1), size=(1400, 640))
    shown = [turn for turn in (-1, 0, 1) if 0 <= on_screen(page, 20 + 360 * turn, 30)[0] < 1400]
    assert len(shown) >= 2
    for turn in shown:
        assert color_at(page, *on_screen(page, 20 + 360 * turn, 30)) == kind_style("meeting").color


def test_halo_is_true_to_scale(open_map):
    page = open_map(make_events({"geometry": Point(10, 60), "radius_km": 100.0}), view=(60, 10, 7))
    x, y = on_screen(page, 10, 60)
    reach = on_screen(page, 10 + 100 / (111.32 * np.cos(np.radians(60))), 60)[0] - x
    painted = [
        page.evaluate(
            f"([x, y]) => {APP}.layer.canvas.getContext('2d').getImageData(x, y, 1, 1).data[3] > 0",
            [round(x + reach + aside), round(y)],
        )
        for aside in (-4, 4)
    ]
    assert painted == [True, False]


def test_events_at_one_place_can_each_be_picked(open_map):
    page = open_map(make_events(*({"title": f"Number {k}"} for k in range(7))), view=(37.5, 127, 6))
    hits = page.evaluate(f"{APP}.layer.hits.map((h) => [h.x, h.y])")
    assert len(hits) == 7
    titles = set()
    for x, y in hits:
        click_map(page, x, y)
        titles.add(page.inner_text(".rutter-card h2"))
        page.keyboard.press("Escape")
        page.wait_for_selector(".rutter-card", state="detached")  # it fades
        set_view(page, 37.5, 127, 6)
    assert titles == {f"Number {k}" for k in range(7)}


def test_many_at_one_place_become_a_count_and_page_through(open_map):
    page = open_map(make_events(*({"title": f"Number {k}"} for k in range(40))), view=(37.5, 127, 6))
    assert page.evaluate(f"{APP}.layer.hits.length") == 1
    click_map(page, *on_screen(page, 127, 37.5))
    page.locator(".rutter-list button").first.click()
    assert page.inner_text(".rutter-pager span") == "1 of 40"
    page.click(".rutter-card [aria-label=Next]")
    assert page.inner_text(".rutter-pager span") == "2 of 40"
    assert page.inner_text(".rutter-card h2") == "Number 1"


SHADED = f"""(k) => {{ const app = {APP}; const {{ events, layer }} = app; const steps = Rutter.shades(app, events);
  const off = Array.from(events.found, (i) => Math.abs(Rutter.ALPHAS[steps ? steps[i] : 0] - layer.alpha(events, i)));
  const {{ x, y }} = app.map.latLngToContainerPoint(app.place({{ layer: "events", i: events.find(`e${{k}}`) }}));
  const [, , , alpha] = layer.canvas.getContext("2d").getImageData(Math.round(x), Math.round(y), 1, 1).data;
  return [Math.max(...off), alpha]; }}"""


def test_thousands_of_points_are_stamped_and_fade_and_can_be_picked(open_map):
    spots = np.random.default_rng(3).uniform((-50, -40), (50, 40), (2500, 2))
    by_month = {"start": "2024-06-01", "end": "2024-07-01", "precision": "month"}
    rows = (
        {"geometry": Point(*spot), "title": f"N{k}"} | (by_month if k % 2 else {}) | {"confidence": 1 - k % 5 / 8}
        for k, spot in enumerate(spots)
    )
    page = open_map(make_events(*rows), view=(0, 0, 4))
    near = np.argsort(np.hypot(*spots.T))
    sharp, rough = (next(int(k) for k in near if k % 10 == turn) for turn in (0, 5))
    whole = [page.evaluate(SHADED, k) for k in (sharp, rough)]
    set_window(page, "2024-06-01", "2024-06-04")
    early = [page.evaluate(SHADED, k) for k in (sharp, rough)]
    assert max(off for off, _ in whole + early) < 0.06
    assert [alpha for _, alpha in whole] == [235, 235]
    assert early[0][1] == 235
    assert 60 < early[1][1] < 110, "three days of a month"
    page.evaluate(f"{APP}.showAll()")
    assert page.evaluate(f"{APP}.layer.hits.length") == 0
    k = sharp
    x, y = on_screen(page, *spots[k])
    assert (
        page.evaluate(f"([x, y]) => {APP}.layer.canvas.getContext('2d').getImageData(x, y, 1, 1).data[3]", [x, y]) > 200
    )
    found = page.evaluate(f"([x, y]) => Rutter.pick({APP}, {APP}.layer, {{x, y}}, false).map((r) => r.i)", [x, y])
    assert f"e{k}" in [page.evaluate(f"(i) => {APP}.events.id(i)", i) for i in found]


def test_observed_line_is_solid_and_inferred_is_dashed(open_map):
    routes = make_routes(
        {"geometry": LineString([(0, 10), (20, 10)]), "basis": "observed track"},
        {"geometry": LineString([(0, -10), (20, -10)]), "basis": "inferred"},
    )
    page = open_map(YEAR, routes, view=(0, 10, 5))
    color = mode_style("sea").color
    shares = []
    for lat in (10, -10):
        (x0, y), (x1, _) = on_screen(page, 2, lat), on_screen(page, 9, lat)
        shares.append(np.mean([color_at(page, x, y) == color for x in range(round(x0), round(x1))]))
    assert shares[0] > 0.95
    assert 0.2 < shares[1] < 0.7


def test_shipment_is_where_it_is_along_its_line(open_map):
    cases = [
        (LineString([(0, 0), (10, 0), (40, 0)]), 0.5, 20),
        (LineString([(0, 0), (40, 0)]), 0.25, 10),
        (MultiLineString([[(170, 0), (180, 0)], [(-180, 0), (-170, 0)]]), 0.25, 175),
        (MultiLineString([[(170, 0), (180, 0)], [(-180, 0), (-170, 0)]]), 0.75, -175),
        (MultiLineString([[(-170, 0), (-180, 0)], [(180, 0), (170, 0)]]), 0.75, 175),
    ]
    began = [pd.Timestamp("2024-01-01", tz="UTC") + number * pd.Timedelta(days=60) for number in range(len(cases))]
    twenty = pd.Timedelta(days=20)
    routes = make_routes(
        *(
            {"depart": day, "arrive": day + twenty, "geometry": line}
            for day, (line, *_) in zip(began, cases, strict=True)
        )
    )
    page = open_map(YEAR, routes)
    for number, (day, (_, share, want)) in enumerate(zip(began, cases, strict=True)):
        set_view(page, 0, want, 4)
        set_window(page, day.isoformat(), (day + share * twenty).isoformat())
        page.evaluate(f"{APP}.layer.redraw()")
        places = page.evaluate(f"{APP}.layer.vessels")
        assert places, number
        west, _, east, _ = page.evaluate(f"{APP}.routes.path({number}).box")
        # one stroke, on past the edge
        assert (east - west) * 360 == pytest.approx(40 if want in (10, 20) else 20, abs=1e-3)
        for place in places:
            assert abs((place["lon"] - want + 180) % 360 - 180) < 0.05
        x, y = on_screen(page, want, 0)
        assert any(abs(place["x"] - x) < 1 and abs(place["y"] - y) < 1 for place in places)
        set_window(page, day.isoformat(), (day + twenty).isoformat())
        assert page.evaluate(f"{APP}.layer.vessels") == []


def test_shipment_is_on_one_leg_at_a_time(open_map):
    legs = [("2024-03-01", "2024-03-05", (0, 0), (10, 0)), ("2024-03-04", "2024-03-08", (10, 0), (20, 0))]
    routes = make_routes(
        *({"shipment": "s", "depart": a, "arrive": b, "geometry": LineString([p, q])} for a, b, p, q in legs)
    )
    page = open_map(YEAR, routes, view=(0, 10, 4))
    set_window(page, "2024-02-01", "2024-03-04T12:00:00Z")
    assert [v["i"] for v in page.evaluate(f"{APP}.layer.vessels")] == [1]


# ---- words -----------------------------------------------------------------------------------------------------------

HURT = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script></script>'
SOURCES = pd.DataFrame(
    [
        {
            "id": "s1",
            "title": "A headline",
            "publisher": "The Paper",
            "url": "https://example.org/a?b=1",
            "published": "2024-03-25",
        },
        {"id": "s2", "title": HURT, "publisher": HURT, "url": "javascript:window.hurt=1", "published": ""},
    ]
)


def popup_of(page, layer, key):
    page.evaluate(f"([layer, id]) => {APP}.reveal(layer, id, false)", [layer, key])
    page.wait_for_selector(".rutter-card")
    return page.inner_text(".rutter-card")


def test_popup_tells_what_is_known_and_from_whom(open_map):
    talks = {"title": "Talks", "start": "2024-06-18", "end": "2024-06-20", "place": "Pyongyang", "radius_km": 25.0}
    talks |= {"confidence": 0.8, "source_id": "s1", "quote": "They met.", "note": "Two days."}
    noted = {"start": "2024-03-01", "end": "2024-04-01", "precision": "month", "note": "In our words."}
    events = make_events(talks, noted | {"geometry": Point(0, 0)})
    page = open_map(events, None, SOURCES)
    text = popup_of(page, "events", "e0")
    facts = ("Meeting", "Talks", "18–19 June 2024", "Pyongyang", "±25 km", "reported", "confidence 80 %")
    for part in (*facts, "“They met.”", "Note Two days.", "The Paper", "A headline", "25 March 2024"):
        assert part.lower() in text.lower()
    assert page.get_attribute(".rutter-source a", "href") == "https://example.org/a?b=1"
    text = popup_of(page, "events", "e1")
    assert "March 2024 (month)" in text
    assert "Summary In our words." in text
    assert "“" not in text
    assert "No source given" in text
    page.keyboard.press("Escape")
    assert page.evaluate(f"{APP}.popup.isOpen()") is False


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        ("2024-03-24", "2024-03-25", "day", "24 March 2024"),
        ("2024-02-28", "2024-03-02", "range", "28 February – 1 March 2024 (range)"),
        ("2023-12-31", "2024-01-02", "day", "31 December 2023 – 1 January 2024"),
        ("2024-01-01", "2024-04-01", "quarter", "Q1 2024 (quarter)"),
        ("1945-01-01", "1946-01-01", "year", "1945 (year)"),
        ("2024-03-24T09:30:00Z", "2024-03-24T09:30:00Z", "exact", "24 March 2024, 09:30 UTC"),
        ("2024-03-24T09:30:15.250Z", "2024-03-24T10:00:00Z", "exact", "24 March 2024, 09:30:15.250 – 10:00 UTC"),
        (None, None, "day", "No date"),
    ],
)
def test_dates_in_words(open_map, start, end, precision, words):
    page = open_map(make_events({"start": start, "end": end, "precision": precision}))
    assert f"When\n{words}\n" in re.sub(r"[\n\t]+", "\n", popup_of(page, "events", "e0"))


def test_popup_of_an_inferred_line_says_so(open_map):
    line = LineString([(0, 0), (10, 10)])
    row = {"geometry": line, "origin": "Najin", "destination": "Dunay", "cargo": "containers", "carrier": "Angara"}
    row |= {"quantity": 300.0, "unit": "boxes", "length_km": 202.4, "passages": "Malacca; Suez"}
    page = open_map(YEAR, make_routes(row))
    text = popup_of(page, "routes", "r0")
    facts = ("inferred line, not observed", "202 km", "Najin → Dunay", "containers, 300 boxes", "Angara", "by sea")
    for part in (*facts, "Malacca, Suez"):
        assert part in text


def test_nothing_of_the_data_runs(open_map):
    texts = dict.fromkeys(("title", "kind", "place", "quote", "note", "status"), HURT)
    events = make_events(texts | {"id": HURT, "source_id": "s2"})
    routes = make_routes(
        {
            "geometry": LineString([(0, 0), (1, 1)]),
            **dict.fromkeys(("title", "mode", "basis", "cargo", "carrier"), HURT),
        }
    )
    page = open_map(events, routes, SOURCES, view=(37.5, 127, 5))
    text = popup_of(page, "events", HURT)
    assert text.count("<img src=x") >= 6
    assert page.locator(".rutter-card a").count() == 0
    popup_of(page, "routes", "r0")
    set_view(page, 37.5, 127, 5)
    x, y = on_screen(page, 127, 37.5)
    box = page.locator(".rutter-map").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".rutter-tip:not([hidden])")
    assert HURT[:20] in page.inner_text(".rutter-tip")
    assert page.evaluate("window.hurt === undefined")
    assert page.locator(".rutter-root img").count() == 0


def test_events_can_be_read_by_keyboard_alone(open_map):
    page = open_map(YEAR, view=(37.5, 127, 4))
    page.locator(".rutter-browse").focus()
    page.keyboard.press("Enter")
    assert page.inner_text(".rutter-pager span") == "1 of 12"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".rutter-pager span") == "3 of 12"
    assert "5 March 2024" in page.inner_text(".rutter-card")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "rutter-browse"


def test_popup_closes_when_its_row_leaves_the_window(open_map):
    page = open_map(YEAR)
    popup_of(page, "events", "e0")
    set_window(page, "2024-06-01", "2024-07-01")
    assert page.evaluate(f"{APP}.popup.isOpen()") is False


# ---- filter, legend, messages ----------------------------------------------------------------------------------------


def bars(page):
    return page.evaluate(f"{APP}.timeline.bars.reduce((sum, bar) => sum + bar.total, 0)")


def test_legend_hides_a_kind_everywhere(open_map):
    page = open_map(YEAR)
    assert bars(page) == 12
    page.click(".rutter-legend button:has-text('attack')")
    assert visible(page)["events"] == [f"e{k}" for k in range(12) if k % 2]
    assert bars(page) == 6
    assert "6 events" in page.inner_text(".rutter-label")
    page.click(".rutter-legend button:has-text('attack')")
    assert bars(page) == 12


def test_legend_counts_follow_the_window(open_map):
    page = open_map(YEAR, window=("2024-01-01", "2024-04-01"))
    counts = page.locator(".rutter-legend button:has(.rutter-count)").all_inner_texts()
    assert [re.sub(r"\s+", " ", text).lower() for text in counts] == ["visit 1", "attack 2"]


@contextmanager
def framed(browser, events, routes=None, **options):
    """The map in a frame of a page that notes its messages, as an app has it."""
    base = OfflineMap(bounds=(120, 30, 135, 45), theme="light", online_tiles=False)
    TimeSlider(events, routes, **options).add_to(base)
    page = browser.new_page(viewport={"width": 900, "height": 620})
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content("<body style='margin:0'></body>")
    page.evaluate(
        """(html) => { window.got = []; addEventListener("message", (e) => got.push(e.data));
        const frame = document.createElement("iframe"); frame.style = "border:0;width:900px;height:600px";
        frame.srcdoc = html; document.body.append(frame); window.frame = frame; }""",
        base.get_root().render(),
    )
    page.wait_for_function("got.some((m) => m.rutter === 'ready')")
    inner = page.frames[1]
    inner.wait_for_function(f"{APP}.timeline.axis.width > 0")
    yield page, inner
    assert faults == []
    page.close()


def post(page, inner, message):
    page.evaluate("(m) => frame.contentWindow.postMessage(m, '*')", message)
    inner.evaluate("new Promise((done) => setTimeout(done))")


def states(page):
    return page.evaluate("got.filter((m) => m.rutter === 'state')")


def test_state_is_sent_on_release_and_never_while_dragging(browser):
    with framed(browser, YEAR) as (page, inner):
        before = len(states(page))
        handle = inner.locator(".rutter-end").bounding_box()
        x, y = handle["x"] + 8, handle["y"] + 20
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 200, y, steps=10)
        assert len(states(page)) == before
        assert len(inner.evaluate(f"{APP}.visible()")["events"]) < 12
        page.mouse.up()
        page.wait_for_function(f"got.filter((m) => m.rutter === 'state').length === {before + 1}")
        state = states(page)[-1]
        assert state["window"][0] == "2024-01-01T00:00:00.000Z"
        assert "2024-01-01" < state["window"][1] < "2025-01-01"
        west, south, east, north = state["bounds"]
        assert west < 127 < east
        assert south < 37.5 < north
        assert state["selected"] is None


def test_messages_from_the_page_around_it(browser):
    routes = make_routes(
        {"geometry": LineString([(120, 30), (130, 40)])}, {"geometry": LineString([(120, 35), (130, 45)])}
    )
    with framed(browser, YEAR, routes) as (page, inner):
        rows = np.zeros(12, dtype=bool)
        rows[[0, 8, 11]] = True
        bits = base64.b64encode(np.packbits(rows, bitorder="little").tobytes()).decode()
        post(page, inner, {"rutter": "filter", "events": bits, "routes": base64.b64encode(b"\x02").decode()})
        assert inner.evaluate(f"{APP}.visible()") == {"events": ["e0", "e8", "e11"], "routes": ["r1"]}
        assert inner.evaluate(f"{APP}.timeline.bars.reduce((sum, bar) => sum + bar.total, 0)") == 3
        post(page, inner, {"rutter": "filter", "events": None, "routes": None})
        assert len(inner.evaluate(f"{APP}.visible()")["events"]) == 12

        post(page, inner, {"rutter": "window", "window": ["2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"]})
        assert inner.evaluate(f"{APP}.visible()")["events"] == ["e2"]
        page.wait_for_function("got.some((m) => m.window && m.window[0].startsWith('2024-03-01'))")

        post(page, inner, {"rutter": "select", "layer": "events", "id": "e7", "fly": False})
        page.wait_for_function("got.some((m) => m.selected && m.selected.id === 'e7' && m.selected.layer === 'events')")
        assert "e7" in inner.evaluate(f"{APP}.visible()")["events"]
        assert inner.locator(".rutter-card").is_visible()
        post(page, inner, {"rutter": "select", "layer": "events", "id": None})
        inner.wait_for_selector(".rutter-card", state="detached")

        post(page, inner, {"rutter": "theme", "theme": "dark"})
        assert inner.evaluate("document.documentElement.dataset.rutterTheme") == "dark"

        post(page, inner, {"rutter": "show", "events": False, "halos": False})
        assert inner.evaluate(f"{APP}.layer.hits.length") == 0
        assert inner.evaluate(f"{APP}.show.routes") is True

        post(page, inner, {"rutter": "view", "bounds": [170, -10, -170, 10]})
        assert abs(abs(inner.evaluate(f"{APP}.map.getCenter().lng")) - 180) < 1e-6
        page.wait_for_function("got.at(-1).bounds && got.at(-1).bounds[0] > got.at(-1).bounds[2]")


def test_messages_from_anyone_else_are_ignored(browser):
    with framed(browser, YEAR) as (_, inner):
        inner.evaluate("postMessage({rutter: 'window', window: ['2024-03-01', '2024-04-01']}, '*')")
        inner.evaluate("new Promise((done) => setTimeout(done, 20))")
        assert len(inner.evaluate(f"{APP}.visible()")["events"]) == 12


def test_odd_messages_do_no_harm(browser):
    with framed(browser, YEAR) as (page, inner):
        for message in (None, "text", {"rutter": "constructor"}, {"rutter": "select", "layer": "x", "id": "y"}):
            post(page, inner, message)
            assert len(inner.evaluate(f"{APP}.visible()")["events"]) == 12, message


# ---- bad and odd data ------------------------------------------------------------------------------------------------


def test_empty_tables(open_map):
    page = open_map(gpd.GeoDataFrame(), gpd.GeoDataFrame())
    assert visible(page) == {"events": [], "routes": []}
    assert "Nothing here has a date" in page.inner_text(".rutter-label")


def test_rows_without_dates_and_places_are_counted(open_map):
    page = open_map(
        make_events({"start": None, "end": None}, {"geometry": None}, {}), make_routes({"depart": None, "arrive": None})
    )
    assert visible(page)["events"] == ["e1", "e2"]
    assert "1 event without a date" in page.inner_text(".rutter-legend")
    assert "1 event without a place" in page.inner_text(".rutter-legend")
    assert "2 events" in page.inner_text(".rutter-label")
    assert "no place on the map" in popup_of(page, "events", "e1")


def test_all_rows_without_dates(open_map):
    page = open_map(make_events({"start": None, "end": None}))
    assert "Nothing here has a date" in page.inner_text(".rutter-label")


def test_one_instant(open_map):
    page = open_map(make_events(*({"start": "2024-03-24T09:30:00Z", "end": "2024-03-24T09:30:00Z"} for _ in range(3))))
    assert len(visible(page)["events"]) == 3
    assert "24 Mar 2024" in page.inner_text(".rutter-label")
    drag(page, ".rutter-end", -600)
    assert len(visible(page)["events"]) == 0


@pytest.mark.parametrize("size", [(1000, 640), (390, 800)], ids=["desk", "phone"])
def test_odd_titles(open_map, size):
    titles = ["W" * 10_000, "🚢🚂 \U0001f469‍\U0001f467", "مرحبا بالعالم", "\u2028\u2029", ""]
    spots = [Point(-80 + 40 * number, 37.5) for number in range(len(titles))]
    page = open_map(
        make_events(*({"title": title, "geometry": spot} for title, spot in zip(titles, spots, strict=True))), size=size
    )
    for spot in spots:
        set_view(page, spot.y, spot.x, 5)
        click_map(page, *on_screen(page, spot.x, spot.y))
        page.wait_for_selector(".rutter-card")
        box = page.locator(".rutter-card").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Escape")
        page.wait_for_selector(".rutter-card", state="hidden")


def test_phone_shows_details_at_the_foot_of_the_map(open_map):
    page = open_map(YEAR, size=(390, 800), view=(37.5, 127, 4))
    assert page.locator(".rutter-legend-list").is_hidden()
    popup_of(page, "events", "e3")
    sheet, panel = (page.locator(part).bounding_box() for part in (".rutter-sheet", ".rutter-panel"))
    assert abs(sheet["y"] + sheet["height"] - panel["y"]) <= 2
    assert sheet["width"] == 390
    page.click(".rutter-sheet-close")
    assert page.locator(".rutter-sheet").is_hidden()


def test_works_on_a_plain_folium_map(browser, tmp_path):
    base = folium.Map(location=(37, 127), zoom_start=4, tiles=None)
    TimeSlider(YEAR).add_to(base)
    base.save(str(tmp_path / "plain.html"))
    leaflet = Path(xstatic.pkg.leaflet.BASE_DIR)
    page = browser.new_page(viewport={"width": 900, "height": 620})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def answer(route):
        name = route.request.url.rsplit("/", 1)[-1]
        if name in ("leaflet.js", "leaflet.css"):
            route.fulfill(path=leaflet / name)
        else:
            route.fulfill(body="", content_type="text/javascript" if name.endswith(".js") else "text/css")

    page.route(re.compile("^https:"), answer)
    page.goto((tmp_path / "plain.html").as_uri())
    page.wait_for_function(f"window.Rutter && Rutter.instances && {APP} && {APP}.timeline.axis.width > 0")
    assert len(visible(page)["events"]) == 12
    assert page.evaluate(f"{APP}.layer.hits.length") > 0
    panel, box = (page.locator(part).bounding_box() for part in (".rutter-panel", ".rutter-map"))
    assert panel["y"] + panel["height"] <= 620
    assert box["height"] > 350
    assert faults == []
    page.close()
