"""What the user has chosen: filters, window, selection. Streamlit's session state is touched here and nowhere else."""

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


def _reported() -> dict[str, Any]:
    component = st.session_state.get(MAP_KEY) or {}
    return dict(component.get("state") or {})


def _utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text).tz_convert("UTC").as_unit("ms")


def map_spoke() -> None:
    """Take over what was clicked on the map, and open its evidence."""
    chosen = _reported().get("selected")
    selected: Selected | None = (chosen["layer"], chosen["id"]) if chosen else None
    if selected != st.session_state.get("map_selected"):
        st.session_state["map_selected"] = selected
        if selected and selected != st.session_state.get("selected"):
            st.session_state[TABS_KEY] = EVIDENCE
            st.session_state["selected"] = selected


def select_from_table(selected: Selected | None) -> None:
    """Take over what was chosen in the table, and ask the map to go there.

    Args:
        selected: Layer and id of the row, or None when it was let go.
    """
    st.session_state["selected"] = selected
    if selected:
        st.session_state["flight"] = (*selected, st.session_state.get("flight", ("", "", 0))[2] + 1)


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
