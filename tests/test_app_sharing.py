"""The address bar holds the view, and the one place to export, in a real Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import openpyxl
import pandas as pd
import pyogrio
import pytest
from lxml import etree
from playwright.sync_api import Frame, Page, expect

from geo.exporting import FORMATS
from tests.pages import texts_of
from tests.test_app import count, grid, open_app, page, set_window  # noqa: F401
from tests.test_sharing_page import same_place, state

pytestmark = pytest.mark.browser
APP = "Rutter.instances[0]"
SUMMER = tuple(pd.Timestamp(day, tz="UTC") for day in ("2023-08-01", "2024-06-01"))


@pytest.fixture
def elsewhere(browser) -> Iterator[Page]:
    """A window of another browser, which knows nothing of what was done in the first."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    trouble: list[str] = []
    opened.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    yield opened
    context.close()
    assert not trouble, trouble


def query(page: Page) -> dict[str, list[str]]:  # noqa: F811
    return parse_qs(urlparse(page.url).query)


def bring_to_a_view(page: Page, frame: Frame) -> None:  # noqa: F811
    """By hand: words at the side, a layer and a kind switched off, a window, a drag of the map, a row, a tab."""
    set_window(frame, "2023-08-01T00:00:00Z", "2024-06-01T00:00:00Z")
    page.get_by_role("textbox", name="Search").fill("Najin")
    page.get_by_role("textbox", name="Search").press("Enter")
    page.get_by_text("How exact places are").click()
    frame.evaluate("() => window.Rutter.instances[0].toggleWord('events', 'diplomacy')")
    frame.evaluate("() => window.Rutter.instances[0].map.setZoom(6, { animate: false })")
    box = page.locator("iframe[title^='Map of events']").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 263, box["y"] + 241, steps=5)
    page.mouse.up()
    frame.evaluate("() => window.Rutter.instances[0].reveal('routes', 'arms-2023-1', false)")
    expect(page.locator(".rutter-card h2")).to_have_text("Containers by ship from Najin to Dunay")


def settled(page: Page, frame: Frame) -> str:  # noqa: F811
    """The bounds in the address, once they are those of the map: it glides on after a drag."""
    deadline, before = time.monotonic() + 60, None
    while time.monotonic() < deadline:
        shown = frame.evaluate(f"Object.fromEntries(Rutter.address.write({APP})).bounds")
        gliding = frame.evaluate(f"{APP}.map._panAnim?._inProgress")
        here = (shown, gliding, query(page).get("bounds"), "row" in query(page))
        if here == before == (shown, here[1], [shown], True) and not gliding:
            return shown
        before = here
        page.wait_for_timeout(300)  # a glide may follow on another
    pytest.fail(f"{page.url} is not where the map is: {shown}")


def test_an_address_opens_the_same_view_elsewhere(page, elsewhere, app_url):  # noqa: F811
    frame = open_app(page, app_url)
    frame.evaluate("() => { window.stillHere = true; }")
    expect(page).to_have_url(re.compile(r"\?dossier=sample$"))
    steps = page.evaluate("history.length")
    bring_to_a_view(page, frame)
    shown = settled(page, frame)
    assert query(page) == {
        **{"dossier": ["sample"], "tab": ["Evidence"], "words": ["Najin"], "hide": ["halos"]},
        **{"from": ["2023-08-01"], "to": ["2024-06-01"], "bounds": [shown], "off-kinds": ["diplomacy"]},
        "row": ["routes:arms-2023-1"],
    }
    assert page.evaluate("history.length") == steps, "a movement of the map is no step to go back"
    assert frame.evaluate("() => window.stillHere"), "the page of the map was loaded again"

    there = open_app(elsewhere, page.url)
    expect(elsewhere.locator(".rutter-card h2")).to_have_text("Containers by ship from Najin to Dunay")
    expect(elsewhere.get_by_role("tab", name="Evidence")).to_have_attribute("aria-selected", "true")
    there.wait_for_function("() => window.Rutter.instances[0].show.halos === false")
    before, after = state(frame), state(there)
    for key in ("window", "selected", "hidden", "zoom"):
        assert after[key] == before[key], key
    same_place(there, before["bounds"])
    assert there.evaluate(f"{APP}.visible()") == frame.evaluate(f"{APP}.visible()")
    assert (count(elsewhere), count(elsewhere, "routes")) == (count(page), count(page, "routes"))
    expect(elsewhere.get_by_role("textbox", name="Search")).to_have_value("Najin")
    expect(elsewhere).to_have_url(page.url)

    elsewhere.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    elsewhere.get_by_role("button", name="Copy a link").click()
    elsewhere.wait_for_function("() => window.copied === location.href")


