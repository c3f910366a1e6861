"""What is said once and fades, kept until a run of the app has come to its end.

A run that is cut short by the next one may never reach the browser, and what it said with it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st

from geo.app.words import literally

_WAITING = "toasts"


class Toast(NamedTuple):
    """A sentence that fades.

    Args:
        text: The sentence, as it is.
        icon: A name of Streamlit's, as in `:material/edit:`.
        duration: How long it stays: short, long or infinite.
    """

    text: str
    icon: str
    duration: Literal["short", "long", "infinite"] = "short"


def say(toast: Toast) -> None:
    """Say something with this run, or with the next where this one is cut short.

    Args:
        toast: What is said.
    """
    st.session_state[_WAITING] = [*st.session_state.get(_WAITING, ()), toast]


def show() -> None:
    """Show what waits to be said."""
    for toast in st.session_state.get(_WAITING, ()):
        st.toast(literally(toast.text), icon=toast.icon, duration=toast.duration)


def said() -> None:
    """Let go of what was said; to be called where a run ends."""
    st.session_state.pop(_WAITING, None)
