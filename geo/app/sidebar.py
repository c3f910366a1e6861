"""The sidebar: which dossier, which rows of it, which layers of the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.app.address import SURE_STEP
from geo.app.dossier import Dossier, asked_for, open_address, open_files
from geo.app.editing.begin import Brought, edited
from geo.app.slices import Slice, fitting
from geo.app.words import literally
from geo.atlas import Atlas
from geo.errors import GeoError
from geo.maps import style

LAYER_SWITCHES = {
    "events": "Events",
    "routes": "Routes",
    "moving": "Shipments on the move",
    "halos": "How exact places are",
    "labels": "Place names",
}
_SWITCHED = "switched"


def choose_dossier(messages: DeltaGenerator) -> tuple[Dossier | None, Brought]:
    """Offer to open files, and return the dossier in hand.

    Args:
        messages: Where to say what went wrong; always there, so that a message does not move the map, which would
            load it anew.

    Returns:
        The dossier, or None where it cannot be opened; the reason is on the screen. And name and size of the files that
        were brought.
    """
    with st.sidebar.expander("Open your own files", icon=":material/folder_open:"):
        uploaded = st.file_uploader(
            "events.csv, routes.csv and sources.csv, or one GeoJSON file",
            type=["csv", "geojson", "json"],
            accept_multiple_files=True,
        )
    files = tuple((file.name, file.getvalue()) for file in uploaded)
    brought = tuple((name, len(content)) for name, content in files)
    try:
        if address := edited(brought):
            return open_address(address), brought
        if files:
            dossier = open_files(files)
            st.session_state["opened"] = files
            return dossier, brought
        st.session_state.pop("opened", None)
    except GeoError as error:
        messages.error(f"These files were not opened; what is shown below is as before.\n\n{_listed(error)}")
    try:
        last = st.session_state.get("opened")
        return (open_files(last) if last else open_address(asked_for())), brought
    except GeoError as error:
        messages.error(_listed(error))
        return None, brought


def _listed(error: GeoError) -> str:
    return "\n".join(f"- {literally(line)}" for line in str(error).splitlines())


def choose_rows(atlas: Atlas) -> Slice:
    """Offer the filters, and return the rows that pass them.

    Args:
        atlas: The dossier in hand.

    Returns:
        The rows that fit.
    """
    side = st.sidebar
    words = side.text_input(
        "Search the rows", key="words", placeholder="tanker, Najin, Kim ...", icon=":material/search:"
    )
    kinds = style.sort_kinds(sorted(atlas.index.words["events"]))
    kind = _choose("Kinds of event", "kinds", kinds, placeholder="All kinds")
    modes: list[str] = [mode for mode in style.MODES if mode in atlas.index.words["routes"]]
    mode = _choose("Ways of transport", "modes", modes, placeholder="All ways")
    status = _choose("Standing", "statuses", sorted(atlas.index.words["statuses"]), placeholder="All")
    least = side.slider("At least this sure", 0, 100, step=SURE_STEP, format="%d%%", key="sure")
    of_kinds, of_modes, of_statuses = (frozenset(some) if some else None for some in (kind, mode, status))
    return fitting(atlas, (of_kinds, of_modes, of_statuses, least / 100, words), known_as="side")


def _choose(label: str, key: str, options: list[str], *, placeholder: str) -> list[str]:
    chosen = st.session_state.get(key, [])
    if not set(chosen) <= set(options):  # another dossier has other kinds
        st.session_state[key] = [option for option in chosen if option in options]
    named = str if key == "kinds" else str.capitalize
    return st.sidebar.multiselect(label, options, placeholder=placeholder, format_func=named, key=key)


def choose_layers() -> dict[str, bool]:
    """Offer the layers of the map.

    Returns:
        Layer -> whether it is shown.
    """
    st.sidebar.subheader("On the map", divider="gray")
    for name in LAYER_SWITCHES:
        st.session_state.setdefault(f"show-{name}", True)
    return {name: st.sidebar.toggle(label, key=f"show-{name}") for name, label in LAYER_SWITCHES.items()}


def learn_switches(report: Mapping[str, Any]) -> None:
    """Set the switches as they were set in the map's legend, once.

    Args:
        report: What the map reports.
    """
    switched = report.get("switched")
    if switched and switched["turn"] != st.session_state.get(_SWITCHED):
        st.session_state[_SWITCHED] = switched["turn"]
        shown = switched["shown"]
        st.session_state.update({f"show-{name}": shown[name] for name in LAYER_SWITCHES if name in shown})
