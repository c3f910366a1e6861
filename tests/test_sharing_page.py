"""Links to a view: what an address asks for, in Python and on the page; a page's fragment; maps in a notebook."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page
from shapely.geometry import LineString

from geo import Atlas, schema
from geo.app import address
from geo.app.sidebar import LAYER_SWITCHES
from tests.test_slider_browser import APP, make_events, make_routes, open_map  # noqa: F401

GOLDEN = json.loads((Path(__file__).parent / "golden" / "addresses.json").read_text(encoding="utf-8"))["cases"]
EVENTS = make_events(
    {"id": "a", "kind": "visit", "start": "2024-05-03", "end": "2024-05-04"},
    {"id": "b", "kind": "attack", "start": "2024-06-03", "end": "2024-06-04"},
    {"id": "c:d", "kind": "visit", "start": None, "end": None},
)
ROUTES = make_routes(
    {"id": "r", "depart": "2024-07-08", "arrive": "2024-07-09", "geometry": LineString([(127, 37), (131, 42)])}
)
ATLAS = Atlas(EVENTS, ROUTES, schema.empty("sources"))


def state(page: Page) -> dict:
    return page.evaluate(f"Rutter.state({APP})")


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_an_address_is_read_in_python(case):
    found = address.read(parse_qs(case["text"], keep_blank_values=True), ATLAS, layers=LAYER_SWITCHES)
    sides = zip(found.window or ATLAS.span, case["window"] or (None, None), ATLAS.span, strict=True)
    assert all(side == (pd.Timestamp(wanted) if wanted else end) for side, wanted, end in sides)
    assert found.bounds == (tuple(case["bounds"]) if "bounds" in case else None)
    assert [sorted(names) for names in found.off] == case["off"]
    assert found.row == (tuple(case["row"]) if case["row"] else None)
    assert sorted(found.missed) == sorted(map(tuple, case["missed"]))


@pytest.mark.browser
def test_an_address_is_read_on_the_page_as_in_python(open_map):  # noqa: F811
    page = open_map(EVENTS, ROUTES)
    everything = state(page)["window"]
    for case in GOLDEN:
        missed = page.evaluate(f"(text) => Rutter.address.read({APP}, text)", case["text"])
        now = state(page)
        assert sorted(missed) == sorted(case["missed"]), case["name"]
        sides = zip(now["window"], case["window"] or (None, None), everything, strict=True)
        assert all(side == (wanted or end) for side, wanted, end in sides), case["name"]
        assert [sorted(now["hidden"][key]) for key in ("kinds", "modes")] == case["off"], case["name"]
        assert now["selected"] == (case["row"] and dict(zip(("layer", "id"), case["row"], strict=True))), case["name"]
        if "bounds" in case:
            west, south, east, north = case["bounds"]
            seen = f"([s, w, n, e]) => {APP}.map.getBounds().pad(1e-6).contains([[s, w], [n, e]])"
            assert page.evaluate(seen, [south, west, north, east if west < east else east + 360]) or page.evaluate(
                seen, [south, west - 360, north, east]
            ), case["name"]


@given(st.dictionaries(st.sampled_from(address.KEYS), st.lists(st.text(max_size=20), max_size=3)))
def test_no_address_breaks_anything(asked):
    found = address.read(asked, ATLAS, layers=LAYER_SWITCHES)
    assert set(address.for_map(found, asked)).isdisjoint(found.missed)
    assert 0 <= found.sure <= 100
    kept = address.for_map(found, asked)
    assert parse_qs(address.write(kept)) == {
        key: [value for name, value in kept if name == key and value] for key, value in kept if value
    }


@pytest.fixture
def clean(browser, tmp_path):
    """Opens an address in a context of its own; nothing may be complained about or asked for elsewhere."""
    contexts, trouble = [], []

    def open_(url: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1000, "height": 640}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(("file:", "data:", "blob:")) else trouble.append(asked.url),
        )
        page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def sample_page(sample, tmp_path):
    path = tmp_path / "sample map.html"
    path.write_text(sample.page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.browser
def test_a_page_keeps_its_view_in_its_fragment(clean, sample_page):
    page = clean(sample_page)
    page.wait_for_function(f"window.Rutter?.instances?.[0] && {APP}.home")
    steps = page.evaluate("history.length")
    page.evaluate(
        f"""() => {{
            const app = {APP};
            app.setWindow("2023-09-01", "2023-10-01");
            app.release();
            app.map.setView([42.31, 130.77], 6, {{ animate: false }});
            app.toggleWord("events", "diplomacy");
            app.reveal("routes", "arms-2023-1", false);
        }}"""
    )
    page.wait_for_function("decodeURIComponent(location.hash).includes('row=routes:arms-2023-1')")
    page.mouse.move(500, 200)
    page.mouse.down()
    page.mouse.move(540, 150, steps=4)
    page.mouse.up()
    page.wait_for_function(
        f"location.hash.includes(Rutter.boundsOf({APP}.map).map((side) => side.toFixed(1)).join(',').slice(0, 4))"
        f" && !{APP}.map._panAnim?._inProgress"
    )
    page.wait_for_function(f"Rutter.address.text({APP}) === location.hash.slice(1)")
    assert page.url.split("#")[1].startswith("from=2023-09-01&to=2023-10-01&bounds=")
    assert page.evaluate("history.length") == steps, "a movement is no step to go back"
    before, url = state(page), page.url

    again = clean(url)
    again.wait_for_function("window.Rutter?.instances?.[0]?.selected")
    after = state(again)
    same_place(again, before["bounds"])
    for key in ("window", "selected", "hidden", "zoom"):
        assert after[key] == before[key], key
    again.evaluate("() => { location.hash = 'from=2024-03-01&to=2024-04-01'; }")
    again.wait_for_function(f"{APP}.window[0] === Date.parse('2024-03-01')")
    assert state(again)["hidden"] == {"kinds": [], "modes": []}


@pytest.mark.browser
def test_a_view_of_the_same_size_comes_back_to_the_pixel(clean, sample_page):
    page = clean(sample_page)
    page.wait_for_function(f"window.Rutter?.instances?.[0] && {APP}.home")
    page.set_viewport_size({"width": 831, "height": 653})  # an odd one has no pixel in its middle
    moved = page.evaluate(
        f"""() => {{ const {{ map }} = {APP}; const moved = [];
        for (let k = 0; k < 60; k++) {{
          map.setView([(k * 37) % 70 - 30, (k * 71) % 360 - 180], 2 + (k % 9), {{ animate: false }});
          const bounds = Rutter.boundsOf(map).map((side) => Number(side.toFixed(5)));
          const {{ lat, lng }} = map.containerPointToLatLng([0, 0]);
          map.setView([10, lng], map.getZoom(), {{ animate: false }});
          Rutter.setView(map, bounds);
          const at = map.latLngToContainerPoint([lat, lng]);
          if (Math.abs(at.x) > 0.5 || Math.abs(at.y) > 0.5) moved.push([k, at.x, at.y]); }}
        return moved; }}"""
    )
    assert moved == []


def same_place(page: Page, bounds: list[float]) -> None:
    west, south, _, north = bounds
    corners = page.evaluate(
        f"(corners) => corners.map((at) => {{ const p = {APP}.map.latLngToContainerPoint(at); return [p.x, p.y]; }})",
        [[north, west], [south, west]],
    )
    height = page.evaluate(f"{APP}.map.getSize().y")
    assert np.allclose(corners, [[0, 0], [0, height]], atol=1.0)


@pytest.mark.browser
def test_a_page_says_what_it_cannot_follow_and_copies_its_link(clean, sample_page):
    page = clean(f"{sample_page}#from=2023-99-01&row=events:gone&words=tanker&kinds=diplomacy&kinds=%3Cb%3E")
    notice = page.locator(".rutter-notice")
    notice.wait_for()
    for part in ("from=2023-99-01", "row=events:gone", "words=tanker", "kinds=%3Cb%3E"):
        assert part in notice.inner_text()
    assert set(page.evaluate(f"{APP}.off.events.has('diplomacy') ? [] : [...{APP}.off.events]")), "only those kinds"
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.evaluate(f"() => {{ {APP}.setWindow('2024-03-01', '2024-04-01'); {APP}.release(); }}")
    page.get_by_role("button", name="Copy a link to this view").click()
    page.wait_for_function("window.copied")
    assert "from=2024-03-01&to=2024-04-01" in page.evaluate("window.copied") == page.url


@pytest.mark.browser
def test_two_maps_in_a_notebook_are_two_maps(clean, sample, tmp_path):
    first, second = sample.matching(kinds=["diplomacy"]), sample.between(*MARCH)
    cells = "".join(f'<div class="output">{atlas._repr_html_()}</div>' for atlas in (first, second))
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><title>Notebook</title><body style='width:900px'>{cells}</body>", encoding="utf-8")
    page = clean(path.as_uri())
    elements = page.locator("iframe")
    assert elements.count() == 2
    frames = [element.content_frame() for element in elements.element_handles()]
    for frame, atlas in zip(frames, (first, second), strict=True):
        frame.wait_for_function("window.Rutter?.instances?.[0]?.home")
        assert sorted(frame.evaluate(f"{APP}.visible().events")) == sorted(atlas.events["id"])
        assert frame.get_by_role("button", name="Copy a link to this view").count() == 0
    for element in elements.all():
        box = element.bounding_box()
        assert box["width"] > 800 and 400 < box["height"] < 700
    whole = frames[1].evaluate(f"{APP}.window")
    frames[0].evaluate(f"() => {{ {APP}.setWindow('2015-01-01', '2016-01-01'); {APP}.release(); }}")
    assert frames[1].evaluate(f"{APP}.window") == whole
    assert page.url == path.as_uri()


MARCH = tuple(pd.Timestamp(day, tz="UTC") for day in ("2024-03-01", "2024-04-01"))


def test_geopandas_explores_the_tables(sample):
    for package in ("matplotlib", "mapclassify"):
        pytest.importorskip(package, reason=f"NOT TESTED: explore() needs {package}")
    for table, column in ((sample.events, "kind"), (sample.routes, "depart")):
        page = table.explore(column=column, tiles=None).get_root().render()
        placed = table[table.geometry.notna()]
        assert all(json.dumps(escape(name)).strip('"') in page for name in placed["id"])


def test_plain_json_of_the_tables_needs_a_word_for_times(sample):
    collection = json.loads(sample.events.to_json(default=str))
    assert collection["features"][0]["properties"]["start"].startswith("1945-")
