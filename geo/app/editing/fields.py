"""Which fields the forms have, and how they are written and read."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import pandas as pd

from geo.app.editing.cells import dates_as_written
from geo.edits import Row, Stored
from geo.schema import DEFAULTS

Sort = Literal["text", "long", "words", "choice", "share", "number", "whole", "spot", "source"]


class Field(NamedTuple):
    """One field of a form.

    Args:
        column: The column it fills; `date` for the three of an event's date.
        label: What it is called.
        sort: How it is written.
        help: What may be written into it, where that needs saying.
    """

    column: str
    label: str
    sort: Sort = "text"
    help: str = ""


_DATE = "In figures or words: 2024-03-24, 2024-03, 2024-Q1, 2024-03-20/2024-03-31, 24 March 2024, spring 2023."
_RATED = (Field("status", "Standing", "choice"), Field("confidence", "How sure, %", "share"))
_SAID = (
    (Field("source_id", "Source", "source"),),
    (Field("quote", "Quote, in the source's words", "long"),),
    (Field("note", "Note, in yours", "long"),),
)
FORMS: dict[Stored, tuple[tuple[Field, ...], ...]] = {
    "events": (
        (Field("title", "What happened"),),
        (Field("date", "When", "text", _DATE), Field("kind", "Kind", "words")),
        (Field("place", "Where", "spot"),),
        _RATED,
        *_SAID,
    ),
    "routes": (
        (Field("title", "What was carried, or who travelled"),),
        (Field("mode", "By", "choice"), Field("via", "By way of", "text", "Names with ; between them.")),
        (Field("origin", "From", "spot"),),
        (Field("destination", "To", "spot"),),
        (Field("depart", "Left", "text", _DATE), Field("arrive", "Came", "text", _DATE)),
        (Field("cargo", "Cargo"), Field("carrier", "Carrier")),
        (Field("quantity", "Quantity", "number"), Field("unit", "Unit")),
        (
            Field("shipment", "Shipment", "text", "The same word joins the legs of one way."),
            Field("leg", "Leg", "whole"),
        ),
        _RATED,
        *_SAID,
    ),
    "sources": (
        (Field("title", "Title"),),
        (Field("publisher", "Publisher"), Field("published", "Published")),
        (Field("url", "Address on the web"),),
        (Field("note", "Note", "long"),),
    ),
}
"""Table -> the lines of its form, each of one field or two."""

WORDS: dict[str, tuple[str, ...]] = {
    "status": ("reported", "confirmed", "disputed", "candidate"),
    "mode": ("sea", "rail", "road", "air"),
}


def written(layer: Stored, row: Row | None) -> dict[str, Any]:
    """Write a row into the fields of its form.

    Args:
        layer: The table the row is in.
        row: The row in plain values; None for a new one.

    Returns:
        Column -> what its field holds: text, or a number or None.
    """
    told: dict[str, Any] = dict(row or {"status": DEFAULTS["status"], "kind": "", "mode": "sea", "leg": 1})
    if row and layer != "sources":
        told |= dates_as_written(layer, row)  # type: ignore[arg-type]
    return {field.column: _as_field(field, told.get(field.column)) for line in FORMS[layer] for field in line}


def _as_field(field: Field, value: Any) -> Any:
    if field.sort in ("share", "number", "whole"):
        if value is None or pd.isna(value):
            return None
        return round(100 * value) if field.sort == "share" else int(value) if field.sort == "whole" else float(value)
    return "" if value is None else str(value)


def read(field: Field, value: Any) -> Any:
    """Read a field into a cell.

    Args:
        field: The field; not of a date, nor of a place.
        value: What it holds.

    Returns:
        The cell in plain values.
    """
    if field.sort == "share":
        return None if value is None else value / 100
    if field.sort in ("number", "whole"):
        return value
    return str(value or "").strip()


def differ(value: Any, other: Any) -> bool:
    """Compare what two fields hold, nothing and an empty text alike.

    Args:
        value: What one holds.
        other: What the other holds.

    Returns:
        Whether they say something else.
    """
    return (None if value == "" else value) != (None if other == "" else other)
