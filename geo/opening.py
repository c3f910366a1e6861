"""From files to checked tables: read, find the places, draw the legs, check, and list what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from geo import routing, schema
from geo.errors import FormatError, MissingFileError, TableError
from geo.faults import fault
from geo.formats.archive import read_zip, zip_story, zip_title
from geo.formats.columns import own_names
from geo.formats.geojson import read_geojson, read_geojson_lines
from geo.formats.geoparquet import read_geoparquet
from geo.formats.tables import FILES, TITLE, RawTable, raw_tables, read_bytes, read_folder, title_line
from geo.noticing import notices_of
from geo.placing import Placed, find_places, place_events, place_routes
from geo.store import Store, is_address
from geo.store.kept import STORY, kept_text
from geo.story import FILE as STORY_FILE
from geo.story import Steps, read_story
from geo.types import Fault, FindPlaces, Notice

Tables = dict[str, pd.DataFrame]


class Reader(Protocol):
    """What reads a file that holds all three tables."""

    def __call__(self, content: bytes, /, *, file: str) -> Mapping[str, RawTable]:
        """Read a file.

        Args:
            content: Its bytes.
            file: Its name, for messages.

        Returns:
            `events`, `routes` and `sources`, or some of them, unchecked.
        """


READERS: dict[str, Reader] = {
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".geojsonl": read_geojson_lines,
    ".ndjson": read_geojson_lines,
    ".geojsons": read_geojson_lines,
    ".parquet": read_geoparquet,
    ".zip": read_zip,
}
"""The end of a file's name -> what reads it."""


def open_tables(path: str | Path, *, find: FindPlaces) -> tuple[Tables, list[Notice]]:
    """Open the tables of a dossier.

    Args:
        path: A folder of CSV, a GeoPackage, the address of a database, or a file whose name ends as one of `READERS`.
        find: Turns names into places.

    Returns:
        `events`, `routes` (GeoDataFrames, EPSG:4326) and `sources`, and what a reader should know of their rows.

    Raises:
        MissingFileError: There is nothing at this path.
        FormatError: A file is not what its name promises.
        TableError: Rows are wrong; all of them are listed.
    """
    if is_workspace(path):
        store = Store.open(path)
        return check_tables(store.tables()[1], file=store.place, sourced=False)
    path = Path(path)
    if stands(path) == "folder":
        return _joined(read_folder(path), find)
    if stands(path) != "file":
        raise MissingFileError(f"There is no file or folder {path}. Check the path.")
    read = READERS.get(path.suffix.lower())
    if read is None:
        known = ", ".join((".gpkg", *READERS))
        raise FormatError(
            f"{path} is not a kind of file Rutter opens. Give a folder of CSV or a file in {known}; "
            "bring anything else in with python -m geo import."
        )
    return _joined(read(read_bytes(path), file=path.name), find)


def stands(path: str | Path) -> Literal["folder", "file", ""]:
    """Tell what stands at a path.

    Args:
        path: Any path.

    Returns:
        Empty for nothing, for what is neither, and for a name that is too long to be one.
    """
    try:
        return "folder" if Path(path).is_dir() else "file" if Path(path).is_file() else ""
    except OSError:
        return ""


def is_workspace(path: str | Path) -> bool:
    """Tell whether a dossier is kept by `geo.store`.

    Args:
        path: What somebody wants opened or saved.

    Returns:
        True for a GeoPackage and the address of a database.
    """
    return is_address(str(path)) or Path(path).suffix.lower() == ".gpkg"


def title_of(path: str | Path) -> str:
    """Name a dossier.

    Args:
        path: What was opened.

    Returns:
        The title it was given, else the name of its file or folder.
    """
    if is_workspace(path):
        return Store.open(path).title()
    path = Path(path)
    if (named := path / TITLE).is_file():
        return title_line(read_bytes(named))
    told = zip_title(read_bytes(path), file=path.name) if path.suffix.lower() == ".zip" and path.is_file() else ""
    return told or (path.resolve().name if path.is_dir() else path.stem)


