"""The rows of a sheet of XLSX (ECMA-376, part 1, 18.3), a column at a time: cell by cell took five times as long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

from geo.formats.spreadsheet import is_formula

EXACT = 2**53  # larger whole numbers would be rounded: they are written as text
_ROWS_AT_ONCE = 10_000
_LETTERS = 26
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "_x000D_"}
_ESCAPED = re.compile(r"[&<>\r]|_(?=x[0-9a-fA-F]{4}_)")


def sheet_rows(columns: Sequence[Sequence[Any]], *, as_text: str) -> Iterator[bytes]:
    """Write the rows below the header.

    Args:
        columns: The cells of each column: texts without control characters, numbers, truth values or None.
        as_text: The number of the style of a cell that stays a text when somebody edits it.

    Yields:
        XML of some rows at a time; empty cells are left out.
    """
    letters = [column_letters(place) for place in range(len(columns))]
    known: dict[str, str] = {}
    for at in range(0, len(columns[0]), _ROWS_AT_ONCE):
        numbers = [str(number) for number in range(at + 2, min(at + _ROWS_AT_ONCE, len(columns[0])) + 2)]
        cells = (
            _cells(column[at : at + _ROWS_AT_ONCE], f'<c r="{letter}', numbers, as_text, known)
            for letter, column in zip(letters, columns, strict=True)
        )
        begins = (f'<row r="{number}">' for number in numbers)
        rows = chain.from_iterable(zip(begins, *cells, ["</row>"] * len(numbers), strict=True))
        yield "".join(rows).encode()
        known.clear()


def _cells(
    values: Sequence[Any], begins: str, numbers: Sequence[str], as_text: str, known: dict[str, str]
) -> Iterator[str]:
    for value, number in zip(values, numbers, strict=True):
        if value is None or value == "":
            yield ""
        elif isinstance(value, str):
            if value not in known:
                known[value] = _text(value, as_text)
            yield begins + number + known[value]
        else:
            yield begins + number + _WRITTEN[type(value)](value)


def _text(value: str, as_text: str) -> str:
    style = f' s="{as_text}"' if is_formula(value) else ""
    kept = ' xml:space="preserve"' if value != value.strip() else ""
    escaped = _ESCAPED.sub(lambda found: _ESCAPES.get(found.group(), "_x005F_"), value)
    return f'"{style} t="inlineStr"><is><t{kept}>{escaped}</t></is></c>'


def _whole(value: int) -> str:
    return f'"><v>{value}</v></c>' if abs(value) <= EXACT else f'" t="inlineStr"><is><t>{value}</t></is></c>'


_WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: f'" t="b"><v>{value:d}</v></c>',
    int: _whole,
    float: lambda value: f'"><v>{value!r}</v></c>',
}


def column_letters(place: int) -> str:
    """Name a column as spreadsheets do.

    Args:
        place: Which, counted from 0.

    Returns:
        `A`, `Z`, `AA`.
    """
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters
