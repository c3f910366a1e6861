"""Zip files, unpacked in memory and within bounds: what a header says of a size is not believed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from geo.errors import ReadError
from geo.news.documents.limits import ZIP_FILES

_CHUNK = 65_536


def opened(content: bytes) -> zipfile.ZipFile:
    """Open a zip.

    Args:
        content: The file's bytes.

    Returns:
        The zip, its list of files read.

    Raises:
        ReadError: It is damaged, or holds more files than are read in one go.
    """
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise ReadError("The zip is damaged. Copy or download it again.") from error
    if len(packed.infolist()) > ZIP_FILES:
        raise ReadError(f"The zip holds more than {ZIP_FILES:,} files. Unpack it and give the folder.")
    return packed


def is_zip(content: bytes) -> bool:
    """Tell a zip, and a Word file, which is one too.

    Args:
        content: Any bytes.

    Returns:
        True where they begin as a zip does.
    """
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_office(packed: zipfile.ZipFile) -> bool:
    """Tell a file of Word, Excel, OpenDocument or an e-book from a zip of files.

    Args:
        packed: An open zip.

    Returns:
        True where it is one document in itself.
    """
    return not {"[Content_Types].xml", "mimetype"}.isdisjoint(packed.namelist())


def is_word(packed: zipfile.ZipFile) -> bool:
    """Tell a Word file from other zips.

    Args:
        packed: An open zip.

    Returns:
        True where it holds the text of a Word file.
    """
    return "word/document.xml" in packed.namelist()


def member(packed: zipfile.ZipFile, entry: zipfile.ZipInfo | str, *, limit: int) -> bytes:
    """Unpack one file of a zip.

    Args:
        packed: An open zip.
        entry: The file in it.
        limit: The most it may unpack to, in bytes.

    Returns:
        Its content.

    Raises:
        ReadError: It has a password, is damaged, or unpacks to more.
    """
    read = bytearray()
    try:
        for chunk in _chunks(packed, entry):
            read += chunk
            if len(read) > limit:
                raise ReadError(f"It unpacks to more than {limit // 1_000_000} MB. Split it, an article each.")
    except RuntimeError as error:
        raise ReadError("It has a password. Unpack it with the password and give the files.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ReadError(
            "It cannot be unpacked: the zip is damaged or packed in an unusual way. Pack it again."
        ) from error
    return bytes(read)


def _chunks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> Iterator[bytes]:
    with packed.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
