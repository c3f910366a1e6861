"""The time map from a thousand events to three million, in a real Chromium without a GPU.

    python benchmarks/time_map.py [--sizes 1000,...] [--peers FOLDER] [--peer-sizes 1000,...]

Seeded data: N events over ten years, N/100 routes of 50 vertices, window 30 days, 100 steps of a week. Milliseconds are
medians / 95th percentiles. A drawing counts with one pixel read back, so that what it costs to raster is in it; `frame`
is from the call to the next frame, which waits for the screen.

FOLDER holds copies of the scripts that folium's `TimestampedGeoJson` and `Timeline` fetch from the web (for example
`npm install --prefix FOLDER leaflet-timedimension@1.1.1 leaflet.timeline@1.6.0 iso8601-js-period moment jquery`); with
it they are measured beside it in the same run, and without it they are left out.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xstatic.pkg.leaflet
from folium.plugins import Timeline as FoliumTimeline
from folium.plugins import TimelineSlider, TimestampedGeoJson
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geo.maps import OfflineMap, TimeSlider  # noqa: E402
from tests.conftest import OFFLINE_FLAGS, chromium_path  # noqa: E402

SEED = 7
FIRST = pd.Timestamp("2015-01-01", tz="UTC")
SPAN_S = 3652 * 86_400
STEPS = 100
WINDOW_MS = 30 * 86_400_000
VIEW = {"width": 1280, "height": 720}
KINDS = np.array(["meeting", "attack", "visit", "trade", "protest", "sanctions"])
MODES = np.array(["sea", "rail", "road", "air"])

READY = """() => { const look = () => { const app = window.Rutter?.instances?.[0];
  if (!app?.layer?.view) return requestAnimationFrame(look);
  app.layer.canvas.getContext("2d").getImageData(0, 0, 1, 1); window.firstMap = performance.now(); };
  addEventListener("DOMContentLoaded", look); }"""
DRAW = """async ([kind, steps]) => {
  const app = Rutter.instances[0]; const DAY = 86400000; const [d0, d1] = app.domain;
  const read = () => app.layer.canvas.getContext("2d").getImageData(640, 300, 1, 1);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const out = { draw: [], frame: [], seen: [] };
  const share = Math.min(1, 100000 / app.events.count);
  for (let s = 0; s < steps; s++) {
    const t0 = kind === "step" ? d0 + s * 7 * DAY : d0;
    const t1 = kind === "step" ? t0 + 30 * DAY : kind === "all" ? d1 : d0 + share * (d1 - d0);
    await frame(); await new Promise((done) => setTimeout(done, 3));
    const began = performance.now();
    app.setWindow(t0, t1); read();
    out.draw.push(performance.now() - began);
    await frame();
    out.frame.push(performance.now() - began);
    out.seen.push(app.events.size);
  }
  return out;
}"""
HIT = """() => { const app = Rutter.instances[0]; const out = [];
  for (let k = 0; k < 300; k++) { const began = performance.now();
    Rutter.pick(app, app.layer, { x: 20 + (k * 37) % 1200, y: 20 + (k * 53) % 520 }, false);
    out.push(performance.now() - began); }
  return out; }"""
PAN = """async () => { const { map, layer } = Rutter.instances[0]; const out = []; let last = performance.now();
  map.fire("movestart");
  for (let k = 0; k < 90; k++) { map._rawPanBy(L.point(3, 1)); map.fire("move");
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now(); out.push(now - last); last = now; }
  map.fire("moveend"); return out.slice(5); }"""


def seeded(n: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """N events in no order, and N/100 routes of 50 vertices."""
    rng = np.random.default_rng(SEED)
    first = int(FIRST.timestamp())

    def moments(seconds: np.ndarray) -> pd.DatetimeIndex:
        return pd.to_datetime(first + seconds, unit="s", utc=True).as_unit("ms")

    start, length = rng.integers(0, SPAN_S, n), rng.choice([0, 3_600, 86_400, 3 * 86_400], n)
    number = np.arange(n).astype(str)
    events = {
        "id": np.char.add("e", number).astype(object),
        "title": np.char.add("Event number ", number).astype(object),
        "kind": KINDS[rng.integers(0, len(KINDS), n)],
        "start": moments(start),
        "end": moments(start + length),
    }
    spots = gpd.points_from_xy(rng.uniform(-180, 180, n), rng.uniform(-60, 75, n))
    m = max(1, n // 100)
    start, length = rng.integers(0, SPAN_S - 40 * 86_400, m), rng.integers(2, 20, m) * 86_400
    way = rng.normal(0, 0.5, (m, 50, 2)) + rng.normal(0, 0.4, (m, 1, 2))
    way[:, 0] = np.c_[rng.uniform(-170, 170, m), rng.uniform(-50, 60, m)]
    lines = np.clip(np.cumsum(way, axis=1), (-180, -80), (180, 80))
    number = np.arange(m).astype(str)
    routes = {
        "id": np.char.add("r", number).astype(object),
        "title": np.char.add("Route ", number).astype(object),
        "mode": MODES[rng.integers(0, len(MODES), m)],
        "basis": np.array(["inferred", "observed track"])[rng.integers(0, 2, m)],
        "depart": moments(start),
        "arrive": moments(start + length),
    }
    return (
        gpd.GeoDataFrame(events, geometry=spots, crs="EPSG:4326"),
        gpd.GeoDataFrame(routes, geometry=shapely.linestrings(lines), crs="EPSG:4326"),
    )


def both(values: Sequence[float]) -> str:
    """Median / 95th percentile."""
    return f"{statistics.median(values):.1f} / {np.percentile(values, 95):.1f}"


def open_page(browser: Browser, path: Path, peers: Path | None = None) -> Page:
    page = browser.new_context(viewport=VIEW).new_page()
    page.on("pageerror", lambda error: print(f"  the page complains: {error}"))
    page.add_init_script(f"({READY})()")
    if peers:
        page.route(re.compile("^https?:"), lambda route: answer(route, peers))
    page.goto(path.as_uri(), timeout=300_000)
    return page


def memory_mb(page: Page) -> float:
    """What the page's scripts hold, with the buffers of their arrays, after its litter is collected."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.enable")
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    use = tools.send("Runtime.getHeapUsage")
    return (use["usedSize"] + use.get("backingStorageSize", 0)) / 1e6


