"""The tab Edit: the row in hand in its form, new rows, sources, and in whose name."""

from __future__ import annotations

import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier
from geo.app.editing import acts
from geo.app.editing.begin import Brought, show_begin, show_for_now
from geo.app.editing.form import Draft, close_form, draft, open_form, show_form
from geo.app.editing.past import show_history
from geo.app.words import literally
from geo.app.workspaces import account, call, signed_in, who
from geo.edits import Stored
from geo.errors import LayerError
from geo.workspace import Workspace

_NEW: dict[Stored, str] = {"events": "New event", "routes": "New route", "sources": "New source"}
_HEADS: dict[Stored, str] = {"events": "Event", "routes": "Route", "sources": "Source"}


def show_editing(dossier: Dossier, brought: Brought) -> None:
    """Show what can be edited.

    Args:
        dossier: The dossier in hand.
        brought: Name and size of the files that lie in the browser's field.
    """
    workspace = dossier.workspace
    if workspace is None:
        show_begin(dossier, brought)
        return
    show_for_now(dossier)
    if acts.clash():
        return
    with st.container(horizontal=True, key="edit-new"):
        for layer, label in _NEW.items():
            st.button(label, key=f"edit-new-{layer}", on_click=_begin, args=(layer,))
    held = _in_hand(workspace)
    if held is None:
        st.info("Choose an event or a route on the map or in the table to edit it, or begin a new one.")
    else:
        _show(dossier, workspace, held)
    _show_more(dossier)


def _begin(layer: Stored) -> None:
    open_form(layer, "", None)


def _show(dossier: Dossier, workspace: Workspace, held: Draft) -> None:
    what = literally(str((held.seen or {}).get("title") or held.id))
    st.html(f'<h2 class="rutter-room">{_HEADS[held.layer] if held.seen else _NEW[held.layer]}</h2>')
    if held.changed and held.beside != state.selected():
        st.warning(f"“{what}” has changes that are not saved. Save or discard them to go on.", icon=":material/edit:")
    show_form(dossier, held)
    if held.seen:
        show_history(dossier, held.layer, held.id)


def _in_hand(workspace: Workspace) -> Draft | None:
    held, chosen = draft(), state.selected()
    if held and (held.changed or (held.beside == chosen and _stands(workspace, held))):
        return held
    if held and held.layer == "sources" and held.beside == chosen:
        chosen = None
    if chosen is None:
        close_form()
        return None
    try:
        return open_form(chosen[0], chosen[1], workspace.row(*chosen))
    except LayerError:
        close_form()
        return None


def _stands(workspace: Workspace, held: Draft) -> bool:
    if not held.id:
        return True
    try:
        return workspace.row(held.layer, held.id) == held.seen
    except LayerError:
        return False


def _show_more(dossier: Dossier) -> None:
    assert dossier.workspace is not None
    sources = dossier.atlas.sources
    names = dict(zip(sources["id"], sources["title"], strict=True))

    def take() -> None:
        if name := st.session_state["edit-source"]:
            assert dossier.workspace is not None
            open_form("sources", name, dossier.workspace.row("sources", name))
            st.session_state["edit-source"] = None

    st.selectbox(
        "Edit a source",
        list(names),
        None,
        key="edit-source",
        format_func=lambda name: names.get(name) or name,
        placeholder="Choose a source",
        on_change=take,
    )
    if name := signed_in():
        st.caption(f"Changes are made in the name of {literally(name)}.")
        return

    st.text_input(
        "Changes are made in the name of",
        "" if who() == account() else who(),
        key="edit-who",
        placeholder=account(),
        on_change=lambda: call(st.session_state["edit-who"]),
        help="For this visit. What you undo is what was changed in this name.",
    )
