"""Runs of the page follow one another: a callback runs to its end, and each run begins at the top of the page.

Streamlit ends the run under way when the next event arrives, be it in the middle of a callback, at its next look at the
session state, or before it looks at what was clicked; the click is lost then, or half done. Here it waits for the
callbacks. `fastReruns` is off for the same reason: with it, the next run begins beside a callback that has not ended,
and shows what was before. Without it, a run of the whole page that waited for a fragment would be drawn into that
fragment, for Streamlit leaves off there. What fails in a run that nobody foresaw is said, not shown as a stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st
from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState, get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState

from geo.app import mishaps

_RUN, _END_NOW = "_run_script", "_maybe_handle_execution_control_request"
_CALL = "_run_callback_and_record_rerun"
_run = getattr(ScriptRunner, _RUN, None)
_end_now = getattr(ScriptRunner, _END_NOW, None)
_call = getattr(SessionState, _CALL, None)
_unbroken: ContextVar[bool] = ContextVar("unbroken", default=False)


def put_in_order() -> None:
    """Put the runs of this process in order; nothing where Streamlit has other names for them."""
    if _end_now:
        setattr(ScriptRunner, _END_NOW, _end_after_callbacks)
    if _run:
        setattr(ScriptRunner, _RUN, _run_from_the_top)
    if _call:
        setattr(SessionState, _CALL, _call_with_care)


def press(button: str) -> None:
    """Take note that a button was pressed: what its `on_click` calls where the page itself is to do the work.

    Args:
        button: What tells it from others.
    """
    st.session_state[f"pressed-{button}"] = True


def pressed(button: str) -> bool:
    """Tell whether a button was pressed, once, though the run that it began came to nothing.

    Args:
        button: What tells it from others.

    Returns:
        Whether it was.
    """
    return bool(st.session_state.pop(f"pressed-{button}", False))


@contextmanager
def unbroken() -> Iterator[None]:
    """Let this part of a run go to its end, whatever happens meanwhile; `st.rerun` has no place in it."""
    token = _unbroken.set(True)
    try:
        yield
    finally:
        _unbroken.reset(token)


def again() -> None:
    """Run anew what is running: the fragment, or the page."""
    run = get_script_run_ctx()
    st.rerun(scope="fragment" if run and run.fragment_ids_this_run else "app")


def _end_after_callbacks(runner: ScriptRunner) -> None:
    run = get_script_run_ctx(suppress_warning=True)
    early = run is not None and not run.has_script_started  # the callbacks come first
    if _end_now and not early and not _unbroken.get() and ThreadState.get().run_location is not RunLocation.CALLBACK:
        _end_now(runner)


def _call_with_care(state: SessionState, votes: Any, callback: Callable[[], None]) -> None:
    if _call:
        _call(state, votes, mishaps.told(callback))


def _run_from_the_top(runner: ScriptRunner, rerun_data: RerunData) -> None:
    context_dg_stack.set(get_default_dg_stack_value())
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None:
        run.on_script_error = mishaps.say
    if _run:
        _run(runner, rerun_data)
