"""Tables brought in through the app, in a real Chromium: corrected, repaired, compared with what is there, undone."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.conftest import run_app
from tests.test_app import page
from tests.test_presets import ACLED

__all__ = ["page"]
pytestmark = pytest.mark.browser

HARBOURS = """Datum;Ereignis;Art;Ort;Breite;Länge;Quelle;Zahl
03/04/2024;Zwei Kutter beschlagnahmt;arrest;Odessa;46,4775;30,7326;Hafenblatt;Müller & Söhne
11/04/2024;Brand in einem Lager;accident;Würzburg;49,7913;9,9534;Hafenblatt;kein Verletzter
32/04/2024;Explosion am Tor;attack;Plowdiw;42,1354;24,7453;Küstenbote;
22/04/2024;Treffen der Minister;diplomacy;Bukarest;44,4268;26,1025;Küstenbote;
"""


@pytest.fixture(scope="module")
def own_url(tmp_path_factory) -> Iterator[str]:
    before = os.environ.get("XDG_CONFIG_HOME")
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("settings"))
    try:
        yield from run_app()
    finally:
        os.environ.pop("XDG_CONFIG_HOME")
        if before is not None:
            os.environ["XDG_CONFIG_HOME"] = before


@pytest.fixture
def room(page, own_url) -> Page:
    page.goto(f"{own_url}/?room=Tables")
    expect(page.locator(".st-key-tables-empty")).to_be_visible()
    return page


def bring(room: Page, name: str, content: bytes) -> None:
    more = room.get_by_role("button", name="More files")
    if more.count():
        more.click()
    room.locator("input[type=file]").last.set_input_files([{"name": name, "mimeType": "text/csv", "buffer": content}])
    expect(room.get_by_role("combobox", name="File")).to_have_value(re.compile(re.escape(name)))


def choose(room: Page, label: str, option: str) -> None:
    room.get_by_role("combobox", name=label).click()
    room.get_by_role("option", name=option, exact=True).click()


def preview(room: Page) -> Locator:
    return room.locator(".rutter-sheet tbody tr")


def told(room: Page) -> Locator:
    return room.get_by_test_id("stAlert")


def show_on_map(room: Page) -> Frame:
    room.get_by_role("button", name="Show them on the map").click()
    frame = room.locator("iframe[title^='Map of events']").element_handle().content_frame()
    frame.wait_for_function("() => window.Rutter?.instances?.[0]?.visible")
    return frame


def test_a_table_is_corrected_its_failed_row_repaired_and_all_of_it_is_on_the_map(room, sample):
    bring(room, "hafen.csv", HARBOURS.encode("latin-1"))
    expect(preview(room)).to_have_count(3)
    expect(preview(room).first).to_contain_text("3 Apr 2024")
    expect(preview(room).first).to_contain_text("46.4775")
    expect(room.locator(".rutter-fails")).to_contain_text("1 of the first 4 rows would fail")
    expect(room.locator(".rutter-fails")).to_contain_text("'32/04/2024' is not a date")
    choose(room, "Column for: Kind", "The same text for every row")
    room.get_by_role("textbox", name="Kind, for every row").fill("harbour")
    room.get_by_role("textbox", name="Kind, for every row").press("Enter")
    expect(preview(room).first).to_contain_text("harbour")
    room.get_by_role("button", name="Bring in 4 rows").click()
    expect(room.locator(".rutter-outcome")).to_have_text("3 events could be read1 row failed")
    expect(told(room)).to_contain_text("Added: 3 events, 2 sources.")
    with room.expect_download() as downloading:
        room.get_by_role("button", name="Download 1 row to repair").click()
    failed = Path(downloading.value.path()).read_text(encoding="utf-8")
    assert downloading.value.suggested_filename == "hafen-to-repair.csv"
    assert "Explosion am Tor" in failed
    bring(room, "hafen-to-repair.csv", failed.replace("32/04/2024,", "30/04/2024,").encode())
    expect(preview(room)).to_have_count(1)
    expect(preview(room)).to_contain_text(re.compile("30 Apr 2024.*42.1354.*harbour"))
    expect(room.get_by_text("The columns are read as you had them read before")).to_be_visible()
    room.get_by_role("button", name="Bring in 1 row").click()
    expect(told(room)).to_contain_text("Added: 1 event.")
    frame = show_on_map(room)
    expect(room.locator(".rutter-count[data-layer=events]")).to_contain_text(f"of {len(sample.events) + 4} events")
    assert frame.evaluate("() => window.Rutter.instances[0].map.getBounds().contains([42.1354, 24.7453])")
    ids = set(frame.evaluate("() => window.Rutter.instances[0].visible().events")) - set(sample.events["id"])
    assert len(ids) == 4


def test_a_row_that_may_be_there_is_decided_by_hand_and_taken_out_again(room, sample):
    there = sample.events[sample.events["quote"] == ""].dropna(subset=["start"]).iloc[0]
    table = pd.DataFrame(
        {
            "title": [there["title"], "A bridge was opened"],
            "kind": [there["kind"], "other"],
            "date": [there["start"].date().isoformat(), "2024-05-05"],
            "lat": [there.geometry.y, 40.0],
            "lon": [there.geometry.x, 22.5],
            "source": ["Example Daily"] * 2,
            "crew": ["12", "0"],
        }
    )
    bring(room, "again.csv", table.to_csv(index=False).encode())
    room.get_by_role("button", name="Bring in 2 rows").click()
    twin = room.locator(".st-key-tables-twin-0")
    expect(twin).to_contain_text("titles 100% alike")
    expect(twin.locator(".rutter-beside thead")).to_have_text("Brought inIn the dossier")
    add = room.get_by_role("button", name="Add to the dossier")
    expect(add).to_be_disabled()
    expect(room.locator(".st-key-tables-acts")).to_contain_text("1 of 1 left to decide")
    twin.get_by_role("radio", name="Merge into what is there").click()
    expect(add).to_be_enabled()
    add.click()
    expect(told(room)).to_contain_text("Added: 1 event, 1 source, 1 merged into rows that were there.")
    show_on_map(room)
    expect(room.locator(".rutter-count[data-layer=events]")).to_contain_text(f"of {len(sample.events) + 1} events")
    room.get_by_role("radio", name="Tables", exact=True).click()
    room.get_by_role("button", name="Take them out again").click()
    expect(room.get_by_role("button", name="Bring in 2 rows")).to_be_visible()
    room.get_by_role("button", name="Bring in 2 rows").click()
    room.get_by_role("button", name="Keep all both").click()
    add.click()
    expect(told(room)).to_contain_text("Added: 2 events, 1 source.")


def test_a_known_dataset_is_named_a_mapping_remembered_and_a_bad_file_said_once(room, own_url):
    bring(room, "conflicts.csv", pd.DataFrame([ACLED]).to_csv(index=False).encode())
    expect(room.locator(".st-key-tables-bar")).to_contain_text("Recognised: ACLED")
    expect(preview(room)).to_contain_text("Armed clash: Group A")
    expect(room.locator(".rutter-reason").first).to_contain_text("100% a column of ACLED")
    choose(room, "Column for: Kind", "event_type")
    expect(preview(room)).to_contain_text("Battles")
    room.get_by_role("button", name="Remember for tables with this header").click()
    expect(room.get_by_role("button", name="Remembered for tables with this header")).to_be_disabled()
    more = room.get_by_role("button", name="More files")
    more.click()
    room.locator("input[type=file]").last.set_input_files(
        [{"name": "broken.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 nothing"}]
    )
    expect(told(room)).to_contain_text("Nothing in the dossier was changed.")
    expect(told(room)).to_contain_text("broken.xlsx")
    expect(preview(room)).to_contain_text("Battles")
    room.goto(f"{own_url}/?room=Tables")
    expect(room.locator(".st-key-tables-empty")).to_be_visible()
    bring(room, "conflicts.csv", pd.DataFrame([ACLED]).to_csv(index=False).encode())
    expect(room.get_by_text("The columns are read as remembered")).to_be_visible()
    expect(preview(room)).to_contain_text("Battles")
