"""Which dossier is open, with which corrections; each is read once and kept for everyone on the server."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from geo.app.places import keeping
from geo.app.places.keeping import Kept, keep_inside
from geo.app.workspaces import workspace_at
from geo.atlas import Atlas
from geo.config import SAMPLE
from geo.errors import FormatError
from geo.following import follow
from geo.formats.tables import FILES
from geo.opening import is_workspace
from geo.places.corrections import Corrections
from geo.places.corrections.store import FILE
from geo.workspace import Workspace

Files = tuple[tuple[str, bytes], ...]
Stamp = tuple[tuple[str, int, int], ...]
_BROUGHT = "Files that you brought stay as they are."
_FOLDERS = "correction-folders"
_VISITS = "visits"


@dataclass(frozen=True)
class Dossier:
    """The dossier in hand.

    Args:
        atlas: Its rows, placed with the corrections in force.
        name: Which dossier it is, whatever is corrected in it.
        kept: The corrections, and where they are kept.
        by_name: Whether its rows are placed by their names; those of a GeoJSON file bring their positions, which a
            corrected name overrules.
        path: The file or folder on disk that was opened; None where it was brought in the browser, or is a workspace.
        address: Where its workspace is; empty where it cannot be edited in place.
        workspace: Its workspace; None where it cannot be edited in place.
    """

    atlas: Atlas
    name: str
    kept: Kept
    by_name: bool
    path: Path | None = None
    address: str = ""
    workspace: Workspace | None = None


def asked_for() -> str:
    """Return the dossier named on the command line, else the bundled sample."""
    return sys.argv[1] if len(sys.argv) > 1 else str(SAMPLE)


def open_address(address: str) -> Dossier:
    """Open a dossier from disk or from a database; what changed meanwhile is taken in.

    Args:
        address: A folder of CSV, a GeoJSON file, a GeoPackage, or the address of a database.

    Returns:
        The dossier.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
    if not is_workspace(address):
        return open_path(Path(address))
    workspace = workspace_at(address)
    name = fingerprint([address])
    kept = keep_inside(address, workspace, _visit(name))
    return Dossier(workspace.atlas, name, kept, False, None, address, workspace)


def _visit(key: str) -> Path:
    folders: dict[str, tempfile.TemporaryDirectory[str]] = st.session_state.setdefault(_VISITS, {})
    if key not in folders:
        folders[key] = tempfile.TemporaryDirectory(prefix="rutter-")
    return Path(folders[key].name)


def open_path(path: Path) -> Dossier:
    """Open a dossier from disk; a changed file is read again.

    Args:
        path: A folder of CSV or a GeoJSON file.

    Returns:
        The dossier.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
    files = [file for file in sorted(path.iterdir()) if _counts(file)] if path.is_dir() else [path]
    stamp = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())
    name = fingerprint([str(path.resolve()), *map(str, stamp)])
    kept = _kept(str(path.resolve()), path)
    return Dossier(_open_stamped(path, stamp, kept.state, kept.corrections), name, kept, path.is_dir(), path)


def _counts(file: Path) -> bool:
    return file.suffix.lower() in (".csv", ".txt") and not file.name.startswith((".", FILE.removesuffix(".csv")))


def _kept(key: str, path: Path | None) -> Kept:
    folders: dict[str, tuple[str | None, tempfile.TemporaryDirectory[str] | None]]
    folders = st.session_state.setdefault(_FOLDERS, {})
    if key not in folders:
        why = keeping.beside(path) if path else _BROUGHT
        folders[key] = (why, tempfile.TemporaryDirectory(prefix="rutter-") if why else None)
        if own := folders[key][1]:
            keeping.begin_for_now(Path(own.name), path)
    why, own = folders[key]
    if own is None or why is None:
        return keeping.keep_beside(path or Path())
    return keeping.keep_for_now(Path(own.name), why)


@st.cache_resource(show_spinner="Reading the dossier: finding its places and drawing its routes ...", max_entries=8)
def _open_stamped(path: Path, stamp: Stamp, state: tuple[str, ...], _corrections: Corrections) -> Atlas:
    # Stamp and state are there to be told apart by; what begins with an underscore is not.
    opened = Atlas.open(path, corrections=_corrections)
    return opened if path.is_dir() else follow(opened, _corrections)


def open_files(files: Files) -> Dossier:
    """Open a dossier from files that were handed over in the browser.

    Args:
        files: Name and content of one GeoJSON file, or of events.csv, routes.csv and sources.csv.

    Returns:
        The dossier.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
    content = [hashlib.sha256(content).hexdigest() for _, content in files]
    name = fingerprint([*(name for name, _ in files), *content])
    kept = _kept(name, None)
    atlas = _open_files(files, kept.state, kept.corrections)
    return Dossier(atlas, name, kept, Path(files[0][0]).suffix.lower() == ".csv")


@st.cache_resource(show_spinner="Reading your files ...", max_entries=8)
def _open_files(files: Files, state: tuple[str, ...], _corrections: Corrections) -> Atlas:
    names = [Path(name).name.lower() for name, _ in files]
    tables = ", ".join(FILES.values())
    odd = sorted(set(names) - set(FILES.values()))
    mixed = len(names) > 1 and (bool(odd) or len(set(names)) < len(names))
    if mixed or names == [FILES["sources"]]:
        raise FormatError(f"{', '.join(names)}: not opened. Bring {tables} by these names, or one GeoJSON file alone.")
    if odd and not odd[0].endswith(("json", "geojson")):
        raise FormatError(f"{odd[0]}: not opened. Name your tables {tables}.")
    with tempfile.TemporaryDirectory() as folder:
        for name, (_, content) in zip(names, files, strict=True):
            (Path(folder) / name).write_bytes(content)
        opened = Atlas.open(Path(folder) / odd[0] if odd else Path(folder), corrections=_corrections)
        opened = follow(opened, _corrections) if odd else opened
        return replace(opened, title=Path(files[0][0]).stem if odd else "Your dossier")


def fingerprint(parts: Sequence[str]) -> str:
    """Name a list of texts shortly.

    Args:
        parts: Any texts.

    Returns:
        Twelve hexadecimal digits; the same for the same list.
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
