"""A small CSV that people edit in a spreadsheet: read with the place of every fault, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geo.errors import FormatError, ReadError, SaveError, TableError
from geo.faults import fault
from geo.types import Fault

# What a spreadsheet would run, also behind blanks and apostrophes; a number with its sign is only a number.
_FORMULA = re.compile(r"'*\s*(?:[=@]|[+-](?!\s*(?:\d+[.,]?\d*|[.,]\d+)\s*\Z))")


@dataclass(frozen=True)
class Sheet:
    """What stands in a sheet.

    Args:
        columns: The columns' names, in their order; empty where the file is empty or not there.
        rows: The cells as text without blanks around it, one mapping from column to cell a row.
        numbers: The rows' numbers as a spreadsheet counts them.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    numbers: tuple[int, ...]


def read_sheet(path: Path, *, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """Read a sheet.

    Args:
        path: The file; one that is not there reads as empty.
        known: Columns that are found whatever their case; any other column is kept under its own name.
        needed: Columns that must be there.

    Returns:
        Its rows; blank ones are left out.

    Raises:
        ReadError: It is there and may not be read.
        FormatError: It is not UTF-8, not divided by commas, a quote is left open, or its header cannot be used.
        TableError: Rows have more or fewer cells than the header; all of them are listed.
    """
    records = [(number, cells) for number, cells in _records(_text(path), path.name) if any(cells)]
    if not records:
        return Sheet((), (), ())
    row, header = records.pop(0)
    columns = _columns(header, row, path.name, known, needed)
    faults: list[Fault] = []
    rows, numbers = [], []
    for number, cells in records:
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if len(cells) != len(columns):
            wrong = f"the row has {len(cells)} cells, the header {len(columns)}."
            column = columns[min(len(cells), len(columns)) - 1] or None
            faults.append(Fault(path.name, number, column, cells, wrong, "Put cells that hold a comma in quotes."))
            continue
        faults += [
            fault(path.name, number, None, cell, "stands in a column without a name. Name the column in the header.")
            for column, cell in zip(columns, cells, strict=True)
            if cell and not column
        ]
        rows.append({column: cell for column, cell in zip(columns, cells, strict=True) if column})
        numbers.append(number)
    if faults:
        raise TableError(faults)
    return Sheet(tuple(column for column in columns if column), tuple(rows), tuple(numbers))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}. Check that it is a file you may read.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise FormatError(f"{path.name}, row {row}: a letter is not UTF-8. Save the file as CSV UTF-8.") from error


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(lines, start=1):
            yield number, [_bare(tidy(cell)) for cell in cells]
    except csv.Error as error:
        wrong = f"{file}, row {number + 1}: its cells cannot be told apart ({error})."
        raise FormatError(f'{wrong} Close each double quote, and write "" for one within a cell.') from error


def _columns(
    header: Sequence[str], row: int, file: str, known: Sequence[str], needed: Sequence[str]
) -> tuple[str, ...]:
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise FormatError(f"{file}, row {row}: the columns are divided by {word}. Save it as CSV with commas.")
    columns = [name.casefold() if name.casefold() in known else name for name in header]
    while columns and not columns[-1]:
        columns.pop()
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice:
        raise FormatError(f"{file}, row {row}, column {twice}: the column is there twice. Rename one of them.")
    lacking = next((name for name in needed if name not in columns), None)
    if lacking:
        found = ", ".join(name for name in columns if name)
        wrong = f"{file}, row {row}, column {lacking}: the column is missing."
        raise FormatError(f"{wrong} Add it to the header. Columns found: {found}.")
    return tuple(columns)


def tidy(cell: str) -> str:
    """Give a cell as it reads back once it is written.

    Args:
        cell: A text.

    Returns:
        The same without blanks around it, its lines divided in one way.
    """
    return re.sub(r"\r\n?", "\n", cell.strip())


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _harmless(cell: str) -> str:
    cell = tidy(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a sheet whole or not at all: a failure leaves what stood there before.

    A cell that a spreadsheet would run gets an apostrophe before it, which `read_sheet` takes away again.

    Args:
        path: Where it goes.
        columns: The columns' names, in their order.
        rows: The cells; a column that a row lacks is left empty.

    Raises:
        SaveError: The folder is not there, may not be written, or the disk is full.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_harmless(column) for column in columns)
    lines.writerows([_harmless(row.get(column, "")) for column in columns] for row in rows)
    target = path.resolve()  # the file a link leads to, not the link
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            # Excel takes a CSV for UTF-8 only where it begins with a byte order mark.
            file.write(text.getvalue().encode("utf-8-sig"))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        advice = "Close it where else it is open, and check that you may write there."
        raise SaveError(f"{path} could not be written: {error.strerror}. {advice}") from error
