"""Corrections in a dossier whose file brings its positions: the rows that write a corrected name move with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan
from typing import Any

import geopandas as gpd
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo import routing
from geo.app.places.candidates import names_of
from geo.atlas import Atlas
from geo.checking import plausibility
from geo.errors import CoordinateError, NoRouteError
from geo.geodesy import COORDINATE_DECIMALS
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.types import Notice, Place

_COLUMNS = {"events": ("place_id", "radius_km"), "routes": ("origin_id", "destination_id", "length_km", "passages")}


def follow(atlas: Atlas, corrections: Corrections) -> Atlas:
    """Move the rows of a dossier to where their names were corrected to.

    A line that was observed or stated stays as it is; one that was drawn between its ends is drawn anew.

    Args:
        atlas: The dossier as its file has it; it is not changed.
        corrections: What is corrected.

    Returns:
        The dossier with those rows moved; one without corrections is returned itself.
    """
    if not corrections.entries():
        return atlas
    finder = PlaceFinder(corrections=corrections)
    events, routes = atlas.events.copy(), atlas.routes.copy()
    notices, moved = list(atlas.notices), []
    for number, row in enumerate(events.to_dict("records")):
        if _is_about(corrections, row["place"]):
            _put(events, number, "events", _event(corrections.find(row["place"])))
    for number, row in enumerate(routes.to_dict("records")):
        about = any(_is_about(corrections, name) for _, name in names_of("routes", row))
        if about and row["basis"] == "inferred":
            _put(routes, number, "routes", _route(row, finder, notices))
            moved.append(number)
    before = set(plausibility(atlas.routes.iloc[moved]))
    notices = [*(notice for notice in notices if notice not in before), *plausibility(routes.iloc[moved])]
    return replace(atlas, events=events, routes=routes, notices=tuple(notices))


def _is_about(corrections: Corrections, name: str) -> bool:
    return corrections.find(name) is not None or corrections.is_refused(name)


def _put(table: gpd.GeoDataFrame, number: int, layer: str, values: tuple[Any, ...]) -> None:
    for column, value in zip(("geometry", *_COLUMNS[layer]), values, strict=True):
        table.iloc[number, table.columns.get_loc(column)] = value


def _event(place: Place | None) -> tuple[Any, ...]:
    if place is None:
        return None, "", nan
    return Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)), place.place_id, place.radius_km


def _route(row: Mapping[Any, Any], finder: PlaceFinder, notices: list[Notice]) -> tuple[Any, ...]:
    origin, destination = end_of(row, "origin", finder), end_of(row, "destination", finder)
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


def end_of(row: Mapping[Any, Any], column: str, finder: PlaceFinder) -> Place | None:
    """Say where a route begins or ends.

    Args:
        row: The route.
        column: `origin` or `destination`.
        finder: What finds the place of a name, with the corrections in force.

    Returns:
        What its name was corrected to, else where its line begins or ends, else what its name most likely means.
    """
    name, tip = row[column], _tip(row["geometry"], {"origin": 0, "destination": -1}[column])
    if finder.corrections and _is_about(finder.corrections, name):
        return finder.corrections.find(name)
    if tip is None:
        return _place(name, finder)
    return Place(row[f"{column}_id"], name, *tip, "place", "", nan, 1.0, name)


def _place(name: str, finder: PlaceFinder) -> Place | None:
    try:
        return finder.place(name)
    except CoordinateError:
        return None


def _tip(line: BaseGeometry | None, at: int) -> tuple[float, float] | None:
    if line is None or line.is_empty:
        return None
    part: LineString = line.geoms[at] if hasattr(line, "geoms") else line
    lon, lat = part.coords[at][:2]
    return (lon, lat)
