"""The search box: a place in any spelling, the likeliest places of that name, and a flight to one of them."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from geo.app import state
from geo.app.dossier import fingerprint
from geo.app.words import label, literally, reach, sight, surety, whereabouts, why
from geo.errors import CoordinateError
from geo.places.finder import default_finder
from geo.types import Place

LIMIT = 6
_BOX = "place-sought"


def find_place() -> Place | None:
    """Offer the search box at the side, and return the place that is looked at.

    Returns:
        The place, or None where nothing is sought, nothing found, or none of several chosen yet.
    """
    side = st.sidebar
    sought = side.text_input(
        "Go to a place",
        key=_BOX,
        placeholder="Khasan, 나진, 43.1 N 131.9 E ...",
        icon=":material/travel_explore:",
        help="Any spelling or script, or coordinates. Press Enter.",
    ).strip()
    if not sought:
        return None
    try:
        found = default_finder().candidates(sought, limit=LIMIT)
    except CoordinateError as error:
        side.warning(literally(str(error)), icon=":material/wrong_location:")
        found = []
    else:
        if not found:
            side.info(
                f"No place called “{literally(sought)}” is known. Try another spelling or the name in its own script, "
                "leave words out, name a place nearby, or write coordinates such as 42.4 N 130.6 E.",
                icon=":material/wrong_location:",
            )
    chosen = _choose(sought, found) if found else None
    side.button("Clear", key="place-cleared", icon=":material/close:", on_click=_clear, type="tertiary")
    return found[chosen] if chosen is not None else None


def _clear() -> None:
    st.session_state[_BOX] = ""


def _choose(sought: str, found: list[Place]) -> int | None:
    chosen: int | None = st.sidebar.radio(
        f"{len(found)} places by this name. Which one?" if len(found) > 1 else "One place by this name",
        range(len(found)),
        index=None if found[0].doubtful else 0,
        format_func=lambda number: title_of(found[number]),
        captions=[caption_of(place) for place in found],
        key=f"place-{fingerprint([sought])}",
    )
    said = f"{label(found[chosen])} is shown on the map." if chosen is not None else f"{len(found)} places found."
    st.sidebar.html(f'<p class="rutter-unseen" role="status">{escape(said)}</p>')
    return chosen


def title_of(place: Place) -> str:
    """Name a place in a list of places.

    Args:
        place: The place.

    Returns:
        Markdown; one that is doubtful is marked as such.
    """
    doubt = " :orange-badge[doubtful]" if place.doubtful else ""
    return f"{literally(place.name or label(place))}{doubt}"


def caption_of(place: Place) -> str:
    """Tell a place in a list from its namesakes.

    Args:
        place: The place.

    Returns:
        Markdown: what and where it is, how sure the reading is, and why.
    """
    return literally(" · ".join(filter(None, (whereabouts(place), surety(place), why(place)))))


def sought_message(place: Place | None) -> dict[str, Any]:
    """Write the message that shows a place on the map and flies there.

    Args:
        place: The place that is looked at, if any.

    Returns:
        A message as `geo/maps/js/bridge.js` reads it.
    """
    if place is None:
        return {"rutter": "sought", "list": [], "turn": state.sought("")[0]}
    turn, here = state.sought(f"{place.place_id} {place.lon} {place.lat}")
    return {
        "rutter": "sought",
        "list": [mark(place)],
        "fly": {"bounds": list(sight(place)), "always": True} if here else None,
        "said": ", ".join(filter(None, ("On the map", label(place), reach(place)))),
        "turn": turn,
    }


def mark(place: Place, *, number: int | None = None, current: bool = False) -> dict[str, Any]:
    """Write one mark for the map.

    Args:
        place: The place.
        number: Its number in the list beside the map, if it is in one.
        current: Whether a row is read as this place.

    Returns:
        A mark as `geo/maps/js/bridge.js` reads it.
    """
    radius_km = place.radius_km if place.radius_km > 0 else 0.0
    return {
        "lon": place.lon,
        "lat": place.lat,
        "radius_km": radius_km,
        "label": label(place),
        "number": number,
        "current": current,
    }
