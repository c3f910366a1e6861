"""The page: header, map with its slider, and beside it what the window holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from html import escape
from pathlib import Path

import streamlit as st

from geo.app import aiming, bridge, runs, sharing, slices, state, stories, toasts
from geo.app.dossier import Dossier
from geo.app.editing.acts import clash as waiting_clash
from geo.app.editing.acts import show_trouble
from geo.app.editing.begin import Brought
from geo.app.editing.conflict import show_clash
from geo.app.editing.form import close_form
from geo.app.editing.grid import forget
from geo.app.editing.past import show_steps
from geo.app.editing.room import show_editing
from geo.app.entering import entered, show_person
from geo.app.exporting import Days, show_export
from geo.app.importing.joined import with_brought
from geo.app.panel import show_evidence, show_notes
from geo.app.places.correcting import show_last
from geo.app.places.finder import find_place, sought_message
from geo.app.review.joined import with_accepted
from geo.app.rooms import MAP, ROOM_KEY, ROOMS, show_room
from geo.app.sidebar import choose_dossier, choose_layers, choose_rows
from geo.app.slices import Slice
from geo.app.table import show_table
from geo.atlas import LAYERS, Atlas
from geo.garbage import settle
from geo.timeline import describe_window

TABS = ("Rows", state.EVIDENCE, state.EDIT, "Export", "Notes", "Story")
MAP_HEIGHT_PX = 636
MAP_TITLE = "Map of events and routes with a time slider"
SIDEBAR_WIDTH_PX = 264
_HERE = Path(__file__).parent
STYLES = ("page.css", "editing/editing.css", "review/review.css", "importing/importing.css")
runs.put_in_order()
CSS = "".join((_HERE / file).read_text(encoding="utf-8") for file in STYLES)


def main() -> None:
    """Run the app once, from top to bottom, as Streamlit does at every change."""
    st.set_page_config(
        page_title="Rutter", page_icon=str(_HERE / "icon.svg"), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH_PX
    )
    st.html(f"<style>{CSS}</style>")
    if entered():
        _draw()
    toasts.said()


def _draw() -> None:
    st.sidebar.html('<div class="rutter-brand"><b>Rutter</b><span>events and routes through time</span></div>')
    show_person()
    looked_for = find_place()
    dossier, brought = choose_dossier(st.container())
    if dossier is None:
        return
    opened, own = dossier, with_brought(dossier)
    dossier = with_accepted(own)
    atlas, name = dossier.atlas, dossier.name
    state.follow(name, opened.name)
    sharing.arrive(opened.name, atlas, rooms=ROOMS)
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        header = st.container()
        if dossier.workspace:
            show_steps(dossier)
        room = _choose_room(opened.name)
        sharing.show_link(usual=(ROOMS[0], TABS[0]))
    fitting = choose_rows(atlas)
    shown = choose_layers()
    if room != MAP:
        with header:
            st.html(f'<header class="rutter-header"><h1>{escape(atlas.title)}</h1></header>')
        toasts.show()
        show_room(room, opened, own)
        return
    view = state.view()
    window = view.window or atlas.span
    current = _in_window(atlas, fitting, view, window)
    with header:
        _header(atlas, current, describe_window(*window) if window else "no dates")
        first = state.first_page(atlas)
        fresh = not first.is_drawn
        with st.spinner("Drawing the map ...") if fresh else nullcontext():
            page = first.packed_page
    map_side, panel_side = st.columns([64, 36], gap="small")
    with panel_side, st.container(key="beside"):  # before the map: the table is waited for, the map stays as it is
        _panel(dossier, current, view, brought)
    toasts.show()
    with map_side:
        bridge.mount(
            page,
            name=name,
            begin=state.beginning(),
            title=MAP_TITLE,
            key=state.MAP_KEY,
            height=MAP_HEIGHT_PX,
            on_change=stories.map_spoke,
        )
        bridge.send(state.renewal(atlas), page=name, key="data")
        offered = state.offered()
        numbered = offered.message if offered else {"rutter": "places", "list": [], "turn": ""}
        spots = [numbered, sought_message(looked_for), aiming.message(), *stories.message(dossier)]
        messages = [*_messages(fitting, shown), *spots]
        bridge.send(messages, page=name, key="messages")
    if fresh:
        settle()


def _in_window(atlas: Atlas, fitting: Slice, view: state.View, window: Days) -> Slice:
    words = atlas.index.words
    kinds, modes = (words[layer] - some if some else None for layer, some in zip(LAYERS, view.hidden, strict=True))
    current = fitting.among(slices.fitting(atlas, (kinds, modes, None, 0.0, ""), known_as="legend").masks)
    return current.among(atlas.index.in_window(*window)) if window else current


def _choose_room(own: str) -> str:
    st.session_state.setdefault(ROOM_KEY, ROOMS[0])
    room: str | None = st.segmented_control(
        "Room",
        ROOMS,
        required=True,
        key=ROOM_KEY,
        label_visibility="collapsed",
        on_change=state.leave,
        args=(own,),
    )
    return room or ROOMS[0]


def _panel(dossier: Dossier, current: Slice, view: state.View, brought: Brought) -> None:
    atlas = dossier.atlas
    state.offer(None)
    with st.container(key="last-words"):  # always there, so that a word said does not draw the tabs anew
        show_last(dossier.kept)
        show_trouble()
        if (clash := waiting_clash()) and dossier.workspace:
            show_clash(clash, dossier.workspace, _settled)
    rooms: tuple[Callable[[], None], ...] = (
        lambda: show_table(dossier, current, view),
        lambda: show_evidence(dossier),
        lambda: show_editing(dossier, brought),
        lambda: show_export(
            (whole := stories.with_story(dossier)), Slice(whole, current.masks), window=view.window or atlas.span
        ),
        lambda: show_notes(dossier),
        lambda: stories.show_story(dossier),
    )
    sharing.open_tab(TABS)
    for tab, show in zip(st.tabs(TABS, key=state.TABS_KEY, on_change="rerun"), rooms, strict=True):
        if tab.open:
            with tab:
                show()


def _settled() -> None:
    close_form()
    forget()


def _header(atlas: Atlas, current: Slice, when: str) -> None:
    counts = {name: (current.counts[name], len(atlas.layer(name))) for name in LAYERS}
    numbers = "".join(
        f'<span class="rutter-count" data-layer="{name}"><b>{now}</b> of {all_of_them} {name}</span>'
        for name, (now, all_of_them) in counts.items()
    )
    st.html(
        f'<header class="rutter-header"><h1>{escape(atlas.title)}</h1>'
        f'<p role="status"><span class="rutter-when">{escape(when)}</span>{numbers}</p></header>'
    )


def _messages(fitting: Slice, shown: dict[str, bool]) -> list[dict[str, object]]:
    kept: dict[str, object] = {name: bridge.bits(fitting.masks[name]) for name in LAYERS}
    messages: list[dict[str, object]] = [
        {"rutter": "theme", "theme": st.context.theme.type or "light"},
        {"rutter": "show", **shown},
        {"rutter": "filter", **kept},
    ]
    flight = state.flight()
    return [*messages, flight] if flight else messages
