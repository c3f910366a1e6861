"""Which dossier is open, and the page of its map; both are made once and kept for everyone on the server."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from geo.atlas import Atlas
from geo.config import SAMPLE
from geo.errors import FormatError
from geo.formats.tables import FILES

Files = tuple[tuple[str, bytes], ...]


def asked_for() -> Path:
    """Return the dossier named on the command line, else the bundled sample."""
    return Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE


def open_path(path: Path) -> Atlas:
    """Open a dossier from disk; a changed file is read again.

    Args:
        path: A folder of CSV or a GeoJSON file.

    Returns:
        The dossier.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    stamp = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())
    return _open_stamped(path, stamp)


@st.cache_resource(show_spinner="Reading the dossier: finding its places and drawing its routes ...", max_entries=8)
def _open_stamped(path: Path, _stamp: tuple[tuple[str, int, int], ...]) -> Atlas:
    return Atlas.open(path)


@st.cache_resource(show_spinner="Reading your files ...", max_entries=8)
def open_files(files: Files) -> Atlas:
    """Open a dossier from files that were handed over in the browser.

    Args:
        files: Name and content of one GeoJSON file, or of events.csv, routes.csv and sources.csv.

    Returns:
        The dossier.

    Raises:
        GeoError: It cannot be opened; the message says why.
    """
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
        opened = Atlas.open(Path(folder) / odd[0] if odd else Path(folder))
        return replace(opened, title=Path(files[0][0]).stem if odd else "Your dossier")


def fingerprint(parts: Sequence[str]) -> str:
    """Name a list of texts shortly.

    Args:
        parts: Any texts.

    Returns:
        Twelve hexadecimal digits; the same for the same list.
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