def measure(browser: Browser, folder: Path, n: int) -> list[str]:
    events, routes = seeded(n)
    began, cpu = time.perf_counter(), time.process_time()
    base = OfflineMap(theme="light", online_tiles=False)
    TimeSlider(events, routes).add_to(base)
    path = folder / f"rutter-{n}.html"
    base.save(str(path))
    written = f"{time.perf_counter() - began:.1f} / {time.process_time() - cpu:.1f}"
    page = open_page(browser, path)
    page.wait_for_function("window.firstMap > 0", timeout=120_000)
    first = page.evaluate("window.firstMap") / 1000
    step = page.evaluate(DRAW, ["step", STEPS])
    hit, pan = page.evaluate(HIT), page.evaluate(PAN)
    some = page.evaluate(DRAW, ["some", 15])
    everything = page.evaluate(DRAW, ["all", 15])
    hit_all, pan_all = page.evaluate(HIT), page.evaluate(PAN)
    row = [
        f"{n:,}", f"{path.stat().st_size / 1e6:.1f}", written, f"{first:.2f}",
        f"{statistics.median(step['seen']):,.0f}",
        both(step["draw"]), both(step["frame"]), f"{some['seen'][0]:,}", both(some["draw"]), both(everything["draw"]),
        both([*hit, *hit_all]), both(pan), both(pan_all), f"{memory_mb(page):.0f}",
    ]  # fmt: skip
    page.context.close()
    path.unlink()
    return row


HEAD = (
    *("events", "HTML MB", "written s / CPU s", "first map s", "in a step", "step ms", "step to frame ms", "window of"),
    *("drawn ms", "all drawn ms", "hit ms", "pan frame ms", "pan all ms", "memory MB"),
)


def answer(route: Route, peers: Path) -> None:
    """A script of the stock page from the folder; what is not there is empty."""
    name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
    places = [peers, Path(xstatic.pkg.leaflet.BASE_DIR)]
    names = [name, name.replace(".min.", ".")]
    found = next((path for wanted in names for place in places for path in place.rglob(wanted)), None)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    if found:
        route.fulfill(path=found, content_type=kind)
    else:
        route.fulfill(body="", content_type=kind)


