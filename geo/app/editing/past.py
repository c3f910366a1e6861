"""Undo, redo and history: the two buttons with their keys, and what happened to a row."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.editing.acts import step
from geo.app.editing.conflict import differences, when
from geo.app.words import literally
from geo.edits import Stored
from geo.store import Entry

_HERE = Path(__file__).parent
KEYS = {"undo": "edit-undo", "redo": "edit-redo"}
_LAST = 20
_keys = st.components.v2.component("rutter_edit_keys", js=(_HERE / "keys.js").read_text(encoding="utf-8"))


def show_steps(dossier: Dossier) -> None:
    """Show the buttons that undo and do again, and let keys press them.

    Args:
        dossier: The dossier in hand, kept in a workspace.
    """
    assert dossier.workspace is not None
    steps = dossier.workspace.next_steps()
    with st.container(horizontal=True, width="content", key="edit-steps"):
        for role, icon, keys in (("undo", "undo", "Ctrl+Z"), ("redo", "redo", "Ctrl+Shift+Z")):
            what = steps.get(role)  # type: ignore[call-overload]
            st.button(
                "",
                key=KEYS[role],
                icon=f":material/{icon}:",
                help=f"{role.capitalize()}: {literally(what)} ({keys})" if what else f"Nothing to {role}",
                disabled=not what,
                on_click=step,
                args=(dossier.address, role),
            )
    names = {role: f"{role.capitalize()}: {what}" for role, what in steps.items()}
    _keys(key="edit-keys", data={"keys": KEYS, "names": names}, height="content")


def show_history(dossier: Dossier, layer: Stored, name: str) -> None:
    """List what happened to a row: who, when, and from what to what.

    Args:
        dossier: The dossier in hand, kept in a workspace.
        layer: The table the row is in.
        name: The row's id.
    """
    assert dossier.workspace is not None
    entries = dossier.workspace.history(layer, name)
    with st.expander(f"History ({len(entries)})", icon=":material/history:", key=f"history-{layer}-{name}"):
        st.html("".join(_told(entry) for entry in reversed(entries[-_LAST:])) or "<p>Nothing is in the log.</p>")
        if len(entries) > _LAST:
            st.caption(f"And {len(entries) - _LAST} before these.")


def _told(entry: Entry) -> str:
    change, role = entry.change, {"undo": "undid: ", "redo": "did again: "}.get(entry.role, "")
    table = differences(change.before, change.after, ("Before", "After")) if change else ""
    return (
        f'<section class="rutter-past"><p><b>{escape(entry.who)}</b> {escape(role + entry.what)} '
        f"<span>{escape(when(entry.at))}</span></p>{table}</section>"
    )
