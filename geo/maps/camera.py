"""Pictures of a map's page: a Chromium without a window opens it, draws, and hands the picture back over loopback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from secrets import token_urlsafe
from typing import Any, Literal, cast

from geo.errors import BrowserError, OptionError
from geo.maps import assets

Kind = Literal["png", "svg", "gif", "mp4"]
Told = Callable[[int, int], None]

PATIENCE_S = 120  # without a word from the page; a film tells every frame
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    *("--headless", "--mute-audio", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync"),
    *("--force-device-scale-factor=1", "--window-size=1280,860", "--disable-background-timer-throttling"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # it looks nothing up beyond this machine
)
_STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Shot:
    """A picture that was made.

    Args:
        content: The file's bytes.
        embedded: Whether points of an SVG were too many to be written one by one and stand in it as a picture.
    """

    content: bytes
    embedded: bool = False


@dataclass
class _Desk:
    """Where the page hands over what it has made: what it says, in order."""

    page: bytes
    token: str = field(default_factory=lambda: token_urlsafe(18))
    said: Queue[tuple[str, bytes]] = field(default_factory=Queue)


def browser() -> str:
    """Find a Chromium on this machine.

    Returns:
        Its program: what the variable CHROMIUM names, else the first of `NAMES` that is there.

    Raises:
        BrowserError: There is none.
    """
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, map(shutil.which, (named,) if named else NAMES)), None)
    if found is None:
        missing = f"{named}, which CHROMIUM names, is not there" if named else "none was found"
        raise BrowserError(
            f"A picture is drawn by Chromium, Chrome or Edge, and {missing}. Install one, say with `apt install "
            "chromium`, or put the path of its program into the variable CHROMIUM. Or write the map as .html: its "
            "camera button makes the same pictures."
        )
    return found


def take(page: str, job: dict[str, Any], *, told: Told | None = None) -> Shot:
    """Open a page and let it make a picture.

    Args:
        page: A page with a `TimeSlider`.
        job: What `geo/maps/js/deliver.js` is asked for.
        told: Called with the number of frames done and of all.

    Returns:
        The picture.

    Raises:
        BrowserError: There is no Chromium, or it did not draw.
        OptionError: The page cannot make what was asked for.
    """
    program = browser()
    script = assets.script("deliver").replace("JOB", assets.json_for_script(job))
    desk = _Desk(page.replace("</html>", f"<script>{script}</script></html>").encode(errors="replace"))
    with _serving(desk) as address, _browsing(program, address) as chromium:
        while True:
            what, body = _next(desk, chromium, program)
            if what == "told" and told:
                done, number = body.split()
                told(int(done), int(number))
            elif what == "trouble":
                raise OptionError(body.decode(errors="replace").splitlines()[0])
            elif what in ("done", "embedded"):
                return Shot(body, what == "embedded")


def _next(desk: _Desk, chromium: subprocess.Popen[bytes], program: str) -> tuple[str, bytes]:
    for _ in range(PATIENCE_S):
        with suppress(Empty):
            return desk.said.get(timeout=1)
        if chromium.poll() is not None:
            raise BrowserError(f"{program} stopped before it had drawn. Try again, or another browser.")
    raise BrowserError(f"{program} drew nothing for {PATIENCE_S} seconds. Try a smaller picture.")


class _Server(ThreadingHTTPServer):
    desk: _Desk
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        desk = cast("_Server", self.server).desk
        mine = self.path == f"/{desk.token}/"
        self._answer(200 if mine else 404, desk.page if mine else b"")

    def do_POST(self) -> None:
        desk = cast("_Server", self.server).desk
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        _, token, what = self.path.split("/", 2)
        if token == desk.token:
            desk.said.put((what, body))
        self._answer(204 if token == desk.token else 404, b"")

    def _answer(self, code: int, body: bytes) -> None:
        with suppress(OSError):  # the browser may be gone
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def _serving(desk: _Desk) -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.desk = desk
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{desk.token}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def _browsing(program: str, address: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory(prefix="rutter-", ignore_cleanup_errors=True) as profile:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        command = [program, *FLAGS, *(["--no-sandbox"] if root else []), f"--user-data-dir={profile}", address]
        quiet = subprocess.DEVNULL
        # Of its own session: Ctrl-C comes to us alone, and we end it with all its processes.
        chromium = None
        try:
            with _undisturbed():
                chromium = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603
            yield chromium
        finally:
            if chromium:
                with suppress(OSError):
                    os.killpg(chromium.pid, signal.SIGKILL) if hasattr(os, "killpg") else chromium.kill()
                chromium.wait()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait: one that comes while a process begins would leave it behind, known to nobody."""
    if threading.current_thread() is not threading.main_thread():  # signals come to the main thread alone
        yield
        return
    came: list[int] = []
    usual = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _STOPPING}
    try:
        yield
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)
    for number in came:
        signal.raise_signal(number)
