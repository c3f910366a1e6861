"""Stills and films: what is in the files, made by the page's own button and by the command line."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from PIL import Image
from shapely.geometry import LineString, Point

from geo.cli import main
from geo.config import SAMPLE
from geo.maps import camera
from geo.maps.style import kind_style
from tests.conftest import ROOT, chromium_path
from tests.test_slider_browser import APP, make_events, make_routes, open_map  # noqa: F401

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert("x")</script>&amp;'
MAKE = """async ([kind, asked, film]) => {
    const app = Rutter.instances[0];
    const plain = { ratio: 1, bounds: null, parts: {}, ...asked };
    const times = film && { ...film, from: Date.parse(film.from), to: Date.parse(film.to) };
    const made = await (film ? Rutter.picture.film(app, plain, { kind, ...times }) : Rutter.picture[kind](app, plain));
    const bytes = new Uint8Array(await (made.blob || made).arrayBuffer());
    let text = "";
    for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
    return [btoa(text), Boolean(made.embedded)];
}"""
SPOT = """(at) => {
    const { map } = Rutter.instances[0];
    const size = map.getSize();
    const grown = Math.min(800 / size.x, 450 / size.y);
    const away = map.latLngToContainerPoint(at).subtract(size.divideBy(2)).multiplyBy(grown);
    return [400 + away.x, 225 + away.y];
}"""
FRAMES = """(film) => {
    const times = { ...film, from: Date.parse(film.from), to: Date.parse(film.to) };
    const days = (window) => window.map((t) => new Date(t).toISOString().slice(0, 10));
    return Rutter.picture.frames(Rutter.instances[0], times).map(days);
}"""
STOPPED = """async () => {
    const app = Rutter.instances[0];
    const [from, to] = app.domain;
    const film = { kind: "gif", from, to, step: "day", trailing: "month", stopped: () => true };
    return await Rutter.picture.film(app, { size: [320, 240], ratio: 1, bounds: null }, film);
}"""
EVENTS = make_events(
    {"kind": "attack", "start": "2024-01-10", "end": "2024-01-11", "geometry": Point(127, 37.5)},
    {"kind": HOSTILE, "start": "2024-02-10", "end": "2024-02-11", "geometry": Point(131, 43)},
    {"kind": "attack", "start": "2024-09-10", "end": "2024-09-11", "geometry": Point(139.7, 35.7)},
)
ROUTES = make_routes({"depart": "2024-01-05", "arrive": "2024-03-20", "geometry": LineString([(127, 37), (131, 42)])})


def make(page, kind, film=None, **asked):
    content, embedded = page.evaluate(MAKE, [kind, asked, film])
    return base64.b64decode(content), embedded


def pixels(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def rgb(color):
    return tuple(int(color[k : k + 2], 16) for k in (1, 3, 5))


@pytest.mark.browser
def test_stills(open_map):  # noqa: F811
    page = open_map(EVENTS, ROUTES)
    page.evaluate(f"Rutter.instances[0].map.rutterGround.title = {HOSTILE!r}")
    page.evaluate("void Rutter.instances[0].map.setView([39, 133], 5, { animate: false })")
    before = page.evaluate(f"Rutter.state({APP})")

    content, _ = make(page, "png", size=[800, 450], ratio=2)
    drawn = pixels(content)
    assert drawn.shape == (900, 1600, 3)
    spot = page.evaluate(SPOT, [37.5, 127])
    x, y = (round(2 * side) for side in spot)
    assert tuple(drawn[y, x]) == rgb(kind_style("attack").color), "the mark is where the event is"
    bare = pixels(
        make(page, "png", size=[800, 450], ratio=2, parts={"title": False, "legend": False, "scale": False})[0]
    )
    changed = (drawn != bare).any(axis=2)
    assert changed[:160, :500].any() and changed[:300, 1250:].any() and changed[-60:, :300].any()
    foot = bare[-30:, -700:-40].reshape(-1, 3).astype(int)
    assert len(np.unique(foot, axis=0)) > 20, "whose map it is always stands there"
    assert not changed[-30:, -600:].any()

    content, embedded = make(page, "svg", size=[800, 450], bounds=[117, 30, 150, 48])
    assert not embedded
    tree = etree.fromstring(content)
    assert (tree.get("width"), tree.get("height")) == ("800", "450")
    groups = {group.get("class"): group for group in tree.iter(f"{SVG}g") if group.get("class")}
    assert list(groups) == ["ground", "names", "data", "places", "furniture"]
    color = kind_style("attack").color.lower()
    assert len(groups["data"].xpath(f".//*[@fill='{color}']")) == 2
    assert len(groups["data"].xpath(".//*[@stroke-dasharray]")) == 1, "the inferred route is dashed"
    assert not tree.xpath("//*[local-name()='script' or local-name()='image']")
    texts = ["".join(node.itertext()) for node in groups["furniture"].iter(f"{SVG}text")]
    assert any("Natural Earth, GeoNames" in text for text in texts)
    assert any(text.startswith("</text><script>") for text in texts)
    assert any(re.fullmatch(r"[\d,]+ km", text) for text in texts)
    assert page.evaluate(f"Rutter.state({APP})") == before
    assert page.locator(".rutter-stage").count() == 0
    with pytest.raises(Exception, match="cannot be drawn"):
        make(page, "png", size=[9000, 450])


@pytest.mark.browser
def test_stills_name_the_places_of_their_window_and_the_map_makes_room_for_them(open_map):  # noqa: F811
    seoul = {"geometry": Point(126.98, 37.57), "place": "Seoul", "start": "2024-01-10", "end": "2024-01-11"}
    later = {"geometry": Point(135.5, 34.7), "place": "Somewhere", "start": "2024-09-10", "end": "2024-09-11"}
    page = open_map(make_events(seoul, later))

    def names(group):
        content, _ = make(page, "svg", size=[800, 450], bounds=[117, 30, 150, 48])
        found = etree.fromstring(content).xpath(f"//*[local-name()='g' and @class='{group}']")[0]
        return {"".join(node.itertext()) for node in found.iter(f"{SVG}text")}

    assert names("places") == {"Seoul", "Somewhere"}
    assert "Seoul" not in names("names")
    page.evaluate(f"{APP}.setWindow(Date.UTC(2024, 8, 1), Date.UTC(2024, 9, 1))")
    assert names("places") == {"Somewhere"}
    assert "Seoul" in names("names")


@pytest.mark.browser
def test_many_points_become_circles_and_too_many_a_picture(open_map):  # noqa: F811
    random = np.random.default_rng(7)
    places = [Point(*at) for at in zip(random.uniform(-170, 170, 20500), random.uniform(-60, 70, 20500), strict=True)]
    rows = ({"start": f"202{'3' if k < 2000 else '4'}-06-01", "geometry": at} for k, at in enumerate(places))
    events = make_events(*rows)
    events["end"] = events["start"] + np.timedelta64(1, "D")
    page = open_map(events)
    page.evaluate(
        f"() => {{ {APP}.map.setView([20, 0], 2, {{ animate: false }}); {APP}.setWindow('2023-01-01', '2024-01-01'); }}"
    )
    asked = {"size": [1024, 700], "parts": {"legend": False}}
    content, embedded = make(page, "svg", **asked)
    circles = etree.fromstring(content).xpath(f"//*[@class='data']//*[@fill='{kind_style('meeting').color.lower()}']")
    assert not embedded and len(circles) == 2000
    page.evaluate(f"{APP}.setWindow('2023-01-01', '2025-01-01')")
    content, embedded = make(page, "svg", **asked)
    assert embedded and len(etree.fromstring(content).xpath("//*[local-name()='image']")) == 1


@pytest.mark.browser
def test_films(open_map):  # noqa: F811
    page = open_map(EVENTS, ROUTES)
    before = page.evaluate(f"{APP}.window")
    year = {"from": "2024-01-01", "to": "2025-01-01", "step": "month", "trailing": "month"}
    asked = {"size": [321, 241], "bounds": [117, 30, 150, 48]}
    listed = page.evaluate(FRAMES, year)
    assert [window[0][:7] for window in listed] == ["2024-01", "2024-02", "2024-03", "2024-09"], (
        "empty months are left out"
    )
    growing = page.evaluate(FRAMES, year | {"trailing": None})
    assert len(growing) == 12 and {window[0] for window in growing} == {"2024-01-01"}
    with pytest.raises(Exception, match="choose a longer step"):
        page.evaluate(FRAMES, year | {"from": "2000-01-01", "step": "hour", "trailing": None})

    content, _ = make(page, "gif", year, **asked)
    film = Image.open(io.BytesIO(content))
    assert (film.n_frames, film.size) == (4, (321, 241))
    assert film.info["loop"] == 0
    frames = []
    for k in range(film.n_frames):
        film.seek(k)
        frames.append(np.asarray(film.convert("RGB")).astype(int))
    assert all((one != other).any() for one, other in itertools.pairwise(frames))
    assert (abs(frames[1][120:, :150] - frames[0][120:, :150]).max(axis=2) > 60).mean() < 0.2, "the ground stands still"
    page.evaluate(f"([a, b]) => {APP}.setWindow(a, b)", ["2024-02-01", "2024-03-01"])
    still = pixels(make(page, "png", **asked)[0]).astype(int)
    assert abs(still - frames[1]).mean() < 6, "a frame is the still of its window"
    page.evaluate(f"{APP}.showAll()")

    if page.evaluate("Rutter.picture.mp4()"):
        content, _ = make(page, "mp4", year | {"speed": 4}, **asked)
        assert content[4:8] == b"ftyp"
    assert page.evaluate(f"{APP}.window") == before
    assert page.evaluate(STOPPED) is None
    assert page.evaluate(f"{APP}.window") == before


@pytest.mark.browser
def test_the_button_and_its_dialog(open_map, tmp_path):  # noqa: F811
    page = open_map(EVENTS, ROUTES)
    page.get_by_role("button", name="Make a picture or a film").click()
    page.get_by_label("Size", exact=True).select_option("1280x720")
    page.get_by_label("Pixels", exact=True).first.select_option("1")
    with page.expect_download() as got:
        page.get_by_role("button", name="Make", exact=True).click()
    assert re.fullmatch(r"map-2024-01-\d\d-2024-09-\d\d\.png", got.value.suggested_filename)
    assert Image.open(got.value.path()).size == (1280, 720)
    page.get_by_label("Kind of file").select_option("gif")
    page.get_by_label("Step of the film").select_option("month")
    page.get_by_label("First day").fill("2024-03-01")
    page.get_by_label("Last day").fill("2024-02-01")
    page.get_by_text("Put the earlier day first").wait_for()
    page.get_by_label("First day").fill("2024-01-01")
    page.get_by_text(re.compile(r"\d+ frames?, .* s")).wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")


def geo(*words, **environment):
    command = [sys.executable, "-m", "geo", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | environment, timeout=300
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "x.pdf"), "End it in .html, .png, .svg, .gif or .mp4."),
        (("-o", "x.png", "--bounds", "1,2,3"), "are no bounds"),
        (("-o", "x.png", "--bounds", "1,20,3,10"), "are no bounds on the Earth"),
        (("-o", "x.png", "--window", "2024-13"), "2024-13"),
        (("-o", "x.png", "--size", "big"), "write width and height"),
        (("-o", "x.png", "--speed", "0"), "speed"),
        (("-o", "x.png", "--story", "x.json"), "A story is played in a page"),
        (("-o", "x.png"), "Install one"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.setenv("CHROMIUM", "/no/such/chromium")
    words = [str(tmp_path / word) if word.startswith("x.") else word for word in words]
    try:
        code = main(["map", str(SAMPLE), *words])
    except SystemExit as left:
        code = left.code
    assert code == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def chromium(browser):
    return chromium_path() or browser.browser_type.executable_path


@pytest.mark.browser
def test_the_command_line_makes_a_film(tmp_path, chromium):
    target = tmp_path / "x.gif"
    words = ("--window", "2023-06/2023-12", "--bounds", "117,30,150,48", "--size", "480x270", "--step", "month")
    done = geo("map", SAMPLE, "-o", target, *words, "--trailing", "month", CHROMIUM=chromium)
    assert (done.returncode, done.stderr) == (0, "")
    film = Image.open(target)
    assert film.size == (480, 270) and 3 <= film.n_frames <= 7
    done = geo("map", SAMPLE, "-o", tmp_path / "x.svg", "--size", "9000x9000", CHROMIUM=chromium)
    assert done.returncode == 2 and "cannot be drawn" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["x.gif"]


def test_the_examples_of_the_documents_run(tmp_path, monkeypatch):
    """What they ask the page for; that it makes it is tried above and below."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHROMIUM", sys.executable)
    jobs = []
    monkeypatch.setattr(camera, "take", lambda page, job, told: jobs.append(job) or camera.Shot(b"made"))
    for name in ("pictures", "stories"):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for block in re.findall(r"```json\n([\s\S]+?)```", text):
            Path("story.json").write_text(block)
        for command in re.findall(r"\$ python -m geo (.+)", text):
            assert main(shlex.split(command)) == 0
        for code in re.findall(r"```python\n([\s\S]+?)```", text):
            exec(code, {})
    assert [(job["kind"], job["asked"]["size"]) for job in jobs] == [
        *(("png", [1280, 720]), ("svg", [1280, 720]), ("gif", [800, 450])),
        ("png", [640, 360]),
    ]
    assert jobs[0]["asked"]["bounds"] == (117, 30, 150, 48) and jobs[2]["film"]["trailing"] == "month"
    assert Path("year.gif").read_bytes() == b"made"
    assert "A ship from Najin" in Path("told.html").read_text(encoding="utf-8")
    held = hashlib.sha256((ROOT / "geo/maps/vendor/gifenc.esm.js").read_bytes()).hexdigest()
    assert held in (ROOT / "geo/maps/vendor/README.md").read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_it_leaves_nothing_behind(tmp_path, chromium, sent, code):
    words = ["map", str(SAMPLE), "-o", str(tmp_path / "x.mp4"), "--speed", "0.05"]
    with subprocess.Popen(
        [sys.executable, "-m", "geo", *words], cwd=ROOT, env=os.environ | {"CHROMIUM": chromium}, stderr=subprocess.PIPE
    ) as running:
        ours = wait_for_browser(running)
        running.send_signal(sent)
        try:
            said = running.communicate(timeout=60)[1].decode()
        finally:
            running.kill()
    assert running.returncode == code
    assert ("stopped" in said) == (sent == signal.SIGINT) and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
    deadline = time.monotonic() + 30
    while alive(ours) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(ours), "the browser is still there"


@pytest.mark.skipif(os.name == "nt", reason="a program is written in sh")
def test_a_browser_that_begins_as_ctrl_c_comes_is_ended(tmp_path, monkeypatch):
    program, begun, popen = tmp_path / "browser", [], subprocess.Popen
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    program.chmod(0o755)

    def begin(*words, **options):
        begun.append(popen(*words, **options))
        signal.raise_signal(signal.SIGINT)
        return begun[0]

    monkeypatch.setattr(subprocess, "Popen", begin)
    with pytest.raises(KeyboardInterrupt), camera._browsing(str(program), "about:blank"):
        pytest.fail("it went on")
    assert begun[0].returncode == -signal.SIGKILL


def wait_for_browser(running):
    deadline = time.monotonic() + 120
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while time.monotonic() < deadline and running.poll() is None:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.02)
    pytest.fail("no browser was started")


def alive(group):
    """Whether any process of a browser's group is there; those that have ended and wait to be noted do not count."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state != "Z":
            return True
    return False
