"""Signing in, against a real provider of OpenID Connect: nothing of a dossier before, one's name after."""

from __future__ import annotations

import json
import os
from functools import partial

import pyogrio
import pytest
from playwright.sync_api import WebSocket, expect

from geo.app.entering import may_enter
from geo.workspace import Workspace
from tests.conftest import run_app
from tests.provider import CLIENT, provider
from tests.reruns import watch
from tests.test_app import page
from tests.test_app_editing import ROW, field, save, write

__all__ = ["page"]


def served(folder, dossier, auth: str):
    secrets = folder / "secrets.toml"
    secrets.write_text(auth, encoding="utf-8")
    return run_app(str(dossier), options=[f"--secrets.files={secrets}"])


def listen(received: list[str], socket: WebSocket) -> None:
    socket.on("framereceived", lambda data: received.append(str(data)))


def lacking() -> None:
    try:
        import authlib  # noqa: F401
        import joserfc  # noqa: F401
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("Authlib is not there, so that signing in is not tested")
        pytest.skip("NOT TESTED: signing in; install Authlib")


@pytest.mark.browser
def test_nobody_sees_a_dossier_before_signing_in_and_changes_bear_the_name(page, browser, tmp_path, sample):
    lacking()
    file = tmp_path / "team.gpkg"
    Workspace.create(file, sample, who="Anna")
    with provider() as identity:
        settings = {
            "redirect_uri": "http://127.0.0.1:{port}/oauth2callback",
            "cookie_secret": "a long random text, made for this test",
            "server_metadata_url": f"{identity.url}/.well-known/openid-configuration",
            "allowed": ["example.org"],
            **CLIENT,
        }
        auth = "[auth]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
        for url in served(tmp_path, file, auth):
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            received: list[str] = []
            page = context.new_page()
            watch(page)
            page.on("websocket", partial(listen, received))
            page.goto(f"{url}/?dossier=team&words=tanker&row=events:{ROW}")
            expect(page.get_by_role("heading", name="Rutter")).to_be_visible()
            expect(page.get_by_role("button")).to_have_text(["Sign in"])
            assert page.locator("iframe").count() == 0
            assert all(sample.title not in said and ROW not in said for said in received), "the dossier was sent"

            identity.person = {"email": "eve@elsewhere.net", "email_verified": True}
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_text("eve@elsewhere.net may not see this dossier")).to_be_visible()
            assert page.locator("iframe").count() == 0
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()

            identity.person = {"email": "ben@example.org", "email_verified": True}
            page.goto(f"{url}/?dossier=team&words=invitation&row=events:{ROW}&tab=Evidence")
            page.wait_for_function("() => JSON.stringify(sessionStorage).includes('invitation')")  # quicker than a hand
            page.get_by_role("button", name="Sign in").click()
            page.locator("iframe[title^='Map of events']").wait_for()
            expect(page.get_by_label("Search the rows")).to_have_value("invitation")
            expect(page.get_by_test_id("stSidebar").get_by_text("ben@example.org")).to_be_visible()
            page.get_by_role("button", name="Edit this row").click()
            expect(page.get_by_text("Changes are made in the name of ben@example.org.")).to_be_visible()
            expect(field(page, "What happened")).to_be_visible()
            write(page, "Note, in yours", "Signed in.")
            save(page, "Save", "Changed event")
            logged = pyogrio.read_dataframe(file, layer="transactions")
            assert logged["who"].iloc[-1] == "ben@example.org"

            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            assert page.locator("iframe").count() == 0
            context.close()


@pytest.mark.browser
def test_secrets_that_cannot_be_read_keep_everybody_out(page, tmp_path):
    for url in served(tmp_path, "data/sample", '[auth\nclient_id = "x"\n'):
        page.goto(url)
        expect(page.get_by_text("cannot be read, so nobody can sign in")).to_be_visible()
        assert page.locator("iframe").count() == 0
        page.goto("about:blank")  # before the server goes, which it would ask for


@pytest.mark.parametrize(
    ("person", "allowed", "may"),
    [
        ({"email": "ann@example.org"}, None, True),
        ({"email": "Ann@Example.org"}, ["ann@example.org"], True),
        ({"email": "ann@example.org"}, ["@example.org"], True),
        ({"email": "ann@example.org"}, "example.org", True),
        ({"email": "ann@sub.example.org"}, ["example.org"], False),
        ({"email": "ann@notexample.org"}, ["example.org"], False),
        ({"email": "ann@example.org", "email_verified": False}, ["example.org"], False),
        ({"email": "example.org"}, ["example.org"], False),
        ({"name": "ann@example.org"}, ["example.org"], False),
        ({"email": "ann@example.org"}, [], False),
    ],
)
def test_who_may_come_in(person, allowed, may):
    assert may_enter(person, allowed) is may
