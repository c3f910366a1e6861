"""A dossier as a folder of CSV files: events.csv, routes.csv, sources.csv, names and dates as people write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import DateError, MissingFileError, ReadError
from geo.faults import fault_of
from geo.formats.columns import CITED, ENDS, UNDERSTOOD, WKT
from geo.formats.csvfile import read_cells
from geo.formats.spreadsheet import bare
from geo.timeline import hull, parse_date
from geo.types import Fault, Interval, Notice

FILES = {"events": "events.csv", "routes": "routes.csv", "sources": "sources.csv"}
TITLE = "title.txt"
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "events": (("date", "start"), ("place", "lon", WKT)),
    "routes": (("origin",), ("destination",), ("depart",), ("arrive",)),
    "sources": (),
}
RESERVED = ("layer", "geometry", *CITED)


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
        placed: Whether the rows bring their positions, so that no name is looked up.
    """

    file: str
    rows: pd.DataFrame
    header: Sequence[str]
    numbers: Sequence[int]
    faults: tuple[Fault, ...]
    notices: tuple[Notice, ...] = ()
    placed: bool = False
    _texts: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def text(self, row: int, column: str) -> str:
        """Give a cell as text.

        Args:
            row: Which row, counted from 0.
            column: Which column.

        Returns:
            Its text, empty where the table has no such column.
        """
        if column not in self._texts:
            there = column in self.rows.columns
            self._texts[column] = self.rows[column].map(str).tolist() if there else [""] * len(self.rows)
        return self._texts[column][row]


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
    return read_tables({layer: (path.name, read_bytes(path)) for layer, path in found.items()})


def raw_tables(tables: Mapping[Any, pd.DataFrame], *, file: str, notices: Sequence[Notice] = ()) -> dict[str, RawTable]:
    """Take tables that bring their positions as read.

    Args:
        tables: `events`, `routes`, `sources`, or some of them.
        file: What messages call their origin.
        notices: What a reader should know of them.

    Returns:
        Table name -> its rows, numbered from 1.
    """
    said = [tuple(notices), *[()] * len(tables)]
    return {
        layer: RawTable(file, rows, list(rows.columns), range(1, len(rows) + 1), (), told, placed=True)
        for (layer, rows), told in zip(tables.items(), said, strict=False)
    }


def read_tables(files: Mapping[str, tuple[str, bytes]]) -> dict[str, RawTable]:
    """Read the CSV files of one dossier.

    Args:
        files: Table name -> the file's name, for messages, and its bytes.

    Returns:
        Table name -> its rows. What an export adds to its rows for other programs is left out: the cited source where
        there is a table of sources, and the ends of routes where there is well-known text.

    Raises:
        FormatError: A file is empty or is not UTF-8 text.
    """
    cited = CITED if "sources" in files else ()
    return {
        layer: read_table(layer, content, file=file, added=(*cited, *ENDS[layer]))
        for layer, (file, content) in files.items()
    }


def title_line(content: bytes) -> str:
    """Read a dossier's title.

    Args:
        content: What stands in `title.txt`.

    Returns:
        Its first line.
    """
    return content.decode("utf-8-sig", "replace").partition("\n")[0].strip()


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


def read_table(layer: str, content: bytes, *, file: str, added: Collection[str] = ()) -> RawTable:
    """Read one CSV table.

    Args:
        layer: `events`, `routes` or `sources`.
        content: The file's bytes, UTF-8, a header and one row a line.
        file: The file's name, for messages.
        added: Columns that an export adds; where all of them are there, none is read.

    Returns:
        Its rows, with `date` (events) or `depart` and `arrive` (routes) turned into times and a precision.

    Raises:
        FormatError: The file is empty or is not UTF-8 text.
    """
    cells = read_cells(content, file=file)
    header = list(cells.rows.columns)
    rows = cells.rows.rename(columns={name: _name(name) for name in header}).apply(_bare)
    if WKT in rows.columns and {*CITED, *added} <= set(rows.columns):
        rows = rows.drop(columns=list(added))
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


def _name(written: str) -> str:
    name = bare(written)
    return name.casefold() if name.casefold() in UNDERSTOOD else name


def _bare(cells: pd.Series) -> pd.Series:
    return cells.map(bare) if cells.str.startswith("'").any() else cells


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
            parsed += [_parse_date(cell)] if cell.strip() else []
        except DateError as error:
            faults.append(fault_of(error, file, number, name, cell))
    if not parsed or len(written) == 1:
        return parsed[0] if parsed else None
    try:
        return hull(parsed[0], parsed[-1])
    except DateError as error:
        faults.append(fault_of(error, file, number, written[-1], cells[-1]))
        return None


@lru_cache(maxsize=100_000)
def _parse_date(cell: str) -> Interval:
    return parse_date(cell)


def _half_dated(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Notice]]:
    given = {name: rows[name].str.strip() != "" for name in ("depart", "arrive")}
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
