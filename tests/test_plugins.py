"""Other folium plugins beside the slider, on our map and on a plain one, with their real scripts."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlparse

import folium
import pytest
import xstatic.pkg.leaflet
from folium.plugins import Draw, Fullscreen, MeasureControl, MiniMap

from geo.maps import OfflineMap, TimeSlider
from tests.test_slider_browser import make_events

pytestmark = pytest.mark.browser
LEAFLET = Path(xstatic.pkg.leaflet.BASE_DIR)
SCRIPTS = Path(__file__).parent / "plugins"
LOCAL = {
    "leaflet.js": LEAFLET / "leaflet.js",
    "leaflet.css": LEAFLET / "leaflet.css",
    "Control.MiniMap.js": SCRIPTS / "Control.MiniMap.min.js",
    "leaflet-measure.min.css": SCRIPTS / "leaflet-measure.css",
    "Control.FullScreen.min.js": SCRIPTS / "Control.FullScreen.js",
} | {file.name: file for file in SCRIPTS.iterdir()}
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
UNUSED = ("jquery", "bootstrap", "awesome", "fontawesome", "all.min.css", "rotate")  # what folium adds and nobody calls
APP = "window.Rutter.instances[0]"
EVENTS = make_events(
    {"start": "2024-03-05", "end": "2024-03-06"},
    {"start": "2024-09-05", "end": "2024-09-06"},
)


def answer(route):
    address = urlparse(route.request.url)
    name = address.path.rpartition("/")[2]
    if name in LOCAL:
        route.fulfill(path=LOCAL[name])
    elif any(word in route.request.url.casefold() for word in UNUSED):
        route.fulfill(body="", content_type="text/css" if name.endswith("css") else "text/javascript")
    elif name.endswith((".png", ".svg", ".gif")):
        route.fulfill(body=TILE, content_type="image/png")
    else:
        route.abort()


@pytest.mark.parametrize("make", [OfflineMap, lambda: folium.Map((37.5, 127), zoom_start=6)], ids=["ours", "folium's"])
def test_draw_measure_minimap_and_fullscreen_work_beside_the_slider(browser, tmp_path, make):
    canvas = make()
    TimeSlider(EVENTS).add_to(canvas)
    for plugin in (Draw(), MeasureControl(position="topleft"), MiniMap(), Fullscreen()):
        plugin.add_to(canvas)
    file = tmp_path / "map.html"
    canvas.save(file)
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    trouble = []
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.route(re.compile("^https?:"), answer)
    page.goto(file.as_uri())
    page.wait_for_function("() => window.Rutter?.instances?.[0]?.visible")

    page.locator(".leaflet-draw-draw-marker").click()
    page.locator(".rutter-map, .folium-map").first.click(position={"x": 520, "y": 260})
    page.wait_for_selector(".leaflet-marker-pane .leaflet-marker-icon")
    page.locator(".leaflet-draw-draw-rectangle").click()
    page.mouse.move(500, 300)
    page.mouse.down()
    page.mouse.move(600, 380, steps=4)
    page.mouse.up()
    page.wait_for_selector(".leaflet-overlay-pane path.leaflet-interactive")

    page.locator(".leaflet-control-measure").hover(force=True)  # it unfolds under the hand
    page.locator(".leaflet-control-measure .js-start").click()
    page.locator(".leaflet-control-measure .js-cancel").click()

    inner = page.locator(
        ".leaflet-control-minimap .leaflet-container, .leaflet-control-minimap.leaflet-container"
    ).first
    inner.wait_for()
    zoom = page.evaluate(f"() => {APP}.map.getZoom()")
    page.get_by_role("button", name="Zoom in").first.click()
    page.wait_for_function(f"(zoom) => {APP}.map.getZoom() > zoom", arg=zoom)

    page.locator("[class*=leaflet-control-zoom-fullscreen]").click()
    page.wait_for_function("() => document.fullscreenElement")
    page.locator("[class*=leaflet-control-zoom-fullscreen]").click()
    page.wait_for_function("() => !document.fullscreenElement")

    page.evaluate(f"() => {APP}.setWindow('2024-03-01T00:00:00Z', '2024-04-01T00:00:00Z')")
    assert page.evaluate(f"() => {APP}.visible().events") == ["e0"]
    page.close()
    assert not trouble, trouble
