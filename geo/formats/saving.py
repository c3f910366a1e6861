"""Files written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from geo.errors import SaveError


def save_text(text: str, path: Path) -> None:
    """Write a text file whole or not at all: a failure leaves what stood there before.

    Args:
        text: The file's content, written as UTF-8.
        path: Where it goes.

    Raises:
        SaveError: The folder is not there, may not be written, or the disk is full.
    """
    save_bytes(text.encode("utf-8"), path)


def save_bytes(content: bytes, path: Path) -> None:
    """Write a file whole or not at all: a failure leaves what stood there before.

    Args:
        content: The file's content.
        path: Where it goes.

    Raises:
        SaveError: The folder is not there, may not be written, or the disk is full.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise SaveError(f"{path} could not be written: {error.strerror}. Choose another name or folder.") from error


def save_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a folder, all of them or none; what else stands in the folder stays.

    All are written beside those they replace and then put in their places one after the other. Where one cannot be,
    those that were go back. Only a machine that stops between the first and the last leaves some new and some old.

    Args:
        folder: Where they go; made where it is not there.
        files: Name -> content.

    Raises:
        SaveError: The folder cannot be made or written, or the disk is full.
    """
    there = folder.exists()
    parts = {folder / name: folder / f".{name}.{os.getpid()}.part" for name in files}
    former = {target: folder / f".{target.name}.{os.getpid()}.old" for target in parts}
    with ExitStack() as tidying:
        if not there:
            tidying.callback(_remove_empty, folder)
        tidying.callback(_remove, parts.values())
        with ExitStack() as undoing:
            try:
                folder.mkdir(exist_ok=True)
                for target, part in parts.items():
                    part.write_bytes(files[target.name])
                for target, part in parts.items():
                    if target.exists():
                        shutil.copy2(target, former[target])
                        undoing.callback(former[target].replace, target)
                    else:
                        undoing.callback(target.unlink, missing_ok=True)
                    part.replace(target)
            except OSError as error:
                why = f"{error.strerror}. Choose another folder."
                raise SaveError(f"{folder} could not be written, and is as it was: {why}") from error
            undoing.pop_all()
        _remove(former.values())


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
