"""How long the app's table and counts take to follow the slider, beside `st_folium` in the same run.

    python benchmarks/time_map_app.py [SIZE ...] [--steps N] [--peers FOLDER]

Seeded events over ten years, a hundredth as many routes of 50 vertices, windows of 27 days. The app is started and
opened as the README says, in a real Chromium without a GPU. Of each step, from the release of the handle on: when the
counts stand in the page, when the table is painted, and what came over the websocket. Python's bytecode is there
before, as it is on a user's machine from the second start on.

The peers are Streamlit with `st_folium`: all of the map built anew at each step, and `feature_group_to_add`. They need
the package streamlit-folium, installed or unpacked in FOLDER. What their browser takes to draw the map comes on top.
"""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import shapely  # noqa: E402

from benchmarks.opening import wait_for  # noqa: E402
from geo import Atlas, schema  # noqa: E402
from tests.conftest import OFFLINE_FLAGS, chromium_path  # noqa: E402

SEED = 6
SIZES = (1_000, 100_000)
PEERS_UP_TO = 100_000  # a step of theirs takes half a minute at a million
DAY_MS = 86_400_000
BEGIN_MS = 1_420_070_400_000  # 2015
PATIENCE_MS = 280_000
PEER = Path(__file__).with_name("time_map_peer.py")

# A table is painted on a canvas: what counts is when its first row was first written there.
HOOK = """() => {
  const written = (window.written = new Map());
  for (const kind of [window.CanvasRenderingContext2D, window.OffscreenCanvasRenderingContext2D]) {
    const write = kind.prototype.fillText;
    kind.prototype.fillText = function (text, ...rest) {
      if (!written.has(text)) written.set(text, performance.timeOrigin + performance.now());
      return write.call(this, text, ...rest);
    };
  }
  window.watch = (told) => {
    window.written.clear();
    const text = () => document.querySelector(told)?.textContent;
    const before = text();
    window.seen = new Promise((done) => {
      new MutationObserver((_, self) => {
        if (text() === before) return;
        self.disconnect();
        done(performance.timeOrigin + performance.now());
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
  };
}"""
FIRST_ROW = "[data-testid=stDataFrame] table[role=grid] td:nth-child(2)"
RELEASE = """([from, to]) => new Promise((done) => {
  const app = window.Rutter.instances[0];
  app.setWindow(from, to);
  requestAnimationFrame(() => setTimeout(() => {
    const now = performance.timeOrigin + performance.now();
    app.release();
    done(now);
  }));
})"""
READY = "() => window.Rutter?.instances?.[0]?.visible"


@dataclass
class Figures:
    """What was measured: seconds, and milliseconds and bytes of each step."""

    first_s: float = 0.0
    socket_first: int = 0
    counts_ms: list[float] = field(default_factory=list)
    table_ms: list[float] = field(default_factory=list)
    socket: list[int] = field(default_factory=list)
    memory_mb: float = 0.0
    received: int = 0


def seeded(count: int) -> Atlas:
    """Make a dossier.

    Args:
        count: How many events; a hundredth as many routes.

    Returns:
        The dossier.
    """
    chance = np.random.default_rng(SEED)
    start = _moments(chance.integers(0, 3650 * 24, count) * 3_600_000)
    length = pd.to_timedelta(np.where(chance.random(count) < 0.9, DAY_MS, 30 * DAY_MS), unit="ms")
    events = {
        "id": [f"e{number}" for number in range(count)],
        "title": [f"Something happened, for the {number}th time" for number in range(count)],
        "kind": chance.choice(["meeting", "visit", "sanctions", "trade", "military", "statement"], count),
        "start": start,
        "end": (start + length).as_unit("ms"),
        "precision": "day",
        "place": chance.choice(["Najin", "Dunay", "Busan", "Moscow"], count),
        "radius_km": 3.0,
        "confidence": chance.integers(40, 100, count) / 100,
        "source_id": "s",
        "geometry": shapely.points(chance.uniform(-180, 180, count).round(5), chance.uniform(-70, 70, count).round(5)),
    }
    legs = count // 100
    depart = _moments(chance.integers(0, 3650, legs) * DAY_MS)
    lon = chance.uniform(-170, 130, (legs, 1)) + np.linspace(0, 40, 50)
    lat = np.clip(chance.uniform(-50, 50, (legs, 1)) + np.cumsum(chance.normal(0, 0.6, (legs, 50)), 1), -70, 70)
    routes = {
        "id": [f"r{number}" for number in range(legs)],
        "title": [f"Shipment {number}" for number in range(legs)],
        "mode": chance.choice(["sea", "rail", "road", "air"], legs),
        "origin": "Najin",
        "destination": "Busan",
        "depart": depart,
        "arrive": (depart + pd.Timedelta(days=14)).as_unit("ms"),
        "precision": "day",
        "basis": "observed track",
        "length_km": 1000.0,
        "source_id": "s",
        "geometry": list(shapely.linestrings(np.stack([lon, lat], 2).round(5))),
    }
    sources = {"id": ["s"], "title": ["A report"], "publisher": ["An agency"]}
    tables = {"events": events, "routes": routes, "sources": sources}
    return Atlas(*(schema.check(name, pd.DataFrame(rows), file=name) for name, rows in tables.items()), title="Seeded")


