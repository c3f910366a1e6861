"""A click on the map that gives a point: who asks for it, and what came of it; kept in Streamlit's session state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

_ASKED, _SHOWN, _SEEN, _GIVEN = "aim", "aim-shown", "aim-seen", "aim-given"


def aim(what: str | None) -> None:
    """Ask for a point, or ask no more.

    Args:
        what: What the point is for; None to ask no more.
    """
    st.session_state[_ASKED] = what


def aims(what: str) -> bool:
    """Tell whether a point is asked for, and keep asking while this is called at each run.

    Args:
        what: What the point is for.

    Returns:
        Whether the next click on the map gives it.
    """
    asked = st.session_state.get(_ASKED) == what
    if asked:
        st.session_state[_SHOWN] = what
    return asked


def given(what: str) -> tuple[float, float] | None:
    """Take the point that was given, once.

    Args:
        what: What it is for.

    Returns:
        (longitude, latitude) in degrees, or None.
    """
    point = st.session_state.get(_GIVEN)
    if point is None or point[0] != what:
        return None
    del st.session_state[_GIVEN]
    lonlat: tuple[float, float] = point[1]
    return lonlat


def take(report: Mapping[str, Any]) -> bool:
    """Take over what the map reports.

    Args:
        report: The report.

    Returns:
        Whether it was a point that somebody asked for.
    """
    point = report.get("point")
    if not point or point == st.session_state.get(_SEEN):
        return False
    st.session_state[_SEEN] = point
    if point["set"] != st.session_state.get(_ASKED):
        return False
    st.session_state[_GIVEN] = (point["set"], (point["lon"], point["lat"]))
    aim(None)
    return True


def message() -> dict[str, Any]:
    """Write the message that lets the map ask, or ask no more.

    Returns:
        A message as `geo/maps/js/bridge.js` reads it; who asks has said so since the last one.
    """
    what = st.session_state.pop(_SHOWN, None)
    said = "Click on the map where it is." if what else ""
    return {"rutter": "aim", "set": what, "said": said}
