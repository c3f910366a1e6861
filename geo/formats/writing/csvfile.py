"""CSV (RFC 4180): UTF-8 with a byte order mark so that a spreadsheet reads it, and no cell that it would run."""

from __future__ import annotations

import csv
import io
from typing import Any

from geo.formats.spreadsheet import harmless
from geo.formats.writing.archive import zipped
from geo.formats.writing.cited import Cited, Written, uncited
from geo.formats.writing.flat import Columns, flat_tables
from geo.types import Notice

_HARMLESS = "Begins like a spreadsheet formula: written with an apostrophe before it."


def write_csv(cited: Cited) -> Written:
    """Write one layer as a CSV file.

    Args:
        cited: The rows of one layer; where there are more, only the first is written.

    Returns:
        The file. It has no table of sources: each row carries its own.
    """
    notices = [*cited.notices, *uncited(cited)]
    layer, columns = next(flat_tables(cited, notices))
    return Written(_csv(layer, columns, notices), tuple(notices))


def write_csv_zip(cited: Cited) -> Written:
    """Write layers as CSV files in a zip.

    Args:
        cited: The rows.

    Returns:
        The zip of a file for each layer and `sources.csv`.
    """
    notices = list(cited.notices)
    files = {f"{name}.csv": _csv(name, columns, notices) for name, columns in flat_tables(cited, notices)}
    return Written(zipped(files), tuple(notices))


def _csv(layer: str, columns: Columns, notices: list[Notice]) -> bytes:
    ids = columns["id"]
    cells = {name: _harmless(layer, name, ids, values, notices) for name, values in columns.items()}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(harmless, cells))
    writer.writerows(zip(*cells.values(), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _harmless(layer: str, name: str, ids: list[Any], values: list[Any], notices: list[Notice]) -> list[Any]:
    safe = [harmless(value) if isinstance(value, str) else value for value in values]
    notices += [
        Notice(layer, str(row), name, str(value)[:80], _HARMLESS)
        for row, value, now in zip(ids, values, safe, strict=True)
        if value is not now and value != now
    ]
    return safe
