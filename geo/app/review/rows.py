"""Candidates as they stand: as they were read, moved by corrections, changed by hand, told again by others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import nan
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from geo import routing
from geo.app.review.progress import Edit, Progress, Row, Telling
from geo.atlas import LAYERS, Atlas
from geo.candidates import STATUS_OF, Candidates
from geo.errors import NoRouteError
from geo.following import end_of, follow
from geo.geodesy import COORDINATE_DECIMALS
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.schema import SCHEMAS, TIMES
from geo.timeline import parse_date
from geo.types import Layer, Place

ENDS = ("origin", "destination")
Tables = dict[Layer, gpd.GeoDataFrame]


def as_they_stand(candidates: Candidates, corrections: Corrections, progress: Progress) -> Tables:
    """Give the candidates as they stand.

    Args:
        candidates: What was read.
        corrections: What names were corrected to.
        progress: What was changed by hand.

    Returns:
        The two tables, with the columns that candidates have besides.
    """
    moved = follow(Atlas(candidates.events, candidates.routes, candidates.sources), corrections)
    finder = PlaceFinder(corrections=corrections)
    tables: Tables = {}
    for layer in LAYERS:
        table = moved.layer(layer).copy()
        place_of = {name: number for number, name in enumerate(table["id"])}
        for name in progress.edits.keys() & place_of.keys():
            number = place_of[name]
            row = table.iloc[number].to_dict()
            for column, value in changed(layer, row, progress.edits[name], finder).items():
                table.iloc[number, table.columns.get_loc(column)] = value
        tables[layer] = told_again(layer, table, progress.merged.values())
    return tables


def changed(layer: Layer, row: Row, edit: Edit, finder: PlaceFinder) -> dict[str, Any]:
    """Say which cells of a row a change by hand sets.

    Args:
        layer: The table the row is in.
        row: The row.
        edit: What was changed.
        finder: What finds the end of a route that was not changed.

    Returns:
        Column -> value; the line of a route is drawn anew where an end or the mode was changed.
    """
    cells: dict[str, Any] = {name: edit[name] for name in ("title", "kind", "mode") if name in edit}
    if "date" in edit:
        first, last = TIMES[layer]
        when = parse_date(edit["date"]) if edit["date"] else None
        cells[first], cells[last] = (when.start, when.end) if when else (pd.NaT, pd.NaT)
        cells["precision"] = when.precision if when else "range"
    if layer == "events" and "place" in edit:
        place = as_place(edit["place"])
        cells |= {
            "place": place.matched,
            "place_id": place.place_id,
            "radius_km": place.radius_km,
            "geometry": Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)),
        }
    if layer == "routes" and {"mode", *ENDS} & edit.keys():
        cells |= _redrawn({**row, **cells}, edit, finder)
    return cells


def _redrawn(row: Row, edit: Edit, finder: PlaceFinder) -> dict[str, Any]:
    ends: list[Place | None] = []
    cells: dict[str, Any] = {"geometry": None, "length_km": nan}
    for column in ENDS:
        place = as_place(edit[column]) if column in edit else end_of(row, column, finder)
        ends.append(place)
        if column in edit and place:
            cells[column] = place.matched
        cells[f"{column}_id"] = place.place_id if place else ""
    origin, destination = ends
    if origin and destination:
        try:
            found = routing.leg(origin, destination, mode=row["mode"])
        except NoRouteError:
            return cells
        cells |= {"geometry": found.line, "length_km": round(found.length_km, 3)}
    return cells


def as_place(cells: Mapping[str, Any]) -> Place:
    """Read a place that was kept with a change.

    Args:
        cells: `name`, `place_id`, `place`, `lon`, `lat`, `kind`, `country` and `radius_km`.

    Returns:
        The place; `matched` is the name as it was written.
    """
    radius_km = cells.get("radius_km")
    return Place(
        cells["place_id"],
        cells["place"],
        cells["lon"],
        cells["lat"],
        cells["kind"],
        cells["country"],
        nan if radius_km is None else radius_km,
        1.0,
        cells["name"],
    )


def as_cells(name: str, place: Place) -> dict[str, Any]:
    """Write a place to keep with a change.

    Args:
        name: The name as written.
        place: What it means in this row.

    Returns:
        What `as_place` reads.
    """
    return {
        "name": name,
        "place_id": place.place_id,
        "place": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "kind": place.kind,
        "country": place.country,
        "radius_km": None if pd.isna(place.radius_km) else place.radius_km,
    }


def accepted_row(layer: Layer, row: Row) -> dict[str, Any]:
    """Turn a candidate into a row of the dossier.

    Args:
        layer: The table it is in.
        row: The candidate as it stands.

    Returns:
        The columns of the schema, with the status that it has once somebody accepted it.
    """
    return {name: row[name] for name in SCHEMAS[layer].columns} | {"status": STATUS_OF[row["stance"]]}


def told_again(layer: Layer, table: gpd.GeoDataFrame, tellings: Iterable[Telling]) -> gpd.GeoDataFrame:
    """Add to the notes of rows what others tell of the same.

    Args:
        layer: Which table it is.
        table: The table; it is not changed.
        tellings: What was merged.

    Returns:
        The table with those notes, each once.
    """
    notes: dict[str, list[str]] = {}
    for telling in tellings:
        if telling.layer == layer:
            notes.setdefault(telling.into, []).append(telling.note)
    if not notes.keys() & set(table["id"]):
        return table
    joined = [
        " ".join([note, *(more for more in notes.get(name, []) if more not in note)]).strip()
        for name, note in zip(table["id"], table["note"], strict=True)
    ]
    return table.assign(note=joined)
