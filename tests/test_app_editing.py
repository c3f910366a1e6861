"""Editing in the app, in a real Chromium: forms, undo by key, two people at once, and a dossier made one to edit."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyogrio
import pytest
from playwright.sync_api import Frame, Page, expect

from geo import Atlas
from geo.config import SAMPLE
from geo.workspace import Workspace
from tests.conftest import run_app
from tests.reruns import idle, rerun, toasted
from tests.test_app import open_app, page

__all__ = ["page"]
pytestmark = pytest.mark.browser
ROW = "2015-01-may-invitation"
TRIES = count(1)


@pytest.fixture(scope="module")
def file(tmp_path_factory, sample) -> Path:
    path = tmp_path_factory.mktemp("edited") / "team.gpkg"
    Workspace.create(path, sample, who="Anna")
    return path


@pytest.fixture(scope="module")
def url(file) -> Iterator[str]:
    yield from run_app(str(file))


@pytest.fixture
def own() -> str:
    """What tells the rows of one try from those that an earlier one left in the file."""
    return f"no. {next(TRIES)}"


def edit(page: Page, frame: Frame, row: str, *, who: str) -> None:
    frame.evaluate("(id) => window.Rutter.instances[0].reveal('events', id, false)", row)
    page.get_by_role("button", name="Edit this row").click()
    write(page, "Changes are made in the name of", who)
    expect(field(page, "What happened")).to_be_visible()


def field(page: Page, label: str):
    return page.get_by_role("textbox", name=label, exact=True)


def write(page: Page, label: str, text: str) -> None:
    with rerun(page):
        field(page, label).fill(text)
        field(page, label).press("Tab")


def begin(page: Page, what: str) -> None:
    page.get_by_role("tab", name="Edit").click()
    expect(page.get_by_role("button", name=what)).to_be_visible()
    with rerun(page):
        page.get_by_role("button", name=what).click()
    expect(page.get_by_role("heading", name=what)).to_be_visible()


def save(page: Page, button: str, said: str) -> None:
    idle(page)
    page.get_by_role("button", name=button, exact=True).click()
    toasted(page, said)


def stored(file: Path, layer: str, title: str):
    table = pyogrio.read_dataframe(file, layer=layer)
    return table[table["title"] == title]


def on_map(frame: Frame, layer: str, title: str, there: bool = True) -> None:
    frame.wait_for_function(
        "([layer, title, there]) => { const table = window.Rutter.instances[0][layer];"
        " return there === Array.from({ length: table.count }, (_, i) => table.text('title', i)).includes(title); }",
        arg=[layer, title, there],
    )


def test_rows_are_added_by_name_by_coordinates_and_by_click_and_undone_by_key(page, url, file, own):
    pier, point = f"A pier burns, {own}", f"A point at sea, {own}"
    frame = open_app(page, url)
    frame.evaluate("() => { window.stillHere = true; }")
    begin(page, "New event")
    write(page, "What happened", pier)
    write(page, "When", "24 March 2024")
    write(page, "Where", "Dunay")
    expect(page.get_by_role("radiogroup", name="What “Dunay” means")).to_be_visible()
    assert frame.evaluate("() => window.Rutter.instances[0].marks.list.length") > 1, "the candidates are on the map"
    save(page, "Add the event", f"Added event {pier}.")
    on_map(frame, "events", pier)
    event = stored(file, "events", pier).iloc[0]
    assert str(event["start"]).startswith("2024-03-24")
    assert (round(event.geometry.x), round(event.geometry.y)) == (132, 43)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    on_map(frame, "events", pier, there=False)
    assert stored(file, "events", pier).empty
    page.keyboard.press("Control+Shift+z")
    on_map(frame, "events", pier)
    frame.evaluate("() => { window.Rutter.instances[0].popup.close(); }")
    begin(page, "New event")
    write(page, "What happened", point)
    write(page, "When", "1930")
    write(page, "Where, by coordinates", "42°24'N 130°36'E")
    save(page, "Add the event", f"Added event {point}.")
    on_map(frame, "events", point)
    at = stored(file, "events", point).geometry.iloc[0]
    assert (round(at.x, 4), round(at.y, 4)) == (130.6, 42.4)
    assert frame.evaluate("() => new Date(window.Rutter.instances[0].domain[0]).getUTCFullYear()") == 1930
    page.get_by_role("button", name="On the map").click()
    frame.wait_for_selector(".rutter-aiming")
    frame.locator(".rutter-map").click(position={"x": 300, "y": 300})
    expect(page.get_by_text("this row only")).to_be_visible()
    save(page, "Save", f"Changed event {point}.")
    moved = stored(file, "events", point).geometry.iloc[0]
    assert moved.distance(at) > 0
    assert frame.evaluate("() => window.stillHere"), "the page of the map was loaded again"


def test_a_route_is_drawn_between_two_names(page, url, file, own):
    coal = f"Coal to Busan, {own}"
    frame = open_app(page, url)
    begin(page, "New route")
    write(page, "What was carried, or who travelled", coal)
    write(page, "From", "Najin")
    write(page, "To", "Busan")
    write(page, "Left", "2024-03-24")
    expect(page.get_by_text("the line is drawn, not observed")).to_be_visible()
    save(page, "Add the route", f"Added route {coal}.")
    on_map(frame, "routes", coal)
    (route,) = stored(file, "routes", coal).to_dict("records")
    assert (route["basis"], route["mode"], route["dated_by"]) == ("inferred", "sea", "depart")
    assert 700 < route["length_km"] < 1100


def test_two_people_see_each_other_and_a_conflict_offers_both(page, browser, url, file, own):
    note, title = f"Anna was here, {own}.", f"Moscow hears from Ben, {own}"
    ours = open_app(page, url)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    other = context.new_page()
    theirs = open_app(other, url)
    edit(page, ours, ROW, who="Anna")
    before = field(page, "What happened").input_value()
    edit(other, theirs, ROW, who="Ben")
    write(page, "Note, in yours", note)
    write(other, "What happened", title)
    save(page, "Save", "Changed event Moscow hears")
    other.get_by_role("button", name="Save", exact=True).click()
    clash = other.get_by_role("alert").filter(has_text="was changed since you saw it (Anna")
    expect(clash).to_contain_text(note)
    expect(clash).to_contain_text(title)
    assert stored(file, "events", title).empty
    save(other, "Put mine over it", f"Changed event {title}.")
    (row,) = stored(file, "events", title).to_dict("records")
    assert row["note"] == note, "what Ben did not touch stays hers"
    page.get_by_text("How exact places are").click()
    on_map(ours, "events", title)
    expect(field(page, "What happened")).to_have_value(title)
    page.get_by_text(re.compile(r"^History")).click()
    past = page.locator(".rutter-past").first
    expect(past).to_contain_text(f"Ben changed event {title}")
    expect(past).to_contain_text(before)
    context.close()


def test_changed_cells_of_the_table_are_one_change(page, url, file, own):
    titles = [f"Cell one, {own}", f"Cell two, {own}"]
    frame = open_app(page, url)
    write_in = page.get_by_text("Write in the table")
    write_in.click()
    corner = page.locator(".st-key-grid canvas").first
    corner.wait_for()
    idle(page)
    box = corner.bounding_box()
    for number, (line, title) in enumerate(zip((52, 87), titles, strict=True), start=1):
        page.mouse.dblclick(box["x"] + 60, box["y"] + line)
        written = page.locator("#portal input, #portal textarea").first
        written.fill(title)
        written.press("Enter")
        expect(page.get_by_role("button", name=f"Save {number} changed cell")).to_be_enabled()
    save(page, "Save 2 changed cells", "Changed")
    for title in titles:
        on_map(frame, "events", title)
    page.get_by_role("button", name=re.compile("^Undo: changed")).click()
    on_map(frame, "events", titles[1], there=False)
    assert stored(file, "events", titles[0]).empty


def test_a_folder_is_made_one_to_edit(page, sample, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(SAMPLE, folder)
    for address in run_app(str(folder)):
        frame = open_app(page, address)
        page.get_by_role("tab", name="Edit").click()
        page.get_by_role("button", name="Edit this dossier").click()
        expect(page.get_by_role("button", name="New event")).to_be_visible()
        assert Workspace.open(tmp_path / "own.gpkg").atlas.title == sample.title
        assert len(Atlas.open(folder).events) == len(sample.events)
        page.goto("about:blank")
        assert frame.is_detached()
