"""A sheet and what its columns mean to checked tables; nothing is stored on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import shapely
from tqdm import tqdm

from geo import schema
from geo.errors import OptionError
from geo.formats.reading import Sheet
from geo.importing.cells import Cells
from geo.importing.citing import cite
from geo.importing.guessing import guess_mapping
from geo.importing.mapping import TARGETS, Mapping, Offer, Target, check_mapping
from geo.importing.offers import find_offers, no_degrees
from geo.importing.own import for_layer, rows_by_layer
from geo.importing.result import Imported, checked, failed_rows
from geo.importing.rows import event_rows, route_rows
from geo.importing.shapes import are_lines
from geo.importing.tracks import GAP, import_tracks
from geo.importing.where import read_positions
from geo.places import PlaceFinder
from geo.types import Fault, FindPlaces, Notice

Report: TypeAlias = Callable[[float, str], None]
"""Told how far it is, 0 to 1, and with what."""
_BAR = "{desc}: {bar} {elapsed}"
_LOOKED_AT = 3_000  # rows, from all over a sheet, by which its coordinates are judged


def _silent(share: float, doing: str) -> None:
    """Tell nobody."""


def import_sheet(
    sheet: Sheet,
    mapping: Mapping,
    *,
    find: FindPlaces | None = None,
    gap: str = GAP,
    progress: bool = False,
    report: Report = _silent,
) -> Imported:
    """Make checked tables of the rows of a sheet.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.
        find: Turns names into places; the offline gazetteer when left out.
        gap: After how long without a position a new track begins, as an offset of pandas: `6h`, `90min`, `2D`.
        progress: Whether a bar shows how far it is.
        report: Told how far it is, 0 to 1, and with what.

    Returns:
        The tables, the rows that failed, and what should be known.

    Raises:
        OptionError: The mapping does not fit the sheet.
    """
    check_mapping(mapping, sheet.cells.columns, file=sheet.file)
    if not mapping.columns and not mapping.constants and sheet.geometry is None:
        named = ", ".join(sheet.cells.columns)
        raise OptionError(f"Nothing is known of the columns of {sheet.file} ({named}). Say what they mean.")
    offers, said = offers_of(sheet, mapping)
    if mapping.layer == "tracks":
        report(0.1, "joining positions to tracks")
        return replace(import_tracks(sheet, mapping, gap=gap, progress=progress), offers=tuple(offers))
    find = find or PlaceFinder().places
    tables = {layer: schema.empty(layer) for layer in ("events", "routes")}
    sources: list[pd.DataFrame] = []
    faults: list[Fault] = []
    notices: list[Notice] = []
    remarks = [*sheet.notices, *said]
    split = _by_geometry(sheet, mapping)
    with tqdm(total=2 * len(split), disable=not progress, leave=False, bar_format=_BAR) as bar:

        def tell(done: int, doing: str) -> None:
            bar.update(done - bar.n)
            bar.set_description(doing)
            report(done / (2 * len(split)), doing)

        for number, (layer, rows) in enumerate(split.items()):
            tell(2 * number, f"placing {layer}")
            shown = part(sheet, rows)
            fitted = _for_layer(mapping, layer, shown)
            remarks += [] if mapping.own else _added(mapping, fitted)
            taken = _taken(Cells(shown, fitted), layer, find=find, then=partial(tell, 2 * number + 1))
            tables[layer] = taken.table
            sources.append(taken.sources)
            faults += taken.faults
            notices += taken.notices
            remarks += taken.remarks
    listed = pd.concat(sources).drop_duplicates("id", ignore_index=True) if sources else schema.empty("sources")
    return Imported(
        file=sheet.file,
        mapping=mapping,
        events=tables["events"],
        routes=tables["routes"],
        sources=listed,
        failed=failed_rows(sheet, faults),
        faults=tuple(sorted(faults, key=lambda one: one.row or 0)),
        notices=tuple(notices),
        remarks=tuple(dict.fromkeys(remarks)),
        offers=tuple(offers),
    )


_MAKERS: dict[str, Callable[..., tuple[pd.DataFrame, list[Notice]]]] = {"events": event_rows, "routes": route_rows}


class _Taken(NamedTuple):
    """What was taken for one table."""

    table: pd.DataFrame
    sources: pd.DataFrame
    faults: list[Fault]
    notices: list[Notice]
    remarks: list[str]


def _taken(cells: Cells, layer: str, *, find: FindPlaces, then: Callable[[str], None]) -> _Taken:
    rows, notices = _MAKERS[layer](cells, find=find)
    then(f"checking {layer}")
    rows["source_id"], sources = cite(cells)
    numbers = np.asarray(cells.sheet.numbers)[~cells.bad].tolist()
    table, faults = checked(layer, rows[~cells.bad], file=cells.sheet.file, numbers=numbers)
    sources = sources[sources["id"].isin(table["source_id"])]
    notices += _without_position_or_date(layer, table, {one.id for one in notices})
    kept = set(table["id"])
    named = [one for one in notices if one.id in kept]
    return _Taken(table, sources, [*cells.faults, *faults], named, cells.remarks)


def _without_position_or_date(layer: str, table: pd.DataFrame, told: set[str]) -> list[Notice]:
    missing = table["id"][shapely.is_missing(table.geometry.to_numpy())]
    found = [
        Notice(layer, name, "geometry", "", "Has no position: kept without one.")
        for name in missing
        if name not in told
    ]
    first = schema.TIMES[layer][0]
    undated = table["id"][table[first].isna()]
    return found + [
        Notice(layer, name, first, "", "No date is given: kept, but in no window of time.") for name in undated
    ]


def _by_geometry(sheet: Sheet, mapping: Mapping) -> dict[str, np.ndarray]:
    """Tell which rows become events and which routes: lines are routes, whatever else the sheet holds."""
    everything = np.arange(len(sheet))
    if mapping.own:
        return rows_by_layer(sheet) or {str(mapping.layer): everything}
    shapes = sheet.geometry if sheet.geometry is not None else None
    if shapes is None and "wkt" in mapping.columns:
        shapes = read_positions(Cells(sheet, mapping)).geometry
    if shapes is None:
        return {mapping.layer: everything}
    lines = are_lines(shapes)
    if mapping.layer == "routes":
        lines |= shapely.is_missing(shapes)
    found = {"events": everything[~lines], "routes": everything[lines]}
    return {layer: rows for layer, rows in found.items() if len(rows)} or {mapping.layer: everything}


_DATES = ("date", "start", "end", "depart", "arrive")


def _for_layer(mapping: Mapping, layer: str, sheet: Sheet) -> Mapping:
    """Take over for one table what a mapping for the other says; the rest of its columns is guessed."""
    if mapping.layer == layer:
        return mapping
    if mapping.own:
        return for_layer(mapping, layer, sheet)
    other: Target = "routes" if layer == "routes" else "events"
    known = TARGETS[other]
    turned = {"start": "depart", "end": "arrive"} if other == "routes" else {"depart": "start", "arrive": "end"}
    guessed = guess_mapping(sheet, layer=other).mapping.columns
    same = {target: column for target, column in mapping.columns.items() if target not in (*turned, *_DATES)}
    guessed = {target: column for target, column in guessed.items() if column not in same.values()}
    renamed = {turned.get(target, target): column for target, column in mapping.columns.items()}
    constants = {turned.get(target, target): text for target, text in mapping.constants.items()}
    return replace(
        mapping,
        layer=other,
        columns={target: column for target, column in {**renamed, **guessed, **same}.items() if target in known},
        constants={target: text for target, text in constants.items() if target in known},
    )


def _added(mapping: Mapping, fitted: Mapping) -> list[str]:
    """Say what was guessed for rows that the mapping is not about."""
    told = set(mapping.columns.values())
    new = [f"{column} as {target}" for target, column in fitted.columns.items() if column not in told]
    return [f"There are {fitted.layer} among the rows; for them were read besides: {', '.join(new)}."] if new else []


def offers_of(sheet: Sheet, mapping: Mapping) -> tuple[list[Offer], list[str]]:
    """Look whether the coordinates of a sheet make more sense read in another way.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.

    Returns:
        The other ways, and what should be said of the coordinates.
    """
    cells = Cells(part(sheet, np.arange(0, len(sheet), max(1, len(sheet) // _LOOKED_AT))), mapping)
    positions = read_positions(cells)
    offers = list(find_offers(cells, positions))
    told = no_degrees(positions) if cells.mapping.crs == schema.CRS else ""
    return offers, [*(offer.message for offer in offers), *([told] if told else [])]


def part(sheet: Sheet, rows: np.ndarray) -> Sheet:
    """Take some rows of a sheet.

    Args:
        sheet: The sheet.
        rows: Which, counted from 0; shape (m,).

    Returns:
        A sheet of those rows.
    """
    numbers = [sheet.numbers[row] for row in rows]
    kept = set(numbers)
    return replace(
        sheet,
        cells=sheet.cells.iloc[rows].reset_index(drop=True),
        numbers=numbers,
        geometry=None if sheet.geometry is None else sheet.geometry[rows],
        faults=tuple(one for one in sheet.faults if one.row in kept),
    )
