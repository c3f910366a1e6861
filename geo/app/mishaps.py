"""What nobody foresaw: a message in the page, and the details in the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from geo.app import toasts

_MESSAGE = (
    "Rutter was not prepared for this ({}): the last step was not done. If it happens again, reload this page. "
    "The details are in the terminal where Rutter was started."
)


def say(error: Exception) -> bool:
    """Say that a run of the page failed, and offer to go on; Streamlit has written the details to the terminal.

    Args:
        error: What nobody caught.

    Returns:
        True: Streamlit need not show its stack.
    """
    st.error(_MESSAGE.format(type(error).__name__), icon=":material/error:")
    st.button("Go on", key="mishap-go-on", icon=":material/arrow_forward:")
    return True


def told(callback: Callable[[], None]) -> Callable[[], None]:
    """Let the page be drawn as it was where a callback fails, and say that it did.

    Args:
        callback: What a click calls.

    Returns:
        The same, which never fails.
    """

    def careful() -> None:
        try:
            callback()
        except Exception as error:
            logging.getLogger(__name__).exception("A callback failed")
            toasts.say(toasts.Toast(_MESSAGE.format(type(error).__name__), ":material/error:", "infinite"))

    return careful