def story_of(path: str | Path) -> Steps:
    """Read the story of a dossier.

    Args:
        path: What was opened.

    Returns:
        Its steps; none where it has no story, or is a file that holds none.

    Raises:
        FormatError: Its story is wrong; every step and field that is wrong is named.
    """
    if is_workspace(path):
        return story_in(Store.open(path))
    path = Path(path)
    if (told := path / STORY_FILE).is_file():
        return read_story(read_bytes(told), file=str(told))
    zipped = path.suffix.lower() == ".zip" and path.is_file()
    packed = zip_story(read_bytes(path), file=path.name) if zipped else b""
    return read_story(packed, file=f"{STORY_FILE} in {path.name}") if packed else ()


def story_in(store: Store) -> Steps:
    """Read the story of a workspace.

    Args:
        store: The workspace.

    Returns:
        Its steps.

    Raises:
        FormatError: Its story is wrong; every step and field that is wrong is named.
    """
    text = kept_text(store, STORY)
    return read_story(text, file=f"the story of {store.place}") if text else ()


def check_tables(tables: Mapping[Any, pd.DataFrame], *, file: str, sourced: bool = True) -> tuple[Tables, list[Notice]]:
    """Check tables that bring their positions.

    Args:
        tables: `events`, `routes`, `sources`, or some of them.
        file: What messages call their origin.
        sourced: Whether a row that names no source of the table is a fault; else it is noticed.

    Returns:
        All three tables, and what a reader should know of their rows.

    Raises:
        TableError: Rows are wrong; all of them are listed.
    """
    raw = raw_tables({layer: tables[layer] for layer in FILES if layer in tables}, file=file)
    return _assemble(raw, {layer: Placed(table.rows) for layer, table in raw.items()}, sourced=sourced)


def _joined(raw: Mapping[str, RawTable], find: FindPlaces) -> tuple[Tables, list[Notice]]:
    if all(table.placed for table in raw.values()):
        return _assemble(raw, {layer: Placed(table.rows) for layer, table in raw.items()})
    placed, found = {}, find_places(raw, find=find)
    if "events" in raw:
        placed["events"] = place_events(raw["events"], found=found)
    if "routes" in raw:
        placed["routes"] = place_routes(raw["routes"], found=found, leg=routing.leg)
    if "sources" in raw:
        rows = raw["sources"].rows
        placed["sources"] = Placed(rows.rename(columns=own_names("sources", rows.columns)))
    return _assemble(raw, placed)


def _assemble(
    raw: Mapping[str, RawTable], placed: Mapping[str, Placed], *, sourced: bool = True
) -> tuple[Tables, list[Notice]]:
    tables: Tables = {}
    faults: list[Fault] = []
    for layer in FILES:
        if layer not in raw:
            tables[layer] = schema.empty(layer)
            continue
        try:
            tables[layer] = schema.check(
                layer,
                placed[layer].rows,
                file=raw[layer].file,
                rows=raw[layer].numbers,
                header=raw[layer].header,
                known=[*raw[layer].faults, *placed[layer].faults],
            )
        except TableError as error:
            faults += error.faults
    if sourced and not faults and len(tables["sources"]):
        faults = [fault for layer in schema.TIMES if layer in raw for fault in _unsourced(tables, raw[layer], layer)]
    if faults:
        raise TableError(faults)
    said = [notice for layer in raw for notice in (*raw[layer].notices, *placed[layer].notices)]
    why_unplaced = {(notice.layer, notice.id) for rows in placed.values() for notice in rows.notices}
    return tables, [
        *said,
        *(
            notice
            for notice in notices_of(tables)
            if notice.column != "geometry" or (notice.layer, notice.id) not in why_unplaced
        ),
    ]


def _unsourced(tables: Mapping[str, pd.DataFrame], raw: RawTable, layer: str) -> list[Fault]:
    named = tables[layer]["source_id"]
    lost = (named != "") & ~named.isin(tables["sources"]["id"])
    return [
        fault(
            raw.file,
            raw.numbers[int(row)],
            "source_id",
            named.iloc[row],
            "is the id of no source. Add it to the sources, or correct it.",
        )
        for row in np.flatnonzero(lost)
    ]
