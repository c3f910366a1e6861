"""The map inside the app: one page that is mounted once, and the small messages to and from it.

The page is fetched as bytes from Streamlit's files: as a component's data it would be read, hashed and put into JSON at
every run. Two components share the work so that a changed filter never touches the page: Streamlit sends all of a
component's data whenever any of it changes. `_page` never changes; `_messages` holds the little that does.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st
from streamlit import runtime

_HERE = Path(__file__).parent
_page = st.components.v2.component("rutter_page", js=(_HERE / "page.js").read_text(encoding="utf-8"))
_messages = st.components.v2.component("rutter_messages", js=(_HERE / "messages.js").read_text(encoding="utf-8"))


def mount(
    page: bytes, *, name: str, title: str, key: str, height: int, on_change: Callable[[], None], begin: str = ""
) -> None:
    """Mount the map's page; a rerun with the same page leaves it as the user left it.

    Args:
        page: The map as one HTML page, packed by gzip.
        name: What tells this page from others; the map's reports carry it.
        title: What it is called for screen readers.
        key: Where Streamlit keeps what the map reports, `st.session_state[key]["state"]`.
        height: Height in pixels.
        on_change: Called when the map reports a new window, view or selection.
        begin: The view it begins with, as `geo/maps/js/address.js` reads it; the same for as long as it is mounted.
    """
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    # A file for download outlives a run that is cut short before it comes here; others are thrown away then.
    files = runtime.get_instance().media_file_mgr
    served = files.add(page, "application/gzip", f"rutter-{key}", is_for_static_download=True)
    _page(
        key=key,
        data={"page": f"/{base}{served}" if base else served, "name": name, "begin": begin, "title": title},
        height=height,
        on_state_change=on_change,
    )


def send(messages: list[dict[str, Any]], *, page: str, key: str) -> None:
    """Tell the map what has changed; messages that it has already are not sent again.

    Args:
        messages: Messages as `geo/maps/js/bridge.js` reads them.
        page: The name of the page they are meant for.
        key: Streamlit's key of the sender; what has two senders is sent apart.
    """
    _messages(key=key, data={"messages": messages, "page": page, "sender": key}, height="content")


def bits(mask: npt.NDArray[np.bool_]) -> str | None:
    """Pack which rows to show.

    Args:
        mask: True for rows to show, in the order of the table; shape (n,).

    Returns:
        A bit a row, least significant first, in base64; None for all rows.
    """
    return None if mask.all() else base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
