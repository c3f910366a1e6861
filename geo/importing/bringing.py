"""The whole way of a file: read, guess, convert, check; nothing is stored on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from tqdm import tqdm

from geo import schema
from geo.errors import OptionError
from geo.formats.reading import LayerSummary, Sheet
from geo.formats.reading import list_layers as layers_of
from geo.formats.reading import read_sheet as sheet_of
from geo.importing.cells import Cells, restored
from geo.importing.citing import cite
from geo.importing.guessing import Guess, guess_mapping
from geo.importing.mapping import TARGETS, Mapping, Offer, Target, check_mapping
from geo.importing.offers import find_offers, no_degrees
from geo.importing.presets import fitted, preset_named, with_header
from geo.importing.remembered import Remembered
from geo.importing.result import Imported, checked, failed_rows
from geo.importing.rows import event_rows, route_rows
from geo.importing.shapes import are_lines
from geo.importing.tracks import GAP, import_tracks
from geo.importing.where import read_positions
from geo.news.documents.encoding import decode
from geo.places import PlaceFinder
from geo.types import Fault, FindPlaces, Notice

PREVIEW_ROWS = 10
_LOOKED_AT = 3_000  # rows, from all over a sheet, by which its coordinates are judged


def list_layers(path: str | Path) -> list[LayerSummary]:
    """List the layers of a file: sheets of a workbook, layers of a GeoPackage, folders of KML, parts of GPX.

    Args:
        path: The file.

    Returns:
        Those that hold anything.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
    """
    return layers_of(Path(path))


def read_sheet(path: str | Path, *, layer: str | None = None, preset: str | None = None) -> Sheet:
    """Read one layer of a file.

    Args:
        path: The file.
        layer: Which layer; may be left out where only one holds anything.
        preset: The dataset it is, where it is a known one and its files have no header.

    Returns:
        Its cells as text, with geometry where it has any.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
        LayerError: It has no such layer, or several and none is named.
        OptionError: There is no such preset.
    """
    sheet = restored(sheet_of(Path(path), layer=layer, decode=decode))
    return with_header(sheet, preset_named(preset) if preset else None)


def read_import(
    path: str | Path,
    *,
    layer: str | None = None,
    mapping: Mapping | None = None,
    preset: str | None = None,
    find: FindPlaces | None = None,
    remembered: Remembered | None = None,
    gap: str = GAP,
    progress: bool = False,
) -> Imported:
    """Bring a file in: read it, guess what its columns mean, and make checked tables of its rows.

    Args:
        path: CSV and its kin, XLSX, GeoJSON, GeoPackage, GeoParquet, KML, KMZ, GPX or a Shapefile, or a zip with one.
        layer: Which layer; may be left out where only one holds anything.
        mapping: What its columns mean; remembered or guessed when left out.
        preset: The dataset it is, such as `acled`; told by its columns when left out.
        find: Turns names into places; the offline gazetteer when left out.
        remembered: Mappings of tables brought in before.
        gap: After how long without a position a new track begins, as an offset of pandas: `6h`, `90min`, `2D`.
        progress: Whether a bar shows how far it is.

    Returns:
        The tables, the rows that failed, and what should be known. Nothing is stored.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
        LayerError: It has no such layer, or several and none is named.
        OptionError: The mapping does not fit, or there is no such preset.
    """
    with tqdm(total=3, desc="reading", disable=not progress, bar_format="{desc}: {bar} {elapsed}") as bar:
        sheet = read_sheet(path, layer=layer, preset=preset)
        bar.update()
        guess = suggest(sheet, preset=preset, remembered=remembered) if mapping is None else Guess(mapping)
        bar.set_description("placing and checking")
        bar.update()
        imported = import_sheet(sheet, guess.mapping, find=find, gap=gap)
        bar.update()
    offers = {offer.message: offer for offer in (*guess.offers, *imported.offers)}
    return replace(imported, remarks=(*guess.remarks, *imported.remarks), offers=tuple(offers.values()))


def suggest(
    sheet: Sheet, *, preset: str | None = None, layer: Target | None = None, remembered: Remembered | None = None
) -> Guess:
    """Say what the columns of a sheet mean: by a preset, as the last time, or by a guess.

    Args:
        sheet: The sheet.
        preset: The dataset it is; told by its columns when left out.
        layer: What its rows become; told from its columns when left out.
        remembered: Mappings of tables brought in before.

    Returns:
        The mapping, with what speaks for it.

    Raises:
        OptionError: There is no such preset, or its columns are not there.
    """
    if preset:
        chosen = preset_named(preset)
        mapping = fitted(chosen, sheet)
        if len(mapping.columns) < len(chosen.mapping.columns) / 2:
            raise OptionError(f"{sheet.file} does not have the columns of {chosen.label}. Bring it without the preset.")
        return Guess(mapping, preset=chosen.label)
    kept = remembered.find(sheet) if remembered else None
    if kept and layer in (None, kept.layer):
        return Guess(kept, remembered=True, remarks=("The columns are read as the last time.",))
    return guess_mapping(sheet, layer=layer)


def preview(sheet: Sheet, mapping: Mapping, *, rows: int = PREVIEW_ROWS, find: FindPlaces | None = None) -> Imported:
    """Show what the first rows of a sheet would become.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.
        rows: How many rows.
        find: Turns names into places; the offline gazetteer when left out.

    Returns:
        As `import_sheet`, of those rows only; its offers are about the whole sheet.

    Raises:
        OptionError: The mapping does not fit the sheet.
    """
    shown = import_sheet(part(sheet, np.arange(min(rows, len(sheet)))), mapping, find=find)
    return replace(shown, offers=tuple(_offers(sheet, mapping)[0]))


def import_sheet(sheet: Sheet, mapping: Mapping, *, find: FindPlaces | None = None, gap: str = GAP) -> Imported:
    """Make checked tables of the rows of a sheet.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.
        find: Turns names into places; the offline gazetteer when left out.
        gap: After how long without a position a new track begins, as an offset of pandas: `6h`, `90min`, `2D`.

    Returns:
        The tables, the rows that failed, and what should be known.

    Raises:
        OptionError: The mapping does not fit the sheet.
    """
    check_mapping(mapping, sheet.cells.columns, file=sheet.file)
    if not mapping.columns and not mapping.constants and sheet.geometry is None:
        named = ", ".join(sheet.cells.columns)
        raise OptionError(f"Nothing is known of the columns of {sheet.file} ({named}). Say what they mean.")
    offers, said = _offers(sheet, mapping)
    if mapping.layer == "tracks":
        return replace(import_tracks(sheet, mapping, gap=gap), offers=tuple(offers))
    find = find or PlaceFinder().places
    tables = {layer: schema.empty(layer) for layer in ("events", "routes")}
    sources: list[pd.DataFrame] = []
    faults: list[Fault] = []
    notices: list[Notice] = []
    remarks = [*sheet.notices, *said]
    for layer, rows in _by_geometry(sheet, mapping).items():
        taken = _taken(part(sheet, rows), _for_layer(mapping, layer), layer, find=find)
        tables[layer] = taken[0]
        sources.append(taken[1])
        faults += taken[2]
        notices += taken[3]
        remarks += taken[4]
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


def _taken(
    sheet: Sheet, mapping: Mapping, layer: str, *, find: FindPlaces
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault], list[Notice], list[str]]:
    cells = Cells(sheet, mapping)
    rows, notices = _MAKERS[layer](cells, find=find)
    rows["source_id"], sources = cite(cells)
    numbers = np.asarray(sheet.numbers)[~cells.bad].tolist()
    table, faults = checked(layer, rows[~cells.bad], file=sheet.file, numbers=numbers)
    sources = sources[sources["id"].isin(table["source_id"])]
    notices += _without_position_or_date(layer, table, {one.id for one in notices})
    kept = set(table["id"])
    named = [one for one in notices if one.id in kept]
    return table, sources, [*cells.faults, *faults], named, cells.remarks


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


def _for_layer(mapping: Mapping, layer: str) -> Mapping:
    """Take over for one table what a mapping for the other says."""
    if mapping.layer == layer:
        return mapping
    known = TARGETS["routes" if layer == "routes" else "events"]
    turned = {"start": "depart", "end": "arrive"} if layer == "routes" else {"depart": "start", "arrive": "end"}
    columns = {turned.get(target, target): column for target, column in mapping.columns.items()}
    constants = {turned.get(target, target): text for target, text in mapping.constants.items()}
    return replace(
        mapping,
        layer="routes" if layer == "routes" else "events",
        columns={target: column for target, column in columns.items() if target in known},
        constants={target: text for target, text in constants.items() if target in known},
    )


def _offers(sheet: Sheet, mapping: Mapping) -> tuple[list[Offer], list[str]]:
    cells = Cells(part(sheet, np.arange(0, len(sheet), max(1, len(sheet) // _LOOKED_AT))), mapping)
    positions = read_positions(cells)
    offers = list(find_offers(cells, positions, tracks=cells.mapping.layer == "tracks"))
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
