"""The columns of a table in CSV: what Rutter understands, what an export adds, and one's own beside them."""

from __future__ import annotations

from collections.abc import Iterable

from geo.schema import SCHEMAS

WKT = "wkt"
LONLAT = ("lon", "lat")
ENDS: dict[str, tuple[str, ...]] = {
    "events": (),
    "routes": ("origin_lon", "origin_lat", "destination_lon", "destination_lat"),
    "sources": (),
}
"""What an export says of a line for those who read no well-known text."""

CITED = ("source_title", "source_publisher", "source_url", "source_published", "source_note")
"""What an export says of a row's source."""

UNDERSTOOD = {"date", *LONLAT, "via", WKT, *(name for schema in SCHEMAS.values() for name in schema.columns)}
"""Names that may be written in capitals."""

_ORIGINAL = "original_"
_TAKEN = {
    "events": {"date", *LONLAT, *CITED, WKT},
    "routes": {*ENDS["routes"], *CITED, WKT},
    "sources": set[str](),
}


def written_names(layer: str, names: Iterable[str]) -> dict[str, str]:
    """Name one's own columns so that none is taken for another one.

    Args:
        layer: `events`, `routes` or `sources`.
        names: The columns of the table.

    Returns:
        Column -> its name in a file: `original_` before names that mean something there. No two differ in capitals
        only, and none is empty or has blanks around it.
    """
    given: dict[str, str] = {}
    used = {name.casefold() for name in SCHEMAS[layer].columns}
    for name in names:
        tidy = " ".join(name.split("\r")).strip() or "column"
        free = tidy if name in SCHEMAS[layer].columns else f"{_ORIGINAL}{tidy}" if _hides(layer, tidy) else tidy
        while name not in SCHEMAS[layer].columns and free.casefold() in used:
            free += "_"
        used.add(free.casefold())
        given[name] = free
    return given


def own_names(layer: str, names: Iterable[str]) -> dict[str, str]:
    """Undo `written_names`.

    Args:
        layer: `events`, `routes` or `sources`.
        names: Columns of a file that holds well-known text.

    Returns:
        Column -> its own name, for those that `written_names` changed because they would mean something.
    """
    return {name: name.removeprefix(_ORIGINAL) for name in names if name.startswith(_ORIGINAL) and _hides(layer, name)}


def _hides(layer: str, name: str) -> bool:
    while name.startswith(_ORIGINAL):
        name = name.removeprefix(_ORIGINAL)
    folded = name.casefold()
    return folded in _TAKEN[layer] or (name != folded and folded in UNDERSTOOD)
