"""Corrections made in the app: what each does, what is said of it, and how it is undone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from geo.app import toasts
from geo.app.places.keeping import Kept
from geo.app.toasts import Toast
from geo.app.words import label, literally
from geo.errors import GeoError
from geo.places.corrections import Corrections
from geo.places.corrections.store import FILE
from geo.types import Place

_SAID = "said"
_TROUBLE = "trouble"


def correct(kept: Kept, name: str, place: Place | None, rows: int) -> None:
    """Correct a name, from now on.

    Args:
        kept: Where corrections are kept.
        name: The name as written.
        place: What it means, or None where it is no place.
        rows: How many rows are about it.
    """
    meaning = "is no place" if place is None else f"means {label(place)}"
    many = f" in {rows} rows" if rows > 1 else ""
    if _done(lambda: kept.corrections.add(name, place)):
        _say(f"“{name}” now {meaning}{many}.")


def undo(kept: Kept) -> None:
    """Undo the last correction.

    Args:
        kept: Where corrections are kept.
    """
    names: tuple[str, ...] = ()

    def back() -> None:
        nonlocal names
        names = kept.corrections.last_change()
        kept.corrections.undo()

    if _done(back):
        _say(f"Undone: {', '.join(f'“{name}”' for name in names[:5])} as before.", lasting=False)


def remove(kept: Kept, names: list[str]) -> None:
    """Take corrections away.

    Args:
        kept: Where corrections are kept.
        names: The corrected names.
    """

    def without() -> None:
        for name in names:
            kept.corrections.remove(name)

    if names and _done(without):
        _say(f"{', '.join(f'“{name}”' for name in names[:5])}: no longer corrected.")


def merge(kept: Kept, content: bytes, file: str) -> None:
    """Take in the corrections of another file.

    Args:
        kept: Where corrections are kept.
        content: What stands in the file.
        file: Its name.
    """
    conflicts: list[str] = []
    added = 0

    def both() -> None:
        nonlocal added
        with tempfile.TemporaryDirectory() as folder:
            theirs = Path(folder) / (Path(file).name or FILE)
            theirs.write_bytes(content)
            merged = kept.corrections.merge(theirs)
        added = len(merged.added)
        conflicts.extend(str(conflict) for conflict in merged.conflicts)

    if _done(both):
        _say(f"{added} {'correction' if added == 1 else 'corrections'} taken in from {file}.", lasting=added > 0)
        st.session_state["conflicts"] = conflicts


def _done(act: Callable[[], object]) -> bool:
    st.session_state.pop(_SAID, None)
    st.session_state.pop("conflicts", None)
    try:
        act()
    except GeoError as error:
        st.session_state[_TROUBLE] = str(error)
        return False
    st.session_state.pop(_TROUBLE, None)
    return True


def _say(text: str, *, lasting: bool = True) -> None:
    if lasting:
        st.session_state[_SAID] = text
    else:
        toasts.say(Toast(text, icon=":material/edit_location_alt:", duration="long"))


def show_last(kept: Kept) -> None:
    """Say what was last corrected, with a way back, or why it was not.

    Args:
        kept: Where corrections are kept.
    """
    if kept.trouble:
        st.error(kept.trouble)
    if trouble := st.session_state.get(_TROUBLE):
        text = "\n".join(f"- {literally(line)}" for line in trouble.splitlines())
        st.error(f"Nothing was changed.\n\n{text}", icon=":material/edit_off:")
        st.button("Close", key="trouble-read", on_click=lambda: st.session_state.pop(_TROUBLE, None))
    if said := st.session_state.get(_SAID):
        with st.container(horizontal=True, vertical_alignment="center", key="last-correction"):
            st.html(f'<p role="status">{escape(said)}</p>')
            st.button("Undo", key="undo-last", icon=":material/undo:", on_click=undo, args=(kept,))
            st.button(
                "",
                key="said-read",
                icon=":material/close:",
                type="tertiary",
                help="Close",
                on_click=lambda: st.session_state.pop(_SAID, None),
            )


def show_corrections(kept: Kept) -> None:
    """List all corrections, to take away, hand on and take in.

    Args:
        kept: Where corrections are kept.
    """
    st.html('<h2 class="rutter-room">Corrected places</h2>')
    st.caption(literally(kept.where))
    entries = kept.corrections.entries()
    if entries:
        listed = pd.DataFrame(
            [
                (entry.name, "no place" if entry.place is None else label(entry.place), _point(entry.place), entry.note)
                for entry in entries
            ],
            columns=["As written", "Means", "At", "Note"],
        )
        st.dataframe(listed, hide_index=True)
        chosen = st.multiselect("Take away", [entry.name for entry in entries], placeholder="Choose corrections")
        st.button(
            "Take these away",
            key="remove-corrections",
            icon=":material/delete:",
            disabled=not chosen,
            on_click=remove,
            args=(kept, chosen),
        )
    else:
        st.caption(
            "Nothing is corrected yet. Choose an event or a route; under Evidence, “Not this place?” lists what "
            "else its name may mean."
        )
    with st.container(horizontal=True):
        st.button(
            "Undo the last change", icon=":material/undo:", disabled=not _can_undo(kept), on_click=undo, args=(kept,)
        )
        if entries:
            st.download_button(
                "Download corrections",
                data=_as_csv(kept.corrections),
                file_name=FILE,
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
    _take_in(kept)


def _point(place: Place | None) -> str:
    return "" if place is None else f"{place.lat:.4f}, {place.lon:.4f}"


def _can_undo(kept: Kept) -> bool:
    try:
        return bool(kept.corrections.last_change())
    except GeoError:
        return False


def _as_csv(corrections: Corrections) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        corrections.export(file)
        return file.read_bytes()


def _take_in(kept: Kept) -> None:
    turn = st.session_state.setdefault("merge-turn", 0)
    brought = st.file_uploader("Take in corrections from another corrections.csv", type=["csv"], key=f"merge-{turn}")
    if brought is not None:

        def take() -> None:
            st.session_state["merge-turn"] = turn + 1
            merge(kept, brought.getvalue(), brought.name)

        st.button(f"Take in {literally(brought.name)}", key="merge-corrections", on_click=take)
    if conflicts := st.session_state.get("conflicts"):
        text = "\n".join(f"- {literally(line)}" for line in conflicts)
        st.warning(f"Where the two files say otherwise, yours is kept:\n\n{text}")
