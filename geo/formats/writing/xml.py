"""Text as XML 1.0 can hold it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

import pandas as pd

from geo.formats.writing.cited import REPLACED, mended, plain
from geo.geodesy import COORDINATE_DECIMALS
from geo.types import Notice

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RETURN = "&#13;"  # a parser would make a line feed of a bare one
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
        if _any_forbidden(table[name])
        else plain(table[name])
        for name in table.columns
        if name != "geometry"
    }


def _any_forbidden(column: pd.Series) -> bool:
    return _FORBIDDEN.search("".join(value for value in plain(column) if isinstance(value, str))) is not None


def content(value: Any) -> str:
    """Write a value between two tags.

    Args:
        value: A plain value, legal in XML.

    Returns:
        It, escaped; empty for None.
    """
    if isinstance(value, str):
        return html.escape(value, quote=False).replace("\r", _RETURN)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def attribute(value: str) -> str:
    """Write a value as an attribute.

    Args:
        value: A text, legal in XML.

    Returns:
        It, escaped and in quotes.
    """
    return quoteattr(value, {"\r": _RETURN})


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
