"""One CSV file to cells of text, every cell with the row a spreadsheet would show it in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from geo.errors import FormatError
from geo.faults import fault
from geo.types import Fault


@dataclass(frozen=True)
class Cells:
    """What stands in a CSV file.

    Args:
        rows: The cells as text, one column for each named one; blank rows are left out; shape (n, columns).
        numbers: The rows' numbers as a spreadsheet counts them; shape (n,).
        faults: Rows that could not be read.
    """

    rows: pd.DataFrame
    numbers: list[int]
    faults: list[Fault]


def read_cells(content: bytes, *, file: str) -> Cells:
    """Read a CSV file.

    Args:
        content: The file's bytes: UTF-8, commas, the first row that is not blank names the columns.
        file: The file's name, for messages.

    Returns:
        Its cells.

    Raises:
        FormatError: The file is empty, is not UTF-8, or its header cannot be used.
    """
    text = re.sub(r"\r\n?", "\n", _decode(content, file))
    blank = re.match(r"([ \t,]*\n)*", text)
    above = text[: blank.end()].count("\n") if blank else 0
    text = text.split("\n", above)[above]
    header = _header(text, file, above + 1)
    table, skipped = _parse(text, len(header))
    numbers = [n for n in range(2, len(table) + len(skipped) + 2) if n not in {row.number for row in skipped}]
    faults = [_wrong_width(row, header, file, above) for row in skipped if row.text.strip(" \t,")]
    opened = _open_quote(text) if _may_be_open(table, numbers, skipped) else None
    if opened:
        keep = [number < opened[0] for number in numbers]
        table, numbers = table[keep], [number for number in numbers if number < opened[0]]
        faults = [fault for fault in faults if (fault.row or 0) < opened[0] + above]
        column = header[min(opened[1], len(header) - 1)]
        wrong = "a double quote opens and never closes."
        faults.append(Fault(file, opened[0] + above, column, "", wrong, 'Close it, or write "" for a quote.'))
    filled = (table.apply(lambda cells: cells.str.strip()) != "").to_numpy()
    rows, nameless = table[filled.any(axis=1)], [place for place, name in enumerate(header) if not name]
    numbers = [number + above for number, any_cell in zip(numbers, filled.any(axis=1), strict=True) if any_cell]
    for place in nameless:
        faults += [
            fault(file, number, None, cell, "stands in a column without a name. Name the column in the header.")
            for number, cell in zip(numbers, rows[place], strict=True)
            if cell.strip()
        ]
    rows = rows.drop(columns=nameless)
    rows.columns = pd.Index([name for name in header if name])
    return Cells(rows.reset_index(drop=True), numbers, faults)


def _decode(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row, column = _place(content[: error.start].decode("utf-8-sig", "replace"))
        raise FormatError(
            f"{file}, row {row}, column {column}: a letter is not UTF-8 (byte 0x{content[error.start]:02x}). "
            "The file may be Latin-1; save it again as CSV UTF-8."
        ) from error
    if not text.strip(" \t\r\n,"):
        raise FormatError(f"{file}: the file is empty. Its first row must name the columns.")
    return text


def _place(before: str) -> tuple[int, str]:
    walked = list(_walk(re.sub(r"\r\n?", "\n", before)))
    row, column, _ = walked[-1]
    names = [cell.group().strip().strip('"') for number, _, cell in walked if number == 1]
    return row, names[column] if column < len(names) else str(column + 1)


def _header(text: str, file: str, row: int) -> list[str]:
    try:
        header = [name.strip() for name in next(csv.reader(io.StringIO(text, newline="")))]
    except csv.Error as error:
        raise FormatError(f"{file}, row {row}: the header cannot be read ({error}). Name the columns in it.") from error
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise FormatError(f"{file}, row {row}: the columns are divided by {word}. Save it as CSV with commas.")
    folded = [name.casefold() for name in header if name]
    twice = next((name for name in header if name and folded.count(name.casefold()) > 1), None)
    if twice:
        raise FormatError(f"{file}, row {row}, column {twice}: the column is there twice. Rename one of them.")
    return header


def _parse(text: str, width: int) -> tuple[pd.DataFrame, list[pacsv.InvalidRow]]:
    skipped: list[pacsv.InvalidRow] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row)
        return "skip"

    content = text.encode(errors="surrogatepass")
    names = [str(place) for place in range(width)]
    table = pacsv.read_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(
            use_threads=False, block_size=len(content) + 1, column_names=names, skip_rows_after_names=1
        ),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[], strings_can_be_null=False
        ),
    ).to_pandas()
    table.columns = pd.RangeIndex(width)
    return table, skipped


def _wrong_width(row: pacsv.InvalidRow, header: Sequence[str], file: str, above: int) -> Fault:
    column = header[min(int(row.actual_columns), len(header)) - 1]
    wrong = f"the row has {row.actual_columns} cells, the header {row.expected_columns}."
    return Fault(file, row.number + above, column, row.text, wrong, "Put cells that hold a comma in double quotes.")


def _may_be_open(table: pd.DataFrame, numbers: list[int], skipped: list[pacsv.InvalidRow]) -> bool:
    last = max([0, *numbers])
    return any(row.number > last for row in skipped) or (
        len(table) > 0 and any("\n" in cell for cell in table.iloc[-1])
    )


_CELL = re.compile(r'"[^"]*(?:""[^"]*)*("?)[^,\n]*|[^,\n]*')


def _walk(text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    row, column, at = 1, 0, 0
    while at <= len(text) and (cell := _CELL.match(text, at)):
        yield row, column, cell
        at = cell.end() + 1
        row, column = (row, column + 1) if text[at - 1 : at] == "," else (row + 1, 0)


def _open_quote(text: str) -> tuple[int, int] | None:
    return next(((row, column) for row, column, cell in _walk(text) if cell.group(1) == ""), None)
