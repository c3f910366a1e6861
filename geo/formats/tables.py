"""A dossier as a folder of CSV files: events.csv, routes.csv, sources.csv, names and dates as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import DateError, MissingFileError, ReadError
from geo.faults import fault_of
from geo.formats.csvfile import read_cells
from geo.schema import SCHEMAS
from geo.timeline import hull, parse_date
from geo.types import Fault, Interval, Notice

FILES = {"events": "events.csv", "routes": "routes.csv", "sources": "sources.csv"}
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "events": (("date", "start"), ("place", "lon")),
    "routes": (("origin",), ("destination",), ("depart",), ("arrive",)),
    "sources": (),
}
RESERVED = ("layer", "geometry", "source_title", "source_publisher", "source_url", "source_published", "source_note")
_WRITTEN = {"date", "lon", "lat", "via", *(name for schema in SCHEMAS.values() for name in schema.columns)}


@dataclass(frozen=True)
class RawTable:
    """A table as it was read, before its places are looked up.

    Args:
        file: The file's name, for messages.
        rows: The cells as text, dates already as times; shape (n, columns).
        header: The columns as the file names them.
        numbers: The rows' numbers as a spreadsheet counts them; shape (n,).
        faults: What could not be read.
        notices: What a reader should know of rows that were read.
    """

    file: str
    rows: pd.DataFrame
    header: Sequence[str]
    numbers: Sequence[int]
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...] = ()


def read_folder(folder: Path) -> dict[str, RawTable]:
    """Read the tables of a folder.

    Args:
        folder: A folder with `events.csv` or `routes.csv` or both, and `sources.csv` where there are sources.

    Returns:
        Table name -> its rows, for the files that are there.

    Raises:
        MissingFileError: The folder holds neither events nor routes.
        ReadError: A file may not be read.
        FormatError: A file is empty or is not UTF-8 text.
    """
    found = {layer: folder / name for layer, name in FILES.items() if (folder / name).is_file()}
    if not found.keys() & {"events", "routes"}:
        raise MissingFileError(f"{folder} holds neither events.csv nor routes.csv. Put one of them there.")
    return {layer: read_table(layer, read_bytes(path), file=path.name) for layer, path in found.items()}


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Args:
        path: The file.

    Returns:
        Its content.

    Raises:
        ReadError: It may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}. Check who may read it.") from error


def read_table(layer: str, content: bytes, *, file: str) -> RawTable:
    """Read one CSV table.

    Args:
        layer: `events`, `routes` or `sources`.
        content: The file's bytes, UTF-8, a header and one row a line.
        file: The file's name, for messages.

    Returns:
        Its rows, with `date` (events) or `depart` and `arrive` (routes) turned into times and a precision.

    Raises:
        FormatError: The file is empty or is not UTF-8 text.
    """
    cells = read_cells(content, file=file)
    header = list(cells.rows.columns)
    rows = cells.rows.rename(columns={name: name.casefold() for name in header if name.casefold() in _WRITTEN})
    faults = [*_unfit_columns(layer, list(rows.columns), file, header), *cells.faults]
    notices: list[Notice] = []
    if layer == "routes" and {"depart", "arrive"} <= set(rows.columns):
        rows, notices = _half_dated(rows)
    for written, times in _DATED.get(layer, {}).items():
        if set(written) <= set(rows.columns):
            rows, undated = _date(rows, cells.numbers, file, written, times)
            faults += undated
            break
    return RawTable(file, rows, header, cells.numbers, tuple(faults), tuple(notices))


_DATED: dict[str, dict[tuple[str, ...], tuple[str, str]]] = {
    "events": {("date",): ("start", "end"), ("start", "end"): ("start", "end")},
    "routes": {("depart", "arrive"): ("depart", "arrive")},
}


def _unfit_columns(layer: str, columns: Sequence[str], file: str, header: Sequence[str]) -> list[Fault]:
    found = ", ".join(header)
    lacking = [
        Fault(file, None, names[0], None, "the column is missing.", f"Add it to the header. Columns found: {found}.")
        for names in NEEDED[layer]
        if not set(names) & set(columns)
    ]
    taken = [*RESERVED, *(("start", "end") if "date" in columns else ())]
    return lacking + [
        Fault(file, None, name, None, "the column has a name that Rutter fills itself.", "Rename it.")
        for name in taken
        if name in columns and layer != "sources"
    ]


def _date(
    rows: pd.DataFrame, numbers: Sequence[int], file: str, written: Sequence[str], times: tuple[str, str]
) -> tuple[pd.DataFrame, list[Fault]]:
    faults: list[Fault] = []
    read = [
        _interval(cells, written, file, number, faults)
        for number, *cells in zip(numbers, *(rows[name] for name in written), strict=True)
    ]
    told = rows["precision"] if "precision" in rows.columns else [""] * len(rows)
    dated = rows.drop(columns=list(written))
    for place, name in enumerate(times):
        dated[name] = [interval[place] if interval else pd.NaT for interval in read]
    dated["precision"] = [
        said.strip() or (interval.precision if interval else "") for said, interval in zip(told, read, strict=True)
    ]
    return dated, faults


def _interval(
    cells: Sequence[str], written: Sequence[str], file: str, number: int, faults: list[Fault]
) -> Interval | None:
    parsed: list[Interval] = []
    for name, cell in zip(written, cells, strict=True):
        try:
            parsed += [parse_date(cell)] if cell.strip() else []
        except DateError as error:
            faults.append(fault_of(error, file, number, name, cell))
    if not parsed or len(written) == 1:
        return parsed[0] if parsed else None
    try:
        return hull(parsed[0], parsed[-1])
    except DateError as error:
        faults.append(fault_of(error, file, number, written[-1], cells[-1]))
        return None


def _half_dated(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    given = rows[["depart", "arrive"]].apply(lambda cells: cells.str.strip() != "")
    halves = [
        (told, lacking, given[told] & ~given[lacking]) for told, lacking in (("depart", "arrive"), ("arrive", "depart"))
    ]
    said = rows["dated_by"] if "dated_by" in rows.columns else pd.Series("", index=rows.index)
    for told, _, half in halves:
        said = said.mask(half, told)
    return rows.assign(dated_by=said), [
        Notice("routes", rows["id"][row], lacking, "", f"No date in {lacking}: shown only for the date in {told}.")
        for told, lacking, half in halves
        for row in rows.index[half]
        if "id" in rows.columns
    ]
