"""Corrections in a dossier that has its positions already: the rows that write a corrected name move with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from math import nan
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo import routing
from geo.atlas import Atlas
from geo.checking import plausibility
from geo.errors import CoordinateError, NoRouteError
from geo.geodesy import COORDINATE_DECIMALS
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.places.names import key
from geo.placing import via_names
from geo.types import Layer, Mode, Notice, Place

BY_HAND = "point:"
"""How the id of a place begins that was given by its coordinates."""

_COLUMNS = {"events": ("place_id", "radius_km"), "routes": ("origin_id", "destination_id", "length_km", "passages")}


def follow(atlas: Atlas, corrections: Corrections, *, since: Mapping[str, str] | None = None) -> Atlas:
    """Move the rows of a dossier to where their names were corrected to.

    A line that was observed or stated stays as it is; one that was drawn between its ends is drawn anew.

    Args:
        atlas: The dossier as its file has it; it is not changed.
        corrections: What is corrected.
        since: The names whose meaning is another one now, by key, each with the id of the place it was corrected to
            before, or empty; rows that were put at a point by hand stay. All corrections, and all rows, when None.

    Returns:
        The dossier with those rows moved; one without corrections is returned itself.
    """
    names = dict.fromkeys(corrections.by_key, "") if since is None else since
    if not names:
        return atlas
    finder = PlaceFinder(corrections=corrections)
    events, routes = atlas.events.copy(), atlas.routes.copy()
    notices, moved = list(atlas.notices), []
    for number in _writing("events", events, names):
        row = events.iloc[number].to_dict()
        if _moving("events", row, names, all_rows=since is None):
            _put(events, number, "events", _event(_place(row["place"], finder)))
    for number in _writing("routes", routes, names):
        row = routes.iloc[number].to_dict()
        about = _moving("routes", row, names, all_rows=since is None)
        if about and row["basis"] == "inferred":
            _put(routes, number, "routes", _route(row, finder, about, notices))
            moved.append(number)
    before = set(plausibility(atlas.routes.iloc[moved]))
    notices = [*(notice for notice in notices if notice not in before), *plausibility(routes.iloc[moved])]
    return replace(atlas, events=events, routes=routes, notices=tuple(notices))


def names_of(layer: Layer, row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Go through the names of places in a row.

    Args:
        layer: The table the row is in.
        row: The row.

    Yields:
        The column and the name as written: place, or origin, destination and each via.
    """
    if layer == "events":
        yield "place", row["place"]
        return
    for column in ("origin", "destination"):
        yield column, row[column]
    via = row.get("via", "")
    for name in via_names("" if pd.isna(via) else str(via)):
        yield "via", name


def _writing(layer: Layer, table: gpd.GeoDataFrame, names: Collection[str]) -> list[int]:
    """The rows that write one of these names; each spelling is looked at once, however many rows have it."""
    writes: npt.NDArray[np.bool_] = np.zeros(len(table), dtype=bool)
    for column in ("place",) if layer == "events" else ("origin", "destination", "via"):
        if column in table.columns:
            split = via_names if column == "via" else lambda cell: [cell]
            told = {cell: any(key(name) in names for name in split(str(cell))) for cell in table[column].unique()}
            writes |= table[column].map(told).to_numpy(dtype=bool)
    return [int(number) for number in np.flatnonzero(writes)]


def _moving(layer: Layer, row: Mapping[Any, Any], names: Mapping[str, str], *, all_rows: bool) -> set[str]:
    """The names of a row that it follows, by key."""
    found = set()
    for column, name in names_of(layer, row):
        own = str(row.get({"place": "place_id"}.get(column, f"{column}_id"), ""))
        if key(name) in names and (all_rows or not own.startswith(BY_HAND) or own == names[key(name)]):
            found.add(key(name))
    return found


def _put(table: gpd.GeoDataFrame, number: int, layer: str, values: tuple[Any, ...]) -> None:
    for column, value in zip(("geometry", *_COLUMNS[layer]), values, strict=True):
        table.iloc[number, table.columns.get_loc(column)] = value


def _event(place: Place | None) -> tuple[Any, ...]:
    if place is None:
        return None, "", nan
    return Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)), place.place_id, place.radius_km


def _route(
    row: Mapping[Any, Any], finder: PlaceFinder, moved: Collection[str], notices: list[Notice]
) -> tuple[Any, ...]:
    origin, destination = (end_of(row, column, finder, moved=moved) for column in ("origin", "destination"))
    ids = tuple(end.place_id if end else "" for end in (origin, destination))
    if origin is None or destination is None:
        return None, *ids, nan, ""
    via = [_place(name, finder) for column, name in names_of("routes", row) if column == "via"]
    try:
        found = routing.leg(origin, destination, mode=row["mode"], via=[place for place in via if place])
    except NoRouteError as error:
        notices.append(Notice("routes", row["id"], "destination", row["destination"], f"No line is drawn: {error}"))
        return None, *ids, nan, ""
    return found.line, *ids, round(found.length_km, 3), "; ".join(found.passages)


def end_of(
    row: Mapping[Any, Any], column: str, finder: PlaceFinder, *, moved: Collection[str] | None = None
) -> Place | None:
    """Say where a route begins or ends.

    Args:
        row: The route.
        column: `origin` or `destination`.
        finder: What finds the place of a name, with the corrections in force.
        moved: The names that mean another place than where the line begins or ends, by key; those that are corrected
            when None.

    Returns:
        What its name means now where it moved, else where its line begins or ends, else what its name most likely
        means.
    """
    if moved is None:
        moved = finder.corrections.by_key if finder.corrections else ()
    name, tip = row[column], _tip(row["geometry"], {"origin": 0, "destination": -1}[column])
    if tip is None or key(name) in moved:
        return _place(name, finder, mode=row["mode"])
    return Place(row[f"{column}_id"], name, *tip, "place", "", nan, 1.0, name)


def _place(name: str, finder: PlaceFinder, *, mode: Mode | None = None) -> Place | None:
    try:
        return finder.place(name, mode=mode)
    except CoordinateError:
        return None


def _tip(line: BaseGeometry | None, at: int) -> tuple[float, float] | None:
    if line is None or line.is_empty:
        return None
    part: LineString = line.geoms[at] if hasattr(line, "geoms") else line
    lon, lat = part.coords[at][:2]
    return (lon, lat)
