"""Rows with names in, rows with points and lines out; what could not be placed is kept and listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Any

import pandas as pd
from shapely.geometry import Point

from geo.errors import CoordinateError, NoRouteError
from geo.faults import fault, fault_of
from geo.formats.spreadsheet import is_formula
from geo.formats.tables import RawTable
from geo.geodesy import COORDINATE_DECIMALS, check_lonlat
from geo.types import Fault, Geocode, LonLat, Mode, Notice, Place, Route

DOUBTFUL = 0.5
Leg = Callable[..., Route]


@dataclass
class Placed:
    """Rows with geometry, and what was noticed on the way.

    Args:
        rows: The rows with a `geometry` column; shape (n, columns).
        faults: What cannot be right.
        notices: What is kept but should be known.
    """

    rows: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass
class _Lookup:
    """One table's lookups: every name is asked for once."""

    table: RawTable
    layer: str
    geocode: Geocode
    placed: Placed
    known: dict[tuple[str, LonLat | None], Place | None] = field(default_factory=dict)

    def place(
        self,
        row: int,
        column: str,
        *,
        name: str | None = None,
        near: LonLat | None = None,
        without: str = "kept without a position",
    ) -> Place | None:
        name = self.cell(row, column) if name is None else name
        if not name:
            self.notice(row, column, f"No place is given: {without}.")
            return None
        try:
            if (name, near) not in self.known:
                self.known[name, near] = self.geocode(name, near=near)
        except CoordinateError as error:
            self.placed.faults.append(fault_of(error, self.table.file, self.table.numbers[row], column, name))
            return None
        place = self.known[name, near]
        if place is None:
            self.notice(row, column, f"No place of this name is known: {without}.", name)
        elif place.confidence < DOUBTFUL:
            where = f"{place.name}, {place.country}" if place.country else place.name
            self.notice(row, column, f"Doubtful: read as {where} ({place.confidence:.0%} sure).", name)
        return place

    def cell(self, row: int, column: str) -> str:
        return str(self.table.rows[column].iloc[row]).strip() if column in self.table.rows.columns else ""

    def notice(self, row: int, column: str, message: str, value: str | None = None) -> None:
        value = self.cell(row, column) if value is None else value
        self.placed.notices.append(Notice(self.layer, self.cell(row, "id"), column, value, message))


def place_events(table: RawTable, *, geocode: Geocode) -> Placed:
    """Give each event a point: from its own `lon` and `lat` where it has them, else by its place's name.

    Args:
        table: Events as read; `place` is a name as written, `lon` and `lat` degrees, WGS 84.
        geocode: Turns a name into a place.

    Returns:
        The rows with `geometry`, `place_id`, `radius_km` and `confidence`; those without a place keep a missing one.
    """
    lookup = _Lookup(table, "events", geocode, Placed(table.rows.drop(columns=["lon", "lat"], errors="ignore")))
    found = [
        _own_point(lookup, row) if lookup.cell(row, "lon") or lookup.cell(row, "lat") else lookup.place(row, "place")
        for row in range(len(table.rows))
    ]
    _add(
        lookup.placed,
        geometry=[_point(place) for place in found],
        place_id=_own_or(lookup, "place_id", [place.place_id if place else "" for place in found]),
        radius_km=_own_or(lookup, "radius_km", [place.radius_km if place else None for place in found]),
        confidence=_own_or(lookup, "confidence", [place.confidence if place else None for place in found]),
    )
    return lookup.placed


def _own_point(lookup: _Lookup, row: int) -> Place | None:
    numbers = {}
    for column in ("lon", "lat"):
        text = lookup.cell(row, column)
        try:
            numbers[column] = float(text)
            if not isfinite(numbers[column]):
                raise ValueError(text)
            check_lonlat(**{"lon": 0.0, "lat": 0.0, column: numbers[column]})
        except CoordinateError as error:
            lookup.placed.faults.append(fault_of(error, lookup.table.file, lookup.table.numbers[row], column, text))
            return None
        except ValueError:
            advice = "is not a number. Write degrees with a point, or leave both lon and lat empty."
            lookup.placed.faults.append(fault(lookup.table.file, lookup.table.numbers[row], column, text, advice))
            return None
    name = lookup.cell(row, "place")
    place_id = f"point:{numbers['lat']:.5f},{numbers['lon']:.5f}"
    return Place(place_id, name, numbers["lon"], numbers["lat"], "coordinate", "", nan, 1.0, name)


