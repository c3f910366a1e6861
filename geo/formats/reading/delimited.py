"""CSV and its kin: the divider is found, and every row keeps the number a spreadsheet would show."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from geo.errors import FormatError
from geo.faults import fault
from geo.formats.reading.limits import COLUMNS
from geo.formats.reading.sheet import Decode, Sheet
from geo.types import Fault

DIVIDERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LOOKED_AT = 50  # lines from which the divider is told
_LONGEST_CELL = 10_000_000
_DATA = re.compile(r"[-+]?\d+[.,]\d+|[-+]?\d{5,}|\d{4}-\d\d-\d\d.*|https?://.*", re.DOTALL)


def read_delimited(content: bytes, *, file: str, decode: Decode) -> Sheet:
    """Read a table of text.

    Args:
        content: The file's bytes, in any encoding.
        file: The file's name, for messages.
        decode: Turns bytes into characters.

    Returns:
        Its cells; columns without a name are called `column 3`.

    Raises:
        FormatError: It is empty, no text, or has no columns.
    """
    if b"\0" in content[:4096] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise FormatError(f"{file}: this is no table of text. Save it as CSV, or give it the ending of its kind.")
    text, notes = decode(content)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise FormatError(f"{file}: the file is empty. Its first row must name the columns.")
    stated = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)  # how Excel is told
    divider = stated.group(1) if stated else _divider(text)
    above = 1 if stated else 0
    rows = list(_rows(text[stated.end() :] if stated else text, divider, file, above))
    if not rows:
        raise FormatError(f"{file}: the file is empty. Its first row must name the columns.")
    return _sheet(rows, file=file, divider=divider, notices=_notices(divider, notes))


def _notices(divider: str, notes: Sequence[str]) -> tuple[str, ...]:
    return (
        *notes,
        *((f"The columns are divided by {DIVIDERS.get(divider, repr(divider))}.",) if divider != "," else ()),
    )


def _divider(text: str) -> str:
    """Take the divider that makes the most columns in the first row, and as many in most others."""
    lines = text[:200_000].splitlines(keepends=True)[:_LOOKED_AT]
    best = (0.0, ",")
    for divider in DIVIDERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=divider) if any(map(str.strip, row))]
        except csv.Error:
            continue
        score = widths.count(widths[0]) / len(widths) * (widths[0] - 1) if widths else 0.0
        if score > best[0]:
            best = (score, divider)
    return best[1]


def _rows(text: str, divider: str, file: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Give the rows that hold anything, each with its number."""
    usual = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=False)
    number = above
    try:
        for row in reader:
            number += 1
            if any(row) and not "".join(row).isspace():
                yield number, row
    except csv.Error as error:
        raise FormatError(
            f"{file}, row {number + 1}: the row cannot be read ({error}). Look for a double quote that never closes."
        ) from error
    finally:
        csv.field_size_limit(usual)  # it counts for all who read CSV in this process


def _sheet(rows: list[tuple[int, list[str]]], *, file: str, divider: str, notices: tuple[str, ...]) -> Sheet:
    first = rows[0][1]
    headed = not any(_DATA.fullmatch(cell.strip()) for cell in first)
    width = len(first)
    if width > COLUMNS:
        raise FormatError(f"{file}: the first row has {width:,} cells. A table may have {COLUMNS:,} columns.")
    header, body = (column_names(first), rows[1:]) if headed else (column_names([""] * width), rows)
    faults: list[Fault] = []
    for at, (number, row) in enumerate(body):
        if len(row) < width or any(map(str.strip, row[width:])):
            wrong = f"is where the row ends: it has {len(row)} cells, the header {width}. Put cells that hold a "
            wrong += f"{DIVIDERS.get(divider, 'dividers')[:-1]} in double quotes."
            wrong += " A double quote may open in it and never close." if any("\n" in cell for cell in row) else ""
            faults.append(fault(file, number, None, row[-1], wrong))
        if len(row) != width:
            body[at] = (number, _fitted(row, width, divider))
    cells = pd.DataFrame([row for _, row in body], columns=pd.Index(header), dtype=object)
    if not headed:
        notices = (*notices, "The first row looks like data: the columns have no names.")
    return Sheet(file, "", cells, [number for number, _ in body], None, "", notices, tuple(faults), headed)


def _fitted(row: list[str], width: int, divider: str) -> list[str]:
    if any(map(str.strip, row[width:])):
        row = [*row[: width - 1], divider.join(row[width - 1 :])]
    return (row + [""] * width)[:width]


def column_names(header: Sequence[str]) -> list[str]:
    """Name every column, each by a name of its own.

    Args:
        header: The names as written; shape (n,).

    Returns:
        The names without blanks around them; one without a name is `column 3`, a second of a name `name (2)`.
    """
    taken: Counter[str] = Counter()
    named = []
    for place, name in enumerate(header, start=1):
        name = " ".join(name.split()) or f"column {place}"
        taken[name] += 1
        named.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return named
