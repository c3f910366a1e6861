"""What the map said and what is in hand: window, sight, legend, selection, kept in Streamlit's session state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from geo.app import aiming
from geo.atlas import Atlas
from geo.geodesy import within_180
from geo.maps.renewal import known_texts
from geo.maps.renewal import renewal as write_renewal
from geo.types import Bounds, Layer
from geo.views import Pairs

MAP_KEY = "map"
_ROOM = 0.25  # degrees
TABS_KEY = "panel"
EVIDENCE, EDIT = "Evidence", "Edit"
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
    """Read what the map last said; until it has spoken, what it was told to begin with."""
    state = _reported()
    if not state:
        told = _begun()
        return told.view if told else View()
    window, box, hidden = state.get("window"), state.get("bounds"), state.get("hidden") or {}
    return View(
        (_utc(window[0]), _utc(window[1])) if window else None,
        (box[0], box[1], box[2], box[3]) if box else None,
        (frozenset(hidden.get("kinds", ())), frozenset(hidden.get("modes", ()))),
    )


def follow(page: str, dossier: str) -> None:
    """Take note of which map is on the screen; what was said of another one is forgotten.

    Args:
        page: Name of the map's page.
        dossier: What tells its dossier from others.
    """
    st.session_state["dossier"] = dossier
    if st.session_state.get("page") != page:
        st.session_state["page"] = page
        for kept in ("selected", "map_selected", "flight", "asking", "offered", "said", "first", "renewed", "known"):
            st.session_state.pop(kept, None)


@dataclass(frozen=True)
class Begun:
    """What a map is told to begin with: the view of an address, or the one it had when it was left.

    Args:
        dossier: What tells its dossier from others.
        view: The same for the app.
        told: The same for the map, as `geo/maps/js/address.js` reads it.
    """

    dossier: str
    view: View
    told: Pairs


def begin(dossier: str, view: View, *, row: Selected | None, told: Pairs) -> None:
    """Take note of what the map is to begin with.

    Args:
        dossier: What tells the dossier from others.
        view: What it is to show.
        row: The row in hand.
        told: What the map is told.
    """
    st.session_state["begun"] = Begun(dossier, view, told)
    if row:
        st.session_state["selected"] = st.session_state["map_selected"] = row


def leave(dossier: str) -> None:
    """Take note of what the map shows before it gives its room to the review.

    Args:
        dossier: What tells the dossier from others.
    """
    if not _reported():
        return
    told, shown = on_map(), view()
    whole = not {"from", "to"} & dict(told).keys()  # as wide as what joins the dossier meanwhile
    begin(dossier, View(None if whole else shown.window, shown.bounds, shown.hidden), row=None, told=told)


def on_map() -> Pairs:
    """Return what of the address the map itself holds: window, bounds, legend, and the row whose card is open."""
    report, told = _reported(), _begun()
    if report:
        return tuple((key, value) for key, value in report.get("address") or ())
    return told.told if told else ()


def look_at(dossier: str, box: Bounds | None) -> None:
    """Let the map show a part of the world, at any time, when it comes back on the screen.

    Args:
        dossier: What tells the dossier from others.
        box: (west, south, east, north) in degrees; None for where it was left.
    """
    if box:
        west, south, east, north = box  # of a single point it has no width
        box = (within_180(west - _ROOM), max(south - _ROOM, -90.0), within_180(east + _ROOM), min(north + _ROOM, 90.0))
        begin(dossier, View(bounds=box), row=None, told=(("bounds", ",".join(f"{edge:.5f}" for edge in box)),))


def _begun() -> Begun | None:
    begun: Begun | None = st.session_state.get("begun")
    return begun if begun and begun.dossier == st.session_state.get("dossier") else None


def beginning() -> str:
    """Write what the map is told when it is loaded; the same for as long as it is on the screen."""
    told = _begun()
    return urlencode(told.told) if told else ""


def _reported() -> dict[str, Any]:
    component = st.session_state.get(MAP_KEY) or {}
    report = dict(component.get("state") or {})
    return report if report.get("page") == st.session_state.get("page") else {}


def _utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text).tz_convert("UTC").as_unit("ms")


def map_spoke() -> None:
    """Take over what was clicked on the map, and open its evidence; a row flown to from the table is no click."""
    report = _reported()
    if aiming.take(report):
        return
    picked = report.get("picked")
    if picked and picked != st.session_state.get("picked"):
        st.session_state["picked"] = picked
        offered = st.session_state.get("offered")
        if offered and offered.name == picked["set"]:
            offered.take(picked["number"])
        return
    chosen = report.get("selected")
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
    elif st.session_state.get(TABS_KEY) != EDIT:
        st.session_state[TABS_KEY] = EVIDENCE


def open_tab(name: str) -> None:
    """Turn to a tab beside the map.

    Args:
        name: The tab.
    """
    st.session_state[TABS_KEY] = name


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


def first_page(atlas: Atlas) -> Atlas:
    """Give the dossier as its map was first drawn in this visit; what was corrected since is sent to that map.

    Args:
        atlas: The dossier as it is now.

    Returns:
        The dossier whose page is on the screen.
    """
    first: Atlas = st.session_state.setdefault("first", atlas)
    return first


def renewal(atlas: Atlas) -> list[dict[str, Any]]:
    """Write the message that puts changed rows into the map that is on the screen.

    Args:
        atlas: The dossier as it is now.

    Returns:
        One message, or none while the map is as it was first drawn.
    """
    last: tuple[Atlas, dict[str, Any]] | None = st.session_state.get("renewed")
    if last is None and first_page(atlas) is atlas:
        return []
    if last is None or last[0] is not atlas:
        known = st.session_state.get("known")
        if known is None:
            first = first_page(atlas)
            known = st.session_state["known"] = known_texts(first.events, first.routes, first.sources)
        last = (atlas, {"rutter": "data", **write_renewal(known, atlas.events, atlas.routes, atlas.sources)})
        st.session_state["renewed"] = last
    return [last[1]]


@dataclass(frozen=True)
class Offer:
    """The numbered places on the map, and what choosing one does.

    Args:
        name: What tells this list from others.
        message: The message that shows them.
        take: Called with the number of the chosen one.
    """

    name: str
    message: dict[str, Any]
    take: Callable[[int], None]


def offer(offered: Offer | None) -> None:
    """Take note of which places are on the map to be chosen from.

    Args:
        offered: The places, or None for none.
    """
    st.session_state["offered"] = offered


def offered() -> Offer | None:
    """Return the places that are on the map to be chosen from, if any."""
    current: Offer | None = st.session_state.get("offered")
    return current


def asking() -> int | None:
    """Return which name of the row in hand is asked about, if any."""
    asked: tuple[Selected | None, int] | None = st.session_state.get("asking")
    return asked[1] if asked and asked[0] == selected() else None


def ask(number: int | None) -> None:
    """Ask what else a name of the row in hand may mean.

    Args:
        number: Which of its names, from 0; None to ask no more.
    """
    st.session_state["asking"] = None if number is None else (selected(), number)


def sought(place: str) -> tuple[str, bool]:
    """Take note of the place that is looked for.

    Args:
        place: What tells it from others; empty for none.

    Returns:
        The same, and whether it was first looked for on the map that is on the screen.
    """
    page = st.session_state.get("page")
    known: tuple[str, str | None] = st.session_state.get("sought", ("", page))
    if known[0] != place:
        known = st.session_state["sought"] = (place, page)
    return place, known[1] == page
