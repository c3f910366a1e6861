"""Stories: read and written, kept with the dossier, and played step by step."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from geo import Atlas, StoryStep, Workspace, read_story
from geo.cli import main
from geo.config import SAMPLE
from geo.errors import FormatError
from geo.maps import TimeSlider
from geo.picturing import draw
from geo.story import FILE, write_story
from tests.conftest import run_app
from tests.test_app import count, open_app, page, set_window  # noqa: F401
from tests.test_sharing_page import same_place
from tests.test_slider_browser import APP, make_events, open_map  # noqa: F401

EVENTS = make_events(
    {"title": "a", "kind": "attack", "start": "2024-01-10", "end": "2024-01-11", "status": "confirmed"},
    {"title": "b", "kind": "visit", "start": "2024-02-10", "end": "2024-02-11"},
)
BOXES = ((117.0, 30.0, 150.0, 48.0), (170.0, -20.0, -160.0, 0.0))
STEPS = (
    StoryStep("One", "", (("from", "2024-01-01"), ("to", "2024-02-01"), ("bounds", "117,30,150,48"))),
    StoryStep(
        "Two <i>",
        "See https://example.org/a.\n\njavascript:alert(1) <b>",
        (("bounds", "170,-20,-160,0"), ("hide", "halos")),
    ),
    StoryStep("Three", "", (("from", "2024-02-01"), ("off-kinds", "attack"), ("off-kinds", "gone"))),
)


def test_a_story_is_written_and_read_back():
    assert read_story(write_story(STEPS)) == STEPS
    assert read_story(write_story(())) == ()
    link = read_story('[{"view": "http://127.0.0.1:8501/?dossier=sample&tab=Edit&from=2024-01-01&words=tanker+Kim"}]')
    assert link == (StoryStep(view=(("from", "2024-01-01"), ("words", "tanker Kim"))),)
    assert read_story('[{"view": {"bounds": [117, 30.5, 150, 48], "kinds": ["a", "b"], "sure": 50}}]')[0].view == (
        *(("bounds", "117,30.5,150,48"), ("kinds", "a"), ("kinds", "b")),
        ("sure", "50"),
    )


@given(st.lists(st.builds(StoryStep, st.text(max_size=30), st.text(max_size=30)), max_size=3))
def test_any_text_comes_back(steps):
    if not any("\ud800" <= letter <= "\udfff" for step in steps for letter in step.title + step.text):
        assert read_story(write_story(steps)) == tuple(steps)


KEYS = st.sampled_from(["steps", "title", "text", "view", "from", "bounds", "sure", "row", "kinds"]) | st.text()
PLAIN = st.none() | st.booleans() | st.floats() | st.text()
ANY_JSON = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(ANY_JSON)
def test_no_story_breaks_anything(given_):
    try:
        read_story(json.dumps(given_))
    except FormatError as error:
        assert "Traceback" not in str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ('{"steps": 3}', "has no list of steps"),
        ('[{"view": {}}, 7]', "step 2, step: 7 is no step"),
        ('[{"tittle": "x"}]', "step 1, tittle: 'x' is no part of a step"),
        ('[{}, {"title": 5}]', "step 2, title: 5 is no text"),
        ('[{"view": {"from": "2024-13-01"}}]', "step 1, view.from: '2024-13-01' is no date"),
        (
            '[{"view": {"from": "2024-03-01", "to": "2024-03-01"}}]',
            "step 1, view.to: '2024-03-01' is not after view.from",
        ),
        ('[{"view": {"bounds": "1,2,3"}}]', "step 1, view.bounds: '1,2,3' are no bounds"),
        ('[{"view": {"zoom": 4}}]', "step 1, view.zoom: '4' is of no use"),
        ('[{"view": {"sure": "lots"}}]', "step 1, view.sure: 'lots' is no share"),
        ('[{"view": "from=2024-01-01&from=2024-02-01"}]', "step 1, view.from: '2024-02-01' stands there twice"),
    ],
)
def test_a_bad_story_names_the_step_and_the_field(text, said, tmp_path, capsys):
    with pytest.raises(FormatError, match="story") as caught:
        read_story(text)
    assert said in str(caught.value)
    story = tmp_path / "mine.json"
    story.write_text(text)
    assert main(["map", str(SAMPLE), "-o", str(tmp_path / "x.html"), "--story", str(story)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.html").exists()


def test_a_story_stays_with_its_dossier(tmp_path):
    atlas = Atlas(EVENTS, Atlas.empty().routes, Atlas.empty().sources, title="t", story=STEPS)
    for name in ("folder", "x.zip", "x.gpkg"):
        atlas.save(tmp_path / name)
        again = Atlas.open(tmp_path / name)
        assert again.story == STEPS, name
        assert again.matching(kinds=["visit"]).story == STEPS
    work = Workspace.create(tmp_path / "work.gpkg", atlas, who="Ann")
    assert work.edit("events", "e0", {"confidence": 0.5}, what="try").atlas.story == STEPS
    assert Workspace.open(tmp_path / "work.gpkg", who="Ben").atlas.story == STEPS
    (tmp_path / "folder" / FILE).write_text("[7]")
    with pytest.raises(FormatError, match="step 1, step: 7"):
        Atlas.open(tmp_path / "folder")


def at(page):  # noqa: F811
    return page.evaluate(
        """() => {
            const app = Rutter.instances[0];
            const words = app.story.root.innerText;
            return { ...Rutter.state(app), shown: app.visible().events, show: app.show, words };
        }"""
    )


@pytest.mark.browser
def test_a_story_is_played_on_the_map(open_map):  # noqa: F811
    page = open_map(EVENTS, story=STEPS)  # noqa: F811
    panel = page.get_by_role("region", name="Story")

    def go(step, run):
        run()
        page.wait_for_function(f"{APP}.story.there === {step}")
        return at(page)

    def inside(box):
        west, south, east, north = page.evaluate(f"Rutter.boundsOf({APP}.map)")
        width = (east - west) % 360
        return all(0 <= (side - west) % 360 <= width for side in box[::2]) and south <= box[1] and box[3] <= north

    now = at(page)
    assert now["story"]["step"] == 0, "the page begins with the first step"
    assert [moment[:10] for moment in now["window"]] == ["2024-01-01", "2024-02-01"]
    assert inside(BOXES[0]) and now["shown"] == ["e0"] and "1 of 3" in now["words"]

    now = go(1, lambda: page.get_by_role("button", name="Next step").click())
    assert inside(BOXES[1]) and now["shown"] == ["e0", "e1"], "a step without dates shows all"
    assert now["show"]["halos"] is False
    assert panel.locator("h2").inner_text() == "Two <i>" and panel.locator("i").count() == 0
    assert panel.locator("a").evaluate_all("(links) => links.map((link) => link.href)") == ["https://example.org/a"]
    assert panel.locator(".rutter-story-text p").count() == 2

    now = go(2, lambda: panel.press("ArrowRight"))
    assert now["show"]["halos"] is True, "what a step hid is shown again"
    assert now["hidden"]["kinds"] == ["attack"] and now["shown"] == ["e1"]
    assert "Not on this map: off-kinds gone" in now["words"]
    go(0, lambda: panel.press("Home"))
    panel.press("Escape")
    assert at(page)["story"] is None and panel.is_hidden()
    page.get_by_role("button", name="Story", exact=True).click()
    assert panel.is_visible()

    page.emulate_media(reduced_motion="reduce")
    zoomed = (
        "() => { let n = 0; Rutter.instances[0].map.on('zoomanim', () => (window.flown = ++n)); window.flown = 0; }"
    )
    page.evaluate(zoomed)
    page.evaluate(f"{APP}.story.go(1)")
    assert inside(BOXES[1]) and page.evaluate("window.flown") == 0, "less motion: at once"
    page.clock.install()
    page.get_by_role("button", name="Play the story").click()
    for step in (1, 2):
        assert at(page)["story"]["step"] == step
        page.clock.run_for(25_000)
    assert at(page)["story"]["step"] == 2
    assert page.get_by_role("button", name="Play the story").is_visible(), "it stops at the end"


@pytest.mark.browser
def test_a_step_keeps_its_search(browser, tmp_path):
    steps = (StoryStep("", "", (("statuses", "confirmed"),)), StoryStep("", "", ()))
    atlas = Atlas(EVENTS, Atlas.empty().routes, Atlas.empty().sources, story=steps)
    draw(atlas).save(str(tmp_path / "x.html"))
    page = browser.new_page()  # noqa: F811
    page.goto((tmp_path / "x.html").as_uri())
    page.wait_for_function("window.Rutter?.instances?.[0]?.story.at === 0")
    assert at(page)["shown"] == ["e0"]
    page.evaluate(f"{APP}.story.go(1, true)")
    assert at(page)["shown"] == ["e0", "e1"]
    page.close()
    with pytest.raises(FormatError, match=r"step 1, view\.from"):
        TimeSlider(EVENTS, story=[{"title": "x", "view": {"from": "soon"}}])


@pytest.mark.browser
def test_a_story_is_written_in_the_app(page, tmp_path):  # noqa: F811
    shutil.copytree(SAMPLE, tmp_path / "dossier")
    story = tmp_path / "dossier" / FILE

    def kept():
        return read_story(story.read_bytes()) if story.exists() else ()

    for url in run_app(str(tmp_path / "dossier")):
        frame = open_app(page, url)
        set_window(frame, "2023-09-01", "2024-01-01")
        page.get_by_role("tab", name="Story").click()
        page.get_by_role("button", name="Save this view as a step").click()
        title = page.get_by_label("Title of step 1")
        title.fill("First")
        title.press("Enter")
        expect(frame.locator(".rutter-story")).to_be_hidden()
        page.get_by_role("textbox", name="Search").fill("Najin")
        page.get_by_role("textbox", name="Search").press("Enter")
        expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text("1")
        page.get_by_role("button", name="Save this view as a step").click()
        expect(page.get_by_label("Title of step 2")).to_be_visible()
        assert [step.title for step in kept()] == ["First", ""]
        bounds = tuple(float(side) for side in dict(kept()[0].view)["bounds"].split(","))
        assert dict(kept()[1].view)["words"] == "Najin"

        page.get_by_role("button", name="Show", exact=True).first.click()
        expect(page.get_by_role("textbox", name="Search")).to_have_value("")
        expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text("3")
        expect(frame.locator(".rutter-story h2")).to_have_text("First")
        frame.wait_for_function(f"() => {APP}.story.there === 0")
        same_place(frame, bounds)
        frame.get_by_role("button", name="Next step").click()
        expect(page.get_by_role("textbox", name="Search")).to_have_value("Najin")
        expect(page.locator(".rutter-count[data-layer=events] b")).to_have_text("1")
        frame.wait_for_function(f"() => {APP}.events.size === 1")
        frame.get_by_role("button", name="Close the story").click()

        page.get_by_role("button", name="Move down").first.click()
        expect(page.get_by_label("Title of step 2")).to_have_value("First")
        assert [step.title for step in kept()] == ["", "First"]
        page.get_by_role("button", name="Delete").first.click()
        expect(page.get_by_label("Title of step 2")).to_have_count(0)
        assert [step.title for step in kept()] == ["First"]

        frame.get_by_role("button", name="Make a picture or a film").click()
        with page.expect_download() as got:
            frame.get_by_role("button", name="Make", exact=True).click()
        assert re.search(r"\.png$", got.value.suggested_filename)
