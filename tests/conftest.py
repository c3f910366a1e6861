"""What the tests share: a real Chromium, a running app, the sample, and no network beyond this machine."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from hypothesis import settings

from geo import Atlas
from geo.config import SAMPLE
from tests import databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# How long an example takes says more of the machine than of the code.
settings.register_profile("rutter", deadline=None)
settings.load_profile("rutter")

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a shell begins what it puts in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what the tests start finds its bytecode, as on a user's machine

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The address bar's list, which Chromium draws as a page of its own for every window: a tenth of the processor time.
# Playwright names features too, and only the last list holds, so that two of its own stand in this one.
NOT_NEEDED = ("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "PaintHolding", "HttpsUpgrades")
# Chromium looks nothing up beyond this machine, as on a computer without a network.
OFFLINE_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(NOT_NEEDED)}",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def chromium_path() -> str | None:
    """Return the Chromium of this machine, or None for the one Playwright brought."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep in one process what shares a database server, and what shares a browser: the app, or the map by itself."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if "postgis" in used:
            item.add_marker(pytest.mark.xdist_group("postgis"))
        elif "browser" in used:
            item.add_marker(pytest.mark.xdist_group("app" if item.path.name.startswith("test_app") else "map"))
        if "browser" in used:
            item.add_marker(pytest.mark.flaky(reruns=1))  # a browser on a loaded machine; each second try is counted


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name files after their argument: a ZIP holds the minute it was made at, which differs between processes."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import Error, expect, sync_playwright

    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=chromium_path(), args=OFFLINE_FLAGS)
        except Error as error:
            missing = f"no Chromium to test the map and the app in ({str(error).splitlines()[0]})"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(f"NOT TESTED: {missing}; install chromium, or `python -m playwright install chromium`")
        yield running
        running.close()


@pytest.fixture(scope="session")
def app_context(browser: Browser) -> Iterator[BrowserContext]:
    """Windows of one browser: what the app's page is made of is fetched and compiled once for all of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture(scope="session")
def sample() -> Atlas:
    return Atlas.open(SAMPLE)


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    yield from databases.serve()


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    yield from run_app()


def run_app(*dossier: str, options: Sequence[str] = (), script: str | Path = "app.py") -> Iterator[str]:
    """Serve the app, or another script, on a free port, as the README's command does, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen([*command, "--", *dossier], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT) as app,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/_stcore/health", app, log)
            yield url
        finally:
            app.kill()  # asked politely, the server would wait for browsers that are still connected


def _wait_for(url: str, app: subprocess.Popen[bytes], log: IO[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if app.poll() is not None:
            log.seek(0)
            pytest.fail(f"the app stopped: {log.read().decode()}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no answer from {url} within {seconds} s")
