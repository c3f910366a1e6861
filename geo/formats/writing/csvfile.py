"""CSV (RFC 4180): UTF-8 with a byte order mark so that a spreadsheet reads it, and no cell that it would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from geo.formats.columns import WKT
from geo.formats.spreadsheet import harmless
from geo.formats.tables import FILES, TITLE
from geo.formats.writing.archive import zipped
from geo.formats.writing.cited import Cited, Written, uncited
from geo.formats.writing.flat import NOWHERE, Columns, flat_tables
from geo.schema import TIMES
from geo.types import Notice


def write_csv(cited: Cited) -> Written:
    """Write one layer as a CSV file.

    Args:
        cited: The rows of one layer; where there are more, only the first is written.

    Returns:
        The file. It has no table of sources: each row carries its own.
    """
    notices = [*cited.notices, *uncited(cited)]
    layer, columns = next(flat_tables(cited, notices))
    return Written(csv_bytes(layer, columns, notices), tuple(notices))


def write_csv_zip(cited: Cited) -> Written:
    """Write layers as CSV files in a zip.

    Args:
        cited: The rows.

    Returns:
        The zip of a file for each layer and `sources.csv`, and `title.txt` where the dossier has a title.
    """
    notices = list(cited.notices)
    files = {FILES[name]: csv_bytes(name, columns, notices) for name, columns in flat_tables(cited, notices)}
    if cited.title:
        files[TITLE] = title_bytes(cited.title)
    return Written(zipped(files | dict(cited.beside)), tuple(notices))


def title_bytes(title: str) -> bytes:
    """Write a dossier's title as the file that names it.

    Args:
        title: The title.

    Returns:
        One line.
    """
    return f"{' '.join(title.split())}\n".encode(errors="replace")


def csv_bytes(layer: str, columns: Columns, notices: list[Notice]) -> bytes:
    """Write one table as CSV.

    Args:
        layer: Its name, for the notices.
        columns: Its columns of plain values.
        notices: Where it is said which cells were changed.

    Returns:
        The file, with a byte order mark so that a spreadsheet reads it as UTF-8.
    """
    if layer in TIMES:
        columns = {**columns, WKT: [text or NOWHERE for text in columns[WKT]]}
    cells = {name: _cells(layer, name, columns, notices) for name in columns}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(harmless, cells))
    writer.writerows(zip(*cells.values(), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _one_end(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text) if "\r" in text else text


_CHANGES: tuple[tuple[Callable[[str], str], str], ...] = (
    (_one_end, "Its lines end in several ways: written with one, a line feed."),
    (harmless, "Begins like a spreadsheet formula: written with an apostrophe, which Rutter takes off again."),
)


def _cells(layer: str, name: str, columns: Columns, notices: list[Notice]) -> list[Any]:
    cells = columns[name]
    for change, message in _CHANGES:
        changed = [change(cell) if isinstance(cell, str) else cell for cell in cells]
        notices += [
            Notice(layer, str(row), name, str(cell)[:80], message)
            for row, cell, now in zip(columns["id"], cells, changed, strict=True)
            if cell is not now and cell != now
        ]
        cells = changed
    return cells