def test_the_view_is_kept_when_the_map_gives_its_room_to_the_articles(page, app_url):  # noqa: F811
    frame = open_app(page, app_url)
    bring_to_a_view(page, frame)
    settled(page, frame)
    before = state(frame)
    page.get_by_role("radio", name="Articles").click()
    expect(page).to_have_url(re.compile("room=Articles.*&bounds="))
    page.get_by_role("radio", name="Map", exact=True).click()
    page.wait_for_selector("iframe[title^='Map of events']")
    frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
    frame.wait_for_function("() => window.Rutter?.instances?.[0]?.selected")
    after = state(frame)
    assert {key: after[key] for key in ("window", "hidden", "zoom")} == {
        key: before[key] for key in ("window", "hidden", "zoom")
    }
    same_place(frame, before["bounds"])


def test_what_an_address_asks_in_vain_is_said(page, app_url, sample):  # noqa: F811
    bad = "from=2024-99-01&bounds=1,2,3&kinds=%3Cscript%3E&row=events:gone&sure=lots&tab=Nowhere&room=Attic"
    open_app(page, f"{app_url}/?kinds=diplomacy&{bad}")
    toasts = page.get_by_test_id("stToast")
    expect(toasts).to_have_count(2)
    said = " ".join(toasts.all_inner_texts())
    for part in ("kinds = <script>", "sure = lots", "from = 2024-99-01", "no tab called Nowhere"):
        assert part in said
    expect(page.locator("body")).not_to_contain_text("Traceback")
    kept = len(sample.matching(kinds=["diplomacy"]).events)
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(str(kept))
    expect(page).to_have_url(re.compile(r"\?dossier=sample&kinds=diplomacy$"))


def test_a_view_of_another_dossier_says_so_and_waits_for_it(page, app_url, tmp_path, sample):  # noqa: F811
    open_app(page, f"{app_url}/?dossier=spring&from=2024-03-01&to=2024-04-01&kinds=diplomacy")
    expect(page.get_by_test_id("stToast")).to_contain_text("The address shows the dossier spring; open here is sample")
    assert count(page) == len(sample.events)
    spring = tmp_path / "spring.geojson"
    sample.save(spring)
    page.get_by_text("Open your own files", exact=True).click()
    page.locator("input[type=file]").set_input_files(spring)
    expect(page.locator("h1")).to_have_text("spring")
    wanted = sample.matching(kinds=["diplomacy"]).between(*map(utc, ("2024-03-01", "2024-04-01")))
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(str(len(wanted.events)))
    expect(page.locator(".rutter-when")).to_have_text("March 2024")
    expect(page).to_have_url(re.compile("dossier=spring&kinds=diplomacy&from=2024-03-01&to=2024-04-01"))


