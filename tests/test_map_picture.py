"""The picture in a real Chromium: widths, trails, flows, names, scale, world map, lists and the legend's switches."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect
from shapely.geometry import LineString, MultiLineString, Point

from geo.geodesy import distance_km
from geo.maps.picturing import picture, short_name
from tests.test_slider_browser import (
    APP,
    YEAR,
    click_map,
    make_events,
    make_routes,
    on_screen,
    open_map,  # noqa: F401  the fixture
    set_view,
    set_window,
    visible,
)

EAST = LineString([(0, 10), (20, 10)])


def lines(*rows):
    return make_routes(*({"geometry": EAST, "basis": "observed track"} | row for row in rows))


def thickness(page, lon, lat):
    """How many pixels around a place of a line are painted, from top to bottom."""
    x, y = on_screen(page, lon, lat)
    return page.evaluate(
        f"([x, y]) => {{ const d = {APP}.layer.canvas.getContext('2d').getImageData(x, y - 20, 1, 41).data;"
        "let n = 0; for (let k = 3; k < d.length; k += 4) n += d[k] / 255; return n; }",
        [round(x), round(y)],
    )


# ---- what Python gathers -------------------------------------------------------------------------------------------


def test_ends_of_one_name_are_one_place_only_where_they_are_near():
    routes = make_routes(
        {"geometry": LineString([(0, 0), (10, 0)]), "origin": "Port A", "destination": "Port B"},
        {"geometry": LineString([(0.1, 0), (10, 0.1)]), "origin": "port a ", "destination": "Port B"},
        {"geometry": LineString([(60, 0), (10, 0)]), "origin": "Port A", "destination": "Port B"},
        {"geometry": None, "origin": "Port A", "destination": "Port B"},
    )
    flows = picture(YEAR, routes)["routes"]
    assert flows["from"] == [0, 0, 1, -1]
    assert flows["to"] == [2, 2, 2, -1]
    assert [name for name, _, _ in flows["ends"]] == ["Port A", "Port A", "Port B"]


def test_many_far_apart_ends_of_one_name_are_not_compared_each_with_each(monkeypatch):
    measured = []
    monkeypatch.setattr("geo.maps.picturing.distance_km", lambda *ends: measured.append(ends) or distance_km(*ends))
    spots = [(lon, lat) for lon in range(-180, 180, 12) for lat in range(-80, 81, 10)]
    apart = make_routes(*({"geometry": LineString([spot, (spot[0] + 0.2, spot[1])]), "origin": "X"} for spot in spots))
    assert picture(YEAR, apart)["routes"]["from"] == list(range(len(spots)))
    assert len(measured) < 10 * len(spots)
    over_180 = make_routes({"geometry": LineString([(179.9, 5), (-179.9, 5)]), "origin": "X", "destination": "X"})
    assert len(picture(YEAR, over_180)["routes"]["ends"]) == 1


def test_quantities_that_are_unknown_stay_so():
    flows = picture(YEAR, lines({"quantity": 5.0, "unit": "t"}, {"quantity": None, "unit": "t"}, {"quantity": 0.0}))
    assert flows["routes"]["quantity"] == [5.0, None, None]
    assert (flows["routes"]["unit"], flows["routes"]["units"]) == ([0, -1, -1], ["t"])


def test_names_are_short_and_the_frequent_come_first():
    events = make_events(
        {"place": "Busan"}, {"place": "Busan"}, {"place": "White House, Washington", "geometry": Point(1, 1)}
    )
    assert [(name[0], name[3]) for name in picture(events, None)["names"]] == [("Busan", 2), ("White House", 1)]
    assert short_name("W" * 99) == "W" * 35 + "…"
    assert short_name("(unclear)") == "(unclear)"


# ---- lines and shipments -------------------------------------------------------------------------------------------


def test_width_follows_quantity_within_a_unit(open_map):  # noqa: F811
    at = [{"geometry": LineString([(0, lat), (20, lat)])} for lat in (10, 5, 2, 0, -5, -8)]
    amounts = [(100.0, "t"), (25.0, "t"), (1e6, "barrels"), (None, ""), (1e4, "barrels"), (7.0, "boxes")]
    page = open_map(
        YEAR,
        lines(*(spot | {"quantity": q, "unit": u} for spot, (q, u) in zip(at, amounts, strict=True))),
        view=(0, 10, 5),
    )
    most, half, barrels, unknown, few, alone = page.evaluate(
        f"[...Array(6).keys()].map((i) => {APP}.widths.of({APP}.routes.find('r' + i)))"
    )
    assert most == barrels == 7
    assert (half - 1.5) / (most - 1.5) == pytest.approx(0.5)
    assert few == pytest.approx(1.5 + 0.1 * 5.5)
    assert unknown == alone == 2.5
    assert thickness(page, 6, 10) > thickness(page, 6, 5) + 2
    assert "up to 100 t" in page.inner_text(".rutter-legend")
    assert "up to 1,000,000 barrels" in page.inner_text(".rutter-legend")
    assert "boxes" not in page.inner_text(".rutter-legend .rutter-legend-list > .rutter-basis:last-of-type")


def test_trail_lies_behind_and_fades(open_map):  # noqa: F811
    sailing = {"depart": "2024-03-01", "arrive": "2024-03-21", "basis": "observed track"}
    lines = [LineString([(0, 0), (40, 0)]), MultiLineString([[(160, 0), (180, 0)], [(-180, 0), (-160, 0)]])]
    page = open_map(YEAR, make_routes(*(sailing | {"geometry": line} for line in lines)))
    set_window(page, "2024-02-01", "2024-03-11")
    for at in (20, 180):
        set_view(page, 0, at, 5)
        near, far, before = (thickness(page, lon, 0) for lon in (at - 2, at - 4.5, at + 2))
        assert near > far > before, at


# ---- flows ---------------------------------------------------------------------------------------------------------


def shipped(*rows):
    ends = {
        "geometry": MultiLineString([[(170, 0), (180, 0)], [(-180, 0), (-170, 0)]]),
        "origin": "A",
        "destination": "B",
    }
    return make_routes(*(ends | row for row in rows))


def test_flows_join_routes_follow_the_window_and_open_a_list(open_map):  # noqa: F811
    routes = shipped(
        {"quantity": 100.0, "unit": "t", "title": "First", "depart": "2024-02-01", "arrive": "2024-03-01"},
        {"quantity": 50.0, "unit": "t", "title": "Second", "depart": "2024-05-01", "arrive": "2024-06-01"},
        {"quantity": 9.0, "unit": "barrels", "title": "<b>Third</b>", "depart": "2024-05-01", "arrive": "2024-06-01"},
    )
    page = open_map(make_events({"geometry": Point(0, 60)}), routes, view=(0, 180, 4))
    page.get_by_label("Routes joined into flows").check()
    bands = f"{APP}.flows.bands.map((b) => [b.rows.length, {APP}.flows.words(b)])"
    assert page.evaluate(bands) == [[3, "3"]]
    page.select_option("[aria-label='What makes a flow wide']", "t")
    assert page.evaluate(bands) == [[3, "150 t"]]
    page.wait_for_function("location.hash.includes('flows=t')")
    page.evaluate(f"Rutter.address.read({APP}, '')")
    assert page.evaluate(f"{APP}.flows.by") is None
    assert page.evaluate(f"Rutter.address.read({APP}, 'flows=t&flows=pounds')") == [["flows", "pounds"]]
    assert page.evaluate(bands) == [[3, "150 t"]]
    xs = page.evaluate(f"{APP}.flows.bands[0].curve.map(([x]) => x)")
    assert max(np.abs(np.diff(xs))) < 0.02  # the short way, across 180
    assert page.evaluate(f"{APP}.layer.drawn.length") == 0
    set_window(page, "2024-04-15", "2024-07-01")
    assert page.evaluate(bands) == [[2, "50 t"]]
    x, y = page.evaluate(f"{APP}.flows.drawn[0].line[6]")
    click_map(page, x, y)
    text = page.inner_text(".rutter-card")
    for part in ("A → B", "2 shipments", "50 t", "9 barrels", "Second", "<b>Third</b>"):
        assert part in text
    page.click(".rutter-list button:has-text('Second')")
    assert page.inner_text(".rutter-card h2") == "Second"
    page.click("[aria-label='Back to the list']")
    assert "A → B" in page.inner_text(".rutter-card")
    page.get_by_label("Routes joined into flows").uncheck()
    assert page.evaluate(f"{APP}.layer.drawn.length") > 0


def test_there_and_back_are_two_bands_side_by_side(open_map):  # noqa: F811
    routes = lines({"origin": "A", "destination": "B"}, {"geometry": EAST.reverse(), "origin": "B", "destination": "A"})
    page = open_map(YEAR, routes, view=(10, 10, 4))
    page.evaluate(f"{APP}.flows.set('shipments')")
    heights = page.evaluate(f"{APP}.flows.bands.map((b) => b.curve[14][1])")
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) * 256 * 2**4 > 40


# ---- names ---------------------------------------------------------------------------------------------------------


def boxes(page):
    return page.evaluate(f"{APP}.names.placed.map((n) => [n.text, n.x, n.y, n.wide])")


def test_names_of_the_data_keep_clear_of_marks_and_each_other_and_stay_while_panning(open_map):  # noqa: F811
    spots = np.random.default_rng(4).uniform((100, 20), (140, 50), (40, 2))
    events = make_events(
        *(
            {
                "geometry": Point(*spot),
                "place": f"Town {k}",
                "start": f"2024-0{1 + k % 9}-03",
                "end": f"2024-0{1 + k % 9}-04",
            }
            for k, spot in enumerate(spots)
        )
    )
    page = open_map(events, view=(35, 120, 5), size=(1280, 720))
    placed = boxes(page)
    assert 15 <= len(placed) <= 40
    for k, (_, x, y, wide) in enumerate(placed):
        for _, px, py, other in placed[k + 1 :]:
            assert x + wide <= px or px + other <= x or y + 15 <= py or py + 15 <= y
    view, hits = page.evaluate(f"[{APP}.layer.view, {APP}.layer.hits]")
    for _, x, y, wide in placed:
        left, top = x - view["left"], y - view["top"]
        for hit in hits:
            assert not (left < hit["x"] < left + wide and top < hit["y"] < top + 15)
    page.evaluate(f"void {APP}.map.panBy([137, 61], {{animate: false}})")
    assert boxes(page) == placed
    page.evaluate(f"{APP}.setWindow('2024-01-01', '2024-02-01'); {APP}.release()")
    assert {name for name, *_ in boxes(page)} <= {f"Town {k}" for k in range(0, 40, 9)}
    page.get_by_label("Place names").uncheck()
    assert boxes(page) == []


def test_a_name_of_the_map_is_not_written_twice(open_map):  # noqa: F811
    page = open_map(make_events({"geometry": Point(135.5, 34.7), "place": "Osaka"}), view=(34.7, 135.5, 7))
    assert [name for name, *_ in boxes(page)] == ["Osaka"]
    item = {"lines": ["Osaka"], "dx": 5, "dy": -6, "width": 30, "boxHeight": 12}
    x, y = page.evaluate(f"(() => {{ const p = {APP}.map.project([34.69, 135.5], 7); return [p.x, p.y]; }})()")
    assert page.evaluate(f"(item) => {APP}.names.blocks(item, 7)", item | {"x": x, "y": y})
    assert not page.evaluate(f"(item) => {APP}.names.blocks(item, 7)", item | {"x": x + 900, "y": y})


# ---- scale and world map -------------------------------------------------------------------------------------------


def test_scale_is_true_at_the_latitude(open_map):  # noqa: F811
    page = open_map(YEAR, view=(60, 127, 6))
    widths = {}
    for lat in (0, 60):
        set_view(page, lat, 127, 6)
        km, miles = page.locator(".rutter-scale-line").all()
        for line, unit in ((km, 1.0), (miles, 1.852)):
            value = float(line.inner_text().split()[0].replace(",", ""))
            px = line.bounding_box()["width"]
            metres = 40075016.7 * np.cos(np.radians(lat)) / (256 * 2**6)
            assert px * metres / 1000 == pytest.approx(value * unit, rel=0.02)
            widths[lat, unit] = px / value
    assert widths[60, 1.0] == pytest.approx(2 * widths[0, 1.0], rel=0.03)
    assert page.evaluate("Rutter.scaleBars(0, 18).map((bar) => bar.text)") == ["50 m", "0.03 nmi"]
    assert page.locator(".leaflet-control-scale").count() == 0


def test_world_map_says_where_and_goes_there(open_map):  # noqa: F811
    page = open_map(YEAR, view=(10, 178, 5), size=(1280, 720))
    page.wait_for_function(f"{APP}.overview.drawnFrom && {APP}.overview.turn === 0.5")
    box = page.evaluate(f"{APP}.overview.box")
    assert 50 < box["x"] + box["wide"] / 2 < 100  # 180 is in its middle, not at its edge
    pixels = page.evaluate(
        f"(() => {{ const c = {APP}.overview.canvas; const seen = new Set();"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "for (let k = 0; k < d.length; k += 4) seen.add(d[k] * 65536 + d[k+1] * 256 + d[k+2]); return [...seen]; })()"
    )
    assert 0xF5F1E8 in pixels
    assert 0xC9DBE5 in pixels
    at = page.locator(".rutter-overview-map").bounding_box()
    page.mouse.click(at["x"] + 150 * (20 + 180 + 180) / 360 % 150, at["y"] + (0.5 - 0.09) * 150)
    page.wait_for_function(
        f"Math.abs({APP}.map.getCenter().lat) < 3 && Math.abs({APP}.map.getCenter().wrap().lng - 20) < 4"
    )
    assert page.evaluate(f"{APP}.map.getZoom()") == 5
    page.click("[aria-label='World map']")
    assert page.locator(".rutter-overview-map").is_hidden()
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_selector(".rutter-overview", state="hidden")


# ---- stacks, lists, legend -----------------------------------------------------------------------------------------


def test_a_stack_under_the_pointer_is_spread_and_each_can_be_picked(open_map):  # noqa: F811
    page = open_map(make_events(*({"title": f"Number {k}"} for k in range(9))), view=(37.5, 127, 6))
    page.evaluate(
        f"(() => {{ const l = {APP}.layer; const rows = l.hits.map((h) => h.rows[0]);"
        f"const {{x, y}} = {APP}.map.latLngToContainerPoint([37.5, 127]); l.hits = [{{x, y, r: 14, rows}}]; }})()"
    )
    page.mouse.move(*(a + b for a, b in zip(on_screen(page, 127, 37.5), (2, 2), strict=True)))
    page.wait_for_function(f"{APP}.unfold.open !== null")
    marks = page.evaluate(f"{APP}.unfold.open.marks")
    assert len(marks) == 9
    assert min(np.hypot(a["x"] - b["x"], a["y"] - b["y"]) for a in marks for b in marks if a is not b) > 14
    page.mouse.click(marks[3]["x"], marks[3]["y"])
    assert page.inner_text(".rutter-card h2") == "Number 3"
    page.keyboard.press("Escape")
    page.mouse.move(100, 300)
    page.wait_for_function(f"{APP}.unfold.open === null")


@pytest.mark.parametrize("size", [(1280, 720), (390, 800)])
def test_many_at_one_place_open_a_list(open_map, size):  # noqa: F811
    titles = ["مرحبا بالعالم", "W" * 10_000, "<img src=x onerror=hurt()>", *(f"Number {k}" for k in range(37))]
    page = open_map(make_events(*({"title": title} for title in titles)), view=(37.5, 127, 6), size=size)
    click_map(page, *on_screen(page, 127, 37.5))
    assert page.inner_text(".rutter-card h2") == "40 events"
    assert page.locator(".rutter-list button").count() == 40
    box = page.locator(".rutter-card").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    page.locator(".rutter-list button").nth(4).focus()
    page.keyboard.press("Enter")
    assert page.inner_text(".rutter-pager span") == "5 of 40"
    page.keyboard.press("ArrowRight")
    expect(page.locator(".rutter-pager span")).to_have_text("6 of 40")


def test_legend_shows_only_one_all_and_none(open_map):  # noqa: F811
    page = open_map(YEAR, lines({}, {"mode": "rail"}))
    page.locator(".rutter-legend .rutter-row button:has-text('attack')").first.dblclick()
    assert len(visible(page)["events"]) == 6
    assert page.evaluate(f"[...{APP}.off.events]") == ["visit"]
    page.locator("[aria-label='Only attack']").focus()
    page.keyboard.press("Enter")
    assert len(visible(page)["events"]) == 12
    page.click("[aria-label='Events: none']")
    assert visible(page)["events"] == []
    pressed = page.locator(".rutter-row button[aria-pressed]")
    assert [pressed.nth(k).get_attribute("aria-pressed") for k in range(2)] == ["false", "false"]
    page.click("[aria-label='Events: all']")
    assert len(visible(page)["events"]) == 12
    page.locator("[aria-label='Only Rail']").focus()
    page.keyboard.press("Enter")
    assert visible(page)["routes"] == ["r1"]
    page.get_by_label("How exact places are").uncheck()
    assert page.evaluate(f"{APP}.show.halos") is False
