"""A view of the map as text: pairs of keys and values, as addresses and stories have them."""

from __future__ import annotations

import re

import pandas as pd

from geo.types import Bounds

CHOICES = {
    "step": ("hour", "day", "week", "month", "quarter", "year", "event"),
    "mode": ("trailing", "cumulative", "moment"),
    "loop": ("no", "yes"),
    "bars": ("linear", "log"),
    "times": ("utc", "local"),
    "display": ("points", "clusters", "heat"),
}
"""How the map runs through time and shows its events, as `geo/maps/js/choices.js` has it."""
MAP_KEYS = ("from", "to", *CHOICES, "flows", "bounds", "off-kinds", "off-modes", "row")
"""What the map itself follows, in the order in which it is written."""
FILTER_KEYS = ("kinds", "modes", "statuses", "words", "sure")
"""Which rows are shown at all."""
SEVERAL = ("kinds", "modes", "statuses", "hide", "off-kinds", "off-modes")
"""Keys that may have several values."""

Pairs = tuple[tuple[str, str], ...]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?Z)?", re.ASCII)
_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,9})?", re.ASCII)


def moment(text: str) -> pd.Timestamp | None:
    """Read a moment.

    Args:
        text: A day, `2024-03-01`, or a moment in UTC, `2024-03-01T12:00Z`.

    Returns:
        The moment, UTC; None where it is none.
    """
    try:
        if not _MOMENT.fullmatch(text):
            return None
        return pd.Timestamp(text if text.endswith("Z") else f"{text}T00Z").as_unit("ms")
    except ValueError:
        return None


def box(text: str) -> Bounds | None:
    """Read a part of the world.

    Args:
        text: West, south, east, north in degrees, `117,30,150,48`.

    Returns:
        The bounds, west > east where they cross 180 degrees; None where they are none.
    """
    sides = text.split(",")
    if len(sides) != 4 or not all(_DEGREES.fullmatch(side) for side in sides):
        return None
    west, south, east, north = map(float, sides)
    fits = abs(west) <= 180 and abs(east) <= 180 and west != east and -90 <= south < north <= 90
    return (west, south, east, north) if fits else None
