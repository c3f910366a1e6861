"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
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
