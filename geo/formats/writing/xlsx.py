"""XLSX: a sheet a table, every text typed as text, so that no cell is a formula or a guessed date."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo.errors import FormatError
from geo.formats.columns import WKT
from geo.formats.spreadsheet import is_formula
from geo.formats.writing.cited import Cited, Written
from geo.formats.writing.flat import Columns, flat_tables
from geo.types import Notice

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576  # of a sheet, as Excel has it, its header included
MOST_COLUMNS = 16_384
EXACT = 2**53  # larger whole numbers would be rounded: they are written as text
LONGEST_CELL = 32_767  # in UTF-16 units, as Excel counts
_CREATED = datetime(1980, 1, 1)  # the same dossier gives the same file
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
    for name, columns in flat_tables(cited, notices):
        cells = {column: _fitting(name, column, columns, notices) for column in columns}
        _check_size(name, columns)
        _fill(book.add_worksheet(name), cells, bold, as_text)
    book.close()
    return Written(file.getvalue(), tuple(notices))


def _check_size(name: str, columns: Columns) -> None:
    rows = len(next(iter(columns.values())))
    if rows >= MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise FormatError(
            f"A sheet holds {MOST_ROWS - 1:,} rows and {MOST_COLUMNS:,} columns; {name} has {rows:,} and "
            f"{len(columns):,}. Choose another format, or fewer rows."
        )


def _fill(sheet: Worksheet, columns: Columns, bold: Format, as_text: Format) -> None:
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDE.get(name, 16))
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, bold)
    for number, row in enumerate(zip(*columns.values(), strict=True), start=1):
        _write(sheet, number, row, as_text)


def _write(sheet: Worksheet, number: int, row: Sequence[Any], as_text: Format) -> None:
    for place, value in enumerate(row):
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            sheet.write_boolean(number, place, value)
        elif isinstance(value, str):
            sheet.write_string(number, place, value, as_text if is_formula(value) else None)
        elif isinstance(value, int) and abs(value) > EXACT:
            sheet.write_string(number, place, str(value))
        else:
            sheet.write_number(number, place, value)


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
