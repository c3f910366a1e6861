"""Runs of the page follow one another: a callback runs to its end, and each run begins at the top of the page.

Streamlit ends the run under way when the next event arrives, be it in the middle of a callback, at its next look at the
session state, or before it looks at what was clicked; the click is lost then, or half done. Here it waits for the
callbacks. `fastReruns` is off for the same reason: with it, the next run begins beside a callback that has not ended,
and shows what was before. Without it, a run of the whole page that waited for a fragment would be drawn into that
fragment, for Streamlit leaves off there.
"""

from __future__ import annotations

from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import RunLocation, ThreadState, get_script_run_ctx

_RUN, _END_NOW = "_run_script", "_maybe_handle_execution_control_request"
_run = getattr(ScriptRunner, _RUN, None)
_end_now = getattr(ScriptRunner, _END_NOW, None)


def put_in_order() -> None:
    """Put the runs of this process in order; nothing where Streamlit has other names for them."""
    if _end_now:
        setattr(ScriptRunner, _END_NOW, _end_after_callbacks)
    if _run:
        setattr(ScriptRunner, _RUN, _run_from_the_top)


def _end_after_callbacks(runner: ScriptRunner) -> None:
    run = get_script_run_ctx(suppress_warning=True)
    waits = run is not None and not run.has_script_started  # the callbacks come first
    if _end_now and not waits and ThreadState.get().run_location is not RunLocation.CALLBACK:
        _end_now(runner)


def _run_from_the_top(runner: ScriptRunner, rerun_data: RerunData) -> None:
    context_dg_stack.set(get_default_dg_stack_value())
    if _run:
        _run(runner, rerun_data)
