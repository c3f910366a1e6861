"""What the columns of a row are called before people."""

from __future__ import annotations

NAMES = {
    "title": "What",
    "start": "From",
    "end": "Until",
    "depart": "Left",
    "arrive": "Came",
    "precision": "Known to the",
    "geometry": "Position",
    "confidence": "How sure",
    "status": "Standing",
    "source_id": "Source",
    "radius_km": "Within km",
    "origin": "From",
    "destination": "To",
    "length_km": "Length, km",
}


def label(column: str) -> str:
    """Name a column as a form does.

    Args:
        column: The column.

    Returns:
        The words for it.
    """
    return NAMES.get(column, column.replace("_", " ").capitalize())
