"""Rows with a meaning to rows of the tables: events by point or name, routes by line or by two names."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any, get_args

import numpy as np
import pandas as pd
import shapely

from geo import routing, schema
from geo.faults import fault
from geo.formats.tables import RESERVED, RawTable
from geo.geodesy import COORDINATE_DECIMALS, length_km
from geo.importing.cells import Cells
from geo.importing.mapping import LINE_TARGETS
from geo.importing.numbers import Floats, to_numbers
from geo.importing.own import not_the_rows, own_columns
from geo.importing.shapes import as_lines, as_points
from geo.importing.times import TIMES_COLUMN, Times, read_times, vertex_times
from geo.importing.where import Positions, on_null_island, read_positions, to_degrees
from geo.placing import Placed, find_places, place_events, place_routes
from geo.types import FindPlaces, Mode, Notice

_KEPT = ("country", "origin_country", "destination_country", "place", "via")
"""Meanings whose column is kept under its own name where the table has none for them."""
_LONGEST_TITLE = 200


def event_rows(cells: Cells, *, find: FindPlaces) -> tuple[pd.DataFrame, list[Notice]]:
    """Make events of rows.

    Args:
        cells: The cells; what cannot be right is blamed.
        find: Turns names into places.

    Returns:
        A row for each row of the sheet, columns as in `geo.schema.EVENTS` and those that have no meaning, unchecked;
        and what should be known of them. Shape (n, columns).
    """
    times = read_times(cells, starts=("date", "start"), ends=("end",))
    positions = to_degrees(cells, read_positions(cells))
    points = as_points(positions.geometry)
    own = ~np.isnan(positions.x)
    x, y = positions.x.round(COORDINATE_DECIMALS), positions.y.round(COORDINATE_DECIMALS)
    shaped = ~own & ~shapely.is_missing(points.points)
    x[shaped], y[shaped] = shapely.get_x(points.points[shaped]), shapely.get_y(points.points[shaped])
    radius = _amount(cells, "radius_km")
    rows = pd.DataFrame(
        {
            **_common(cells, times),
            "kind": cells.meaning("kind", default="other"),
            "start": _moments(times.start),
            "end": _moments(times.end),
            "place": cells.text("place"),
            "country": cells.text("country"),
            "place_id": _place_ids(cells, x, y),
            "radius_km": np.where(np.isnan(radius), points.radius_km, radius),
            "geometry": _points(x, y),
        }
    )
    if (points.shape != "").any():
        rows["shape_wkt"] = points.shape
    located = own | shaped | _nowhere(cells, positions)
    rows, notices = _placed_by_name(cells, rows, located, find)
    for row in np.flatnonzero(on_null_island(x, y) & ~cells.bad):
        notices.append(Notice("events", rows["id"].iloc[row], "geometry", "0, 0", "Stands at 0, 0: often no position."))
    return _with_extras(cells, rows, "events"), notices


def route_rows(cells: Cells, *, find: FindPlaces) -> tuple[pd.DataFrame, list[Notice]]:
    """Make routes of rows.

    Args:
        cells: The cells; what cannot be right is blamed.
        find: Turns names into places.

    Returns:
        A row for each row of the sheet, columns as in `geo.schema.ROUTES` and those that have no meaning, unchecked;
        and what should be known of them. Shape (n, columns).
    """
    times = read_times(cells, starts=("depart", "start", "date"), ends=("arrive", "end"))
    positions = to_degrees(cells, read_positions(cells))
    lines = as_lines(positions.geometry, as_they_are=cells.mapping.own)
    drawn = ~shapely.is_missing(lines)
    mode = cells.meaning("mode").str.casefold()
    modes = get_args(Mode)
    advice = f"is no mode of transport. Use one of: {', '.join(modes)}; for all rows at once as a constant."
    cells.blame(~mode.isin(modes).to_numpy(), "mode", advice)
    kind = cells.text("basis")
    timed = vertex_times(cells.text("times"), lines)
    rows = pd.DataFrame(
        {
            **_common(cells, times),
            "mode": mode,
            "depart": _moments(times.start),
            "arrive": _moments(times.end),
            "dated_by": _dated_by(cells, times),
            **{name: cells.text(name) for name in ("origin", "destination", "shipment", "cargo", "unit", "carrier")},
            **{name: cells.text(name) for name in ("origin_id", "destination_id", "passages")},
            **{name: cells.text(name) for name in ("origin_country", "destination_country", "via", "leg")},
            "quantity": _amount(cells, "quantity"),
            "basis": np.where((kind == "") & drawn, np.where(timed != "", "observed track", "stated"), kind),
            "length_km": _lengths(cells, lines),
            "geometry": lines,
        }
    )
    if (timed != "").any():
        rows[TIMES_COLUMN] = timed
    rows, notices = _placed_by_name(cells, rows, drawn | _nowhere(cells, positions), find, layer="routes")
    return _with_extras(cells, rows, "routes"), notices


def _common(cells: Cells, times: Times) -> dict[str, Any]:
    confidence = _share(cells)
    return {
        "id": _ids(cells),
        "title": _titles(cells),
        "precision": times.precision,
        "confidence": confidence,
        "status": cells.meaning("status", default="reported").str.casefold(),
        "quote": cells.text("quote"),
        "note": cells.text("note"),
    }


def _moments(values: np.ndarray) -> pd.Series:
    return pd.Series(values).dt.tz_localize("UTC")


def _dated_by(cells: Cells, times: Times) -> np.ndarray:
    """Say which of two dates is known where only one is."""
    if not cells.has("arrive") and not cells.has("end"):
        return np.full(len(cells.sheet), "", dtype=object)
    said = cells.text("dated_by").to_numpy(dtype=object)
    return np.where(times.one_sided == "end", "depart", np.where(times.one_sided == "start", "arrive", said))


def _nowhere(cells: Cells, positions: Positions) -> np.ndarray:
    """Tell the rows of a file of Rutter's own of which it says that nobody knows where they are."""
    if not cells.mapping.own:
        return np.zeros(len(cells.sheet), dtype=bool)
    if cells.sheet.geometry is not None:
        return np.ones(len(cells.sheet), dtype=bool)
    return np.asarray(shapely.is_empty(positions.geometry))


