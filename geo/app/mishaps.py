"""What nobody foresaw: a message in the page and a way on, the details where the app was started."""

from __future__ import annotations

import streamlit as st


def say(error: Exception) -> bool:
    """Say that something went wrong, and offer to go on; Streamlit has written the details to the terminal.

    Args:
        error: What nobody caught.

    Returns:
        True: Streamlit need not show its stack.
    """
    st.error(
        f"Rutter was not prepared for this ({type(error).__name__}): the last step was not done. Go on, and if it "
        "happens again, reload this page. The details are in the terminal where Rutter was started.",
        icon=":material/error:",
    )
    st.button("Go on", key="mishap-go-on", icon=":material/arrow_forward:")
    return True
