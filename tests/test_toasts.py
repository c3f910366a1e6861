"""What the app says once is said, though the run that said it was cut short."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from geo.app import toasts

    state = st.session_state
    state["runs"] = state.get("runs", 0) + 1
    if state["runs"] == 1:
        toasts.say(toasts.Toast("Added *one* row.", icon=":material/edit:"))
    toasts.show()
    if state["runs"] == 1:
        st.rerun()
    toasts.said()


def test_what_a_run_that_was_cut_short_said_is_said_by_the_next_and_once():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.session_state["runs"] == 2
    assert [toast.value for toast in app.toast] == [r"Added \*one\* row."]
    assert not app.run().toast
