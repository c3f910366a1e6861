"""Rows with names in, rows with points and lines out; what could not be placed is kept and listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isfinite, nan
from typing import Any

import pandas as pd
from shapely.geometry import Point

from geo.errors import CoordinateError, CountryError, GeoError, NoRouteError
from geo.faults import fault, fault_of
from geo.formats.columns import LONLAT, WKT, own_names
from geo.formats.tables import RawTable
from geo.formats.wkt import Positions, read_positions
from geo.geodesy import COORDINATE_DECIMALS, check_lonlat
from geo.types import Fault, FindPlaces, Geocode, Mode, Notice, Place, PlaceQuery, Route

Leg = Callable[..., Route]
Found = Mapping[PlaceQuery, Place | GeoError | None]
_ENDS = ("origin", "destination")


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


def one_by_one(geocode: Geocode) -> FindPlaces:
    """Let a geocoder that answers one name at a time answer many.

    Args:
        geocode: Turns a name into a place.

    Returns:
        What asks it for each name in turn.
    """

    def find(asked: Sequence[PlaceQuery]) -> list[Place | GeoError | None]:
        found: list[Place | GeoError | None] = []
        for query in asked:
            try:
                found.append(geocode(query.name))
            except CoordinateError as error:
                found.append(error)
        return found

    return find


def find_places(raw: Mapping[str, RawTable], *, find: FindPlaces) -> Found:
    """Ask for every name of a dossier at once, so that the names of all its tables can judge one another.

    Args:
        raw: The tables as read, by layer.
        find: Turns names into places.

    Returns:
        What each name is: a place, None where it is unknown, or what is wrong with it.
    """
    asked = []
    if "events" in raw:
        table = raw["events"]
        asked += [_query(table, row, "place") for row in range(len(table.rows)) if not _has_point(table, row)]
    if "routes" in raw:
        table = raw["routes"]
        for row in (row for row in range(len(table.rows)) if not _cell(table, row, WKT)):
            asked += [_query(table, row, column) for column in _ENDS]
            asked += [_query(table, row, "via", name) for name in _via(table, row)]
    asked = [query for query in dict.fromkeys(asked) if query.name]
    found = dict(zip(asked, find(asked), strict=True))
    # A country that nobody knows is said, and the name found without it.
    abroad = [query for query, answer in found.items() if isinstance(answer, CountryError)]
    return found | dict(zip((freed := [_freed(q) for q in abroad]), find(freed), strict=True)) if abroad else found


def place_query(cell: Callable[[str], str], column: str, name: str) -> PlaceQuery:
    """Ask for a name with what its row says besides: the country, and for the end of a leg the mode.

    Args:
        cell: Gives the text of a cell of the row by its column, empty where there is none.
        column: The column the name stands in: `place`, `origin`, `destination` or `via`.
        name: The name.

    Returns:
        What to ask for.
    """
    end = column in _ENDS
    mode: Any = cell("mode") if end else ""
    return PlaceQuery(name, cell(f"{column}_country" if end else "country"), None, mode)


def via_names(cell: str) -> list[str]:
    """Split the names a leg passes by.

    Args:
        cell: The names, separated by semicolons.

    Returns:
        The names, without empty ones.
    """
    return [name.strip() for name in cell.split(";") if name.strip()]


def _query(table: RawTable, row: int, column: str, name: str | None = None) -> PlaceQuery:
    return place_query(partial(_cell, table, row), column, _cell(table, row, column) if name is None else name)


def _freed(query: PlaceQuery) -> PlaceQuery:
    return query._replace(country="")


def _cell(table: RawTable, row: int, column: str) -> str:
    return table.text(row, column).strip()


def _has_point(table: RawTable, row: int) -> bool:
    return any(_cell(table, row, column) for column in (WKT, *LONLAT))


def _via(table: RawTable, row: int) -> list[str]:
    return via_names(_cell(table, row, "via"))


@dataclass
class _Lookup:
    """One table, the places of its names, and what was noticed."""

    table: RawTable
    layer: str
    found: Found
    placed: Placed

    def place(
        self, row: int, column: str, *, name: str | None = None, without: str = "kept without a position"
    ) -> Place | None:
        query = _query(self.table, row, column, name)
        if not query.name:
            self.notice(row, column, f"No place is given: {without}.")
            return None
        place = self.found[query]
        if isinstance(place, CountryError):
            self.notice(row, column, f"{place} It was found without the country.", query.country)
            place = self.found[_freed(query)]
        if isinstance(place, GeoError):
            self.placed.faults.append(fault_of(place, self.table.file, self.table.numbers[row], column, query.name))
            return None
        if place is None:
            where = f" in {query.country}" if query.country else ""
            self.notice(row, column, f"No place of this name is known{where}: {without}.", query.name)
            return None
        where = f"{place.name}, {place.country}" if place.country else place.name
        if place.doubtful:
            self.notice(row, column, f"Doubtful: read as {where} ({place.confidence:.0%} sure).", query.name)
        elif place.match in _LOOSE:
            self.notice(row, column, f"Read as {where}: {'; '.join(place.reasons)}.", query.name)
        return place

    def cell(self, row: int, column: str) -> str:
        return _cell(self.table, row, column)

    def notice(self, row: int, column: str, message: str, value: str | None = None) -> None:
        value = self.cell(row, column) if value is None else value
        self.placed.notices.append(Notice(self.layer, self.cell(row, "id"), column, value, message))


_LOOSE = ("misspelling", "online")
"""Ways for a name to fit that are said even where there is little doubt."""


def place_events(table: RawTable, *, found: Found) -> Placed:
    """Give each event a point: its own `wkt`, or `lon` and `lat`, where it has them, else by its place's name.

    Args:
        table: Events as read; `place` is a name as written, `lon` and `lat` degrees, WGS 84. A row with `wkt` is taken
            as it stands, an empty geometry as without a position.
        found: What its names are, as `find_places` gives it.

    Returns:
        The rows with `geometry`, `place_id`, `radius_km` and `confidence`; those without a place keep a missing one.
    """
    lookup, own = _begin(table, "events", found)
    places = [
        None if told else _own_point(lookup, row) if _has_point(table, row) else lookup.place(row, "place")
        for row, told in enumerate(own.told)
    ]
    _add(
        lookup.placed,
        geometry=[own.geometry[row] if own.told[row] else _point(place) for row, place in enumerate(places)],
        place_id=_own_or(lookup, "place_id", [place.place_id if place else "" for place in places]),
        radius_km=_own_or(lookup, "radius_km", [place.radius_km if place else None for place in places]),
        confidence=_own_or(lookup, "confidence", [place.confidence if place else None for place in places]),
    )
    return lookup.placed


def _begin(table: RawTable, layer: str, found: Found) -> tuple[_Lookup, Positions]:
    own = read_positions(table, layer)
    positions = [WKT, *(LONLAT if layer == "events" else ())]
    names = own_names(layer, table.rows.columns) if WKT in table.rows.columns else {}
    rows = table.rows.drop(columns=positions, errors="ignore").rename(columns=names)
    return _Lookup(table, layer, found, Placed(rows, own.faults, own.notices)), own


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
    cells = [lookup.table.text(row, column) for row in range(len(found))]
    return [cell if cell.strip() else value for cell, value in zip(cells, found, strict=True)]


def _add(placed: Placed, **columns: list[Any]) -> None:
    added = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    placed.rows = pd.concat([placed.rows.drop(columns=list(columns), errors="ignore"), added], axis=1)


def _point(place: Place | None) -> Point | None:
    return Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)) if place else None


def place_routes(table: RawTable, *, found: Found, leg: Leg) -> Placed:
    """Give each leg a line from its origin to its destination.

    Args:
        table: Legs as read; `origin`, `destination` and `via` (separated by `;`) are names as written. A row with
            `wkt` is taken as it stands, an empty geometry as without a line.
        found: What its names are, as `find_places` gives it.
        leg: Draws one leg between two places by a mode.

    Returns:
        The rows with `geometry`, `origin_id`, `destination_id`, `basis`, `length_km`, `passages` and `confidence`; a
        leg with an end that is unknown, or without a way, keeps a missing geometry.
    """
    lookup, own = _begin(table, "routes", found)
    ends: list[tuple[Place | None, Place | None]] = []
    routes: list[Route | None] = []
    for row, told in enumerate(own.told):
        origin = None if told else lookup.place(row, "origin")
        destination = None if told else lookup.place(row, "destination")
        ends.append((origin, destination))
        routes.append(_leg(lookup, row, origin, destination, leg) if origin and destination else None)
    _add(
        lookup.placed,
        geometry=[own.geometry[row] if own.told[row] else route and route.line for row, route in enumerate(routes)],
        origin_id=_own_or(lookup, "origin_id", [origin.place_id if origin else "" for origin, _ in ends]),
        destination_id=_own_or(lookup, "destination_id", [end.place_id if end else "" for _, end in ends]),
        length_km=_own_or(lookup, "length_km", [round(route.length_km, 3) if route else None for route in routes]),
        passages=_own_or(lookup, "passages", ["; ".join(route.passages) if route else "" for route in routes]),
        confidence=_own_or(lookup, "confidence", [_less_sure(*both) for both in ends]),
        basis=_own_or(lookup, "basis", [route.basis if route else "inferred" for route in routes]),
    )
    return lookup.placed


def _less_sure(origin: Place | None, destination: Place | None) -> float | None:
    return min(origin.confidence, destination.confidence) if origin and destination else None


def _leg(lookup: _Lookup, row: int, origin: Place, destination: Place, leg: Leg) -> Route | None:
    without = "the line is drawn without it"
    via = [lookup.place(row, "via", name=name, without=without) for name in _via(lookup.table, row)]
    mode: Mode = lookup.cell(row, "mode")  # type: ignore[assignment]
    try:
        return leg(origin, destination, mode=mode, via=[place for place in via if place])
    except NoRouteError as error:
        lookup.notice(row, "destination", f"No line is drawn: {error}")
        return None
