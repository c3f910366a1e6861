"""Text as XML 1.0 can hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from geo.formats.writing.cited import REPLACED, mended
from geo.geodesy import COORDINATE_DECIMALS
from geo.types import Notice

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEPT = {"\r": "&#13;"}  # a parser would make a line feed of it
_REPLACED = f"Holds a control character, which this format cannot: replaced by {REPLACED}."


def legal(text: str) -> str:
    """Replace what XML forbids, most control characters among it.

    Args:
        text: Any text.

    Returns:
        The same, with the replacement character for each character that XML 1.0 cannot hold.
    """
    return _FORBIDDEN.sub(REPLACED, text)


def legal_columns(layer: str, table: pd.DataFrame, notices: list[Notice]) -> dict[str, list[Any]]:
    """Give the columns of a table as XML can hold them.

    Args:
        layer: The table's name, for the notices.
        table: Rows; a column `geometry` is left out.
        notices: Where it is said which cells were changed.

    Returns:
        Column -> its plain values.
    """
    return {
        legal(str(name)): mended(layer, table, str(name), mend=legal, message=_REPLACED, notices=notices)
        for name in table.columns
        if name != "geometry"
    }


def content(value: Any) -> str:
    """Write a value between two tags.

    Args:
        value: A plain value, legal in XML.

    Returns:
        It, escaped; empty for None.
    """
    if isinstance(value, str):
        return escape(value, _KEPT)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def attribute(value: str) -> str:
    """Write a value as an attribute.

    Args:
        value: A text, legal in XML.

    Returns:
        It, escaped and in quotes.
    """
    return quoteattr(value, _KEPT)


def degrees(value: float) -> str:
    """Write a coordinate as xsd:decimal wants it, without an exponent.

    Args:
        value: In degrees.

    Returns:
        It with 7 decimals at most.
    """
    return f"{value:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")


def filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a row has.

    Args:
        row: Columns and plain values.

    Returns:
        Those that are neither missing nor empty.
    """
    return {name: value for name, value in row.items() if value is not None and value != ""}
