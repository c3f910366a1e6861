"""Workbooks of Excel and OpenDocument: the filled part of each sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from geo.errors import FormatError, LayerError
from geo.formats.reading.delimited import column_names
from geo.formats.reading.limits import CELLS, COLUMNS
from geo.formats.reading.packed import stream
from geo.formats.reading.sheet import LayerSummary, Sheet, cell_text


def list_sheets(content: bytes, *, file: str) -> list[LayerSummary]:
    """List the sheets of a workbook that hold anything.

    Args:
        content: The workbook's bytes.
        file: The file's name, for messages.

    Returns:
        The sheets with the rows of their filled part, the header not counted.

    Raises:
        FormatError: It is damaged, locked, or too large.
    """
    book = _opened(content, file)
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    return [LayerSummary(sheet.name, sheet.height - 1) for sheet in sheets if sheet.height]


def read_workbook(content: bytes, *, file: str, layer: str) -> Sheet:
    """Read one sheet of a workbook.

    Args:
        content: The workbook's bytes.
        file: The file's name, for messages.
        layer: The sheet's name.

    Returns:
        Its cells, numbered as the workbook numbers its rows; the first row that holds anything names the columns.

    Raises:
        FormatError: It is damaged, locked, or too large.
        LayerError: It has no such sheet.
    """
    book = _opened(content, file)
    if layer not in book.sheet_names:
        raise LayerError(f"{file} has no sheet {layer!r}. Its sheets: {', '.join(book.sheet_names)}.")
    sheet = book.get_sheet_by_name(layer)
    if sheet.width > COLUMNS:
        raise FormatError(f"{file}, sheet {layer}: has {sheet.width:,} columns. A table may have {COLUMNS:,}.")
    rows = list(_filled(sheet))
    if not rows:
        raise FormatError(f"{file}, sheet {layer}: the sheet is empty. Its first row must name the columns.")
    header = column_names(rows[0][1])
    cells = pd.DataFrame([row for _, row in rows[1:]], columns=pd.Index(header), dtype=object)
    empty = [name for name in header if name.startswith("column ") and (cells[name] == "").all()]
    return Sheet(file, layer, cells.drop(columns=empty), [number for number, _ in rows[1:]])


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    # iter_rows gives the empty rows above the filled part too, so that its count is the workbook's own.
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            texts = [cell_text(cell) for cell in row]
            if any(text and not text.isspace() for text in texts):
                yield number, texts


def _opened(content: bytes, file: str) -> CalamineWorkbook:
    if content.startswith(b"PK"):
        _check_extents(content, file)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise FormatError(
            f"{file}: the workbook cannot be opened ({error}). Open it, save it again as .xlsx."
        ) from error


def _check_extents(content: bytes, file: str) -> None:
    """Refuse a sheet whose few cells lie so far apart that the empty ones between them would fill the memory."""
    rows, columns = 0, {b"A"}
    tail: dict[str, bytes] = {}
    for name, chunk in stream(content, file=file):
        if not name.startswith("xl/worksheets/"):
            continue
        if name not in tail:
            rows, columns = 0, {b"A"}
        text = tail.get(name, b"") + chunk
        tail[name] = text[-_TAIL:]
        found = _CELL.findall(text)
        columns.update(column for column, _ in found)
        rows = max([rows, *(int(row) for _, row in found[-1:])])
        width = max(_column_number(column) for column in columns)
        if rows * width > CELLS:
            raise FormatError(
                f"{file}: the filled part of {name} spans {rows:,} rows and {width:,} columns. "
                "Delete the empty rows and columns in between, or save the sheet as CSV."
            )


_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_TAIL = 200


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
