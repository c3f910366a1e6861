"""Runs of the page, in a real Chromium: callbacks run to their end, and no run is drawn into a part of the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.conftest import run_app

pytestmark = pytest.mark.browser
SCRIPT = """
import time
from pathlib import Path
import streamlit as st
import geo.app
from geo.app import toasts

def slow():
    for _ in range(20):
        time.sleep(0.1)
        st.session_state["steps"] = st.session_state.get("steps", 0) + 1
        Path({begun!r}).touch()
    if {fails}:
        raise ValueError("said as ever")

toasts.show()
st.button("Slow", on_click=slow)
ticked = st.checkbox("Meanwhile")
st.write(f"Steps: {{st.session_state.get('steps', 0)}}, ticked: {{ticked}}")
toasts.said()
"""


@pytest.fixture(params=[False, True], ids=["", "fails"])
def script(request, tmp_path):
    begun = tmp_path / "begun"
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.format(begun=str(begun), fails=request.param))
    return path, begun, request.param


def test_what_was_clicked_is_done_though_something_else_happens_meanwhile(browser, script):
    path, begun, fails = script
    for url in run_app(script=path):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="Slow").click()
        until(page, begun)
        page.get_by_text("Meanwhile").click()
        expect(page.get_by_text("Steps: 20, ticked: True")).to_be_visible()
        if fails:
            page.get_by_role("button", name="Slow").click()
            expect(page.get_by_text("Rutter was not prepared for this (ValueError)")).to_be_visible()
            assert "Traceback" not in page.locator("body").inner_text(), "a message, never a stack"
            expect(page.get_by_text("Steps: 40, ticked: True")).to_be_visible()
        page.close()


FAILING = """
import streamlit as st
import geo.app

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
if st.session_state["runs"] == 2:
    raise ValueError("not foreseen")
st.button("Run", key="run")
st.write(f"Runs: {st.session_state['runs']}")
"""


def test_a_run_that_fails_is_said_and_gone_on_from(browser, tmp_path):
    path = tmp_path / "script.py"
    path.write_text(FAILING)
    for url in run_app(script=path):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_text("Rutter was not prepared for this (ValueError)")).to_be_visible()
        assert "not foreseen" not in page.locator("body").inner_text(), "a message, never a stack"
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Runs: 3")).to_be_visible()
        page.close()


PART = """
import gc
import time
from pathlib import Path
import streamlit as st
import geo.app

@st.fragment
def part():
    if st.button("Slow"):
        gc.callbacks.append(tidied)

def tidied(phase, about):  # Streamlit tidies up after a run, when it does not ask any more what else there is to do
    if about["generation"] == 2:
        gc.callbacks.remove(tidied)
        Path({begun!r}).touch()
        time.sleep(2)

with st.container(key="part"):
    part()
st.write(f"Ticked: {{st.checkbox('Meanwhile')}}")
time.sleep(1)
"""


def test_a_run_that_waited_for_a_part_of_the_page_is_not_drawn_into_it(browser, tmp_path):
    path, begun = tmp_path / "script.py", tmp_path / "begun"
    path.write_text(PART.format(begun=str(begun)))
    for url in run_app(script=path):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="Slow").click()
        until(page, begun)
        page.get_by_text("Meanwhile").click()
        expect(page.get_by_text("Ticked: True").first).to_be_visible()
        assert page.locator(".st-key-part").get_by_text("Ticked").count() == 0
        page.close()


EARLY = """
import time
from pathlib import Path
import streamlit as st
import geo.app
from streamlit.runtime.pages_manager import PagesManager

begin = PagesManager.set_script_intent

def late(manager, *asked):  # the run has taken up the click, and has not looked at it yet
    if not st.session_state.get("clicks"):
        Path({begun!r}).touch()
        time.sleep(2)
    begin(manager, *asked)

def clicked():
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1

if begin.__name__ != "late":
    PagesManager.set_script_intent = late
st.button("Once", on_click=clicked)
ticked = st.checkbox("Meanwhile")
st.write(f"Clicks: {{st.session_state.get('clicks', 0)}}, ticked: {{ticked}}")
"""


def test_a_click_counts_though_something_else_happens_before_it_is_looked_at(browser, tmp_path):
    path, begun = tmp_path / "script.py", tmp_path / "begun"
    path.write_text(EARLY.format(begun=str(begun)))
    for url in run_app(script=path):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="Once").click()
        until(page, begun)
        page.get_by_text("Meanwhile").click()
        expect(page.get_by_text("Clicks: 1, ticked: True")).to_be_visible()
        page.close()


def until(page, begun):
    for _ in range(600):
        if begun.exists():
            return
        page.wait_for_timeout(20)
    raise AssertionError(begun)


WORK = """
import time
from pathlib import Path
import streamlit as st
from geo.app import runs

@st.fragment
def part():
    st.button("Read", on_click=runs.press, args=("Read",))
    if runs.pressed("Read"):
        with runs.unbroken():
            Path({begun!r}).touch()
            for _ in range(20):
                time.sleep(0.1)
                st.session_state["steps"] = st.session_state.get("steps", 0) + 1
            st.session_state["read"] = True
        runs.again()
    st.write(f"Steps: {{st.session_state.get('steps', 0)}}, read: {{st.session_state.get('read', False)}}")

part()
st.write(f"Ticked: {{st.checkbox('Meanwhile')}}")
"""


def test_work_that_the_page_does_itself_is_done_once_and_to_its_end(browser, tmp_path):
    path, begun = tmp_path / "script.py", tmp_path / "begun"
    path.write_text(WORK.format(begun=str(begun)))
    for url in run_app(script=path):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("button", name="Read").click()
        until(page, begun)
        page.get_by_text("Meanwhile").click()
        expect(page.get_by_text("Ticked: True")).to_be_visible()
        expect(page.get_by_text("Steps: 20, read: True")).to_be_visible()
        page.close()
