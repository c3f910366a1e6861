"""What the columns of a sheet mean, guessed from their names and from what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.formats.reading import Sheet
from geo.importing.contents import fits, sample
from geo.importing.dates import date_order
from geo.importing.headers import contents, meanings
from geo.importing.mapping import ADDED_COLUMNS, TARGETS, Mapping, Offer, Target
from geo.importing.numbers import uses_decimal_comma
from geo.importing.presets import fitted, recognised

LEAST_SCORE = 0.3
# What cells alone give away, and how surely: their look is nobody else's.
BY_CONTENTS = {"wkt": 0.9, "coordinates": 0.7, "url": 0.6, "date": 0.5}
_LEAST_FIT = 0.6
_NAMED, _LEAST_FIT_NAMED = 0.8, 0.25  # a column that says what it is may hold much that is wrong
_ALONE = {"wkt": 0.8, "coordinates": 0.8, "url": 0.8, "date": 0.8}
_TOGETHER = (("lat", "lon"),)
_IDENTITY = ("id", "track", "shipment")


class ColumnGuess(NamedTuple):
    """What a column seems to mean.

    Args:
        target: The meaning.
        column: The column.
        score: How surely, 0 to 1.
        reason: What speaks for it.
    """

    target: str
    column: str
    score: float
    reason: str


@dataclass(frozen=True)
class Guess:
    """What the columns of a sheet seem to mean.

    Args:
        mapping: The guess.
        columns: What speaks for each part of it.
        preset: What the dataset is called, where it is a known one.
        remarks: What should be looked at.
        offers: Changes that may be meant.
        remembered: Whether it is not guessed but kept from the last time.
    """

    mapping: Mapping
    columns: tuple[ColumnGuess, ...] = ()
    preset: str = ""
    remarks: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    remembered: bool = False


def guess_mapping(sheet: Sheet, *, layer: Target | None = None) -> Guess:
    """Guess what the columns of a sheet mean.

    Args:
        sheet: The sheet.
        layer: What its rows become; told from its columns when left out.

    Returns:
        The guess, with its reasons and what is open.
    """
    sheet = _sound(sheet)
    preset = recognised(sheet, layer=layer)
    if preset:
        mapping = fitted(preset, sheet)
        reason = f"a column of {preset.label}"
        columns = tuple(ColumnGuess(target, column, 1.0, reason) for target, column in mapping.columns.items())
        return _with_forms(Guess(mapping, columns, preset.label), sheet)
    scores = _scores(sheet)
    chosen = layer or _layer(sheet, scores)
    columns = tuple(_assigned(scores, chosen))
    mapping = Mapping(layer=chosen, columns={one.target: one.column for one in columns})
    guess = Guess(mapping, columns, remarks=tuple(_misnamed(sheet, mapping)))
    if chosen == "tracks" and "mode" not in mapping.columns:
        guess = replace(guess, mapping=replace(mapping, constants={"mode": "sea"}), remarks=(*guess.remarks, _BY_SEA))
    return _with_forms(guess, sheet)


_BY_SEA = "The tracks are taken to be by sea. Give another mode as a constant if they are not."


def _sound(sheet: Sheet) -> Sheet:
    """Leave out the rows that could not be read: their cells may stand in the wrong columns."""
    wrong = {one.row for one in sheet.faults}
    rows = np.array([number not in wrong for number in sheet.numbers], dtype=bool)
    if rows.all():
        return sheet
    geometry = None if sheet.geometry is None else sheet.geometry[rows]
    numbers = [number for number in sheet.numbers if number not in wrong]
    return replace(sheet, cells=sheet.cells[rows].reset_index(drop=True), numbers=numbers, geometry=geometry)


def _scores(sheet: Sheet) -> list[ColumnGuess]:
    found = []
    for column in sheet.cells.columns:
        if column in ADDED_COLUMNS:
            continue
        cells = sample(sheet.cells[column])
        named = meanings(str(column))
        for target, look in contents().items():
            by_name = named.get(target, 0.0)
            if not by_name and target not in BY_CONTENTS:
                continue
            if target == "id" and not _names_rows(sheet.cells[column]):
                continue
            share = fits(cells, look)
            if by_name and share >= (_LEAST_FIT_NAMED if by_name >= _NAMED else _LEAST_FIT):
                told = f"its name, and {share:.0%} of its cells fit" if look and len(cells) else "its name"
                found.append(ColumnGuess(target, str(column), by_name * (1 + share) / 2, told))
            elif target in BY_CONTENTS and len(cells) and share >= _ALONE[target]:
                told = f"{share:.0%} of its cells look so"
                found.append(ColumnGuess(target, str(column), BY_CONTENTS[target] * share, told))
    return found


def _misnamed(sheet: Sheet, mapping: Mapping) -> Iterator[str]:
    """Say which columns are called like dates or coordinates without holding them."""
    called = dict.fromkeys(_DATES, "dates") | {"lat": "latitudes", "lon": "longitudes"}
    for column in sorted({str(name) for name in sheet.cells.columns} - set(mapping.columns.values())):
        named, cells = meanings(column), sample(sheet.cells[column])
        target = max(named, key=lambda one: named[one], default="")
        if target in called and named[target] >= _NAMED and len(cells):
            share = fits(cells, contents()[target])
            if share < _LEAST_FIT_NAMED:
                yield (
                    f"{column} is called like {called[target]}, but {share:.0%} of its cells can be read so: it is "
                    "kept as a column of your own. Say by hand what it means to see what is wrong with each cell."
                )


def _names_rows(cells: pd.Series) -> bool:
    filled = cells[cells != ""]
    return filled.is_unique


def _layer(sheet: Sheet, scores: list[ColumnGuess]) -> Target:
    sure = {one.target for one in scores if one.score > 0.5}
    if sheet.geometry is not None:
        kinds = shapely.get_type_id(sheet.geometry)
        drawn = kinds[kinds >= 0]
        if len(drawn) and np.isin(drawn, (1, 5)).all():
            return "routes"
        located = bool(len(drawn)) and bool((drawn == 0).all())
    else:
        located = {"lat", "lon"} <= sure or "coordinates" in sure
    if located and {"track", "moment"} <= sure:
        ids = next(one.column for one in sorted(scores, key=lambda one: -one.score) if one.target == "track")
        repeats = sheet.cells[ids].nunique() < max(2, 0.5 * len(sheet.cells))
        if repeats:
            return "tracks"
    return "routes" if {"origin", "destination"} <= sure else "events"


def _assigned(scores: list[ColumnGuess], layer: Target) -> list[ColumnGuess]:
    """Give each column one meaning and each meaning one column, the surest first."""
    taken: dict[str, ColumnGuess] = {}
    used: set[str] = set()
    for one in sorted(scores, key=lambda one: -one.score):
        if one.target in TARGETS[layer] and one.target not in taken and one.column not in used:
            if one.score < LEAST_SCORE:
                break
            taken[one.target] = one
            used.add(one.column)
    for pair in _TOGETHER:
        if len(set(pair) & taken.keys()) == 1:
            taken.pop(next(iter(set(pair) & taken.keys())))
    if "start" not in taken and "date" not in taken and "end" in taken and layer == "events":
        taken["date"] = taken.pop("end")._replace(target="date")
    if {"date", "start"} <= taken.keys() and taken["date"].score < _NAMED:
        taken.pop("date")
    if {"date", "year"} <= taken.keys():
        for part in ("year", "month", "day"):
            taken.pop(part, None)
    order = {target: place for place, target in enumerate(TARGETS[layer])}
    return sorted(taken.values(), key=lambda one: order[one.target])


_DATES = ("date", "start", "end", "depart", "arrive", "moment")
_NUMBERS = ("lat", "lon", "radius_km", "quantity", "speed_kn", "confidence")


def _with_forms(guess: Guess, sheet: Sheet) -> Guess:
    """Add how dates and numbers are written, decided over whole columns."""
    mapping, remarks, offers = guess.mapping, list(guess.remarks), list(guess.offers)
    dated = _columns(sheet, mapping, _DATES)
    if dated:
        order, open_ = date_order(dated)
        mapping = replace(mapping, date_order=order)
        if open_:
            other = replace(mapping, date_order="mdy" if order == "dmy" else "dmy")
            remarks.append(
                "The dates can be read day first or month first: taken as day first (dd/mm/yyyy). Check them."
            )
            offers.append(Offer("Read the dates month first (mm/dd/yyyy).", other))
    numbers = _columns(sheet, mapping, _NUMBERS)
    if numbers and uses_decimal_comma(numbers):
        mapping = replace(mapping, decimal=",")
        offers = [replace(offer, mapping=replace(offer.mapping, decimal=",")) for offer in offers]
        remarks.append("Numbers are read with a comma before the decimals.")
    return replace(guess, mapping=mapping, remarks=tuple(remarks), offers=tuple(offers))


def _columns(sheet: Sheet, mapping: Mapping, targets: tuple[str, ...]) -> list[pd.Series]:
    names = dict.fromkeys(mapping.columns[target] for target in targets if target in mapping.columns)
    return [sheet.cells[name] for name in names]
