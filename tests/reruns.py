"""Waiting for the app's answer: a run that was asked for is not under way yet when the key is up, and a toast goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

STATE = "data-test-script-state"
NOTES = """() => {
  if (window.runs !== undefined) return;
  window.runs = 0;
  window.toasts = [];
  const TOAST = "[data-testid=stToast]";
  const seen = ({ target, type, oldValue, addedNodes }) => {
    if (type === "attributes" && oldValue !== "notRunning" && target.getAttribute(STATE) === "notRunning") {
      window.runs += 1;
    }
    for (const node of addedNodes) {
      const toast = node.querySelector && (node.closest(TOAST) ?? node.querySelector(TOAST));
      if (toast) window.toasts.push(toast.textContent);
    }
  };
  new MutationObserver((changes) => changes.forEach(seen)).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: [STATE], attributeOldValue: true,
  });
}"""


def watch(page: Page) -> None:
    """Let the pages that are opened from now on count the app's runs and keep its toasts."""
    page.add_init_script(f"({NOTES.replace('STATE', repr(STATE))})()")


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