def utc(day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC")


# ---- out ------------------------------------------------------------------------------------------------------------


def read_back(suffix: str, path: Path) -> set[str]:
    """The ids in a file, by readers that are not ours."""
    content = path.read_bytes()
    if suffix == ".geojson":
        return {feature["id"] for feature in json.loads(content)["features"]}
    if suffix == ".geojsonl":
        return {json.loads(line)["id"] for line in content.splitlines()}
    if suffix == ".gpkg":
        return {name for layer in ("events", "routes") for name in pyogrio.read_dataframe(path, layer=layer)["id"]}
    if suffix == ".parquet":
        return set(pd.read_parquet(path)["id"])
    if suffix in (".kml", ".kmz", ".gpx"):
        text = zipfile.ZipFile(path).read("doc.kml") if suffix == ".kmz" else content
        marks = etree.fromstring(text).xpath("//*[local-name()='Folder'][position()<3]/* | //*[local-name()='trk']")
        ids = ".//*[@name='id']//text() | .//*[local-name()='id']/text()"
        return {found.strip() for mark in marks for found in mark.xpath(ids)} - {""}
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        tables = [list(book[layer].values) for layer in ("events", "routes")]
        return {row[table[0].index("id")] for table in tables for row in table[1:]}
    if suffix == ".csv":
        return {row["id"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    if suffix == ".zip":
        files = zipfile.ZipFile(path)
        texts = [files.read(f"{layer}.csv").decode("utf-8-sig") for layer in ("events", "routes")]
        return {row["id"] for text in texts for row in csv.DictReader(io.StringIO(text))}
    texts = texts_of(content.decode())
    return {name for layer in ("events", "routes") for name in texts[layer]["id"]}


def test_every_format_holds_the_rows_of_the_window_and_filter(page, app_url, sample, tmp_path):  # noqa: F811
    open_app(page, f"{app_url}/?tab=Export&from=2023-08-01&to=2024-06-01&words=russia")
    wanted = sample.matching(words="russia").between(*SUMMER)
    ids = {name: set(wanted.layer(name)["id"]) for name in ("events", "routes")}
    assert all(ids.values()) and len(wanted.events) < len(sample.between(*SUMMER).events)
    expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text(str(len(ids["events"])))
    kinds = {kind: suffix for suffix, kind in reversed(FORMATS.items())}
    for kind, suffix in sorted(kinds.items(), key=lambda pair: pair[0].one_layer):
        if kind.one_layer:
            page.get_by_role("radio", name="Routes", exact=True).click()
        page.get_by_role("combobox", name="Format").click()
        page.get_by_role("option", name=f"{kind.label} ({suffix})").click()
        layers = ["routes"] if kind.one_layer else kind.layers
        with page.expect_download() as downloading:
            page.get_by_role("button", name=f"Download {kind.label}", exact=True).click()
        days = "2023-08-01-2024-05-31"
        named = f"sample-routes-{days}{suffix}" if kind.one_layer else f"sample-{days}{suffix}"
        assert downloading.value.suggested_filename == named
        path = tmp_path / named
        downloading.value.save_as(path)
        assert read_back(suffix, path) == set().union(*(ids[name] for name in layers)), kind.label


def test_the_preview_says_what_is_in_a_file_and_what_is_not(page, app_url, tmp_path, sample):  # noqa: F811
    own = tmp_path / "events.csv"
    own.write_text("id,title,date,place\na,=1+1,2024-03-05,Seoul\nb,Nowhere yet,,\n", encoding="utf-8")
    open_app(page, f"{app_url}/?tab=Export")
    expect(page.get_by_role("button", name="Download GeoJSON")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_text("Open your own files", exact=True).click()
    page.locator("input[type=file]").set_input_files(own)
    expect(page.locator("h1")).to_have_text("Your dossier")
    page.get_by_role("radio", name="Everything").click()
    told = page.get_by_text("each with its source")
    expect(told).to_contain_text("1 of them without a position; 1 of them without a date")
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="GPX tracks (.gpx)").click()
    expect(page.get_by_text("GPX tracks cannot hold 2 events")).to_be_visible()
    expect(page.get_by_role("button", name="Download GPX tracks", exact=True)).to_be_disabled()
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="CSV (.csv)").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download CSV", exact=True).click()
    assert downloading.value.suggested_filename == "events.csv"
    expect(page.get_by_text("1 changed or left out in the CSV file")).to_be_visible()


def test_both_layers_in_one_csv_are_refused_with_a_way_out(page, app_url):  # noqa: F811
    open_app(page, f"{app_url}/?tab=Export")
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name="CSV (.csv)").click()
    expect(page.get_by_text("a file holds one layer. Choose events or routes, or end the name in .zip")).to_be_visible()
    expect(page.get_by_test_id("stDownloadButton")).to_have_count(0)
