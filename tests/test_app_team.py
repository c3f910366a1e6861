"""A dossier in PostGIS in the browser: two people at once, their clash, and what psql changes meanwhile."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import expect

from geo.workspace import Workspace
from tests.conftest import run_app
from tests.reruns import watch
from tests.test_app import open_app, page
from tests.test_app_editing import ROW, edit, field, on_map, save, write

__all__ = ["page"]


@pytest.mark.browser
def test_two_people_and_psql_work_on_one_dossier(page, browser, postgis, sample):
    schema = f"browser_{uuid4().hex[:8]}"  # a second try finds nothing of the first
    address = f"{postgis}?dossier={schema}"
    Workspace.create(address, sample, who="Anna")
    for url in run_app(address):
        ours = open_app(page, url)
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        other = context.new_page()
        watch(other)
        theirs = open_app(other, url)
        edit(page, ours, ROW, who="Anna")
        edit(other, theirs, ROW, who="Ben")
        write(page, "Note, in yours", "Anna was here.")
        write(other, "What happened", "Moscow hears from Ben")
        save(page, "Save", "Changed event Moscow hears")
        other.get_by_role("button", name="Save", exact=True).click()
        clash = other.get_by_role("alert").filter(has_text="was changed since you saw it (Anna")
        expect(clash).to_contain_text("Anna was here.")
        save(other, "Put mine over it", "Changed event Moscow hears from Ben.")
        page.get_by_text("How exact places are").click()
        on_map(ours, "events", "Moscow hears from Ben")
        row = Workspace.open(address).row("events", ROW)
        assert (row["title"], row["note"]) == ("Moscow hears from Ben", "Anna was here.")
        with psycopg.connect(postgis) as link:
            link.execute(f"UPDATE {schema}.events SET title = 'Changed by psql' WHERE id = %s", [ROW])
        page.get_by_text("How exact places are").click()
        on_map(ours, "events", "Changed by psql")
        expect(field(page, "What happened")).to_have_value("Changed by psql")
        context.close()
