"""How long a newcomer waits: opening the sample, the first map in the browser, and a rerun of the app.

    python benchmarks/opening.py [RUNS]

Prints medians. The app is served and opened as the README says, in a real Chromium without a GPU; every cold run has a
server and a browser of its own.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import OFFLINE_FLAGS, chromium_path  # noqa: E402

OPEN_ONCE = "from geo import Atlas; Atlas.open('data/sample')"
OPEN_TWICE = (
    "import time; from geo import Atlas; Atlas.open('data/sample'); "
    "start = time.perf_counter(); Atlas.open('data/sample'); print(time.perf_counter() - start)"
)
DRAWN = "() => window.Rutter?.instances?.[0]?.visible().events.length > 0"


def open_cold() -> float:
    """Seconds of a fresh process that opens the sample, imports included."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", OPEN_ONCE], cwd=ROOT, check=True)
    return time.perf_counter() - start


def open_warm() -> float:
    """Seconds of the second opening in one process."""
    done = subprocess.run([sys.executable, "-c", OPEN_TWICE], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout)


def app_cold_and_rerun(browser: Browser) -> tuple[float, float]:
    """Seconds from the start of the server to the map drawn, and of one rerun after the window moved."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as app:
        try:
            wait_for(f"{url}/_stcore/health")
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(url)
            frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
            frame.wait_for_function(DRAWN)
            drawn = time.perf_counter() - start
            page.wait_for_selector(".rutter-count")
            page.wait_for_timeout(1500)  # the last fonts and scripts come in after the first map
            reruns = [rerun(page, frame, year) for year in range(2015, 2025)]
            page.close()
        finally:
            app.kill()
    return drawn, statistics.median(reruns)


def rerun(page: Page, frame: Frame, year: int) -> float:
    """Seconds from a released handle to the counts of the new window on the screen, seen from inside the page."""
    page.evaluate(
        """(year) => { window.seen = new Promise((done) => {
          const holds = () => document.querySelector('.rutter-when')?.textContent === String(year);
          const now = () => performance.timeOrigin + performance.now();
          new MutationObserver((_, self) => { if (holds()) { self.disconnect(); done(now()); } })
            .observe(document.body, { childList: true, subtree: true, characterData: true });
        }); }""",
        year,
    )
    released = frame.evaluate(
        "(year) => { const app = window.Rutter.instances[0];"
        " app.setWindow(`${year}-01-01T00:00:00Z`, `${year + 1}-01-01T00:00:00Z`); app.release();"
        " return performance.timeOrigin + performance.now(); }",
        year,
    )
    return (page.evaluate("() => window.seen") - released) / 1000


def wait_for(url: str) -> None:
    """Wait until the server answers."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.02)


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    open_cold()  # fills the operating system's file cache, as a second look at the app would
    print(f"opening the sample, fresh process: {statistics.median(open_cold() for _ in range(runs)):.2f} s")
    print(f"opening it again, same process:    {statistics.median(open_warm() for _ in range(runs)):.2f} s")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OFFLINE_FLAGS)
        pairs = [app_cold_and_rerun(browser) for _ in range(runs)]
        browser.close()
    print(f"server start to map drawn:         {statistics.median(cold for cold, _ in pairs):.2f} s (limit 8 s)")
    print(f"window released to counts updated: {statistics.median(again for _, again in pairs):.3f} s (limit 0.2 s)")


if __name__ == "__main__":
    main()
