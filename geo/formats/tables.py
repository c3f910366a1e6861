"""A dossier as a folder of CSV files: events.csv, routes.csv, sources.csv, names and dates as people write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from geo.errors import DateError, FormatError, MissingFileError
from geo.timeline import hull, parse_date
from geo.types import Fault, Interval, Notice

FILES = {"events": "events.csv", "routes": "routes.csv", "sources": "sources.csv"}


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
        FormatError: A file is empty or is not UTF-8 text.
    """
    found = {layer: folder / name for layer, name in FILES.items() if (folder / name).is_file()}
    if not found.keys() & {"events", "routes"}:
        raise MissingFileError(f"{folder} holds neither events.csv nor routes.csv. Put one of them there.")
    return {layer: read_table(layer, path.read_bytes(), file=path.name) for layer, path in found.items()}


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
    rows, numbers, faults = _read_csv(_decode(content, file), file)
    header = list(rows.columns)
    notices = _half_dated(rows) if layer == "routes" else []
    if layer in _DATED:
        rows, undated = _DATED[layer](rows, numbers, file)
        faults += undated
    return RawTable(file, rows, header, numbers, tuple(faults), tuple(notices))


def _decode(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = list(csv.reader(io.StringIO(content[: error.start].decode("utf-8-sig", "replace")))) or [[""]]
        column = len(before[-1]) - 1
        name = before[0][column] if column < len(before[0]) else str(column + 1)
        raise FormatError(
            f"{file}, row {len(before)}, column {name}: a letter is not UTF-8 (byte 0x{content[error.start]:02x}). "
            "The file may be Latin-1; save it again as CSV UTF-8."
        ) from error
    if not text.strip():
        raise FormatError(f"{file}: the file is empty. Its first row must name the columns.")
    return text


def _read_csv(text: str, file: str) -> tuple[pd.DataFrame, list[int], list[Fault]]:
    header = next(csv.reader(io.StringIO(text)))
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise FormatError(f"{file}, row 1, column {twice[0]}: the column is there twice. Rename one of them.")
    skipped: list[pacsv.InvalidRow] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row)
        return "skip"

    content = text.encode()
    table = pacsv.read_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=pacsv.ParseOptions(
            newlines_in_values=True, ignore_empty_lines=len(header) == 1, invalid_row_handler=skip
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), null_values=[], strings_can_be_null=False
        ),
    )
    rows = table.to_pandas()
    rows.columns = [str(name).strip() for name in rows.columns]
    left_out = {row.number for row in skipped}
    numbers = [number for number in range(2, len(rows) + len(left_out) + 2) if number not in left_out]
    faults = [
        Fault(file, row.number, _last_column(row, header), row.text, *_wrong_width(row))
        for row in skipped
        if row.text.strip()
    ]
    if text.count('"') % 2:
        last = max([1, *numbers, *left_out])
        broken = [row for row in skipped if row.number == last]
        column = _last_column(broken[0], header) if broken else header[-1]
        faults = [fault for fault in faults if fault.row != last] + [Fault(file, last, column, "", *_OPEN_QUOTE)]
    return rows, numbers, faults


_OPEN_QUOTE = ("a double quote opens and never closes.", 'Close it, or write "" for a quote.')


def _last_column(row: pacsv.InvalidRow, header: Sequence[str]) -> str:
    return header[min(int(row.actual_columns), int(row.expected_columns)) - 1]


def _wrong_width(row: pacsv.InvalidRow) -> tuple[str, str]:
    return (
        f"the row has {row.actual_columns} cells, the header {row.expected_columns}.",
        "Put cells that hold a comma in double quotes.",
    )


def _date_events(rows: pd.DataFrame, numbers: Sequence[int], file: str) -> tuple[pd.DataFrame, list[Fault]]:
    if "date" not in rows.columns:
        return rows, []
    faults: list[Fault] = []
    read = [_read_date(text, file, row, "date", faults) for text, row in zip(rows["date"], numbers, strict=True)]
    return _with_times(rows.drop(columns="date"), "start", "end", read), faults


def _date_routes(rows: pd.DataFrame, numbers: Sequence[int], file: str) -> tuple[pd.DataFrame, list[Fault]]:
    if not {"depart", "arrive"} <= set(rows.columns):
        return rows, []
    faults: list[Fault] = []
    read: list[Interval | None] = []
    for depart_text, arrive_text, row in zip(rows["depart"], rows["arrive"], numbers, strict=True):
        depart = _read_date(depart_text, file, row, "depart", faults)
        arrive = _read_date(arrive_text, file, row, "arrive", faults)
        one = depart or arrive
        try:
            read.append(hull(depart or one, arrive or one) if one else None)
        except DateError as error:
            faults.append(_date_fault(file, row, "arrive", arrive_text, error))
            read.append(None)
    return _with_times(rows.drop(columns=["depart", "arrive"]), "depart", "arrive", read), faults


def _half_dated(rows: pd.DataFrame) -> list[Notice]:
    if not {"id", "depart", "arrive"} <= set(rows.columns):
        return []
    given = rows[["depart", "arrive"]].apply(lambda cells: cells.str.strip() != "")
    return [
        Notice("routes", rows["id"][row], lacking, "", f"No date in {lacking}: shown only for the date in {told}.")
        for told, lacking in (("depart", "arrive"), ("arrive", "depart"))
        for row in rows.index[given[told] & ~given[lacking]]
    ]


_DATED: dict[str, Callable[[pd.DataFrame, Sequence[int], str], tuple[pd.DataFrame, list[Fault]]]] = {
    "events": _date_events,
    "routes": _date_routes,
}


def _read_date(text: str, file: str, row: int, column: str, faults: list[Fault]) -> Interval | None:
    if not text.strip():
        return None
    try:
        return parse_date(text)
    except DateError as error:
        faults.append(_date_fault(file, row, column, text, error))
        return None


def _date_fault(file: str, row: int, column: str, text: str, error: DateError) -> Fault:
    wrong, _, remedy = str(error).partition(". ")
    return Fault(file, row, column, text, f"{wrong}.", remedy)


def _with_times(rows: pd.DataFrame, first: str, last: str, read: Sequence[Interval | None]) -> pd.DataFrame:
    told = rows["precision"] if "precision" in rows.columns else [""] * len(rows)
    dated = rows.copy()
    dated[first] = [interval.start if interval else pd.NaT for interval in read]
    dated[last] = [interval.end if interval else pd.NaT for interval in read]
    dated["precision"] = [
        said.strip() or (interval.precision if interval else "") for said, interval in zip(told, read, strict=True)
    ]
    return dated
