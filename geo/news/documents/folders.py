"""Many files at once: folders and zips walked in order, what cannot be read listed, the rest read."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, NoReturn

from geo.errors import GeoError, ReadError
from geo.faults import fault_of
from geo.news.documents.limits import FILE_BYTES, MB, TOTAL_CHARACTERS
from geo.news.documents.packed import is_office, is_zip, member, opened
from geo.news.documents.reading import documents_of, load
from geo.news.types import Document
from geo.types import Fault

_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LITTER_STARTS = ("._", "~$")  # what macOS and Word leave beside files
_LITTER_FOLDER = "__MACOSX"


class _File(NamedTuple):
    name: str
    load: Callable[[], bytes]


def read_documents(
    paths: str | Path | Iterable[str | Path], *, progress: bool = False
) -> tuple[list[Document], list[Fault]]:
    """Read many files; one that cannot be read is listed and the rest goes on.

    Args:
        paths: Files, folders with whatever folders they hold, and zips of files; or one of them. A file met twice is
            read once.
        progress: Show a bar on a terminal.

    Returns:
        The documents, in the order of the paths and of the names within a folder, and what could not be read and why.
    """
    given = [paths] if isinstance(paths, str | Path) else paths
    seen: set[Path] = set()
    return _read([file for path in given for file in _given(Path(path), seen)], progress=progress)


def read_uploads(files: Iterable[tuple[str, bytes]], *, progress: bool = False) -> tuple[list[Document], list[Fault]]:
    """Read many files that are already in memory; one that cannot be read is listed and the rest goes on.

    Args:
        files: The name and the bytes of each.
        progress: Show a bar on a terminal.

    Returns:
        The documents, in the order of the files, and what could not be read and why.
    """
    return _read([_File(name, partial(bytes, content)) for name, content in files], progress=progress)


def _read(files: list[_File], *, progress: bool) -> tuple[list[Document], list[Fault]]:
    from tqdm import tqdm

    documents: list[Document] = []
    faults: list[Fault] = []
    characters = 0
    for file in tqdm(files, desc="Reading", unit=" files", disable=None if progress else True):
        for part in _parts(file):
            try:
                read = documents_of(part.name, part.load())
                size = sum(len(document.text) for document in read)
                if characters + size > TOTAL_CHARACTERS:
                    raise ReadError(
                        f"More than {TOTAL_CHARACTERS // MB} MB of text at once. Read the rest in another go."
                    )
            except GeoError as error:
                faults.append(fault_of(error, part.name, None, None, ""))
            else:
                characters += size
                documents += read
    return documents, faults


def _parts(file: _File) -> Iterator[_File]:
    """Give the files of a zip, or the file itself where it is none."""
    try:
        content = file.load()
        packed = opened(content) if is_zip(content) else None
    except GeoError as error:
        yield _File(file.name, partial(_refuse, error))
        return
    if packed is None or is_office(packed) or not packed.namelist():
        yield _File(file.name, partial(bytes, content))
        return
    with packed:
        for entry in sorted(packed.infolist(), key=lambda entry: entry.filename):
            if not entry.is_dir() and not _is_litter(Path(entry.filename)):
                yield _File(f"{file.name}/{entry.filename}", partial(_unpacked, packed, entry))


def _unpacked(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    content = member(packed, entry, limit=FILE_BYTES)
    if is_zip(content):
        with opened(content) as inner:
            if not is_office(inner):
                raise ReadError("It is a zip inside a zip. Unpack the outer one and give the folder.")
    return content


def _refuse(error: GeoError) -> NoReturn:
    raise error


def _given(path: Path, seen: set[Path]) -> Iterator[_File]:
    if path.is_dir():
        yield from _within(path, path.name or path.resolve().name, seen)
    else:
        yield from _once(path, str(path), seen)


def _within(folder: Path, shown: str, seen: set[Path]) -> Iterator[_File]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _File(
            _readable(shown),
            partial(_refuse, ReadError(f"It cannot be opened: {error.strerror}. Check who may read it.")),
        )
        return
    for entry in entries:
        name = f"{shown}/{entry.name}"
        if entry.is_dir() and entry.is_symlink():
            refused = ReadError("It is a link to a folder, which is not followed. Give that folder itself.")
            yield _File(_readable(name), partial(_refuse, refused))
        elif entry.is_dir():
            yield from _within(entry, name, seen) if entry.name != _LITTER_FOLDER else ()
        elif not _is_litter(entry):
            yield from _once(entry, name, seen)


def _once(path: Path, name: str, seen: set[Path]) -> Iterator[_File]:
    real = path.resolve()
    if real not in seen:
        seen.add(real)
        yield _File(_readable(name), partial(load, path))


def _readable(name: str) -> str:
    """Write the name of a file that is in no encoding of this system's, as well as it can be."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_litter(path: Path) -> bool:
    name = path.name.lower()
    return name in _LITTER or name.startswith(_LITTER_STARTS) or _LITTER_FOLDER in path.parts