def _moments(offsets: np.ndarray) -> pd.DatetimeIndex:
    return pd.to_datetime(offsets + BEGIN_MS, unit="ms", utc=True).as_unit("ms")


def windows(steps: int) -> Iterator[tuple[str, str]]:
    """List windows that have no row in common, one after the other."""
    for step in range(steps):
        month = f"{2016 + step % 9}-{1 + step % 12:02d}"
        yield f"{month}-01T00:00:00Z", f"{month}-28T00:00:00Z"


@contextmanager
def served(*command: str, peers: Path | None = None) -> Iterator[tuple[str, int]]:
    """Serve a Streamlit app, and give its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script, *rest = command
    line = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true", f"--server.port={port}"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPATH": os.pathsep.join(map(str, filter(None, (peers, ROOT))))}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*line, "--server.address=127.0.0.1", "--", *rest], cwd=ROOT, env=env, **quiet) as app:
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}", app.pid
        finally:
            app.kill()


def of_app(browser: Browser, dossier: Path, steps: int) -> Figures:
    """Measure Rutter."""
    figures = Figures()
    started = time.perf_counter()
    with served("app.py", str(dossier)) as (url, process):
        page = _page(browser, figures)
        page.goto(url)
        frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
        frame.wait_for_function(READY)
        figures.first_s = time.perf_counter() - started
        page.wait_for_selector(FIRST_ROW, state="attached")
        page.wait_for_timeout(3000)
        figures.socket_first = figures.received
        _steps(page, figures, ".rutter-when", steps, lambda *window: frame.evaluate(RELEASE, list(window)))
        figures.memory_mb = _memory_mb(process)
        page.close()
    return figures


def of_peer(browser: Browser, dossier: Path, steps: int, *, how: str, peers: Path | None) -> Figures:
    """Measure `st_folium` with the same rows and the same table."""
    figures = Figures()
    started = time.perf_counter()
    with served(str(PEER), str(dossier), how, peers=peers) as (url, process):
        page = _page(browser, figures)
        page.goto(url)
        page.wait_for_selector("#drawn", state="attached")
        figures.first_s = time.perf_counter() - started
        page.wait_for_selector(FIRST_ROW, state="attached")
        page.wait_for_timeout(3000)
        figures.socket_first = figures.received

        def release(start: str, end: str) -> float:
            page.get_by_role("textbox", name="Window").fill(f"{start}/{end}")
            released: float = page.evaluate("() => performance.timeOrigin + performance.now()")
            page.get_by_role("textbox", name="Window").press("Enter")
            return released

        _steps(page, figures, "#drawn", steps, release)
        figures.memory_mb = _memory_mb(process)
        page.close()
    return figures


def _steps(page: Page, figures: Figures, told: str, steps: int, act: Callable[[str, str], float]) -> None:
    for window in windows(steps):
        figures.received = 0
        page.evaluate("(told) => window.watch(told)", told)
        released = act(*window)
        figures.counts_ms.append(page.evaluate("() => window.seen") - released)
        page.wait_for_timeout(1500)  # the cells' names come to the page a little after the cells are painted
        at = page.evaluate("(cell) => window.written.get(document.querySelector(cell)?.textContent)", FIRST_ROW)
        if at is not None:
            figures.table_ms.append(at - released)
        figures.socket.append(figures.received)


def _page(browser: Browser, figures: Figures) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(f"({HOOK})()")

    def count(message: str | bytes) -> None:
        figures.received += len(message)

    page.on("websocket", lambda opened: opened.on("framereceived", count))
    return page


def _memory_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def show(size: int, name: str, figures: Figures) -> None:
    """Print one line of the table."""
    counts, table = (
        f"{statistics.median(times):6.0f} {min(times):6.0f}" if times else "     -      -"
        for times in (figures.counts_ms, figures.table_ms)
    )
    sent = statistics.median(figures.socket) / 1000
    print(
        f"{size:>9,} {name:<34} {figures.first_s:7.1f} {counts} {table}"
        f" {figures.socket_first / 1e6:8.2f} {sent:9.1f} {figures.memory_mb:8.0f}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("sizes", nargs="*", type=int, default=SIZES)
    told.add_argument("--steps", type=int, default=15)
    told.add_argument("--peers", type=Path)
    asked = told.parse_args()
    if asked.peers:
        sys.path.append(str(asked.peers))
    peers = importlib.util.find_spec("streamlit_folium") is not None
    if not peers:
        print("LEFT OUT: st_folium, since the package streamlit-folium is not installed; give its folder with --peers.")
    print(f"{'':44} start to   counts (ms)    table (ms)   socket, MB and kB    server")
    print(f"{'events':>9} {'':34} map (s)  median    min median    min    first   a step       MB")
    compileall.compile_dir(ROOT / "geo", quiet=1)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OFFLINE_FLAGS)
        for size in asked.sizes:
            dossier = Path(folder) / f"{size}.parquet"
            seeded(size).save(dossier)
            show(size, "Rutter", of_app(browser, dossier, asked.steps))
            if peers and size <= PEERS_UP_TO:
                for how in ("full rebuild", "feature_group_to_add"):
                    found = of_peer(browser, dossier, min(asked.steps, 5), how=how, peers=asked.peers)
                    show(size, f"st_folium, {how}", found)
        browser.close()


if __name__ == "__main__":
    main()
