"""From files to checked tables: read, find the places, draw the legs, check, and list what was noticed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from geo import routing, schema
from geo.checking import plausibility
from geo.errors import FormatError, MissingFileError, TableError
from geo.faults import fault
from geo.formats.geojson import read_geojson, read_geojson_lines
from geo.formats.geoparquet import read_geoparquet
from geo.formats.spreadsheet import is_formula
from geo.formats.tables import FILES, RawTable, read_bytes, read_folder
from geo.placing import Placed, find_places, place_events, place_routes
from geo.types import Fault, FindPlaces, Notice

Tables = dict[str, pd.DataFrame]


class Reader(Protocol):
    """What reads a file that holds all three tables."""

    def __call__(self, content: bytes, /, *, file: str) -> dict[str, pd.DataFrame]:
        """Read a file.

        Args:
            content: Its bytes.
            file: Its name, for messages.

        Returns:
            `events`, `routes` and `sources`, unchecked.
        """


READERS: dict[str, Reader] = {
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".geojsonl": read_geojson_lines,
    ".ndjson": read_geojson_lines,
    ".geojsons": read_geojson_lines,
    ".parquet": read_geoparquet,
}
"""The end of a file's name -> what reads it."""


def open_tables(path: Path, *, find: FindPlaces) -> tuple[Tables, list[Notice]]:
    """Open the tables of a dossier.

    Args:
        path: A folder of CSV, or a file whose name ends as one of `READERS`.
        find: Turns names into places.

    Returns:
        `events`, `routes` (GeoDataFrames, EPSG:4326) and `sources`, and what a reader should know of their rows.

    Raises:
        MissingFileError: There is nothing at this path.
        FormatError: A file is not what its name promises.
        TableError: Rows are wrong; all of them are listed.
    """
    if path.is_dir():
        raw = read_folder(path)
        return _assemble(raw, _place(raw, find))
    if not path.exists():
        raise MissingFileError(f"There is no file or folder {path}. Check the path.")
    read = READERS.get(path.suffix.lower())
    if read is None:
        known = ", ".join(READERS)
        raise FormatError(f"{path} is not a kind of file Rutter opens. Give a folder of CSV or a file in {known}.")
    raw = {
        layer: RawTable(path.name, table, list(table.columns), range(1, len(table) + 1), ())
        for layer, table in read(read_bytes(path), file=path.name).items()
    }
    return _assemble(raw, {layer: Placed(table.rows) for layer, table in raw.items()})


def _place(raw: Mapping[str, RawTable], find: FindPlaces) -> Mapping[str, Placed]:
    placed, found = {}, find_places(raw, find=find)
    if "events" in raw:
        placed["events"] = place_events(raw["events"], found=found)
    if "routes" in raw:
        placed["routes"] = place_routes(raw["routes"], found=found, leg=routing.leg)
    if "sources" in raw:
        placed["sources"] = Placed(raw["sources"].rows)
    return placed


def _assemble(raw: Mapping[str, RawTable], placed: Mapping[str, Placed]) -> tuple[Tables, list[Notice]]:
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
    if not faults and len(tables["sources"]):
        faults = [fault for layer in schema.TIMES if layer in raw for fault in _unsourced(tables, raw[layer], layer)]
    if faults:
        raise TableError(faults)
    notices = [
        *(notice for layer in raw for notice in (*raw[layer].notices, *placed[layer].notices)),
        *(notice for layer in FILES for notice in _odd_text(layer, tables[layer])),
        *(notice for layer in schema.TIMES for notice in _undated(layer, tables[layer])),
        *plausibility(tables["routes"]),
    ]
    if tables["sources"].empty:
        notices += [
            Notice(layer, name, "source_id", source, "No source of this id is listed: nothing can be said of it.")
            for layer in schema.TIMES
            for name, source in zip(tables[layer]["id"], tables[layer]["source_id"], strict=True)
            if source
        ]
    listed = {(notice.layer, notice.id) for rows in placed.values() for notice in rows.notices}
    notices += [
        Notice(layer, name, "geometry", "", "Has no position: kept without one.")
        for layer in schema.TIMES
        for name in tables[layer]["id"][tables[layer].geometry.isna()]
        if (layer, name) not in listed
    ]
    return tables, notices


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


def _undated(layer: str, table: pd.DataFrame) -> list[Notice]:
    first = schema.TIMES[layer][0]
    message = "No date is given: kept, but in no window of time."
    return [Notice(layer, name, first, "", message) for name in table["id"][table[first].isna()]]


_HTML = re.compile(r"</?[A-Za-z][^>]*>")


def _odd_text(layer: str, table: pd.DataFrame) -> list[Notice]:
    """List cells whose text would do something elsewhere: formulas in a spreadsheet, HTML in a page."""
    return [
        Notice(layer, str(name), str(column), cell[:80], message)
        for column in table.columns
        if column != "geometry"
        for name, cell in zip(table["id"], table[column], strict=True)
        if isinstance(cell, str)
        for odd, message in (
            (is_formula(cell), "Begins like a spreadsheet formula: kept as plain text."),
            (bool(_HTML.search(cell)), "Holds HTML: kept and shown as plain text."),
        )
        if odd
    ]
