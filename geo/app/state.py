"""What the map said and what is in hand: window, sight, legend, selection, kept in Streamlit's session state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from geo.atlas import LAYERS, Atlas
from geo.geodesy import bounds
from geo.types import Bounds, Layer

MAP_KEY = "map"
TABS_KEY = "panel"
EVIDENCE = "Evidence"
Selected = tuple[Layer, str]


@dataclass(frozen=True)
class View:
    """What the map shows, as it last said.

    Args:
        window: The half-open window of time, UTC; None before the map has spoken.
        bounds: What is in sight, in degrees; None before the map has spoken.
        hidden: Kinds and modes switched off in the map's legend.
    """

    window: tuple[pd.Timestamp, pd.Timestamp] | None = None
    bounds: Bounds | None = None
    hidden: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


def view() -> View:
    """Read what the map last said."""
    state = _reported()
    window, box, hidden = state.get("window"), state.get("bounds"), state.get("hidden") or {}
    return View(
        (_utc(window[0]), _utc(window[1])) if window else None,
        (box[0], box[1], box[2], box[3]) if box else None,
        (frozenset(hidden.get("kinds", ())), frozenset(hidden.get("modes", ()))),
    )


def follow(page: str) -> None:
    """Take note of which map is on the screen; what was said of another one is forgotten.

    Args:
        page: Name of the map's page.
    """
    if st.session_state.get("page") != page:
        st.session_state["page"] = page
        for kept in ("selected", "map_selected", "flight"):
            st.session_state.pop(kept, None)


def _reported() -> dict[str, Any]:
    component = st.session_state.get(MAP_KEY) or {}
    report = dict(component.get("state") or {})
    return report if report.get("page") == st.session_state.get("page") else {}


def _utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text).tz_convert("UTC").as_unit("ms")


def map_spoke() -> None:
    """Take over what was clicked on the map, and open its evidence; a row flown to from the table is no click."""
    chosen = _reported().get("selected")
    said: Selected | None = (chosen["layer"], chosen["id"]) if chosen else None
    if said == st.session_state.get("map_selected"):
        return
    st.session_state["map_selected"] = said
    if said is None:
        return
    st.session_state["selected"] = said
    flown = st.session_state.get("flight")
    if flown and flown[:2] == said and not st.session_state.get("landed"):
        st.session_state["landed"] = True
    else:
        st.session_state[TABS_KEY] = EVIDENCE


def select_from_table(selected: Selected | None) -> None:
    """Take over what was chosen in the table, and ask the map to go there, or to let go.

    Args:
        selected: Layer and id of the row, or None when it was let go.
    """
    st.session_state["selected"] = selected
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    st.session_state["flight"] = (*(selected or (None, None)), st.session_state["turn"])
    st.session_state["landed"] = False


def selected() -> Selected | None:
    """Return layer and id of the row in hand, if any."""
    chosen: Selected | None = st.session_state.get("selected")
    return chosen


def flight() -> dict[str, Any] | None:
    """Return the message that sends the map to the row chosen in the table, if one was."""
    if "flight" not in st.session_state:
        return None
    layer, name, turn = st.session_state["flight"]
    return {"rutter": "select", "layer": layer, "id": name, "fly": True, "turn": turn}


def in_sight(atlas: Atlas, box: Bounds) -> Atlas:
    """Keep the rows that touch the part of the world in sight.

    Args:
        atlas: A dossier.
        box: (west, south, east, north) in degrees; west > east across 180 degrees.

    Returns:
        The rows whose own box meets it; rows without a place are not in sight.
    """
    return atlas.keep(
        {
            name: pd.Series(
                [_meets(bounds([shape]), box) for shape in atlas.layer(name).geometry], dtype=bool
            ).to_numpy()
            for name in LAYERS
        }
    )


def _meets(own: Bounds | None, box: Bounds) -> bool:
    if own is None or own[3] < box[1] or own[1] > box[3]:
        return False
    return any(
        west <= east_edge and east >= west_edge for west, east in _spans(own) for west_edge, east_edge in _spans(box)
    )


def _spans(box: Bounds) -> list[tuple[float, float]]:
    west, _, east, _ = box
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