def features(events: gpd.GeoDataFrame, *, stamped: bool) -> dict[str, object]:
    start, end = ((events[name].astype("int64")).tolist() for name in ("start", "end"))
    list_of = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [x, y]},
            "properties": {"times": [a], "popup": title, "icon": "circle", "iconstyle": {"radius": 3}}
            if stamped
            else {"start": a, "end": b + WINDOW_MS, "popup": title},  # at one moment, all of the window before it
        }
        for x, y, a, b, title in zip(events.geometry.x, events.geometry.y, start, end, events["title"], strict=True)
    ]
    return {"type": "FeatureCollection", "features": list_of}


PEER_STEPS = """async ([name, steps]) => { const out = []; const DAY = 86400000; const t0 = Date.UTC(2015, 0, 31);
  const go = name === "Timeline" ? (t) => peerLine.setTime(t) : (t) => peerMap.timeDimension.setCurrentTime(t);
  for (let s = 0; s < steps; s++) { await new Promise((done) => requestAnimationFrame(done));
    const began = performance.now(); go(t0 + s * 7 * DAY); document.body.offsetWidth;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done))); out.push(performance.now() - began); }
  return out; }"""


def measure_peer(browser: Browser, folder: Path, peers: Path, name: str, n: int) -> list[str]:
    events, _ = seeded(n)
    base = folium.Map(location=(20, 0), zoom_start=2, tiles=None, prefer_canvas=True)
    names = [f"window.peerMap = {base.get_name()};"]
    if name == "TimestampedGeoJson":
        data = features(events, stamped=True)
        TimestampedGeoJson(data, period="P7D", duration="P30D", auto_play=False, add_last_point=False).add_to(base)
    else:
        # Not in its slider's hands, which gives all times to one call as arguments and fails with a hundred thousand.
        line = FoliumTimeline(features(events, stamped=False)).add_to(base)
        TimelineSlider(auto_play=False).add_to(base)
        names.append(f"window.peerLine = {line.get_name()};")
    path = folder / f"peer-{n}.html"
    base.save(str(path))
    text = path.read_text(encoding="utf-8")
    end = text.rindex("</script>")
    path.write_text(text[:end] + "".join(names) + "window.loaded = performance.now();" + text[end:], encoding="utf-8")
    began = time.perf_counter()
    page = open_page(browser, path, peers)
    page.wait_for_function("window.loaded > 0", timeout=300_000)
    first = time.perf_counter() - began
    steps = page.evaluate(PEER_STEPS, [name, 20])
    row = [name, f"{n:,}", f"{path.stat().st_size / 1e6:.1f}", f"{first:.2f}", both(steps), f"{memory_mb(page):.0f}"]
    page.context.close()
    path.unlink()
    return row


def show(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)), flush=True)


def main() -> None:
    numbers = lambda text: [int(part) for part in text.split(",")]  # noqa: E731
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=numbers, default=[1_000, 10_000, 100_000, 1_000_000, 3_000_000])
    parser.add_argument("--peers", type=Path, help="folder with the scripts of folium's time plugins")
    parser.add_argument("--peer-sizes", type=numbers, default=[1_000, 10_000])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OFFLINE_FLAGS)
        rows = [measure(browser, Path(folder), n) for n in asked.sizes]
        for head, *cells in zip(HEAD, *rows, strict=True):
            print(head.ljust(20), *(cell.rjust(16) for cell in cells))
        if not asked.peers:
            print("\nLEFT OUT: folium's TimestampedGeoJson and Timeline; give their scripts with --peers FOLDER.")
            return
        print("\nfolium's own, events alone; the step is from the call to the next frame")
        found = [
            measure_peer(browser, Path(folder), asked.peers, name, n)
            for n in asked.peer_sizes
            for name in ("TimestampedGeoJson", "Timeline")
        ]
        show([["", "events", "HTML MB", "first map s", "step ms", "memory MB"], *found])
        ours = {row[0]: row for row in rows}
        for name, n, _, first, step, _ in found:
            if n in ours:
                slower = float(step.split(" / ")[0]) / float(ours[n][6].split(" / ")[0])
                later = float(first) / float(ours[n][3])
                print(f"{name} at {n}: a step takes {slower:.1f} times as long, the first map {later:.1f} times")


if __name__ == "__main__":
    main()