def _place_ids(cells: Cells, x: Floats, y: Floats) -> np.ndarray:
    """Take the places' ids as stated; the others, but for rows of Rutter's own, are made of the positions."""
    said = cells.text("place_id").to_numpy(dtype=object)
    if cells.mapping.own:
        return np.asarray(said)
    made = ["" if isnan(a) else f"point:{b:.5f},{a:.5f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return np.where(said == "", np.array(made, dtype=object), said)


def _lengths(cells: Cells, lines: np.ndarray) -> Floats:
    """Take lengths as stated; the others, but for rows of Rutter's own, are measured."""
    said = _amount(cells, "length_km")
    if cells.mapping.own:
        return said
    measured = [round(length_km(line), 3) if line is not None else np.nan for line in lines]
    return np.where(np.isnan(said), measured, said)


def _points(x: Floats, y: Floats) -> np.ndarray:
    found = np.full(len(x), None, dtype=object)
    there = ~np.isnan(x)
    found[there] = shapely.points(x[there], y[there])
    return found


def _amount(cells: Cells, target: str) -> Floats:
    text = cells.meaning(target)
    numbers = to_numbers(text, decimal=cells.mapping.decimal)
    if target in cells.mapping.values:
        numbers = to_numbers(text)
    cells.blame((text != "").to_numpy() & np.isnan(numbers), target, "is not a number. Write digits only.", text)
    cells.blame(numbers < 0, target, "is less than 0. Write a number of 0 or more.", text)
    return numbers


def _share(cells: Cells) -> Floats:
    text = cells.text("confidence")
    percent = text.str.endswith("%").to_numpy(dtype=bool)
    numbers = to_numbers(text.str.rstrip("% "), decimal=cells.mapping.decimal)
    numbers = np.where(percent, numbers / 100, numbers)
    wrong = (text != "").to_numpy() & ~((numbers >= 0) & (numbers <= 1))
    cells.blame(wrong, "confidence", "is not between 0 and 1. Write 0.8 for fairly sure.", text)
    return numbers


def _ids(cells: Cells) -> pd.Series:
    """Give every row an id: its own, or one made of all its cells, the same whenever the file is brought again."""
    ids = cells.text("id")
    lacking = (ids == "").to_numpy()
    if not lacking.any():
        return ids
    whole = cells.sheet.cells[lacking].copy()
    if cells.sheet.geometry is not None:
        whole["geometry"] = [str(shape) for shape in cells.sheet.geometry[lacking]]
    hashed = pd.util.hash_pandas_object(whole.astype(object), index=False).map("{:016x}".format)
    again = hashed.groupby(hashed).cumcount().to_numpy()
    made = [f"import-{code[:12]}" + (f"-{n + 1}" if n else "") for code, n in zip(hashed, again, strict=True)]
    ids.loc[lacking] = made
    return ids


def _titles(cells: Cells) -> pd.Series:
    """Give every row a title: its own, else what it is and where, else its first words, else its number."""
    titles = cells.text("title")
    lacking = (titles == "").to_numpy()
    if not lacking.any():
        return titles
    kind, place, note = (cells.text(name)[lacking] for name in ("kind", "place", "note"))
    ends = [cells.text(name)[lacking] for name in ("origin", "destination")]
    numbers = np.asarray(cells.sheet.numbers)[lacking]
    made = []
    for what, where, words, a, b, number in zip(kind, place, note, *ends, numbers, strict=True):
        way = f"{a} – {b}" if a and b else ""
        said = way or ", ".join(filter(None, (what[:1].upper() + what[1:], where))) or words[:_LONGEST_TITLE]
        made.append(said or f"{cells.sheet.file}, row {number}")
    titles.loc[lacking] = made
    return titles


def _placed_by_name(
    cells: Cells, rows: pd.DataFrame, located: np.ndarray, find: FindPlaces, *, layer: str = "events"
) -> tuple[pd.DataFrame, list[Notice]]:
    """Place the rows that have no position of their own as a dossier's are placed."""
    names = ("place",) if layer == "events" else ("origin", "destination")
    named = np.ones(len(rows), dtype=bool)
    for name in names:
        named &= (rows[name] != "").to_numpy()
    wanted = np.flatnonzero(~located & named & ~cells.bad).tolist()
    if not wanted:
        return rows, []
    numbers = [cells.sheet.numbers[row] for row in wanted]
    plain = rows.iloc[wanted].reset_index(drop=True)
    texts = plain.drop(columns=["geometry"]).astype(object)
    texts = texts.where(texts.notna(), "")
    raw = RawTable(cells.sheet.file, texts, list(texts.columns), numbers, ())
    found = find_places({layer: raw}, find=find)
    placed: Placed = (
        place_events(raw, found=found) if layer == "events" else place_routes(raw, found=found, leg=routing.leg)
    )
    wrong = {one.row for one in placed.faults}
    for one in placed.faults:
        said = fault(one.file, one.row, cells.column(one.column or "place"), one.value, f"{one.message} {one.remedy}")
        cells.faults.append(said)
    cells.bad[[row for row, number in zip(wanted, numbers, strict=True) if number in wrong]] = True
    told = rows.astype({name: object for name in rows.columns if name in placed.rows.columns and name not in _TYPED})
    for name in placed.rows.columns:
        if name in _TYPED:
            continue
        if name not in told.columns:
            told[name] = pd.Series([""] * len(told), dtype=object)
        column = told[name].to_numpy(dtype=object, copy=True)
        column[wanted] = placed.rows[name].to_numpy(dtype=object)
        told[name] = column
    return told, placed.notices


_TYPED = ("start", "end", "depart", "arrive")


def _with_extras(cells: Cells, rows: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Add the columns that mean nothing to Rutter, and those whose codes were read, under names of their own."""
    mapping = cells.mapping
    meant = {
        column
        for target, column in mapping.columns.items()
        if target not in mapping.values and not (layer == "events" and target in LINE_TARGETS)
    }
    meant |= not_the_rows(layer, cells.sheet.cells) if mapping.own else set()
    kept: Sequence[str] = [name for name in cells.sheet.cells.columns if name not in meant]
    table_columns = schema.SCHEMAS[layer].columns
    dropped = [
        name for name in rows.columns if name not in table_columns and name not in (*_KEPT, "shape_wkt", TIMES_COLUMN)
    ]
    dropped += [name for name in _KEPT if name in rows and name not in table_columns and (rows[name] == "").all()]
    rows = rows.drop(columns=dropped)
    taken = {*map(str.casefold, (*table_columns, *RESERVED, *rows.columns, "sources"))}
    named: dict[str, str] = {}
    renamed = own_columns(layer, cells.sheet.cells.columns) if mapping.own else {}
    for name in kept:
        if name in renamed:
            named[renamed[name]] = name
            continue
        free = name if name.casefold() not in taken else f"original_{name}"
        while free.casefold() in taken:
            free += "_"
        taken.add(free.casefold())
        named[free] = name
    extras = {free: cells.sheet.cells[name].to_numpy(dtype=object) for free, name in named.items()}
    return pd.concat([rows, pd.DataFrame(extras, index=rows.index)], axis=1)
