"""How a fault of one cell is worded: what is wrong, a full stop, what to do."""

from __future__ import annotations

from geo.errors import GeoError
from geo.types import Fault


def fault_of(error: GeoError, file: str, row: int | None, column: str | None, value: object) -> Fault:
    """Say where an error stands in a table.

    Args:
        error: An error whose message says what is wrong, a full stop, and what to do.
        file: The file's name.
        row: Row as a spreadsheet counts it, or None for the whole file.
        column: The column's name, or None for the whole row.
        value: The value as it was written.

    Returns:
        The fault, with the error's own words.
    """
    wrong, _, remedy = str(error).partition(". ")
    return Fault(file, row, column, value, f"{wrong}.", remedy)


def fault(file: str, row: int | None, column: str | None, value: object, advice: str) -> Fault:
    """Word a fault of one cell.

    Args:
        file: The file's name.
        row: Row as a spreadsheet counts it, or None for the whole file.
        column: The column's name, or None for the whole row.
        value: The value as it was written; a long one is shortened in the message.
        advice: What is wrong with it, a full stop, and what to do: `is empty. Fill it in.`

    Returns:
        The fault, its message naming the value.
    """
    text = str(value)
    shown = f"{text[:60]!r}..." if len(text) > 60 else repr(text)
    wrong, _, remedy = advice.partition(". ")
    return Fault(file, row, column, value, f"{shown} {wrong}.", remedy)
