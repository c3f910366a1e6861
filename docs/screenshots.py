"""Takes the pictures of the README from the running app: `python docs/screenshots.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import OFFLINE_FLAGS, chromium_path, run_app  # noqa: E402

IMAGES = ROOT / "docs" / "images"
ARTICLES = ROOT / "tests" / "articles"
TABLE = """Date;Event;Type;Town;Lat;Lon;Source;Hurt
03/04/2024;Depot fire put out after six hours;accident;Tbilisi;41,6941;44,8337;Valley Courier;2
05/04/2024;Drivers block the pass road;protest;Gyumri;40,7942;43,8453;Valley Courier;0
06/04/2024;Two lorries with cable seized;arrest;Ganja;40,6828;46,3606;Border Gazette;0
07/04/2024;Shots at a checkpoint;attack;Tsalka;unclear;44,0917;Border Gazette;1
09/04/2024;Ministers meet about the rail link;diplomacy;Kars;40,6085;43,0975;Border Gazette;0
11/04/2024;Bridge closed to heavy loads;transport;Vanadzor;40,8046;44,4939;Valley Courier;0
"""
READY = "() => window.Rutter?.instances?.[0]?.visible().events.length > 0"
TO_SUMMER_2023 = ["2010-01-01T00:00:00Z", "2023-09-11T00:00:00Z"]
PICTURES = {
    "app-light.png": {"size": (1280, 720), "scheme": "light", "select": ("routes", "arms-2023-1")},
    "app-places.png": {"size": (1280, 720), "scheme": "light", "select": ("routes", "arms-2023-1"), "doubt": True},
    "app-dark.png": {"size": (1280, 720), "scheme": "dark", "select": None},
    "app-review.png": {"size": (1280, 720), "scheme": "light", "review": "Two envoys visited Paris"},
    "app-editing.png": {"size": (1280, 720), "scheme": "light", "edit": ("A pier burns", "24 March 2024", "Dunay")},
    "app-import.png": {"size": (1280, 720), "scheme": "light", "table": TABLE},
    "app-phone.png": {"size": (390, 844), "scheme": "light", "select": None},
}


def picture(page: Page, url: str, select: tuple[str, str] | None, *, doubt: bool = False) -> None:
    """Bring the app to the state of the picture: summer 2023 around Najin, a ship under way, or the first view.

    With doubt, the list of what the ship's origin may mean is open, and numbered on the map.
    """
    page.goto(url)
    frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
    frame.wait_for_function(READY)
    if select:
        frame.evaluate(
            "([a, b, layer, id]) => { const app = window.Rutter.instances[0];"
            " app.setWindow(a, b); app.release();"
            " app.reveal(layer, id, false); }",
            [*TO_SUMMER_2023, *select],
        )
        page.locator(".rutter-card").wait_for()
        frame.evaluate(
            "() => { const { map, popup } = window.Rutter.instances[0];"
            " popup.close(); map.setView([40.6, 130], 6, { animate: false }); }"
        )
    if doubt:
        page.get_by_role("button", name="Not this place?").first.click()
        page.get_by_role("button", name="Use this").first.scroll_into_view_if_needed()
        frame.evaluate("() => window.Rutter.instances[0].map.setView([42.3, 130.5], 9, { animate: false })")
    page.mouse.move(2, 2)
    page.wait_for_timeout(1500)  # a picture, not a test: let the map's labels and the theme settle


def review(page: Page, url: str, find: str) -> None:
    """Bring the app to the review of the articles that the tests read, with one find in hand."""
    page.goto(f"{url}/?room=Articles")
    page.locator(".st-key-review-empty input[type=file]").set_input_files(sorted(ARTICLES.iterdir()))
    page.get_by_role("button", name="Read these files").click()
    page.locator(".st-key-review-queue button", has_text=find).click()
    page.locator(".rutter-card h2", has_text=find).wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1500)


def edit(page: Page, url: str, title: str, when: str, where: str) -> None:
    """Bring the app to a new event in its form, its place not yet decided, in a copy of the sample."""
    page.goto(url)
    page.locator("iframe[title^='Map of events']").element_handle().content_frame().wait_for_function(READY)
    page.get_by_role("tab", name="Edit").click()
    page.get_by_role("button", name="Edit this dossier").click()
    page.get_by_role("button", name="New event").click()
    page.get_by_role("heading", name="New event").wait_for()
    for label, text in (("What happened", title), ("When", when), ("Where", where)):
        field = page.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Tab")
    page.get_by_role("radiogroup", name=f"What “{where}” means").wait_for()
    frame = page.locator("iframe[title^='Map of events']").element_handle().content_frame()
    frame.wait_for_function(READY)
    frame.wait_for_function("() => window.Rutter.instances[0].marks.list.length > 1")
    frame.evaluate("() => window.Rutter.instances[0].map.setView([43, 132.2], 9, { animate: false })")
    page.mouse.move(2, 2)
    page.wait_for_timeout(1500)


def table(page: Page, url: str, text: str) -> None:
    """Bring the app to a table whose columns are read and whose first rows are shown."""
    page.goto(f"{url}/?room=Tables")
    file = {"name": "incidents-april.csv", "mimeType": "text/csv", "buffer": text.encode("latin-1")}
    page.locator(".st-key-tables-empty input[type=file]").set_input_files([file])
    page.locator(".rutter-sheet").wait_for()
    page.mouse.move(2, 2)
    page.wait_for_timeout(1500)


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OFFLINE_FLAGS)
        for url in run_app():
            for name, shot in PICTURES.items():
                width, height = shot["size"]
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=shot["scheme"])
                if "review" in shot:
                    review(page, url, shot["review"])
                elif "edit" in shot:
                    edit(page, url, *shot["edit"])
                elif "table" in shot:
                    table(page, url, shot["table"])
                else:
                    picture(page, url, shot["select"], doubt=shot.get("doubt", False))
                page.screenshot(path=IMAGES / name)
                page.close()
                print(IMAGES / name)
        browser.close()


if __name__ == "__main__":
    main()
