"""A dossier, or a slice of it, as a file: whole or not at all, with a list of what the file cannot hold."""

from __future__ import annotations

import getpass
import os
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import FormatError, LayerError, SaveError
from geo.exporting.formats import LAYERS, Format, cited, format_of
from geo.formats.saving import save_bytes, save_folder
from geo.formats.writing.cited import Written
from geo.formats.writing.folder import write_folder
from geo.store import is_address
from geo.storing import create
from geo.types import Layer, Notice

if TYPE_CHECKING:
    from geo.atlas import Atlas


def export(atlas: Atlas, name: str | Path, *, layers: Collection[Layer] = LAYERS) -> Written:
    """Write a dossier.

    Args:
        atlas: The rows to write: everything, or a slice or filter of it.
        name: The kind of file, as a name that ends like one or as that end: `march.kml` or `kml`.
        layers: Which tables to write.

    Returns:
        The file's content, and notices of what it cannot hold or had to change.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
    """
    kind = format_of(name)
    chosen = _holdable(atlas, kind, _known(layers))
    written = kind.write(only(atlas, chosen), chosen)
    return Written(written.content, (*_left_out(atlas, kind, _known(layers), chosen), *written.notices))


def save(atlas: Atlas, path: str | Path, *, layers: Collection[Layer] = LAYERS, format: str = "") -> tuple[Notice, ...]:
    """Save a dossier as a file or a folder of CSV, whole or not at all.

    Args:
        atlas: The rows to write.
        path: Where it goes: the file, the folder as `is_folder` tells, or the address of a database.
        layers: Which tables to write; those of a folder that are not asked for become empty.
        format: The kind of file, as `kml`; what the path ends in when left out.

    Returns:
        What the file cannot hold, and what had to be changed for it.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
        SaveError: The file could not be written; what stood there is unchanged.
        StoreError: The database could not be reached or written; what it holds is unchanged.
    """
    if is_address(str(path)):
        create(path, only(atlas, _known(layers)), who=getpass.getuser())
        return ()
    if not format and is_folder(path):
        files, notices = write_folder(cited(only(atlas, _known(layers)), LAYERS))
        save_folder(Path(path), files)
        return notices
    if Path(path).suffix.lower() == ".gpkg" and Path(path).exists():
        raise SaveError(f"{path} is there already, perhaps with its history. Give another name.")
    written = export(atlas, format or path, layers=layers)
    save_bytes(written.content, Path(path))
    return written.notices


def is_folder(path: str | Path) -> bool:
    """Tell whether a dossier is saved as a folder of CSV files.

    Args:
        path: Where somebody wants it.

    Returns:
        True for a folder that is there, a path that ends in a slash, and one whose name has no suffix and is no file.
    """
    asked, there = str(path), Path(path)
    try:
        return asked != "" and (there.is_dir() or asked.endswith(("/", os.sep)) or not (there.suffix or there.exists()))
    except OSError:  # a name that is too long, which saving says
        return False


def held(atlas: Atlas, name: str | Path, *, layers: Collection[Layer] = LAYERS) -> dict[Layer, int]:
    """Count the rows that a file holds.

    Args:
        atlas: The rows to write.
        name: The kind of file, as a name that ends like one or as that end: `march.kml` or `kml`.
        layers: Which tables to write.

    Returns:
        For each layer in the file the number of rows; those the format cannot hold are not counted.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
    """
    kind = format_of(name)
    tables = {name: atlas.layer(name) for name in _holdable(atlas, kind, _known(layers))}
    return {name: len(table) if kind.unplaced else int(table.geometry.notna().sum()) for name, table in tables.items()}


def only(atlas: Atlas, layers: Collection[Layer]) -> Atlas:
    """Keep chosen layers.

    Args:
        atlas: The dossier.
        layers: Which tables.

    Returns:
        The dossier with no rows in the others.
    """
    return atlas.keep({name: np.full(len(atlas.layer(name)), name in layers) for name in LAYERS})


def _known(layers: Collection[str]) -> list[Layer]:
    unknown = set(layers) - set(LAYERS)
    if unknown:
        raise LayerError(f"No layer is called {', '.join(sorted(unknown))}. Use {' or '.join(LAYERS)}.")
    return [name for name in LAYERS if name in layers]


def _holdable(atlas: Atlas, kind: Format, asked: list[Layer]) -> list[Layer]:
    chosen = [name for name in asked if name in kind.layers]
    if not chosen:
        raise FormatError(f"{kind.label}: it can hold {' and '.join(kind.layers)} only. Choose another format.")
    if not kind.one_layer or len(chosen) == 1:
        return chosen
    filled = [name for name in chosen if len(atlas.layer(name))]
    if len(filled) > 1:
        raise FormatError(
            f"{kind.label}: a file holds one layer. Choose {' or '.join(chosen)}, or end the name in .zip."
        )
    return filled or chosen[:1]


def _left_out(atlas: Atlas, kind: Format, asked: list[Layer], chosen: list[Layer]) -> list[Notice]:
    message = f"{kind.label} cannot hold this layer: {{}} rows are left out. Choose a format that does."
    return [
        Notice(name, "", "", "", message.format(len(atlas.layer(name))))
        for name in asked
        if name not in chosen and len(atlas.layer(name))
    ]
