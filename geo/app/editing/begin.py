"""From a dossier that cannot be edited in place to one that can: a GeoPackage beside it, or one of this visit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.editing.acts import trouble
from geo.app.words import literally
from geo.app.workspaces import who
from geo.config import SAMPLE
from geo.correcting import corrections_to_add
from geo.errors import GeoError
from geo.workspace import Workspace

_EDITED = "edited"
_BROUGHT = "Files that you brought stay as they are"
Brought = tuple[tuple[str, int], ...]


def edited(brought: Brought) -> str:
    """Say which dossier is edited in the place of what was asked for.

    Args:
        brought: Name and size of the files that lie in the browser's field.

    Returns:
        The address of its workspace; empty where that is not edited.
    """
    told: dict[Brought, str] = st.session_state.get(_EDITED, {})
    return told.get(brought, "")


def beside(path: Path | None) -> tuple[Path | None, str]:
    """Say where the GeoPackage of a dossier may be kept.

    Args:
        path: The file or folder that was opened; None where it was brought in the browser.

    Returns:
        The GeoPackage; None with the reason, in words, where nothing may be written beside the dossier.
    """
    if path is None:
        return None, _BROUGHT
    path = path.resolve()
    if path.is_relative_to(SAMPLE.resolve()):
        return None, "The bundled sample stays as it is"
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            return path.with_name(f"{path.name if path.is_dir() else path.stem}.gpkg"), ""
    except OSError as error:
        return None, f"Nothing may be written beside this dossier ({error.strerror})"


def show_begin(dossier: Dossier, brought: Brought) -> None:
    """Offer to make a dossier that can be edited.

    Args:
        dossier: The dossier in hand.
        brought: Name and size of the files that lie in the browser's field.
    """
    target, why = beside(dossier.path)
    there = target is not None and target.exists()
    with st.container(key="begin"):
        if there and target:
            st.html(f"<p>This dossier was made into <b>{target.name}</b> before, which can be edited.</p>")
        elif target:
            st.html(
                "<p>This dossier is read from files that stay as they are. To edit it, Rutter copies it into one file "
                f"beside them, <b>{target.name}</b>, which keeps every change with who made it and when.</p>"
            )
        else:
            st.html(
                f"<p>{why}: edits are kept in a copy until you close or reload this page. Download the copy to keep "
                "it; it opens here, in QGIS and in any program that reads a GeoPackage.</p>"
            )
        st.button(
            f"Go on editing {literally(target.name)}" if there and target else "Edit this dossier",
            key="begin-editing",
            type="primary",
            icon=":material/edit:",
            on_click=begin,
            args=(dossier, target, brought),
        )


def begin(dossier: Dossier, target: Path | None, brought: Brought) -> None:
    """Make the dossier one that can be edited, and turn to it.

    Args:
        dossier: The dossier in hand.
        target: Where it is to be kept; None for this visit only.
        brought: Name and size of the files that lie in the browser's field.
    """
    try:
        address = target or make_for_now(dossier)
        if target and not target.exists():
            make(dossier, target)
    except GeoError as error:
        trouble(str(error))
        return
    st.session_state[_EDITED] = {**st.session_state.get(_EDITED, {}), brought: str(address)}


def make_for_now(dossier: Dossier) -> Path:
    """Make a workspace for this visit.

    Args:
        dossier: The dossier in hand.

    Returns:
        The file.
    """
    folder = tempfile.TemporaryDirectory(prefix="rutter-")
    st.session_state.setdefault("edited-folders", []).append(folder)  # gone with the visit
    path = Path(folder.name) / f"{dossier.path.resolve().stem if dossier.path else 'dossier'}.gpkg"
    make(dossier, path)
    return path


def make(dossier: Dossier, path: Path) -> None:
    """Make a workspace of a dossier, with its corrections.

    Args:
        dossier: The dossier.
        path: A `.gpkg` file that is not there yet.

    Raises:
        GeoError: It could not be written.
    """
    workspace = Workspace.create(path, dossier.atlas, who=who())
    if changes := corrections_to_add(dossier.kept.corrections):
        workspace.apply(changes, what="took over the corrections of places")


def show_for_now(dossier: Dossier) -> None:
    """Say that a dossier is kept for this visit only, with a way to keep it.

    Args:
        dossier: The dossier in hand, kept in a workspace.
    """
    path = Path(dossier.address)
    if not is_for_now(dossier):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="for-now"):
        st.caption("Kept until you close or reload this page.")
        st.download_button(
            "Download as GeoPackage",
            data=path.read_bytes,
            file_name=path.name,
            mime="application/geopackage+sqlite3",
            icon=":material/download:",
            key="download-workspace",
            on_click="ignore",
        )


def is_for_now(dossier: Dossier) -> bool:
    """Tell whether a workspace lasts for this visit only.

    Args:
        dossier: The dossier in hand.

    Returns:
        Whether it lies in a folder of this visit.
    """
    folders = st.session_state.get("edited-folders", [])
    return any(Path(dossier.address).parent == Path(folder.name) for folder in folders)
