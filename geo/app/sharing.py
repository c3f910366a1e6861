"""The address bar holds the view: read when a visit begins, written whenever something changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from geo.app import address, state, toasts
from geo.app.dossier import asked_for
from geo.app.rooms import ROOM_KEY
from geo.app.sidebar import LAYER_SWITCHES
from geo.app.toasts import Toast
from geo.atlas import Atlas
from geo.store import dossier_of, is_address

FILTERS = ("kinds", "modes", "statuses", "words", "sure")
"""Keys of the filters at the side, in the address and in Streamlit's session state alike."""
_LONGEST_TOLD = 300
_ASKED = "asked"
_TAB = "asked-tab"
_HERE = Path(__file__).parent
_COPY = """<button type="button" title="Copy a link to this view"><svg viewBox="0 0 16 16" aria-hidden="true"><path
d="M2 8a3.5 3.5 0 0 1 3.5-3.5H7v1.7H5.5a1.8 1.8 0 0 0 0 3.6H7v1.7H5.5A3.5 3.5 0 0 1 2 8zM5.5 7.2h5v1.6h-5zM9 4.5h1.5a3.5
3.5 0 0 1 0 7H9V9.8h1.5a1.8 1.8 0 0 0 0-3.6H9z"/></svg><span role="status">Copy link</span></button>"""
_address = st.components.v2.component(
    "rutter_address",
    html=_COPY,
    css=(_HERE / "address.css").read_text(encoding="utf-8"),
    js=(_HERE / "address.js").read_text(encoding="utf-8"),
)


def called() -> str:
    """Return what the dossier in hand is called in an address: its file's or folder's name, and no more of its path."""
    brought = st.session_state.get("opened")
    asked = brought[0][0] if brought else asked_for()
    if is_address(asked):
        return dossier_of(asked)
    path = Path(asked)
    name = path.resolve().name if path.is_dir() else path.stem
    return name.partition("?")[0]


def arrive(dossier: str, atlas: Atlas, *, rooms: Sequence[str]) -> None:
    """Bring the app to the view that the address asks for, once, and say what of it cannot be shown.

    Args:
        dossier: What tells the dossier from others.
        atlas: Its rows.
        rooms: Where the app can be, its usual room first.
    """
    asked = st.session_state.setdefault(_ASKED, {key: st.query_params.get_all(key) for key in st.query_params})
    wanted = next(iter(asked.get("dossier", ())), "")
    if wanted not in ("", called()):
        _tell_of_another(wanted)
        return
    st.session_state[_ASKED] = {}
    if not asked.keys() & set(address.KEYS) - {"dossier"}:
        return
    found = address.read(asked, atlas, layers=LAYER_SWITCHES)
    missed = [*found.missed, *(("room", room) for room in asked.get("room", ()) if room not in rooms)]
    for key in FILTERS:
        value = getattr(found, key)
        st.session_state[key] = list(value) if isinstance(value, tuple) else value
    st.session_state.update({f"show-{name}": name not in found.hide for name in LAYER_SWITCHES})
    st.session_state.update([(ROOM_KEY, room) for room in asked.get("room", ()) if room in rooms])
    st.session_state[_TAB] = asked.get("tab", ())
    state.begin(
        dossier,
        state.View(found.window, found.bounds, found.off),
        row=found.row,
        told=address.for_map(found, asked),
    )
    if missed:
        told = ", ".join(f"{key} = {value}" for key, value in missed)
        _tell(f"In this address, but not in this dossier or not readable, and left out: {told[:_LONGEST_TOLD]}")


def open_tab(tabs: Sequence[str]) -> None:
    """Open the tab that the address asks for, once.

    Args:
        tabs: Their names.
    """
    for wanted in st.session_state.pop(_TAB, ()):
        if wanted in tabs:
            st.session_state[state.TABS_KEY] = wanted
        else:
            _tell(f"There is no tab called {wanted[:_LONGEST_TOLD]}.")


def show_link(*, usual: Sequence[str]) -> None:
    """Write the view into the address bar, and offer to copy it.

    Args:
        usual: The room and the tab that need no words.
    """
    now = st.session_state
    where = (("room", ROOM_KEY), ("tab", state.TABS_KEY))
    all_of_it = [("dossier", called()), *((key, now.get(name) or "") for key, name in where), *pairs()]
    text = address.write(pair for pair in all_of_it if pair[1] not in usual)
    _address(key="address", data={"text": text, "keys": list(address.KEYS)}, width="content")


def pairs() -> list[tuple[str, str]]:
    """Return the view on the screen, filters and map, as pairs of an address; some values are empty."""
    now = st.session_state
    row = state.selected()
    return [
        *((key, value) for key in ("kinds", "modes", "statuses") for value in now.get(key) or ()),
        ("words", now.get("words") or ""),
        ("sure", str(now.get("sure") or "")),
        *(("hide", name) for name in LAYER_SWITCHES if not now.get(f"show-{name}", True)),
        *((key, value) for key, value in state.on_map() if key not in ("row", "hide")),
        ("row", ":".join(row) if row else ""),
    ]


def _tell_of_another(wanted: str) -> None:
    if st.session_state.get("told-of") != (wanted, called()):
        st.session_state["told-of"] = (wanted, called())
        _tell(
            f"The address shows the dossier {wanted[:_LONGEST_TOLD]}; open here is {called()}. Start Rutter with that "
            "dossier, or bring its files under Open your own files: its view follows then."
        )


def _tell(text: str) -> None:
    toasts.say(Toast(text, icon=":material/link_off:", duration="infinite"))
