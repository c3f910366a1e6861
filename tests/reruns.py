"""Waiting for the app's answer: a run that was asked for is not under way yet when the key is up, and a toast goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

STATE = "data-test-script-state"
# A quick run shows in no attribute of the page: its end is counted as the server tells it, when the page has drawn it.
NOTES = """() => {
  if (window.runs !== undefined) return;
  window.runs = 0;
  window.toasts = [];
  const NOTHING_RUNS = [(9 << 3) | 2, 0]; // `ForwardMsg.session_status_changed`, with nothing in it
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener("message", async ({ data }) => {
        const bytes = new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data);
        if (bytes.length !== 2 || bytes.some((byte, at) => byte !== NOTHING_RUNS[at])) return;
        requestAnimationFrame(() => requestAnimationFrame(() => (window.runs += 1)));
      });
    }
  };
  const seen = () => {
    for (const { textContent } of document.querySelectorAll("[data-testid=stToast]")) {
      if (!window.toasts.includes(textContent)) window.toasts.push(textContent);
    }
  };
  new MutationObserver(seen).observe(document, { subtree: true, childList: true, characterData: true });
}"""


def watch(page: Page) -> None:
    """Let the pages that are opened from now on count the app's runs and keep its toasts."""
    page.add_init_script(f"({NOTES})()")


def idle(page: Page) -> None:
    """Wait until no run is under way; one that was only just asked for is not seen."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(STATE, "notRunning")


@contextmanager
def rerun(page: Page) -> Iterator[None]:
    """Do what makes the app run again, and wait until it has."""
    idle(page)
    before = page.evaluate("() => window.runs")
    yield
    page.wait_for_function("(before) => window.runs > before", arg=before)
    idle(page)


def toasted(page: Page, said: str) -> None:
    """Wait until a toast has said this, be it gone again, and the run that said it is over."""
    page.wait_for_function("(said) => window.toasts.some((text) => text.includes(said))", arg=said)
    idle(page)
