"""Places in the app, in a real Chromium: the search box, what else a name may mean, and corrections with their undo."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from geo import Atlas
from geo.app import words
from geo.app.places import keeping
from geo.app.places.candidates import by_coordinates, mentions, readings, rows_that_say
from geo.config import SAMPLE
from geo.errors import CoordinateError
from geo.following import follow
from geo.places.corrections import Corrections
from geo.places.finder import default_finder
from tests.conftest import run_app
from tests.test_app import open_app, page, view

__all__ = ["page"]
FILE = "corrections.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("dossiers") / "own"


@pytest.fixture(scope="module")
def own_url(folder) -> Iterator[str]:
    shutil.copytree(SAMPLE, folder)
    yield from run_app(str(folder))


@pytest.fixture
def own(page, own_url, folder) -> Iterator[Frame]:
    yield open_app(page, own_url)
    page.goto("about:blank")
    for left in folder.glob("*corrections*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def seek(page: Page, name: str) -> None:
    box = page.get_by_role("textbox", name="Go to a place")
    box.fill(name)
    box.press("Enter")


def wait_for_centre(frame: Frame, lat: float, lng: float, off: float = 0.3) -> None:
    frame.wait_for_function(
        "([lat, lng, off]) => { const at = window.Rutter.instances[0].map.getCenter();"
        " return Math.abs(at.lat - lat) < off && Math.cos((at.lng - lng) * Math.PI / 180) > 0.99998; }",
        arg=[lat, lng, off],
    )


def map_of(page: Page) -> Frame:
    """The frame of the map, which is a new one while other files are opened."""
    while not (frame := page.locator("iframe[title^='Map of events']").element_handle().content_frame()):
        page.wait_for_timeout(50)
    return frame


def marks(frame: Frame, which: str = "marks") -> list[dict[str, object]]:
    return frame.evaluate(f"() => window.Rutter.instances[0].{which}.list.map(({{ place }}) => place)")


def choose_row(page: Page, frame: Frame, layer: str, row: str) -> None:
    frame.evaluate("([layer, id]) => window.Rutter.instances[0].reveal(layer, id, false)", [layer, row])
    expect(page.locator(".rutter-where").first).to_be_visible()


def where_is(frame: Frame, row: str) -> list[float] | None:
    return frame.evaluate(
        "(id) => { const app = window.Rutter.instances[0]; const i = app.events.find(id);"
        " const at = app.place({ layer: 'events', i }); return at && [at.lat, at.lng]; }",
        row,
    )


def wait_until_at(frame: Frame, row: str, lat: float, lon: float) -> None:
    frame.wait_for_function(
        "([id, lat, lon]) => { const app = window.Rutter.instances[0];"
        " const at = app.place({ layer: 'events', i: app.events.find(id) });"
        " return at && Math.abs(at.lat - lat) < 0.01 && Math.abs(at.lng - lon) < 0.01; }",
        arg=[row, lat, lon],
    )


def last_words(page: Page) -> Locator:
    return page.locator(".st-key-last-correction")


def correct_by_coordinates(page: Page, written: str) -> None:
    page.get_by_role("button", name="Not this place?").first.click()
    field = page.get_by_role("textbox", name="By coordinates")
    field.fill(written)
    field.press("Enter")


@pytest.mark.browser
def test_a_place_in_any_script_is_found_and_flown_to(page, app_url):
    frame = open_app(page, app_url)
    seek(page, "나진")
    frame.wait_for_selector(".rutter-mark.rutter-found")
    wait_for_centre(frame, 42.2, 130.3)
    (mark,) = marks(frame, "sought")
    assert "North Korea" in str(mark["label"])
    assert mark["radius_km"]
    expect(page.locator(".rutter-unseen[role=status]")).to_contain_text("is shown on the map")
    page.get_by_role("radiogroup", name="places by this name").locator("label").nth(1).click()
    frame.wait_for_function(
        "(first) => window.Rutter.instances[0].sought.list[0]?.place.lat !== first", arg=mark["lat"]
    )
    seek(page, "42.5 N 170.2 W")
    wait_for_centre(frame, 42.5, -170.2)
    frame.evaluate("() => void window.Rutter.instances[0].map.setView([43, -172 - 720], 5, { animate: false })")
    box = frame.locator(".rutter-mark.rutter-found").bounding_box()
    map_box = page.locator("iframe[title^='Map of events']").bounding_box()
    assert map_box["x"] < box["x"] < map_box["x"] + map_box["width"], "not in the copy of the world one looks at"
    page.get_by_role("button", name="Clear").click()
    frame.wait_for_selector(".rutter-mark", state="detached")


@pytest.mark.browser
def test_a_doubtful_place_waits_to_be_chosen_and_an_unknown_one_is_said(page, app_url):
    frame = open_app(page, app_url)
    before = view(frame)
    seek(page, "Springfield")
    expect(page.get_by_text("Which one?")).to_be_visible()
    expect(page.get_by_role("radio").first).not_to_be_checked()
    expect(page.get_by_role("radiogroup", name="places by this name")).to_contain_text("doubtful")
    expect(page.get_by_role("radiogroup", name="places by this name")).to_contain_text("Illinois, United States")
    assert view(frame) == before
    seek(page, "Qxzzyv <b>")
    expect(page.get_by_text("No place called “Qxzzyv <b>” is known.")).to_be_visible()
    seek(page, "95 N 20 E")
    expect(page.get_by_role("alert")).to_contain_text("90")
    assert view(frame) == before


@pytest.mark.browser
def test_the_sample_is_corrected_for_this_visit_only(page, app_url):
    before = sorted(file.name for file in SAMPLE.iterdir())
    frame = open_app(page, app_url)
    choose_row(page, frame, "routes", "arms-2023-1")
    expect(page.locator(".rutter-where").first).to_contain_text("“Najin” read as")
    expect(page.locator(".rutter-where").nth(1)).to_contain_text("“Dunay” read as")
    page.get_by_role("button", name="Not this place?").first.click()
    expect(page.locator(".st-key-candidates")).to_contain_text("The bundled sample stays as it is.")
    frame.locator(".rutter-mark.rutter-maybe").first.press("Enter")
    expect(last_words(page)).to_contain_text("“Najin” now means")
    assert sorted(file.name for file in SAMPLE.iterdir()) == before
    page.get_by_role("tab", name="Notes").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download corrections").click()
    assert "Najin" in Path(downloading.value.path()).read_text(encoding="utf-8")


@pytest.mark.browser
def test_a_file_that_was_brought_is_corrected_for_this_visit(page, app_url, tmp_path):
    own = tmp_path / "events.csv"
    own.write_text("id,title,kind,date,place\na,<b>Own</b>,diplomacy,2021-05-03,Najin\n", encoding="utf-8")
    brought = tmp_path / "brought.geojson"
    Atlas.open(tmp_path).save(brought)
    open_app(page, app_url)
    old = page.locator("iframe[title^='Map of events']").element_handle()
    page.get_by_text("Open your own files").click()
    page.locator("input[type=file]").first.set_input_files(brought)
    page.wait_for_function("(old) => !old.isConnected", arg=old)
    expect(page.locator(".rutter-count[data-layer=events]")).to_have_text("1 of 1 events")
    frame = map_of(page)
    frame.wait_for_function("() => window.Rutter?.instances?.[0]?.visible")
    choose_row(page, frame, "events", "a")
    correct_by_coordinates(page, "44.25 N 133.5 E")
    wait_until_at(frame, "a", 44.25, 133.5)
    expect(page.locator(".st-key-candidates")).to_contain_text("Files that you brought stay as they are.")
    last_words(page).get_by_role("button", name="Undo").click()
    expect(page.locator(".rutter-where").first).to_contain_text("very likely")


@pytest.mark.browser
def test_one_click_on_the_map_corrects_and_undo_brings_it_back(page, own, folder):
    length = (
        "() => { const { routes } = window.Rutter.instances[0]; return routes.length[routes.find('arms-2023-1')]; }"
    )
    first = own.evaluate(length)
    own.evaluate(
        "() => { const app = window.Rutter.instances[0]; app.setWindow('2023-09-01', '2023-11-01'); app.release(); }"
    )
    choose_row(page, own, "routes", "arms-2023-1")
    page.get_by_role("button", name="Not this place?").first.click()
    other = own.locator(".rutter-mark.rutter-maybe").first
    expect(other).to_have_attribute("aria-label", re.compile("Read it as"))
    numbered = marks(own)
    assert [mark["number"] for mark in numbered] == list(range(1, len(numbered) + 1))
    assert sum(bool(mark["current"]) for mark in numbered) == 1
    own.wait_for_function(
        "() => !window.Rutter.instances[0].map._animatingZoom && !document.querySelector('.leaflet-zoom-anim')"
    )
    own.evaluate("() => { window.stillHere = true; }")
    zoom = view(own)["zoom"]
    other.click()
    expect(last_words(page)).to_contain_text("“Najin” now means")
    own.wait_for_function(f"(first) => ({length})() !== first", arg=first)
    assert "Najin" in (folder / FILE).read_text(encoding="utf-8")
    assert own.evaluate("() => window.stillHere"), "the page of the map was loaded again"
    assert view(own)["zoom"] == zoom
    assert own.evaluate("() => window.Rutter.state(window.Rutter.instances[0]).selected.id") == "arms-2023-1"
    expect(page.locator(".rutter-when")).to_contain_text("September")
    last_words(page).get_by_role("button", name="Undo").click()
    own.wait_for_function(f"(first) => ({length})() === first", arg=first)
    assert not Corrections.open(folder).entries()


@pytest.mark.browser
def test_coordinates_move_every_row_and_no_place_takes_them_off(page, own, folder, sample):
    place = "Vladivostok"
    row = str(sample.events.loc[sample.events["place"] == place, "id"].iloc[0])
    lat, lon = where_is(own, row)
    choose_row(page, own, "events", row)
    correct_by_coordinates(page, "here")
    expect(page.get_by_role("alert")).to_contain_text("These are no coordinates")
    field = page.get_by_role("textbox", name="By coordinates")
    field.fill("44.25 N 133.5 E")
    field.press("Enter")
    wait_until_at(own, row, 44.25, 133.5)
    expect(last_words(page)).to_contain_text(f"“{place}” now means {place} at 44.2500, 133.5000 in ")
    corrected = Atlas.open(folder).events.set_index("id").loc[row]
    assert (corrected.geometry.y, corrected.geometry.x) == (44.25, 133.5)
    page.get_by_role("button", name="This is no place").click()
    expect(page.locator(".rutter-where").first).to_contain_text("is no place: your correction")
    own.wait_for_function(
        "(id) => { const { events } = window.Rutter.instances[0]; return !events.placed(events.find(id)); }", arg=row
    )
    page.get_by_role("tab", name="Notes").click()
    page.get_by_role("button", name="Undo the last change").click()
    wait_until_at(own, row, 44.25, 133.5)
    page.get_by_role("button", name="Undo the last change").click()
    wait_until_at(own, row, lat, lon)


@pytest.mark.browser
def test_a_correction_that_cannot_be_kept_is_a_message(page, own, folder):
    (folder / f".{FILE}.lock").mkdir()
    choose_row(page, own, "routes", "arms-2023-1")
    page.get_by_role("button", name="Not this place?").first.click()
    page.get_by_role("button", name="Use this").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    expect(page.get_by_role("alert")).to_contain_text("could not be locked for writing")
    expect(page.get_by_role("button", name="Use this").first).to_be_visible()
    assert not (folder / FILE).exists()
    (folder / f".{FILE}.lock").rmdir()
    (folder / FILE).write_text("place;lon\n", encoding="utf-8")
    page.get_by_role("tab", name="Notes").click()
    expect(page.get_by_role("alert").first).to_contain_text("cannot be read, so nothing is corrected")
    expect(page.locator("body")).not_to_contain_text("Traceback")


@pytest.mark.browser
def test_corrections_of_others_are_taken_in_and_conflicts_listed(page, own, folder, tmp_path):
    finder = default_finder()
    Corrections.open(folder).add("Najin", finder.place("Seoul"))
    theirs = Corrections.open(tmp_path).add("Najin", finder.place("Busan")).add("Dunay", finder.place("Moscow"))
    page.get_by_role("tab", name="Notes").click()
    expect(page.get_by_text("Corrected places")).to_be_visible()
    page.locator("[class*=st-key-merge] input[type=file]").set_input_files(theirs.path)
    page.get_by_role("button", name="Take in corrections").click()
    expect(last_words(page)).to_contain_text("1 correction taken in")
    expect(page.get_by_role("alert")).to_contain_text("Busan")
    assert [entry.name for entry in Corrections.open(folder).entries()] == ["Najin", "Dunay"]


def test_readings_are_what_the_dossier_opened_with(sample):
    for layer in ("events", "routes"):
        for row in sample.layer(layer).to_dict("records")[::3]:
            for reading in readings(sample, layer, row, Corrections(Path(FILE), {})):
                if reading.mention.place_id:
                    assert reading.place.place_id == reading.mention.place_id, row["id"]


def test_a_route_mentions_its_ends_and_what_it_passes(sample):
    row = sample.routes.iloc[0].to_dict() | {"via": "Vladivostok; ; Slavyanka", "origin_country": "KP"}
    found = mentions("routes", row)
    assert [(mention.role, mention.query.name) for mention in found[2:]] == [
        ("By way of", "Vladivostok"),
        ("By way of", "Slavyanka"),
    ]
    assert found[0].query.country == "KP"
    assert found[0].query.mode == row["mode"]


def test_a_correction_leads_and_a_refusal_leaves_nothing(sample, tmp_path):
    row = sample.routes[sample.routes["origin"] == "Najin"].iloc[0].to_dict()
    seoul = default_finder().place("Seoul")
    follows, own = row | {"origin_id": seoul.place_id}, row | {"origin_id": "point:42.00000,130.00000"}
    corrected = readings(sample, "routes", follows, Corrections.open(tmp_path).add("najin", seoul))[0]
    assert (corrected.place.name, corrected.current) == ("Seoul", 0)
    assert readings(sample, "routes", own, Corrections.open(tmp_path))[0].place is None
    refused = readings(sample, "routes", row | {"origin_id": ""}, Corrections.open(tmp_path).add("Najin", None))[0]
    assert refused.refused
    assert refused.place is None
    assert rows_that_say(sample, "NAJIN") == 1


def test_coordinates_are_called_by_the_name_they_are_for():
    place = by_coordinates("42.4 N 130.6 E", "The yard")
    assert (place.name, place.lat, place.lon, place.kind) == ("The yard", 42.4, 130.6, "place")
    assert by_coordinates("Seoul", "The yard") is None
    with pytest.raises(CoordinateError):
        by_coordinates("95 N 20 E", "The yard")


def test_places_are_told_from_their_namesakes():
    found = default_finder().candidates("Paris", limit=6)
    assert len({words.label(place) for place in found if place.kind == "city"}) == sum(p.kind == "city" for p in found)
    assert words.surety(found[-1]).endswith("% sure")
    sea = default_finder().place("Bering Sea")
    west, south, east, north = words.sight(sea)
    assert west > east, "the box crosses 180 degrees"
    assert south < sea.lat < north
    assert words.literally("a_b [c](d)\n<e>") == r"a\_b \[c\]\(d\) \<e\>"


def test_where_corrections_are_kept_is_said(tmp_path, monkeypatch):
    assert keeping.beside(tmp_path) is None
    assert "sample" in keeping.beside(SAMPLE)
    assert "single file" in keeping.beside(tmp_path / "a.geojson")

    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    why = keeping.beside(tmp_path)
    assert "Permission denied" in why
    (tmp_path / "visit").mkdir()
    Corrections.open(tmp_path).add("Najin", None)
    keeping.begin_for_now(tmp_path / "visit", tmp_path)
    kept = keeping.keep_for_now(tmp_path / "visit", why)
    assert kept.corrections.is_refused("Najin")
    assert not kept.lasting
    assert "Download" in kept.where


def test_equal_corrections_place_a_dossier_alike_whenever_they_were_made(tmp_path):
    kept = keeping.keep_beside(tmp_path)
    kept.corrections.add("Najin", None)
    first = keeping.keep_beside(tmp_path).state
    kept.corrections.remove("Najin")
    assert keeping.keep_beside(tmp_path).state == kept.state == ()
    kept.corrections.add("Najin", None)
    assert keeping.keep_beside(tmp_path).state == first


def test_a_geojson_file_follows_corrections_though_it_brings_its_positions(sample, tmp_path):
    sample.save(tmp_path / "saved.geojson")
    saved = Atlas.open(tmp_path / "saved.geojson")
    corrections = Corrections.open(tmp_path)
    assert follow(saved, corrections) is saved
    finder = default_finder()
    corrections = corrections.add("Vladivostok", finder.place("Busan")).add("Moscow", None)
    before = saved.routes.copy(deep=True)
    moved = follow(saved, corrections)
    at = moved.events[moved.events["place"] == "Vladivostok"]
    assert len(at)
    assert set(at["place_id"]) == {finder.place("Busan").place_id}
    assert moved.events[moved.events["place"] == "Moscow"].geometry.isna().all()
    told = moved.routes["destination"] == "Vladivostok"
    assert told.any()
    for number in told[told].index:
        line = moved.routes.geometry[number]
        noted = [notice for notice in moved.notices if notice.id == moved.routes["id"][number]]
        assert bool(noted) if line is None else line.length != before.geometry[number].length
    assert moved.routes.geometry[told].notna().any()
    assert moved.routes[~told].geometry.equals(before[~told].geometry)
    assert saved.routes.geometry.equals(before.geometry)
    for layer in ("events", "routes"):
        assert dict(moved.layer(layer).dtypes) == dict(saved.layer(layer).dtypes)


def test_a_corrected_leg_is_judged_anew_and_names_its_passages(tmp_path):
    header = "id,title,mode,origin,destination,depart,arrive\n"
    row = "r,T,sea,Port of Busan,Vladivostok,2024-03-24T00:00Z,2024-03-26T00:00Z\n"
    (tmp_path / "routes.csv").write_text(header + row, encoding="utf-8")
    Atlas.open(tmp_path).save(tmp_path / "saved.geojson")
    saved = Atlas.open(tmp_path / "saved.geojson")
    assert not [notice for notice in saved.notices if notice.message.startswith("Too fast")]
    far = Corrections.open(tmp_path).add("Vladivostok", default_finder().place("Odesa"))
    moved = follow(saved, far)
    assert {"Malacca", "Suez", "Bosporus"} <= set(moved.routes["passages"][0].split("; "))
    (notice,) = [notice for notice in moved.notices if notice.message.startswith("Too fast")]
    back = follow(moved, far.add("Vladivostok", default_finder().place("Vladivostok")))
    assert notice not in back.notices
