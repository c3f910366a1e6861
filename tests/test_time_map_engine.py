"""The map's engine: what Python packs the page reads, and every row is found and drawn where and when it belongs."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from geo.maps import assets
from geo.maps.packing import Shelf, pack_texts, take, take_texts
from geo.maps.renewal import known_texts, renewal
from geo.timeline import in_window
from tests.test_slider_browser import (  # noqa: F401
    APP,
    SOURCES,
    framed,
    make_events,
    make_routes,
    on_screen,
    open_map,
    post,
    set_view,
    set_window,
)

pytestmark = pytest.mark.browser

KINDS = np.array(["attack", "meeting", "visit"])
CENTURY_S = 100 * 365 * 86_400
INSTANT = "2024-03-24T09:30:00Z"

columns = st.one_of(
    st.lists(st.integers(0, 2**32 - 1)).map(lambda values: np.array(values, np.uint32)),
    st.lists(st.integers(0, 255)).map(lambda values: np.array(values, np.uint8)),
    st.lists(st.integers(0, 2**52)).map(lambda values: np.array(values, np.float64)),
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)).map(lambda v: np.array(v, np.float32)),
)
cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.integers(0, 10**6).map("name {}".format)
tables = st.lists(st.tuples(cells, cells), max_size=25).map(
    lambda rows: {"id": [a for a, _ in rows], "title": [b for _, b in rows]}
)


@pytest.fixture(scope="module")
def reader(browser):
    """A page that has nothing but what reads packed data."""
    page = browser.new_page()
    for name in ("packed", "texts"):
        page.evaluate(assets.script(name))
    yield page
    page.close()


quick = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(st.lists(columns, min_size=1, max_size=4), st.booleans())
def test_numbers_are_read_back_in_the_page(reader, values, steps):
    shelf = Shelf()
    packed = [shelf.put(column, steps=steps and column.dtype != np.float32) for column in values]
    data = shelf.bytes()
    for column, at in zip(values, packed, strict=True):
        np.testing.assert_array_equal(take(at, data), column)
    got = reader.evaluate(
        "async ([packed, data]) => { const raw = await Rutter.packed.inflate(Rutter.packed.bytes(data));"
        "return packed.map((column) => Array.from(Rutter.packed.column(column, raw))); }",
        [json.loads(json.dumps(packed)), data],
    )
    for column, numbers in zip(values, got, strict=True):
        np.testing.assert_array_equal(np.array(numbers, column.dtype), column)


@quick
@given(tables, st.integers(1, 9))
def test_texts_are_read_back_in_the_page(reader, table, rows):
    packed = json.loads(json.dumps(pack_texts(table, rows=rows)))
    assert take_texts(packed) == table
    got = reader.evaluate(
        """async (packed) => { const texts = new Rutter.Texts(packed); const rows = [];
        for (let k = 0; k < packed.count; k++) {
          await texts.load([k]);
          rows.push([texts.at("id", k), texts.at("title", k)]);
        }
        const found = await Promise.all(rows.map(([id]) => texts.seek(id)));
        return [rows, await texts.all("title"), found, await texts.seek("?!")]; }""",
        packed,
    )
    assert [tuple(row) for row in got[0]] == list(zip(table["id"], table["title"], strict=True))
    assert got[1] == table["title"]
    assert [table["id"][place] for place in got[2]] == table["id"]
    assert got[3] == (table["id"].index("?!") if "?!" in table["id"] else -1)


# Draws as if the points were many, and says which of them are not where the map says: in each copy of the world in view
# the middle has the colour, and what is out of reach has none.
MISPLACED = """async (spots) => {
  const app = Rutter.instances[0]; const { layer, map } = app; const ratio = devicePixelRatio;
  const wrong = []; let seen = 0;
  for (let zoom = 1; zoom <= 18; zoom++) for (const [lon, lat, row] of spots) for (const aside of [-0.3, 0.2]) {
    map.setView([lat + 20 / 2 ** zoom, lon + (aside * 360) / 2 ** zoom], zoom, { animate: false });
    const { width, height } = layer.canvas;
    const ctx = layer.canvas.getContext("2d");
    layer.stamp.begin(layer.view, width, height, ratio);
    layer.stamp.plot(app.events);
    layer.stamp.paint(app.events.kind.codes, app.events.kind.values.flatMap(() => Rutter.ALPHAS.map(() => 0xff0000ff)));
    layer.stamp.end(ctx, true);
    const alpha = (x, y) => ctx.getImageData(x, y, 1, 1).data[3];
    for (let turn = -4; turn <= 4; turn++) {
      const { x, y } = map.latLngToContainerPoint([lat, lon + 360 * turn]);
      if (x < 12 || y < 12 || x > width / ratio - 12 || y > height / ratio - 12) continue;
      seen++;
      const [px, py] = [Math.round(x * ratio), Math.round(y * ratio)];
      const far = Math.floor(2.6 * ratio) + 2;
      const marks = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]].map(([dx, dy]) => alpha(px + dx, py + dy));
      const clear = [[far, 0], [-far, 0], [0, far], [0, -far]].map(([dx, dy]) => alpha(px + dx, py + dy));
      const found = layer.stamp.eventsAt(x, y, 0).includes(row);
      if (marks.includes(0) || clear.some(Boolean) || !found) wrong.push([zoom, lon, turn, marks, clear, found]);
    }
  }
  return [seen, wrong];
}"""


@pytest.mark.parametrize("scale", [1, 1.5, 2, 3])
def test_stamped_points_stand_at_the_right_pixel_on_both_sides_of_180_and_in_every_copy(open_map, scale):  # noqa: F811
    spots = [(126.9784123, 37.5660456), (179.9991, -17.1), (-179.9991, 64.2), (0.0, 0.0)]
    page = open_map(make_events(*({"geometry": Point(*spot)} for spot in spots)), scale=scale, size=(700, 460))
    seen, wrong = page.evaluate(MISPLACED, [[*spot, row] for row, spot in enumerate(spots)])
    assert seen > 100
    assert wrong == []


def many(n, seed=5):
    rng = np.random.default_rng(seed)
    length = (10 ** rng.uniform(0, np.log10(CENTURY_S), n)).astype(np.int64) * (rng.random(n) > 0.1)
    start = rng.integers(0, CENTURY_S, n)
    table = pd.DataFrame({"id": [f"row {k}" for k in range(n)], "title": [f"Title of {k}" for k in rng.permutation(n)]})
    for name, at in (("start", start), ("end", start + length)):
        table[name] = pd.to_datetime(at, unit="s", utc=True).as_unit("ms")
    table = table.assign(kind=KINDS[rng.integers(0, 3, n)], precision="exact", confidence=1.0, status="reported")
    table["source_id"] = [f"s{k % 2 + 1}" for k in range(n)]
    spots = gpd.points_from_xy(rng.uniform(-170, 170, n), rng.uniform(-60, 70, n))
    return gpd.GeoDataFrame(table, geometry=spots, crs="EPSG:4326")


def test_twenty_thousand_rows_from_seconds_to_a_century(open_map):  # noqa: F811
    events = many(20_000)
    page = open_map(events, None, SOURCES, size=(900, 560), view=(10, 0, 2))
    rng = np.random.default_rng(9)
    edges = [
        (int(a), int(a + 10**b)) for a, b in zip(rng.integers(0, CENTURY_S, 40), rng.uniform(0, 9, 40), strict=True)
    ]
    edges += [(int(t.timestamp()), int(t.timestamp()) + 1) for t in events["end"][:10]]  # an end is not part of it
    got = page.evaluate(
        f"(ws) => ws.map(([a, b], k) => {{ const app = {APP}; app.off.events = new Set(k % 2 ? ['visit'] : []);"
        "app.refilter(); app.setWindow(a * 1000, b * 1000);"
        "return [app.events.size, Array.from(app.events.found, (i) => app.events.tableRow(i))]; })",
        edges,
    )
    for k, ((a, b), (size, rows)) in enumerate(zip(edges, got, strict=True)):
        t0, t1 = (pd.Timestamp(side, unit="s", tz="UTC") for side in (a, b))
        mask = in_window(events["start"], events["end"], t0, t1) & ((events["kind"] != "visit") | (k % 2 == 0))
        assert size == len(rows)
        assert sorted(rows) == np.flatnonzero(mask).tolist()

    page.evaluate(f"() => {{ {APP}.off.events = new Set(); {APP}.refilter(); {APP}.showAll(); }}")
    assert sorted(page.evaluate(f"{APP}.visible()")["events"]) == sorted(events["id"])
    assert page.evaluate(f"{APP}.events.find('row 19000')") is None, "so many texts are not all at hand"
    page.evaluate(f"{APP}.reveal('events', 'row 19000', false)")
    row = events.set_index("id").loc["row 19000"]
    assert page.inner_text(".rutter-card h2") == row["title"]
    assert page.evaluate(f"Rutter.state({APP}).selected") == {"layer": "events", "id": "row 19000"}
    page.evaluate(f"{APP}.reveal('events', 'nobody', false)")
    assert page.evaluate(f"{APP}.popup.isOpen()") is False

    under = page.evaluate(
        f"""() => {{ const app = {APP}; const {{ layer, map }} = app; layer.redraw();
        const ctx = layer.canvas.getContext("2d"); const out = {{ tried: 0, wrong: [], slowest: 0 }};
        for (let k = 0; k < 400; k++) {{
          const [x, y] = [30 + (k * 37) % 800, 30 + (k * 53) % 330];
          const [r, g, b, a] = ctx.getImageData(x, y, 1, 1).data;
          const began = performance.now();
          const [top] = Rutter.pick(app, layer, {{ x, y }}, false);
          out.slowest = Math.max(out.slowest, performance.now() - began);
          if (!a) continue;
          out.tried++;
          const want = app.style.kind(app.events.word("kind", top.i)).color.toLowerCase();
          const near = "#" + [r, g, b].map((v) => v.toString(16).padStart(2, "0")).join("");
          const part = (color, at) => parseInt(color.slice(at, at + 2), 16);
          if ([1, 3, 5].some((at) => Math.abs(part(want, at) - part(near, at)) > 3)) out.wrong.push([x, y, want, near]);
        }}
        return out; }}"""
    )
    assert under["tried"] > 50
    assert under["wrong"] == []

    # making room for the card, the map may still be on its way, between two pixels
    page.evaluate(f"{APP}.map.stop().setView([10, 0], 2, {{ animate: false }}) && null")
    strips = f"""([dx, dy]) => {{ const {{ layer, map }} = {APP}; const {{ width, height }} = layer.canvas;
        const ctx = layer.canvas.getContext("2d"); const read = () => ctx.getImageData(0, 0, width, height).data;
        let differ = 0; let inStrips = 0; let drawn = 0;
        for (let k = 0; k < 3; k++) {{ map._rawPanBy(L.point(dx, dy)); layer.slide(); }}
        const slid = read(); layer.redraw(); const whole = read();
        for (let at = 3; at < whole.length; at += 4) {{
          const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)];
          const fresh = (dx > 0 ? x > width - 3 * dx : x < -3 * dx) || (dy > 0 ? y > height - 3 * dy : y < -3 * dy);
          drawn += whole[at] > 0; differ += (whole[at] > 0) !== (slid[at] > 0);
          inStrips += fresh && slid[at] > 0; }}
        return [drawn, differ, inStrips]; }}"""
    for way in ([40, -25], [-33, 20], [0, 31]):
        drawn, differ, in_strips = page.evaluate(strips, way)
        assert in_strips > 500, "no blank edges while the map is dragged"
        assert differ < drawn / 200


COUNTED = f"""() => {{ const app = {APP}; const {{ layer, map }} = app; const {{ x: w, y: h }} = map.getSize();
  const squares = layer.squares; let inside = 0;
  for (const i of app.events.found) for (const turn of [-1, 0, 1]) {{
    const x = (app.events.x[i] / Rutter.WORLD + turn) * layer.view.world - layer.view.left;
    const y = (app.events.y[i] / Rutter.WORLD) * layer.view.world - layer.view.top;
    const column = Math.floor((x - squares.x) / squares.px); const row = Math.floor((y - squares.y) / squares.px);
    if (column >= 0 && column < Math.min(squares.columns, squares.period) && row >= 0 && row < squares.rows) inside++;
  }}
  const first = new Set(); let shown = 0; let rows = 0;
  for (const hit of layer.hits) {{
    if (first.has(hit.first)) continue; // drawn once more in another copy of the world
    first.add(hit.first);
    shown += hit.total;
    rows += layer.rowsOf(hit).length;
  }}
  return {{ inside, shown, rows, counted: layer.count, all: app.events.size, rings: layer.hits.length }}; }}"""


def test_numbers_of_clusters_are_those_of_the_rows_in_view_and_follow_the_window(open_map):  # noqa: F811
    events = many(3000)
    page = open_map(events, size=(1100, 700), view=(15, 0, 2), legend=False)
    page.evaluate(f"{APP}.setDisplay('clusters')")
    whole = page.evaluate(COUNTED)
    assert whole["inside"] == whole["shown"] == whole["rows"] == whole["counted"] == whole["all"] == len(events)
    assert 20 < whole["rings"] < 300
    set_view(page, 20, 179, 5)
    near = page.evaluate(COUNTED)
    assert near["inside"] == near["shown"] == near["rows"] < len(events)
    set_window(page, "1990-01-01", "1990-02-01")
    fewer = page.evaluate(COUNTED)
    assert fewer["inside"] == fewer["shown"] < near["inside"]
    set_view(page, 15, 0, 2)
    page.evaluate(f"{APP}.showAll()")
    x, y, total = page.evaluate(
        f"(({{ x, y, total }}) => [x, y, total])({APP}.layer.hits.find((hit) => hit.total > 3))"
    )
    box = page.locator(".rutter-map").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".rutter-tip:not([hidden])")
    assert f"{total} events" in page.inner_text(".rutter-tip")
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.wait_for_function(f"{APP}.map.getZoom() > 2")

    heard = page.evaluate(
        f"() => {{ let heard = 0; {APP}.on('display', () => heard++);"
        f"for (const name of ['heat', 'heat', 'cold', 'points']) {APP}.setDisplay(name);"
        f"return [heard, {APP}.display]; }}"
    )
    assert heard == [2, "points"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_heat_is_where_the_events_are_and_hottest_where_most_are(open_map, theme):  # noqa: F811
    kinds = ["visit"] * 7 + ["attack"] * 2
    rows = [{"geometry": Point(-60, 0)}] * 90 + [{"geometry": Point(60, 0), "kind": kind} for kind in kinds]
    page = open_map(make_events(*rows), size=(900, 560), view=(0, 0, 2))
    page.evaluate(f"Rutter.setTheme('{theme}')")
    page.evaluate(f"{APP}.setDisplay('heat')")
    light = page.evaluate(
        """(spots) => { const ctx = Rutter.instances[0].layer.canvas.getContext("2d");
        return spots.map(([x, y]) => { const [r, g, b, a] = ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data;
        return a ? 0.2126 * r + 0.7152 * g + 0.0722 * b : -1; }); }""",
        [on_screen(page, lon, lat) for lon, lat in ((-60, 0), (60, 0), (0, 40))],
    )
    assert light[2] == -1
    assert min(light[:2]) >= 0
    assert (light[0] > light[1]) == (theme == "dark")
    assert abs(light[0] - light[1]) > 20

    x, y = on_screen(page, 60, 0)
    near = f"([x, y]) => Rutter.pick({APP}, {APP}.layer, {{ x, y }}, false).map(({{ cluster }}) => cluster.total)"
    assert page.evaluate(near, [x + 3, y - 3]) == [9]
    assert page.evaluate(near, [x, y - 60]) == []
    box = page.locator(".rutter-map").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".rutter-tip:not([hidden])")
    assert "9 events" in page.inner_text(".rutter-tip")
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".rutter-card")
    assert page.inner_text(".rutter-card h2") == "9 events"
    assert page.inner_text(".rutter-card .rutter-quiet") == "7 visit · 2 attack"


# ---- odd data --------------------------------------------------------------------------------------------------------


def test_all_events_at_one_instant_and_ten_thousand_at_one_point(open_map):  # noqa: F811
    row = {"start": INSTANT, "end": INSTANT, "precision": "exact"}
    events = make_events(*[row] * 10_000)
    page = open_map(events, size=(900, 560), view=(37.5, 127, 5))
    assert page.evaluate(f"{APP}.events.size") == 10_000
    assert page.evaluate(f"{APP}.layer.hits.map((hit) => hit.total)") == [10_000]
    x, y = on_screen(page, 127, 37.5)
    box = page.locator(".rutter-map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.wait_for_selector(".rutter-card")
    assert page.inner_text(".rutter-card h2") == "10,000 events"
    set_window(page, "2024-03-24T09:30:00.001Z", "2024-03-25")
    assert page.evaluate(f"[{APP}.events.size, {APP}.layer.hits.length]") == [0, 0]


def test_one_event_of_1945_routes_without_dates_and_odd_titles(open_map):  # noqa: F811
    titles = ["W" * 10_000, "🚢🚂 \U0001f469‍\U0001f467", "مرحبا بالعالم", "\u2028\0", ""]
    rows = [{"start": "1945-08-15", "end": "1945-08-16", "title": "first"}]
    rows += [
        {"title": titles[k % 5], "start": f"2024-{k % 12 + 1:02d}-05", "end": f"2024-{k % 12 + 1:02d}-06"}
        for k in range(60)
    ]
    routes = make_routes({"depart": None, "arrive": None, "geometry": LineString([(0, 0), (9, 9)])}, {"geometry": None})
    page = open_map(make_events(*rows), routes, size=(900, 560), view=(37.5, 127, 5))
    for window, count in (
        (("1945-01-01", "1946-01-01"), 1),
        (("1946-01-01", "2024-01-01"), 0),
        (("1945-01-01", "2025-01-01"), 61),
    ):
        set_window(page, *window)
        assert page.evaluate(f"{APP}.events.size") == count
    for display in ("clusters", "heat", "points"):
        page.evaluate(f"{APP}.setDisplay('{display}')")
    shown = page.evaluate(f"Array.from({APP}.events.found, (i) => {APP}.events.text('title', i))")
    assert sorted(shown) == sorted(row["title"] for row in rows)
    assert page.evaluate(f"[{APP}.routes.count, {APP}.routes.size]") == [2, 1]


def test_empty_layers_in_every_display(open_map):  # noqa: F811
    page = open_map(gpd.GeoDataFrame(), gpd.GeoDataFrame(), size=(900, 560))
    for display in ("clusters", "heat", "points"):
        page.evaluate(f"{APP}.setDisplay('{display}')")
        assert page.evaluate(f"[{APP}.layer.hits.length, {APP}.events.size]") == [0, 0]


def test_many_lines_are_stamped_where_they_run_and_can_be_picked(open_map):  # noqa: F811
    lines = [LineString([(-175 + k % 350, -40), (-172 + k % 350, 40)]) for k in range(500)]
    page = open_map(
        make_events({}), make_routes(*({"geometry": line, "basis": "observed track"} for line in lines)), view=(0, 0, 3)
    )
    assert page.evaluate(f"{APP}.layer.linesStamped")
    x, y = on_screen(page, *lines[170].interpolate(0.5, normalized=True).coords[0])
    found = page.evaluate(f"([x, y]) => Rutter.pick({APP}, {APP}.layer, {{ x, y }}, false)", [x, y])
    ids = [page.evaluate(f"(i) => {APP}.routes.id(i)", row["i"]) for row in found if row["layer"] == "routes"]
    assert "r170" in ids
    inked = (
        f"([x, y]) => Array.from({APP}.layer.canvas.getContext('2d').getImageData(x - 2, y - 2, 5, 5).data)"
        ".some((value, k) => k % 4 === 3 && value > 50)"
    )
    assert page.evaluate(inked, [round(x), round(y)])


# Looks at lines from within, from their ends and in other copies of the world, and says where they are not drawn.
UNDRAWN = """(spots) => {
  const { layer, map } = Rutter.instances[0]; const wrong = [];
  const asides = [[0, 0], [300, 0], [-300, 0], [0, 100], [0, -100]];
  for (const [lon, lat] of spots) for (const turn of [-720, 0, 360]) for (const [x, y] of asides) {
    map.setView([lat, lon + turn], 7, { animate: false });
    map.panBy([x, y], { animate: false });
    if (!layer.linesStamped) return "not stamped";
    const at = map.latLngToContainerPoint([lat, lon + turn]);
    const around = layer.canvas.getContext("2d").getImageData(Math.round(at.x) - 1, Math.round(at.y) - 1, 3, 3).data;
    if (!around.some((value, k) => k % 4 === 3 && value > 50)) wrong.push([lon, lat, turn, x, y]);
  }
  return wrong;
}"""


def test_long_lines_are_stamped_wherever_a_part_of_them_is_in_view(open_map):  # noqa: F811
    across_180 = MultiLineString([[(150, -30), (180, -30)], [(-180, -30), (-150, -30)]])
    lines = [LineString([(-100, 0), (100, 0)]), LineString([(20, 60), (20, -60)]), across_180]
    lines += [LineString([(-170 + k % 20, 70), (-160 + k % 20, 75)]) for k in range(410)]
    routes = make_routes(*({"geometry": line, "basis": "observed track"} for line in lines))
    page = open_map(make_events({}), routes, view=(0, 0, 3), size=(760, 460))
    spots = [(-100, 0), (-40, 0), (100, 0), (20, -60), (20, 30), (20, 60), (160, -30), (180, -30), (-160, -30)]
    assert page.evaluate(UNDRAWN, spots) == []


def test_of_rows_sent_one_after_the_other_the_last_stay_and_a_filter_waits_for_them(browser):
    events = make_events({"title": "a"}, {"title": "b"}, {"title": "c"})
    routes, sources = gpd.GeoDataFrame(), pd.DataFrame({"id": []})
    known = known_texts(events, routes, sources)
    told = [
        {"rutter": "data", **renewal(known, table, routes, sources)}
        for table in (events.iloc[:1], events.iloc[:2], events.assign(title=["x", "b", "c"]).iloc[::-1])
    ]
    with framed(browser, events) as (page, inner):
        page.evaluate(
            "(all) => { for (const message of all) frame.contentWindow.postMessage(message, '*'); }",
            [*told, {"rutter": "filter", "events": "Bg==", "routes": None}],
        )
        inner.wait_for_function(f"{APP}.events.count === 3 && {APP}.events.size === 2")
        titles = inner.evaluate(f"Array.from({APP}.events.found, (i) => {APP}.events.text('title', i))")
        assert sorted(titles) == ["b", "x"]
        post(page, inner, {"rutter": "select", "layer": "events", "id": "e0"})
        inner.wait_for_selector(".rutter-card")
        assert inner.inner_text(".rutter-card h2") == "x"
