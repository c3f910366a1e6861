"""The review of articles in the app, in a real Chromium: reading, deciding with keys, correcting, merging, undoing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from geo import Atlas
from geo.app.review import keeping
from geo.config import SAMPLE
from geo.extracting import extract_documents
from geo.news.documents import read_uploads
from geo.places.corrections import Corrections
from tests.conftest import run_app
from tests.test_app import open_app, page

__all__ = ["page"]

ARTICLES = Path(__file__).parent / "articles"
DOCS = Path(__file__).parent.parent / "docs" / "review.md"
HARBOUR = """Title: Cement goes east
Date: 2024-03-14
Source: Harbour Daily

A Russian ship carried 900 tonnes of cement from Najin to Dunay on Monday, port officials said.

Two workers were arrested in Vladivostok on March 12 after a quarrel at the port.

President Ivan Petrov may visit Pyongyang in April.

Rebels attacked a depot last week. The minister denied that missiles were fired from Wonsan on March 3.
"""
COAST = """Title: Fire at a depot
Date: 2024-03-15
Source: Coast News

A fire broke out at a fuel depot in Vladivostok on Wednesday. Two dock workers were arrested in Vladivostok on Tuesday,
police said.

Officials from Seoul and Tokyo met in Busan on 10 March 2024.
"""
POEM = "Title: A quiet day\nDate: 2024-03-15\nSource: Coast News\n\nThe soup was warm and nobody said a word.\n"


@pytest.fixture(scope="module")
def found() -> dict[str, int]:
    """How many finds there are in the two articles; which sentences make one is no matter of the review."""
    documents, _ = read_uploads([("harbour.txt", HARBOUR.encode()), ("coast.txt", COAST.encode())])
    both, harbour = extract_documents(documents), extract_documents(documents[:1])
    sure = len(both.at_least(0.5))
    return {
        "events": len(both.events),
        "both": len(both.events) + len(both.routes),
        "harbour": len(harbour.events) + len(harbour.routes),
        "sure": sure,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reviewed") / "own"


@pytest.fixture(scope="module")
def own_url(folder) -> Iterator[str]:
    shutil.copytree(SAMPLE, folder)
    yield from run_app(str(folder))


@pytest.fixture
def own(page, own_url, folder) -> Iterator[None]:
    page.goto(f"{own_url}/?room=Articles")
    yield
    page.goto("about:blank")
    for left in [*folder.glob("*corrections*"), folder / keeping.FOLDER]:
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def go_to(page: Page, room: str) -> None:
    page.get_by_role("radio", name=room, exact=True).click()


def read(page: Page, **articles: str | bytes) -> None:
    """Bring articles, one file for each, named `harbour_txt` for `harbour.txt`."""
    brought = {name.replace("_", "."): text for name, text in articles.items()}
    files = [
        {"name": name, "mimeType": "text/plain", "buffer": text if isinstance(text, bytes) else text.encode()}
        for name, text in brought.items()
    ]
    expect(page.get_by_role("radio", name="Articles", exact=True)).to_be_checked()
    expect(page.locator(".st-key-review-bar, .st-key-review-empty")).to_be_visible()
    more = page.get_by_role("button", name="More articles")
    if more.count():
        more.click()
    page.locator(".st-key-review-bring input[type=file], .st-key-review-empty input[type=file]").set_input_files(files)
    expect(page.get_by_test_id("stFileChip")).to_have_count(len(files))
    page.get_by_role("button", name="Read these files").click()


def start(page: Page, **articles: str | bytes) -> None:
    read(page, **articles)
    expect(said(page)).to_contain_text("read")


def said(page: Page) -> Locator:
    return page.locator(".rutter-said").first  # what stood lower down before a file's fault stands until the run's end


def number(page: Page) -> Locator:
    return page.locator(".rutter-progress b")


def title(page: Page) -> Locator:
    return page.locator(".st-key-review-card .rutter-card h2")


def chosen(page: Page, words: str) -> None:
    idle(page)
    page.locator(".st-key-review-queue button", has_text=words).click()
    expect(title(page)).to_contain_text(words)
    idle(page)


def idle(page: Page) -> None:
    """Wait until the app has answered the last key, as one does who reads before deciding."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("html")).to_have_attribute("data-rutter-review", "ready")


def press(page: Page, key: str, heard: str | re.Pattern[str]) -> None:
    """Press a key, and wait for what the app says to it."""
    idle(page)
    page.keyboard.press(key)
    expect(said(page)).to_have_text(re.compile(heard) if isinstance(heard, str) else heard)