def _own_or(lookup: _Lookup, column: str, found: Sequence[Any]) -> list[Any]:
    return [lookup.cell(row, column) or value for row, value in enumerate(found)]


def _add(placed: Placed, **columns: list[Any]) -> None:
    added = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    placed.rows = pd.concat([placed.rows.drop(columns=list(columns), errors="ignore"), added], axis=1)


def _point(place: Place | None) -> Point | None:
    return Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)) if place else None


def place_routes(table: RawTable, *, geocode: Geocode, leg: Leg) -> Placed:
    """Give each leg a line from its origin to its destination.

    Args:
        table: Legs as read; `origin`, `destination` and `via` (separated by `;`) are names as written.
        geocode: Turns a name into a place.
        leg: Draws one leg between two places by a mode.

    Returns:
        The rows with `geometry`, `origin_id`, `destination_id`, `basis`, `length_km` and `confidence`; a leg with an
        end that is unknown, or without a way, keeps a missing geometry.
    """
    lookup = _Lookup(table, "routes", geocode, Placed(table.rows))
    ends: list[tuple[Place | None, Place | None]] = []
    routes: list[Route | None] = []
    for row in range(len(table.rows)):
        origin = lookup.place(row, "origin")
        destination = lookup.place(row, "destination", near=origin.lonlat if origin else None)
        ends.append((origin, destination))
        routes.append(_leg(lookup, row, origin, destination, leg) if origin and destination else None)
    _add(
        lookup.placed,
        geometry=[route.line if route else None for route in routes],
        origin_id=_own_or(lookup, "origin_id", [origin.place_id if origin else "" for origin, _ in ends]),
        destination_id=_own_or(lookup, "destination_id", [end.place_id if end else "" for _, end in ends]),
        length_km=_own_or(lookup, "length_km", [round(route.length_km, 3) if route else None for route in routes]),
        confidence=_own_or(lookup, "confidence", [_less_sure(*both) for both in ends]),
        basis=_own_or(lookup, "basis", [route.basis if route else "inferred" for route in routes]),
    )
    return lookup.placed


def _less_sure(origin: Place | None, destination: Place | None) -> float | None:
    return min(origin.confidence, destination.confidence) if origin and destination else None


def _leg(lookup: _Lookup, row: int, origin: Place, destination: Place, leg: Leg) -> Route | None:
    names = [name.strip() for name in lookup.cell(row, "via").split(";") if name.strip()]
    without = "the line is drawn without it"
    via = [lookup.place(row, "via", name=name, near=origin.lonlat, without=without) for name in names]
    mode: Mode = lookup.cell(row, "mode")  # type: ignore[assignment]
    try:
        return leg(origin, destination, mode=mode, via=[place for place in via if place])
    except NoRouteError as error:
        lookup.notice(row, "destination", f"No line is drawn: {error}")
        return None


_HTML = re.compile(r"</?[A-Za-z][^>]*>")


def notice_odd_text(layer: str, table: pd.DataFrame) -> list[Notice]:
    """List cells whose text would do something elsewhere: formulas in a spreadsheet, HTML in a page.

    Args:
        layer: The table's name.
        table: A table with an `id` column; shape (n, columns).

    Returns:
        One notice a cell, column by column.
    """
    return [
        Notice(layer, str(name), str(column), cell[:80], message)
        for column in table.columns
        if column != "geometry"
        for name, cell in zip(table["id"], table[column], strict=True)
        if isinstance(cell, str)
        for odd, message in (
            (is_formula(cell), "Begins like a spreadsheet formula: kept as plain text."),
            (bool(_HTML.search(cell)), "Holds HTML: kept and shown as plain text."),
        )
        if odd
    ]
