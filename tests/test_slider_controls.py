"""The controls of the timeline in a real Chromium: typed dates, moments, stops, loop, zones, keys, touch, fading."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from geo.errors import DateError
from geo.maps import OfflineMap, TimeSlider
from geo.timeline import in_window, parse_date
from geo.views import CHOICES
from tests.test_slider_browser import (  # noqa: F401
    APP,
    get_window,
    make_events,
    make_routes,
    open_map,
    utc,
    visible,
    x_of,
)

pytestmark = pytest.mark.browser

EVENTS = make_events(
    {"id": "day", "start": "2024-03-13", "end": "2024-03-14", "kind": "visit"},
    {"id": "month", "start": "2024-04-01", "end": "2024-05-01", "precision": "month", "kind": "attack"},
    {"id": "noon", "start": "2024-04-20T12:00:00Z", "end": "2024-04-20T12:00:00Z", "precision": "exact"},
    {"id": "late", "start": "2024-11-05", "end": "2024-11-06"},
)
ROUTES = make_routes({"depart": "2024-09-03", "arrive": "2024-09-10", "geometry": LineString([(127, 37), (131, 42)])})


@pytest.fixture
def page(browser, tmp_path):
    """The map in Berlin, by mouse and by finger; nothing may be complained about."""
    base = OfflineMap(theme="light", online_tiles=False)
    TimeSlider(EVENTS, ROUTES, step="month", trailing="month").add_to(base)
    path = tmp_path / "map.html"
    base.save(str(path))
    context = browser.new_context(
        viewport={"width": 1000, "height": 640}, timezone_id="Europe/Berlin", has_touch=True, reduced_motion="reduce"
    )
    opened = context.new_page()
    complaints = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(path.as_uri())
    opened.wait_for_function(f"window.Rutter?.instances?.[0] && {APP}.timeline.axis.width > 0")
    yield opened
    assert complaints == []
    context.close()


def set_window(page, start, end):
    page.evaluate(f"([a, b]) => {{ {APP}.setWindow(a, b); {APP}.release(); }}", [start, end])


def days(page):
    return [str(side.date()) for side in get_window(page)]


def choose(page, name, value):
    page.evaluate(f"([name, value]) => {APP}.choices.choose(name, value)", [name, value])


def focus(page, part=".rutter-end"):
    page.locator(part).focus()


READABLE = ("2024", "0999", "2024-Q1", "2024-12", "2024-02-29", "2024-03-13T14:00Z", "2024-03-13 14:00:05.250+09:00")
UNREADABLE = ("", "13.3.2024", "2024-13", "2023-02-29", "2024-03-13 24:00Z", "2024-3-1", "0000")


def test_dates_are_read_as_python_reads_them_and_bad_ones_are_told(page):
    for text in READABLE:
        found = page.evaluate("(text) => Rutter.readDate(text)", text)
        assert found == [int(side.timestamp() * 1000) for side in parse_date(text)[:2]], text
    for text in UNREADABLE:
        with pytest.raises(DateError):
            parse_date(text)
        said = "(text) => { try { return Rutter.readDate(text); } catch (error) { return error.message; } }"
        assert any(word in page.evaluate(said, text) for word in ("Write", "calendar")), text

    page.click(".rutter-dates")
    form = page.locator(".rutter-typed")
    form.locator("[name=from]").fill("2024-03")
    form.locator("[name=to]").fill("31/04/2024")
    page.keyboard.press("Enter")
    assert "“31/04/2024” is not a date" in form.locator("[role=alert]").inner_text()
    assert page.evaluate("document.activeElement.name") == "to"
    for wrong, told in (("2024-01", "ends before it starts"), ("2024-03-32", "not in the calendar")):
        form.locator("[name=to]").fill(wrong)
        page.keyboard.press("Enter")
        assert told in form.locator("[role=alert]").inner_text()
    form.locator("[name=from]").fill("1990")
    form.locator("[name=to]").fill("1991")
    page.keyboard.press("Enter")
    assert "the dates here go from 1 March 2024" in form.locator("[role=alert]").inner_text()
    form.locator("[name=from]").fill("2024-03")
    form.locator("[name=to]").fill("2024-04")
    page.keyboard.press("Enter")
    assert form.is_hidden()
    assert days(page) == ["2024-03-01", "2024-05-01"]
    assert visible(page)["events"] == ["day", "noon", "month"]


def test_a_moment_is_a_window_of_one_unit(page):
    page.select_option("[aria-label='How the window grows']", "moment")
    assert days(page) == ["2024-03-13", "2024-03-14"]  # from everything to the first that happened
    assert page.locator(".rutter-handle:visible").count() == 1
    for day, unit in (("2024-03-13", "Day"), ("2024-04-20", "Day"), ("2024-05-01", "Day")):
        page.evaluate(f"(day) => {APP}.setWindow(Date.parse(day), null, 864e5)", day)
        start = pd.Timestamp(day, tz="UTC")
        inside = in_window(EVENTS["start"], EVENTS["end"], start, start + pd.Timedelta(1, unit))
        assert set(visible(page)["events"]) == set(EVENTS["id"][inside])
    focus(page, ".rutter-start")
    page.keyboard.press("ArrowRight")
    assert days(page) == ["2024-06-01", "2024-06-02"]
    page.keyboard.press("A")
    assert page.evaluate(f"{APP}.mode") == "trailing", "everything is no moment"
    choose(page, "mode", "cumulative")
    set_window(page, "2024-01-01", "2024-05-01")
    choose(page, "mode", "moment")
    assert days(page) == ["2024-04-30", "2024-05-01"]
    choose(page, "mode", "trailing")
    assert days(page) == ["2024-04-01", "2024-05-01"]


def test_steps_go_to_what_begins_next_and_back(page):
    choose(page, "mode", "moment")
    page.select_option("[aria-label=Step]", "event")
    seen = [days(page)[0]]
    for _ in range(5):
        page.click("[aria-label='Step forward']")
        seen.append(days(page)[0])
    assert seen == ["2024-03-13", "2024-04-01", "2024-04-20", "2024-09-03", "2024-11-05", "2024-11-05"]
    assert "Nothing begins after" in page.inner_text(".rutter-panel [role=status]")
    focus(page, ".rutter-start")
    for before in seen[3::-1]:
        page.keyboard.press("P")
        assert days(page)[0] == before
    page.click(".rutter-legend button:has-text('attack')")
    focus(page, ".rutter-start")
    page.keyboard.press("N")
    assert days(page)[0] == "2024-04-20", "what is switched off is passed over"


def test_playing_can_begin_again_and_goes_from_event_to_event(page):
    choose(page, "step", "event")
    choose(page, "loop", "yes")
    page.evaluate(
        f"() => {{ {APP}.speed = 8; window.ends = []; {APP}.on('window', () => ends.push({APP}.window[1])); }}"
    )
    set_window(page, "2024-02-13", "2024-03-14")
    page.evaluate(f"{APP}.player.play()")
    page.wait_for_function("ends.some((end, k) => k && end < ends[k - 1])")
    assert page.evaluate(f"{APP}.player.playing")
    page.evaluate(f"{APP}.player.pause()")
    ends = [str(pd.Timestamp(end, unit="ms").date()) for end in page.evaluate("ends")]
    stops = ["2024-04-02", "2024-04-21", "2024-09-04", "2024-11-06", "2024-12-01"]
    assert [end for end in dict.fromkeys(ends) if end in stops] == stops


def test_labels_are_local_and_the_state_is_utc(page):
    set_window(page, "2024-03-30", "2024-04-02")
    dates = page.locator(".rutter-dates")
    assert dates.inner_text() == "30 Mar – 1 Apr 2024"
    focus(page)
    page.keyboard.press("U")
    assert dates.inner_text() == "30 Mar 2024, 01:00 UTC+1 – 2 Apr 2024, 02:00 UTC+2"
    assert page.evaluate(f"Rutter.state({APP}).window") == ["2024-03-30T00:00:00.000Z", "2024-04-02T00:00:00.000Z"]
    when = "Rutter.calendar.when(Date.parse('2024-03-24'), Date.parse('2024-03-25'), 'day')"
    assert page.evaluate(when) == "24 March 2024", "what is known to the day is that day anywhere"
    assert (
        page.evaluate("Rutter.readDate('2024-07-01 12:00')[0]") == utc(["2024-07-01T10:00:00Z"])[0].timestamp() * 1000
    )
    said = "(() => { try { Rutter.readDate('2024-03-31 02:30') } catch (error) { return error.message } })()"
    assert "the clocks go forward" in page.evaluate(said)
    ticks = page.evaluate(f"{APP}.timeline.showBetween({x_in(page, '2024-03-30')}, {x_in(page, '2024-04-02')}) ||"
                          f"{APP}.timeline.axis.ticks().map((tick) => {APP}.timeline.axis.fromPx(tick.x))")  # fmt: skip
    assert any(abs(t - utc(["2024-03-31T22:00:00Z"])[0].timestamp() * 1000) < 1e5 for t in ticks), "midnight in summer"


def x_in(page, moment):
    return page.evaluate(f"(t) => {APP}.timeline.axis.toPx(Date.parse(t))", moment)


def test_keys_do_all_of_it_and_are_listed(page):
    focus(page)
    page.keyboard.press("?")
    listed = page.locator(".rutter-keys")
    assert listed.is_visible()
    assert listed.locator("kbd").count() > 20
    page.keyboard.press("Escape")
    assert listed.is_hidden()
    assert page.evaluate("document.activeElement.className").startswith("rutter-handle")
    for key, state in (("l", "bars=log"), ("r", "loop=yes"), ("2", "step=day"), ("m", "mode=cumulative")):
        page.keyboard.press(key)
        assert state in page.evaluate(f"Rutter.address.text({APP})")
    page.keyboard.press("m")
    page.keyboard.press("m")
    set_window(page, "2024-03-01", "2024-03-05")
    page.keyboard.press("]")
    assert days(page) == ["2024-03-01", "2024-03-06"]
    page.keyboard.press("[")
    assert days(page) == ["2024-03-01", "2024-03-05"]
    page.keyboard.press("z")
    assert page.evaluate(f"{APP}.timeline.axis.zoomed()")
    assert "Time axis from" in page.inner_text(".rutter-panel [role=status]")
    page.keyboard.press("0")
    assert not page.evaluate(f"{APP}.timeline.axis.zoomed()")
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.name") == "from"
    page.keyboard.type("l")
    assert page.evaluate(f"{APP}.choices.get('bars')") == "log", "letters in a field are text"


def test_brush_and_two_fingers_zoom_the_axis_and_leave_the_window(page):
    before = get_window(page)
    box = page.locator(".rutter-track").bounding_box()
    x0, x1, strip = x_of(page, "2024-03-01"), x_of(page, "2024-06-01"), box["y"] + box["height"] - 6
    page.mouse.move(x0, strip)
    page.mouse.down()
    page.mouse.move(x1, strip, steps=4)
    assert page.locator(".rutter-brush").is_visible()
    page.mouse.up()
    assert page.locator(".rutter-brush").is_hidden()
    assert x_of(page, "2024-06-01") - x_of(page, "2024-03-01") > 0.9 * box["width"]
    page.click("[aria-label='Fit time']")

    middle = box["y"] + 20
    away = x_of(page, "2024-06-01") - x_of(page, "2024-05-01")
    client = page.context.new_cdp_session(page)
    for kind, spread in (("touchStart", 60), ("touchMove", 120), ("touchMove", 180), ("touchEnd", None)):
        centre = box["x"] + box["width"] / 2
        points = [] if spread is None else [{"x": centre + s * spread, "y": middle, "id": s + 1} for s in (-1, 1)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function(f"{APP}.timeline.axis.zoomed()")
    assert x_of(page, "2024-06-01") - x_of(page, "2024-05-01") == pytest.approx(3 * away, rel=0.2)
    assert get_window(page) == before


def test_half_known_dates_fade_and_never_vanish(page):
    fading = f"""(id) => {{ const i = {APP}.events.find(id);
        return [Rutter.fading({APP}, {APP}.events, i), {APP}.layer.alpha({APP}.events, i)]; }}"""

    def paleness(start, end, row="month"):
        set_window(page, start, end)
        share, alpha = page.evaluate(fading, row)
        assert alpha >= 0.25
        return share

    assert paleness("2024-01-01", "2024-05-02") == 1
    growing = [paleness("2024-03-01", f"2024-04-{day:02d}") for day in (2, 9, 16, 23)]
    assert growing == sorted(set(growing))
    assert growing[0] < 0.4 < growing[2] < 0.8
    assert paleness("2024-04-10", "2024-04-11") == pytest.approx(growing[0])
    assert paleness("2024-03-13", "2024-03-14", "day") == 1
    assert paleness("2024-04-20", "2024-04-21", "noon") == 1


def test_an_address_holds_how_time_is_shown(page):
    text = "from=2024-03-13&to=2024-03-14&step=day&mode=moment&loop=yes&bars=log&times=local&display=heat"
    assert page.evaluate(f"(text) => Rutter.address.read({APP}, text)", text) == []
    assert page.evaluate(f"Rutter.address.text({APP})") == text
    assert page.evaluate(f"(text) => Rutter.address.read({APP}, text)", "mode=sideways&step=") == [
        ["step", ""],
        ["mode", "sideways"],
    ]
    assert page.evaluate(f"Rutter.address.text({APP})") == "", "what is as usual is not written"
    for name, values in CHOICES.items():
        for value in values:
            assert page.evaluate(f"(text) => Rutter.address.read({APP}, text)", f"{name}={value}") == []


def test_bars_count_what_a_look_at_every_row_counts(browser, page):
    found = page.evaluate(
        """() => {
        const seeded = (seed) => () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
        const random = seeded(7);
        const rows = Array.from({ length: 3000 }, () => {
            const start = Math.floor(random() * 3650), length = [0, 1, 1, 7, 30, 900][Math.floor(random() * 6)];
            return [start, start + length, Math.floor(random() * 3), random() < 0.9 ? 1 : 0];
        });
        const short = rows.filter(([a, b]) => b - a < 8), long = rows.filter(([a, b]) => b - a >= 8);
        for (const list of [short, long]) list.sort((a, b) => a[0] - b[0]);
        const all = [...short, ...long];
        const column = (k) => Uint32Array.from(all, (row) => row[k]);
        const table = { base: 0, unit: 1, start: column(0), end: column(1), mask: column(3), dated: 3000,
            buckets: [[0, short.length, 7], [short.length, 3000, 900]],
            kind: { values: ["a", "b", "c"], codes: column(2) } };
        const edges = Array.from({ length: 60 }, (_, k) => 200 + 50 * k + (k % 3));
        const { n, sharp, wide } = Rutter.bins(table, "kind", edges);
        const got = [], want = [];
        for (let k = 0; k < 3; k++) for (let b = 0; b < n; b++) {
            got.push(sharp[k * n + b] + wide[k * (n + 1) + b]);
            const inside = (row) => Rutter.inWindow(row[0], row[1], edges[b], edges[b + 1]);
            want.push(all.filter((row) => row[2] === k && row[3] && inside(row)).length);
        }
        return [got, want];
    }"""
    )
    assert np.array_equal(*found)
    log = f"{APP}.choices.choose('bars', 'log')"
    pixels = f"{APP}.timeline.canvas.toDataURL()"
    linear = page.evaluate(pixels)
    page.evaluate(log)
    assert page.evaluate(pixels) != linear
    drawn = f"() => {{ let n = 0; const draw = Rutter.drawHistogram; Rutter.drawHistogram = (...a) => (n++, draw(...a)); {APP}.setWindow('2024-03-01', '2024-04-01'); Rutter.drawHistogram = draw; return n; }}"  # noqa: E501
    assert page.evaluate(drawn) == 0, "scrubbing leaves the bars as they are"


def test_print_rotating_and_a_hidden_tab_leave_the_picture_whole(open_map):  # noqa: F811
    page = open_map(make_events({}), view=(37.5, 127, 5), step="event", trailing=None)
    assert page.evaluate(f"[{APP}.step, {APP}.trailing]") == ["event", "week"]
    seen = f"""() => {{ const {{ layer, map }} = {APP}; const {{ x, y }} = map.latLngToContainerPoint([37.5, 127]);
        const {{ width, height }} = layer.canvas; const size = map.getSize();
        const pen = layer.canvas.getContext("2d");
        const [, , , alpha] = pen.getImageData(Math.round(x), Math.round(y), 1, 1).data;
        return [alpha, width === size.x && height === size.y && width === map.getContainer().clientWidth]; }}"""
    for width, height in ((390, 800), (800, 390)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"({seen})()[1] && {APP}.layer.canvas.width === {width}")
        assert page.evaluate(seen)[0] == 255
    page.emulate_media(media="print")
    assert page.evaluate(seen)[0] == 255
    assert page.locator(".rutter-steppers").is_hidden()
    assert page.locator(".rutter-dates").is_visible()
    page.emulate_media(media="screen")
    page.evaluate(f"() => {{ {APP}.map.getContainer().style.display = 'none'; }}")  # as in a tab that is not shown
    page.wait_for_function(f"{APP}.map.getSize().x === 0")
    page.evaluate(f"() => {{ {APP}.setWindow(...{APP}.domain); {APP}.map.getContainer().style.display = ''; }}")
    page.wait_for_function(f"({seen})()[1]")
    assert page.evaluate(seen)[0] == 255
    with pytest.raises(DateError, match="event"):
        TimeSlider(make_events({}), step="fortnight")
