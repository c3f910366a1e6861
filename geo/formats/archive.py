"""A dossier as a zip of its folder: the same files, unpacked in memory and within bounds."""

from __future__ import annotations

from pathlib import PurePosixPath

from geo.errors import FormatError
from geo.formats.tables import FILES, TITLE, RawTable, read_tables, title_line

STORY = "story.json"
_PARTS = (*FILES.values(), TITLE, STORY)


def read_zip(content: bytes, *, file: str) -> dict[str, RawTable]:
    """Read the tables of a zip.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.

    Returns:
        Table name -> its rows, for the files that are there.

    Raises:
        FormatError: It is no zip, holds too much, no events and no routes, or what is no part of a dossier.
    """
    parts = _parts(content, file)
    if not parts.keys() & {FILES["events"], FILES["routes"]}:
        raise FormatError(f"{file}: holds neither events.csv nor routes.csv. Put one of them in it.")
    return read_tables({layer: (name, parts[name]) for layer, name in FILES.items() if name in parts})


def zip_title(content: bytes, *, file: str) -> str:
    """Read the title of a dossier in a zip.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.

    Returns:
        The first line of `title.txt`, empty where there is none.

    Raises:
        FormatError: It is no zip, or holds too much.
    """
    return title_line(_parts(content, file, wanted=TITLE).get(TITLE, b""))


def zip_story(content: bytes, *, file: str) -> bytes:
    """Read the story of a dossier in a zip.

    Args:
        content: The zip's bytes.
        file: Its name, for messages.

    Returns:
        What stands in `story.json`, empty where there is none.

    Raises:
        FormatError: It is no zip, or holds too much.
    """
    return _parts(content, file, wanted=STORY).get(STORY, b"")


def _parts(content: bytes, file: str, *, wanted: str = "") -> dict[str, bytes]:
    from geo.formats.reading import packed  # GDAL comes along, which whoever opens no zip need not wait for

    names = [name for name in packed.names(content, file=file) if not name.startswith("__MACOSX/")]
    folders = {PurePosixPath(name).parent for name in names}
    odd = next((name for name in names if PurePosixPath(name).name not in _PARTS), None)
    if odd is not None:
        raise FormatError(
            f"{file}: holds {odd!r}, which is no part of a dossier ({', '.join(_PARTS)}). "
            "Unpack it and open the folder, or import the file that is meant."
        )
    if len(folders) > 1 or len(set(names)) < len(names):
        raise FormatError(f"{file}: holds more than one dossier. Unpack it and open the folder that is meant.")
    unpacked = packed.unpack(content, file=file, wanted=(wanted or ".csv", wanted or ".txt"))
    return {PurePosixPath(name).name: unpacked.get(name, b"") for name in names}
