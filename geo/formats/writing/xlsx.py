"""XLSX: a sheet a table, every text typed as text, so that no cell is a formula or a guessed date."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from geo.errors import FormatError
from geo.formats.columns import WKT
from geo.formats.writing.cited import Cited, Written
from geo.formats.writing.flat import Columns, flat_tables
from geo.formats.writing.sheet_rows import column_letters, sheet_rows
from geo.types import Notice

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576  # of a sheet, as Excel has it, its header included
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767  # in UTF-16 units, as Excel counts
_CREATED = datetime(1980, 1, 1)  # the same dossier gives the same file
_MANY_CELLS = 10_000_000  # may be more than 2 GB before they are packed
_WIDE = {"title": 40, "quote": 40, "note": 40}


def write_xlsx(cited: Cited) -> Written:
    """Write layers as sheets of one workbook, the sources as the last.

    Args:
        cited: The rows.

    Returns:
        The file. Times are text (ISO 8601, UTC), so that years before 1900 live.

    Raises:
        FormatError: A table has more rows or columns than a sheet can hold.
    """
    import xlsxwriter  # a fifth of a second that whoever writes no workbook need not wait

    notices, file = list(cited.notices), io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"title": cited.title[:255], "created": _CREATED})
    # Excel keeps a cell with this mark as text when somebody edits it.
    bold, as_text = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheets: dict[str, Columns] = {}
    for number, (name, columns) in enumerate(flat_tables(cited, notices), start=1):
        _check_size(name, columns)
        sheets[f"xl/worksheets/sheet{number}.xml"] = {
            column: _fitting(name, column, columns, notices) for column in columns
        }
        _begin(book.add_worksheet(name), columns, bold, as_text)
    book.close()
    return Written(_filled(file, sheets), tuple(notices))


def _check_size(name: str, columns: Columns) -> None:
    rows = len(next(iter(columns.values())))
    if rows >= MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise FormatError(
            f"A sheet holds {MOST_ROWS - 1:,} rows and {MOST_COLUMNS:,} columns; {name} has {rows:,} and "
            f"{len(columns):,}. Choose another format, or fewer rows."
        )


def _begin(sheet: Worksheet, columns: Columns, bold: Format, as_text: Format) -> None:
    """Write the header, and below it one empty cell that tells which number the style of texts has."""
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDE.get(name, 16))
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, bold)
    sheet.write_blank(1, 0, None, as_text)


_BELOW_HEADER = re.compile(rb'<row r="2"[^>]*><c r="A2" s="(\d+)"/></row>')
_DIMENSION = re.compile(rb'(?<=<dimension ref=")[^"]*')


def _filled(book: io.BytesIO, sheets: Mapping[str, Columns]) -> bytes:
    """Put the rows into a workbook of headers."""
    packed = io.BytesIO()
    with ZipFile(book) as begun, ZipFile(packed, "w", ZIP_DEFLATED) as whole:
        for entry in begun.infolist():
            columns, content = sheets.get(entry.filename), begun.read(entry)
            found = _BELOW_HEADER.search(content)
            if columns is None or found is None:
                whole.writestr(entry, content)
                continue
            cells = [*columns.values()]
            last = f"A1:{column_letters(len(cells) - 1)}{len(cells[0]) + 1}"
            with whole.open(entry, "w", force_zip64=len(cells) * len(cells[0]) > _MANY_CELLS) as sheet:
                sheet.write(_DIMENSION.sub(last.encode(), content[: found.start()], count=1))
                for rows in sheet_rows(cells, as_text=found.group(1).decode()):
                    sheet.write(rows)
                sheet.write(content[found.end() :])
    return packed.getvalue()


def _fitting(layer: str, name: str, columns: Columns, notices: list[Notice]) -> list[Any]:
    short = [_short(value, whole=name == WKT) for value in columns[name]]
    what = "left out" if name == WKT else "cut"
    message = f"Longer than the {LONGEST_CELL:,} characters a cell of a sheet holds: {what}. Other formats hold it."
    notices += [
        Notice(layer, str(row), name, str(value)[:80], message)
        for row, value, now in zip(columns["id"], columns[name], short, strict=True)
        if value is not now
    ]
    return short


def _short(value: Any, *, whole: bool) -> Any:
    if not isinstance(value, str) or len(value) * 2 <= LONGEST_CELL:
        return value
    units = value.encode("utf-16-le")
    if len(units) <= LONGEST_CELL * 2:
        return value
    return None if whole else units[: LONGEST_CELL * 2].decode("utf-16-le", "ignore")
