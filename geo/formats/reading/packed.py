"""Zip files, unpacked in memory and within bounds: what a header says of a size is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from geo.errors import FormatError
from geo.formats.reading.limits import MB, UNPACKED_BYTES, ZIP_FILES

_CHUNK = 1 << 20
_ZIPS = (".zip", ".kmz", ".7z", ".rar", ".gz", ".tar")


def unpack(content: bytes, *, file: str, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Unpack the files of a zip that can be read.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.
        wanted: The endings of the files to unpack.

    Returns:
        Path in the zip -> content, in the order of the zip.

    Raises:
        FormatError: It is damaged, has a password, holds too much, or another packed file.
    """
    inner = next((name for name in names(content, file=file) if _suffix(name) in _ZIPS), None)
    if inner:
        raise FormatError(f"{file}: holds another packed file, {inner}. Unpack it and give the file that is meant.")
    found: dict[str, bytearray] = {}
    for name, chunk in stream(content, file=file, wanted=wanted):
        found.setdefault(name, bytearray()).extend(chunk)
    return {name: bytes(kept) for name, kept in found.items()}


def names(content: bytes, *, file: str) -> list[str]:
    """List the files of a zip.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.

    Returns:
        Their paths.

    Raises:
        FormatError: It is damaged or holds too many.
    """
    return [entry.filename for entry in _opened(content, file).infolist() if not entry.is_dir()]


def stream(content: bytes, *, file: str, wanted: tuple[str, ...] = ("",)) -> Iterator[tuple[str, bytes]]:
    """Unpack a zip piece by piece.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.
        wanted: The endings of the files to unpack; all of them when left out.

    Yields:
        Path in the zip and the next piece of that file.

    Raises:
        FormatError: It is damaged, has a password or unpacks to too much.
    """
    packed, size = _opened(content, file), 0
    for entry in packed.infolist():
        if not entry.filename.lower().endswith(wanted) or entry.filename.startswith("__MACOSX/"):
            continue
        for chunk in _chunks(packed, entry, file):
            size += len(chunk)
            if size > UNPACKED_BYTES:
                raise FormatError(
                    f"{file}: unpacks to more than {UNPACKED_BYTES // MB} MB, more than is read in one go. "
                    "Take only the rows that are needed."
                )
            yield entry.filename, chunk


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def _opened(content: bytes, file: str) -> zipfile.ZipFile:
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise FormatError(f"{file}: the file is damaged. Copy or download it again.") from error
    if len(packed.infolist()) > ZIP_FILES:
        raise FormatError(f"{file}: holds more than {ZIP_FILES:,} files. Unpack it and give the one that is meant.")
    return packed


def _chunks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    try:
        with packed.open(entry) as unpacked:
            while chunk := unpacked.read(_CHUNK):
                yield chunk
    except RuntimeError as error:
        raise FormatError(f"{file}: has a password. Unpack it with the password and give the file in it.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise FormatError(f"{file}: is damaged or packed in an unusual way. Copy or pack it again.") from error
