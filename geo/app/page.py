"""The page: header, map with its slider, and beside it what the window holds."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st

from geo.app import bridge, state
from geo.app.dossier import Dossier
from geo.app.importing.joined import with_brought
from geo.app.importing.room import TABLES, show_tables
from geo.app.panel import show_evidence, show_export, show_notes, show_table
from geo.app.places.correcting import show_last
from geo.app.places.finder import find_place, sought_message
from geo.app.review.joined import with_accepted
from geo.app.review.room import ARTICLES, MAP, ROOM_KEY, show_review
from geo.app.sidebar import choose_dossier, choose_layers, choose_rows
from geo.atlas import LAYERS, Atlas
from geo.timeline import describe_window

MAP_HEIGHT_PX = 636
MAP_TITLE = "Map of events and routes with a time slider"
SIDEBAR_WIDTH_PX = 264
_HERE = Path(__file__).parent
CSS = "".join(
    (_HERE / file).read_text(encoding="utf-8") for file in ("page.css", "review/review.css", "importing/importing.css")
)


def main() -> None:
    """Run the app once, from top to bottom, as Streamlit does at every change."""
    st.set_page_config(
        page_title="Rutter", page_icon=str(_HERE / "icon.svg"), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH_PX
    )
    st.html(f"<style>{CSS}</style>")
    st.sidebar.html('<div class="rutter-brand"><b>Rutter</b><span>events and routes through time</span></div>')
    looked_for = find_place()
    dossier = choose_dossier(st.container())
    if dossier is None:
        return
    opened, own = dossier, with_brought(dossier)
    dossier = with_accepted(own)
    atlas, name = dossier.atlas, dossier.name
    state.follow(name)
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        header = st.container()
        room = _choose_room(opened.name, atlas)
    fitting = choose_rows(atlas)
    shown = choose_layers()
    if room != MAP:
        with header:
            st.html(f'<header class="rutter-header"><h1>{escape(atlas.title)}</h1></header>')
        show_review(own) if room == ARTICLES else show_tables(opened)
        return
    view = state.view()
    left_out_kinds, left_out_modes = view.hidden
    visible = fitting.matching(
        kinds=set(atlas.events["kind"]) - left_out_kinds if left_out_kinds else None,
        modes=set(atlas.routes["mode"]) - left_out_modes if left_out_modes else None,
    )
    window = view.window or atlas.span
    current = visible.between(*window) if window else visible

    with header:
        _header(atlas, current, describe_window(*window) if window else "no dates")
    map_side, panel_side = st.columns([64, 36], gap="small")
    with map_side:
        page = state.first_page(atlas).page
        bridge.mount(
            page, name=name, title=MAP_TITLE, key=state.MAP_KEY, height=MAP_HEIGHT_PX, on_change=state.map_spoke
        )
        bridge.send(state.renewal(atlas), page=name, key="data")
    with panel_side, st.container(key="beside"):
        _panel(dossier, current, view)
    with map_side:
        offered = state.offered()
        numbered = offered.message if offered else {"rutter": "places", "list": [], "turn": ""}
        messages = [
            *_messages(atlas, fitting, shown),
            numbered,
            sought_message(looked_for),
            *state.as_left(opened.name),
        ]
        bridge.send(messages, page=name, key="messages")


def _choose_room(own: str, atlas: Atlas) -> str:
    room: str = st.segmented_control(
        "Room",
        [MAP, ARTICLES, TABLES],
        default=MAP,
        required=True,
        key=ROOM_KEY,
        label_visibility="collapsed",
        bind="query-params",  # a reloaded page stays in its room
        on_change=state.leave,
        args=(own, atlas.span),
    )
    return room


def _panel(dossier: Dossier, current: Atlas, view: state.View) -> None:
    atlas = dossier.atlas
    state.offer(None)
    with st.container(key="last-words"):  # always there, so that a word said does not draw the tabs anew
        show_last(dossier.kept)
    rooms: dict[str, Callable[[], None]] = {
        "In this window": lambda: show_table(atlas, current, view),
        state.EVIDENCE: lambda: show_evidence(dossier),
        "Export": lambda: show_export(atlas, current),
        "Notes": lambda: show_notes(dossier),
    }
    for tab, show in zip(st.tabs(list(rooms), key=state.TABS_KEY, on_change="rerun"), rooms.values(), strict=True):
        if tab.open:
            with tab:
                show()


def _header(atlas: Atlas, current: Atlas, when: str) -> None:
    counts = {name: (len(current.layer(name)), len(atlas.layer(name))) for name in LAYERS}
    numbers = "".join(
        f'<span class="rutter-count" data-layer="{name}"><b>{now}</b> of {all_of_them} {name}</span>'
        for name, (now, all_of_them) in counts.items()
    )
    st.html(
        f'<header class="rutter-header"><h1>{escape(atlas.title)}</h1>'
        f'<p role="status"><span class="rutter-when">{escape(when)}</span>{numbers}</p></header>'
    )


def _messages(atlas: Atlas, fitting: Atlas, shown: dict[str, bool]) -> list[dict[str, object]]:
    kept: dict[str, object] = {
        name: bridge.bits(np.asarray(atlas.layer(name)["id"].isin(fitting.layer(name)["id"]), dtype=bool))
        for name in LAYERS
    }
    messages: list[dict[str, object]] = [
        {"rutter": "theme", "theme": st.context.theme.type or "light"},
        {"rutter": "show", **shown},
        {"rutter": "filter", **kept},
    ]
    flight = state.flight()
    return [*messages, flight] if flight else messages