def open_map(page: Page) -> Frame:
    go_to(page, "Map")
    return on_the_map(page)


def on_the_map(page: Page) -> Frame:
    frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("() => window.Rutter?.instances?.[0]?.visible")
    return frame


def ids_on(frame: Frame) -> list[str]:
    return frame.evaluate("() => window.Rutter.instances[0].visible().events")


@pytest.mark.browser
def test_what_is_accepted_is_on_the_map_in_the_export_and_there_after_a_reload(
    page, own, own_url, folder, sample, found
):
    start(page, harbour_txt=HARBOUR, coast_txt=COAST)
    expect(said(page)).to_have_text(
        f"2 articles read: {found['events']} events and 1 route to review. {found['both']} left."
    )
    expect(page.locator(".st-key-review-text .text")).to_contain_text("A Russian ship carried")
    expect(title(page)).to_contain_text("A Russian ship carried")
    press(page, "a", rf"^Accepted\. {found['both'] - 1} left\.$")
    press(page, "r", rf"^Rejected\. {found['both'] - 2} left\.$")
    chosen(page, "fuel depot in Vladivostok")
    expect(page.locator(".st-key-review-text mark.place")).to_have_text("Vladivostok")
    expect(page.locator(".st-key-review-text .when")).to_have_text("Wednesday")
    press(page, "a", rf"^Accepted\. {found['both'] - 3} left\.$")
    frame = open_map(page)
    new = set(ids_on(frame)) - set(sample.events["id"])
    assert len(new) == 1
    expect(page.locator(".rutter-count[data-layer=events]")).to_have_text(
        f"{len(sample.events) + 1} of {len(sample.events) + 1} events"
    )
    expect(page.locator(".rutter-count[data-layer=routes]")).to_contain_text(f"of {len(sample.routes) + 1} routes")
    page.get_by_role("tab", name="Export").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download GeoJSON").click()
    exported = json.loads(Path(downloading.value.path()).read_text(encoding="utf-8"))
    fire = next(feature["properties"] for feature in exported["features"] if feature["id"] in new)
    assert (fire["kind"], fire["status"], fire["start"][:10]) == ("accident", "reported", "2024-03-13")
    assert (fire["source_publisher"], fire["source_published"]) == ("Coast News", "2024-03-15")
    assert "fire broke out" in fire["quote"]
    kept = Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED)
    assert (len(kept.events), len(kept.routes)) == (1, 1)
    frame = open_app(page, own_url)
    assert set(ids_on(frame)) - set(sample.events["id"]) == new
    go_to(page, "Articles")
    expect(number(page)).to_contain_text(f"of {found['both'] - 3}")
    expect(page.locator(".rutter-progress")).to_contain_text("2 accepted · 1 rejected")


@pytest.mark.browser
def test_a_number_chooses_another_place_for_every_row_that_writes_it_and_undo_takes_it_back(page, own, folder):
    start(page, harbour_txt=HARBOUR, coast_txt=COAST)
    chosen(page, "Two workers were arrested")
    places = page.locator(".st-key-review-where")
    expect(places).to_contain_text("“Vladivostok” may mean these.")
    expect(page.locator(".st-key-review-use-1 button")).to_be_disabled()
    press(page, "2", r"^“Vladivostok” now means ")
    taught = Corrections.open(folder).find("Vladivostok")
    assert taught is not None
    expect(page.locator(".st-key-review-use-1")).to_contain_text("your correction")
    chosen(page, "fuel depot in Vladivostok")
    expect(page.locator(".st-key-review-use-1")).to_contain_text("your correction")
    press(page, "a", r"^Accepted\.")
    press(page, "u", r"^Undone: Accepted\.")
    press(page, "u", r"^Undone: “Vladivostok” now means")
    assert not Corrections.open(folder).entries()
    expect(title(page)).to_contain_text("Two workers were arrested")
    expect(page.locator(".st-key-review-use-1")).not_to_contain_text("your correction")


@pytest.mark.browser
def test_a_click_on_the_small_map_or_in_the_text_moves_one_row_alone(page, own, folder):
    start(page, harbour_txt=HARBOUR)
    chosen(page, "Rebels attacked a depot")
    expect(page.locator(".st-key-review-where")).to_contain_text("The text does not say where.")
    page.locator(".st-key-review-text mark", has_text="Wonsan").click()
    expect(page.locator(".rutter-card")).to_contain_text("Wonsan")
    idle(page)
    small = page.locator("iframe[title^='Small map']")
    box = small.bounding_box()
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    expect(said(page)).to_contain_text("this one only")
    assert not Corrections.open(folder).entries()
    idle(page)
    page.get_by_role("button", name="Every “Wonsan” is here").click()
    expect(said(page)).to_contain_text("“Wonsan” now means")
    assert Corrections.open(folder).find("Wonsan") is not None
    idle(page)
    page.frame_locator("iframe[title^='Small map']").locator("body").press("a")
    expect(said(page)).to_contain_text("Accepted.")
    accepted = Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED).events.iloc[0]
    taught = Corrections.open(folder).find("Wonsan")
    assert (accepted.geometry.x, accepted.geometry.y) == pytest.approx((taught.lon, taught.lat), abs=1e-4)


