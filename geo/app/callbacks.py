"""Callbacks run to their end: a click counts, whatever else happens in the same instant.

Streamlit ends the run under way when the next event arrives, be it in the middle of a callback, at its next look at the
session state; what was clicked is lost then, or half done. Here it waits for the callback. `fastReruns` is off for the
same reason: with it, the next run begins beside a callback that has not ended, and shows what was before.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState

_ENDS_A_RUN = "_maybe_handle_execution_control_request"
_end_now = getattr(ScriptRunner, _ENDS_A_RUN, None)


def protect() -> None:
    """Let every callback of this process run to its end; nothing where Streamlit ends runs by another name."""
    if _end_now:
        setattr(ScriptRunner, _ENDS_A_RUN, _end_after_callback)


def _end_after_callback(runner: ScriptRunner) -> None:
    if _end_now and ThreadState.get().run_location is not RunLocation.CALLBACK:
        _end_now(runner)
