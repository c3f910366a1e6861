"""The workspaces that are open on this server: one value each for everyone, fresh at every run, and who edits."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

import streamlit as st

from geo.store import is_address
from geo.workspace import Workspace

_NAME = "who"


@dataclass
class _Held:
    workspace: Workspace
    lock: Lock = field(default_factory=Lock)


@st.cache_resource(show_spinner="Opening the dossier ...", max_entries=8)
def _held(address: str, stamp: tuple[int, int]) -> _Held:
    # The stamp is there so that a file put in the place of another is opened anew.
    return _Held(Workspace.open(address))


def _hold(address: str) -> _Held:
    if is_address(address) or not Path(address).exists():
        return _held(address, (0, 0))
    told = Path(address).stat()
    return _held(address, (told.st_dev, told.st_ino))


def workspace_at(address: str) -> Workspace:
    """Give a workspace as it stands now, with what others changed.

    Args:
        address: A `.gpkg` file, or the address of a database.

    Returns:
        The workspace, in the name of whoever looks at this page.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
    held = _hold(address)
    with held.lock:
        held.workspace = held.workspace.refresh()
        return replace(held.workspace, who=who())


def hold(address: str, workspace: Workspace) -> None:
    """Let everyone on this server see a change at their next run without reading it.

    Args:
        address: Where the workspace is.
        workspace: The workspace with the change.
    """
    held = _hold(address)
    with held.lock:
        if workspace.number > held.workspace.number:
            held.workspace = workspace


def signed_in() -> str:
    """Say who signed in with Streamlit's OpenID Connect.

    Returns:
        Their e-mail address, name or number at the provider; empty where nobody did.
    """
    if not st.user.get("is_logged_in"):
        return ""
    return str(st.user.get("email") or st.user.get("name") or st.user.get("sub") or "")


def who() -> str:
    """Say in whose name this page edits.

    Returns:
        Who signed in, else the name that was typed in this visit, else the name of the account.
    """
    return signed_in() or str(st.session_state.get(_NAME) or "") or account()


def call(name: str) -> None:
    """Take the name of whoever looks at this page, for this visit.

    Args:
        name: The name; empty for that of the account.
    """
    st.session_state[_NAME] = " ".join(name.split())


def account() -> str:
    """Give the name of the account this server runs in.

    Returns:
        The name; `somebody` where the system knows none.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