@pytest.mark.browser
def test_fields_are_edited_and_keys_are_silent_in_them(page, own, folder, found):
    start(page, harbour_txt=HARBOUR)
    chosen(page, "Two workers were arrested")
    idle(page)
    page.keyboard.press("e")
    date = page.get_by_role("textbox", name="Date")
    expect(date).to_be_focused()
    expect(page.locator(".st-key-review-accept button")).to_be_disabled()
    expect(date).to_have_value("2024-03-12")
    page.keyboard.type("narrau 12")
    expect(date).to_have_value("narrau 12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("'narrau 12' is not a date. Write it as 2024")
    expect(number(page)).to_have_text(f"2 of {found['harbour']}")
    date.fill("2024-03-11/2024-03-13")
    page.get_by_role("textbox", name="Title").fill("Two arrested")
    page.get_by_role("textbox", name="Place, by name or coordinates").fill("Qxzzyv")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("No place called “Qxzzyv” is known.")
    page.get_by_role("textbox", name="Place, by name or coordinates").fill("Nakhodka")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Changed: date, title, place.")
    expect(page.locator(".st-key-review-editor")).to_have_count(0)
    expect(title(page)).to_have_text("Two arrested")
    expect(page.locator(".rutter-card")).to_contain_text("11–13 March 2024")
    press(page, "a", r"^Accepted\.")
    row = Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED).events.iloc[0]
    assert (row["title"], row["place"], str(row["start"])[:10]) == ("Two arrested", "Nakhodka", "2024-03-11")
    assert not Corrections.open(folder).entries()


@pytest.mark.browser
def test_merging_keeps_both_sources(page, own, folder, sample):
    start(page, harbour_txt=HARBOUR)
    chosen(page, "Two workers were arrested")
    page.get_by_role("combobox", name="The same as").click()
    offered = page.get_by_role("option")
    expect(offered.first).to_be_visible()
    name = offered.first.inner_text().split(" (")[0]
    offered.first.click()
    expect(said(page)).to_contain_text(f"Merged with “{name}”. ")
    expect(page.locator(":focus")).to_have_count(0)  # the field lets go, so that keys are heard again
    press(page, "u", r"^Undone: Merged")
    chosen(page, "Two workers were arrested")
    page.get_by_role("combobox", name="The same as").click()
    there = page.get_by_role("option").filter(has_not_text="waits too").first
    there.click()
    expect(said(page)).to_contain_text("Merged with")
    frame = open_map(page)
    assert set(ids_on(frame)) == set(sample.events["id"]), "no new row"
    page.get_by_role("tab", name="Export").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download GeoJSON").click()
    exported = json.loads(Path(downloading.value.path()).read_text(encoding="utf-8"))
    told = [
        one["properties"]["note"]
        for one in exported["features"]
        if "Harbour Daily" in (one["properties"]["note"] or "")
    ]
    assert len(told) == 1
    assert "“Two workers were arrested in Vladivostok" in told[0]
    assert any(source["publisher"] == "Harbour Daily" for source in exported["sources"])


@pytest.mark.browser
def test_many_are_accepted_at_once_but_nothing_planned_or_denied_and_one_undo_takes_all_back(page, own, folder, found):
    start(page, harbour_txt=HARBOUR, coast_txt=COAST)
    page.get_by_role("button", name="Accept many").click()
    slider = page.get_by_role("slider", name="At least this sure")
    for _ in range(6):
        slider.press("ArrowLeft")
    many = page.get_by_role("button", name=f"Accept {found['sure']}", exact=True)
    expect(many).to_be_visible()
    many.click()
    expect(said(page)).to_have_text(f"{found['sure']} accepted. {found['both'] - found['sure']} left.")
    statuses = Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED).events["status"]
    assert set(statuses) == {"reported"}
    press(page, "u", rf"^Undone: {found['sure']} accepted\. {found['both']} left\.$")
    assert Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED).events.empty


