"""The app in a real Chromium, as a user meets it; any console error or request beyond this machine fails."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pandas as pd
import pytest
from playwright.sync_api import Frame, Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from geo import Atlas
from tests.conftest import run_app
from tests.reruns import rerun, watch

pytestmark = pytest.mark.browser
LOCAL = {"127.0.0.1", "localhost", ""}


@pytest.fixture
def page(app_context) -> Iterator[Page]:
    opened = app_context.new_page()
    opened.set_default_timeout(60_000)
    trouble: list[str] = []
    opened.on(
        "console",
        lambda said: trouble.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
    )
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on(
        "request",
        lambda asked: trouble.append(asked.url) if urlparse(asked.url).hostname not in (LOCAL | {None}) else None,
    )
    yield opened
    opened.close()
    assert not trouble, trouble


def open_app(page: Page, url: str) -> Frame:
    watch(page)
    page.goto(url)
    element = page.locator("iframe[title^='Map of events']").element_handle()
    frame = element.content_frame()
    frame.wait_for_function("() => window.Rutter?.instances?.[0]?.visible")
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(re.compile(r"^\d+$"))
    return frame


def count(page: Page, layer: str = "events") -> int:
    return int(page.locator(f".rutter-count[data-layer={layer}] b").inner_text())


def set_window(frame: Frame, start: str, end: str) -> None:
    frame.evaluate(
        "([a, b]) => { const app = window.Rutter.instances[0]; app.setWindow(a, b); app.release(); }", [start, end]
    )


def view(frame: Frame) -> dict[str, object]:
    return frame.evaluate(
        "() => { const map = window.Rutter.instances[0].map; const at = map.getCenter();"
        " return { zoom: map.getZoom(), lat: at.lat, lng: at.lng }; }"
    )


def test_the_sample_is_on_the_map_and_in_the_table(page, app_url, sample):
    frame = open_app(page, app_url)
    assert count(page) == len(sample.events)
    assert count(page, "routes") == len(sample.routes)
    visible = frame.evaluate("() => window.Rutter.instances[0].visible()")
    assert sorted(visible["events"]) == sorted(sample.events["id"])
    assert sorted(visible["routes"]) == sorted(sample.routes["id"])


def grid(page: Page) -> Locator:
    return page.locator("[data-testid=stDataFrame] table[role=grid]").first


def test_dragging_a_handle_changes_table_counts_and_map(page, app_url, sample):
    frame = open_app(page, app_url)
    expect(grid(page)).to_have_attribute("aria-rowcount", str(len(sample.events) + len(sample.routes) + 1))
    expect(grid(page).locator("td").first).to_have_text("1945")
    everything = count(page)
    handle = frame.locator(".rutter-handle.rutter-start")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    expect(page.locator(".rutter-count[data-layer=events] b")).not_to_have_text(str(everything))
    events, routes = count(page), count(page, "routes")
    assert 0 < events < everything
    expect(grid(page)).to_have_attribute("aria-rowcount", str(events + routes + 1))
    expect(grid(page).locator("td").first).not_to_have_text("1945")
    visible = frame.evaluate("() => window.Rutter.instances[0].visible()")
    assert (len(visible["events"]), len(visible["routes"])) == (events, routes)
    window = [
        pd.Timestamp(text) for text in frame.evaluate("() => window.Rutter.state(window.Rutter.instances[0]).window")
    ]
    assert sorted(visible["events"]) == sorted(sample.between(*window).events["id"]), "the same rows as in Python"


def test_pan_zoom_and_window_survive_reruns(page, app_url):
    frame = open_app(page, app_url)
    set_window(frame, "2023-09-01T00:00:00Z", "2023-10-01T00:00:00Z")
    expect(page.locator(".rutter-when")).to_have_text("September 2023")
    first = view(frame)
    box = page.locator("iframe[title^='Map of events']").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 240, steps=5)
    page.mouse.up()
    frame.get_by_role("button", name="Zoom in").click()
    frame.wait_for_function("zoom => window.Rutter.instances[0].map.getZoom() > zoom", arg=first["zoom"])
    frame.evaluate("() => { window.stillHere = true; }")
    before = view(frame)
    assert (before["lat"], before["lng"]) != (first["lat"], first["lng"])
    search = page.get_by_role("textbox", name="Search")
    search.fill("Najin")
    search.press("Enter")
    expect(page.locator(".rutter-count[data-layer=routes] b")).to_have_text("1")
    frame.wait_for_function("() => window.Rutter.instances[0].visible().routes.length === 1")
    assert view(frame) == before
    assert frame.evaluate("() => window.stillHere"), "the page of the map was loaded again"
    assert frame.evaluate("() => window.Rutter.instances[0].visible()")["routes"] == ["arms-2023-1"]
    expect(page.locator(".rutter-when")).to_have_text("September 2023")


def test_a_kind_switched_off_in_the_legend_leaves_table_and_counts_too(page, app_url, sample):
    frame = open_app(page, app_url)
    frame.evaluate("() => window.Rutter.instances[0].toggleWord('events', 'diplomacy')")
    others = int((sample.events["kind"] != "diplomacy").sum())
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(str(others))
    expect(grid(page)).to_have_attribute("aria-rowcount", str(others + len(sample.routes) + 1))
    side = page.get_by_test_id("stSidebar").get_by_label("How exact places are")
    expect(side).to_be_checked()
    frame.evaluate("() => window.Rutter.setShown(window.Rutter.instances[0], 'halos', false)")
    expect(side).not_to_be_checked()
    assert frame.evaluate("() => window.Rutter.instances[0].show.halos") is False


def test_a_button_brings_everything_into_sight(page, app_url, sample):
    frame = open_app(page, app_url)
    west, south, east, north = sample.bounds
    assert not frame.evaluate(CONTAINS, [south, west])
    frame.get_by_role("button", name="Show everything on the map").click()
    assert frame.evaluate(CONTAINS, [south, west])
    assert frame.evaluate(CONTAINS, [north, east])


CONTAINS = "(at) => window.Rutter.instances[0].map.getBounds().contains(at)"


def test_only_what_is_in_sight(page, app_url):
    frame = open_app(page, app_url)
    frame.evaluate("() => void window.Rutter.instances[0].map.setView([40.7, -74], 8, { animate: false })")
    page.get_by_text("Only what is in sight on the map").click()
    expect(grid(page)).to_have_attribute("aria-rowcount", "3")  # the header and what happened at the United Nations


def test_a_click_on_the_map_shows_the_evidence(page, app_url):
    frame = open_app(page, app_url)
    frame.evaluate("() => void window.Rutter.instances[0].map.setView([40.7, -74], 8, { animate: false })")
    set_window(frame, "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z")
    expect(page.locator(".rutter-when")).to_have_text("2015")
    at = frame.evaluate(
        "() => { const { map } = window.Rutter.instances[0]; const at = map.latLngToContainerPoint([40.749, -73.968]);"
        " const box = map.getContainer().getBoundingClientRect(); return [box.left + at.x, box.top + at.y]; }"
    )
    corner = page.locator("iframe[title^='Map of events']").bounding_box()
    page.mouse.click(corner["x"] + at[0], corner["y"] + at[1])
    expect(page.locator(".rutter-card")).to_contain_text("UN Headquarters, New York")
    expect(page.locator(".rutter-card")).to_contain_text("19 November 2015")


def test_a_row_chosen_on_the_map_opens_its_evidence_with_the_quote(page, app_url):
    frame = open_app(page, app_url)
    frame.evaluate("() => window.Rutter.instances[0].reveal('events', '2015-01-may-invitation', false)")
    card = page.locator(".rutter-card")
    expect(card).to_contain_text("January 2015")
    drawn = card.locator(".rutter-kind img").evaluate("(mark) => mark.complete && mark.naturalWidth")
    assert drawn, "the mark of its kind, as on the map"
    expect(card).to_contain_text("Moscow")
    expect(card.locator("blockquote")).to_contain_text("as a first signal")
    expect(card.locator(".rutter-source")).to_contain_text("JoongAng Ilbo")
    frame.evaluate("() => window.Rutter.instances[0].popup.close()")
    set_window(frame, "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z")
    expect(page.locator(".rutter-when")).to_have_text("2015")
    expect(card).to_contain_text("January 2015")  # it stays until another row is chosen


@pytest.mark.parametrize(
    ("scope", "layer", "expected"),
    [("This window", "Routes", ["oil-2024-1"]), ("Everything", "All", None), ("Everything", "Events", None)],
)
def test_downloads_are_the_slice_or_everything(page, app_url, sample, tmp_path, scope, layer, expected):
    frame = open_app(page, app_url)
    set_window(frame, "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z")
    expect(page.locator(".rutter-when")).to_have_text("March 2024")
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("radio", name=scope).click()
    page.get_by_role("radio", name=layer, exact=True).click()
    layers = {"All": ["events", "routes"], "Events": ["events"], "Routes": ["routes"]}[layer]
    wanted = expected or [name for which in layers for name in sample.layer(which)["id"]]
    begins = re.compile(rf"^{re.escape(told(sample, layers, expected))}")
    expect(page.get_by_text("each with its source")).to_have_text(begins)
    # The button is renewed after the words above it.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download GeoJSON").click()
    saved = tmp_path / "saved.geojson"
    downloading.value.save_as(saved)
    collection = json.loads(saved.read_text(encoding="utf-8"))
    ids = [feature["id"] for feature in collection["features"]]
    assert ids == wanted


def told(sample: Atlas, layers: list[str], expected: list[str] | None) -> str:
    counts = [len(expected) if expected else len(sample.layer(which)) for which in layers]
    return (
        " and ".join(
            f"{number} {which[:-1] if number == 1 else which}" for number, which in zip(counts, layers, strict=True)
        )
        + ", each with its source"
    )


def test_own_files_are_opened_and_bad_ones_change_nothing(page, app_url, tmp_path):
    frame = open_app(page, app_url)
    everything = count(page)
    page.get_by_text("Open your own files").click()
    bad = tmp_path / "events.csv"
    bad.write_text("id,title,date,place\na,<b>T</b>,2024-13,Seoul\n")
    page.locator("input[type=file]").set_input_files(bad)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("events.csv, row 2, column date")
    expect(alert).not_to_contain_text("Traceback")
    assert count(page) == everything
    assert not frame.is_detached()


def test_another_dossier_brings_its_own_window_counts_and_title(page, app_url, tmp_path, sample):
    frame = open_app(page, app_url)
    set_window(frame, "2023-09-01T00:00:00Z", "2023-10-01T00:00:00Z")
    frame.evaluate("() => window.Rutter.instances[0].toggleWord('events', 'diplomacy')")
    expect(page.locator(".rutter-when")).to_have_text("September 2023")
    own = tmp_path / "events.csv"
    own.write_text("id,title,kind,date,place\na,Own event,diplomacy,2021-05-03,Seoul\n")
    page.get_by_text("Open your own files").click()
    page.locator("input[type=file]").set_input_files(own)
    expect(page.locator("h1")).to_have_text("Your dossier")
    expect(page.locator(".rutter-when")).to_have_text("3 May 2021")
    expect(page.locator(".rutter-count[data-layer=events]")).to_have_text("1 of 1 events")
    page.get_by_role("button", name=re.compile("Remove")).click()
    expect(page.locator("h1")).to_have_text(sample.title)
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(str(len(sample.events)))


def test_a_row_of_the_table_is_flown_to_once(page, app_url):
    frame = open_app(page, app_url)
    corner = page.locator("[data-testid=stDataFrame] canvas").first.bounding_box()
    page.mouse.click(corner["x"] + 17, corner["y"] + 52)
    frame.wait_for_selector(".rutter-card")
    assert frame.inner_text(".rutter-card h2") == "Soviet officer reports on Soviet troops in northern Korea"
    frame.evaluate("() => { const app = window.Rutter.instances[0]; app.popup.close(); app.map.setView([0, 0], 4); }")
    set_window(frame, "2023-09-01T00:00:00Z", "2023-10-01T00:00:00Z")
    expect(page.locator(".rutter-when")).to_have_text("September 2023")
    page.get_by_text("How exact places are").click()
    frame.wait_for_function("() => window.Rutter.instances[0].show.halos === false")
    expect(page.locator(".rutter-when")).to_have_text("September 2023")
    assert frame.evaluate("() => Math.abs(window.Rutter.instances[0].map.getCenter().lat)") < 1
    assert frame.locator(".rutter-card").count() == 0


def test_nothing_is_referred_to_that_the_page_may_have_let_go_of(page, app_url):
    said: list[ForwardMsg] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda message: said.append(ForwardMsg.FromString(message)))

    page.on("websocket", listen)
    frame = open_app(page, app_url)
    for month in ("09", "10"):
        with rerun(page):
            set_window(frame, f"2023-{month}-01T00:00:00Z", f"2023-{month}-28T00:00:00Z")
    styles = [message for message in said if "rutter-header" in message.delta.new_element.html.body]
    assert max(message.ByteSize() for message in styles) > 10_000, "large enough for Streamlit to keep it"
    assert len(styles) > 2
    assert not [message for message in said if message.WhichOneof("type") == "ref_hash"]


def test_a_dossier_that_cannot_be_opened_is_a_message(browser, tmp_path):
    (tmp_path / "events.csv").write_text("title\nT\n")
    for url in run_app(str(tmp_path)):
        page = browser.new_page()
        page.goto(url)
        expect(page.get_by_role("alert")).to_contain_text("column id: the column is missing")
        expect(page.locator("body")).not_to_contain_text("Traceback")
        page.close()


def test_on_a_phone_nothing_runs_off_the_side(page, app_url):
    page.set_viewport_size({"width": 390, "height": 844})
    open_app(page, app_url)
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 390
    assert page.locator("iframe[title^='Map of events']").bounding_box()["width"] > 330


def test_no_machine_but_this_one_is_named_in_the_code():
    for path in Path("geo").rglob("*.js"):
        assert "http://" not in path.read_text(encoding="utf-8").replace("http://www.w3.org", ""), path


def test_the_server_talks_to_this_machine_only():
    config = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "localhost"
    assert config["browser"]["gatherUsageStats"] is False