@pytest.mark.browser
def test_bad_files_are_named_the_same_again_is_left_out_and_nothing_to_review_is_said(page, app_url):
    page.goto(f"{app_url}/?room=Articles")
    page.get_by_role("button", name="Read these files").click()
    expect(page.get_by_role("alert")).to_contain_text("No file is chosen yet.")
    read(page, poem_txt=POEM, broken_pdf=b"%PDF-1.4 nothing")
    expect(page.get_by_role("alert").first).to_contain_text("broken.pdf: The PDF is damaged.")
    expect(page.locator(".st-key-review-done")).to_contain_text("No events and no routes were found")
    expect(page.locator(".rutter-noticed")).to_contain_text(
        "A quiet day (coast-news): Nothing to review in it. Names no place that is known."
    )
    read(page, poem_txt=POEM, coast_txt=COAST)
    expect(said(page)).to_contain_text(
        re.compile(r"1 article read: \d events and 0 routes to review\. 1 article in the words of another, left out\.")
    )
    page.get_by_role("button", name="More articles").click()
    page.get_by_role("tab", name="Paste text").click()
    words = page.get_by_role("textbox", name="The words of one article")
    words.fill("Rebels attacked a depot in Busan on Friday.")
    page.get_by_role("textbox", name="Day of publication").last.fill("someday")
    page.get_by_role("button", name="Read this text").click()
    expect(page.get_by_role("alert").last).to_contain_text("'someday' is not a date")
    page.get_by_role("textbox", name="Day of publication").last.fill("2024-03-10")
    page.get_by_role("button", name="Read this text").click()
    expect(said(page)).to_contain_text("1 article read: 1 event and 0 routes to review.")
    chosen(page, "Rebels attacked a depot in Busan")
    expect(page.locator(".rutter-card")).to_contain_text("8 March 2024")
    expect(page.locator(".st-key-review-kept")).to_contain_text("Kept until you close or reload this page")
    press(page, "a", "Accepted")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download the accepted rows (1)").click()
    assert len(json.loads(Path(downloading.value.path()).read_text(encoding="utf-8"))["features"]) == 1


DECISIONS = {
    "Crane drivers walked out": ["a"],
    "Police arrested four drivers": ["a"],
    "The transport minister visited": ["a"],
    "A freighter carried 1,200 tonnes": ["a"],
    "A second ship, the Blue Heron": ["a"],
    "An earthquake shook Tbilisi": ["a"],
    "Rescue teams were sent": ["r"],  # it does not say to which villages
    "A fire destroyed a warehouse": ["a"],
    "Envoys from Ankara and Baku": ["a"],
    "They may meet again in Vienna": ["e", "Place, by name or coordinates", "Enter", "a"],  # and the name typed
    "Two envoys visited Paris": ["Paris, Île-de-France, France", "a"],  # the number of another place
    "they toured a wheat farm": ["r"],
    "An explosion tore through": ["a"],
    "A convoy of trucks": ["a"],
}


@pytest.mark.browser
def test_a_case_costs_the_keys_and_clicks_that_the_docs_say(page, own, folder):
    start(
        page, **{file.name.replace(".", "_"): file.read_text(encoding="utf-8") for file in sorted(ARTICLES.iterdir())}
    )
    cost = 0
    for words, acts in DECISIONS.items():
        idle(page)
        if words not in title(page).inner_text():
            chosen(page, words)  # the order of the queue is not what is measured
        for act in acts:
            idle(page)
            if act in ("a", "r"):
                press(page, act, r"^(Accepted|Rejected)\.")
            elif act == "e":
                page.keyboard.press(act)
                expect(page.get_by_role("textbox", name="Date")).to_be_focused()
            elif act == "Enter":
                page.keyboard.type("Vienna")
                press(page, act, "^Changed: place")
                expect(page.locator(".st-key-review-editor")).to_have_count(0)
            elif act.startswith("Place"):
                page.get_by_role("textbox", name=act).click()
            else:
                choice = page.locator("[class*=st-key-review-use-]", has_text=act).first
                press(page, re.search(r"review-use-(\d)", choice.get_attribute("class"))[1], "now means Paris")
            cost += 1
    expect(page.locator(".st-key-review-done")).to_contain_text("Nothing waits any more.")
    kept = Atlas.open(folder / keeping.FOLDER / keeping.ACCEPTED)
    assert (len(kept.events), len(kept.routes)) == (9, 3)
    page.get_by_role("button", name="Show the 12 accepted on the map").click()
    assert set(kept.events["id"]) <= set(ids_on(on_the_map(page)))
    assert f"{len(DECISIONS)} finds took {cost} keys and clicks" in DOCS.read_text(encoding="utf-8")
