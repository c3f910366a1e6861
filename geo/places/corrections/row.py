"""One correction and its row: a name, and the place it means."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import CoordinateError, TableError
from geo.faults import fault, fault_of
from geo.geodesy import check_lonlat
from geo.places.corrections.sheet import Sheet, read_sheet, write_sheet
from geo.places.names import key
from geo.types import Fault, Place

COLUMNS = ("name", "place_id", "place", "lon", "lat", "kind", "country", "radius_km", "note", "changed")
NEEDED = ("name", "lon", "lat")
NOT_A_PLACE = "not a place"
_PLACE_COLUMNS = ("place_id", "place", "lon", "lat", "kind", "country", "radius_km")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Correction:
    """A name and what it means from now on.

    Args:
        name: The name as it was corrected.
        place: The place that is meant, its point in degrees, WGS 84; None where the word is not a place.
        note: Why, in the user's words.
        changed: When it was made, ISO 8601 in UTC; empty or in other words where a person wrote the row.
        more: The cells of columns that a person added, in their order.
    """

    name: str
    place: Place | None
    note: str = ""
    changed: str = ""
    more: tuple[tuple[str, str], ...] = ()

    @property
    def meaning(self) -> str:
        """What the name means, in words."""
        if self.place is None:
            return NOT_A_PLACE
        return f"{self.place.name} ({self.place.place_id}) at {self.place.lat:.4f}, {self.place.lon:.4f}"

    def means_the_same(self, other: Correction) -> bool:
        """Compare what two corrections mean.

        Args:
            other: Another correction.

        Returns:
            True where both mean the same place, or both none, whatever was noted.
        """
        mine, theirs = as_cells(self), as_cells(other)
        return all(mine[column] == theirs[column] for column in _PLACE_COLUMNS)

    def reads_the_same(self, other: Correction | None) -> bool:
        """Compare two corrections cell by cell.

        Args:
            other: Another correction, or none.

        Returns:
            True where nothing differs but the time of the change.
        """
        return other is not None and {**as_cells(self), "changed": ""} == {**as_cells(other), "changed": ""}


def as_cells(correction: Correction) -> dict[str, str]:
    """Write a correction as a row.

    Args:
        correction: The correction.

    Returns:
        Column -> cell; lon and lat in degrees, radius_km empty where it is not known.
    """
    place = correction.place
    told = dict.fromkeys(_PLACE_COLUMNS, "") | {"kind": NOT_A_PLACE}
    if place is not None:
        told = {
            "place_id": place.place_id,
            "place": place.name,
            "lon": _digits(place.lon),
            "lat": _digits(place.lat),
            "kind": place.kind,
            "country": place.country,
            "radius_km": _digits(place.radius_km),
        }
    texts = {"name": correction.name, **told, "note": correction.note, "changed": correction.changed}
    return texts | dict(correction.more)


def _digits(number: float) -> str:
    return "" if math.isnan(number) else repr(float(number)).removesuffix(".0")


def as_correction(cells: Mapping[str, str], file: str, row: int | None, faults: list[Fault]) -> Correction | None:
    """Read a row as a correction.

    Args:
        cells: Column -> cell, without blanks around it; lon and lat in degrees, WGS 84.
        file: The file's name, for messages.
        row: Row as a spreadsheet counts it, or None for one that is in no file yet.
        faults: Takes what is wrong with the row.

    Returns:
        The correction, or None where the row has a fault.
    """
    told = {**dict.fromkeys(COLUMNS, ""), **cells}
    before = len(faults)

    def refuse(column: str, advice: str) -> None:
        faults.append(fault(file, row, column, told[column], advice))

    if not key(told["name"]):
        refuse("name", "holds no letter and no digit. Write the name as it stands in your data.")
    for column, cell in told.items():
        if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
            refuse(column, "holds half a character. Type it again.")
    place = None
    if told["kind"].casefold() != NOT_A_PLACE:
        place = _place(told, file, row, faults)
    elif told["lon"] or told["lat"]:
        refuse("kind", "stands in a row with lon or lat. Empty those, or say what kind of place it is.")
    if len(faults) > before:
        return None
    more = tuple((column, cell) for column, cell in cells.items() if column not in COLUMNS)
    return Correction(told["name"], place, told["note"], told["changed"], more)


def _place(told: Mapping[str, str], file: str, row: int | None, faults: list[Fault]) -> Place | None:
    numbers = {}
    for column in ("lon", "lat"):
        written = told[column]
        try:
            numbers[column] = _number(written)
            check_lonlat(**{"lon": 0.0, "lat": 0.0, column: numbers[column]})
        except CoordinateError as error:
            faults.append(fault_of(error, file, row, column, written))
        except ValueError:
            advice = f"is not a number. Write degrees with a point, as 132.35, or {NOT_A_PLACE!r} as its kind."
            faults.append(fault(file, row, column, written, advice))
    try:
        radius_km = _number(told["radius_km"]) if told["radius_km"] else math.nan
        if radius_km < 0 or math.isinf(radius_km):
            raise ValueError
    except ValueError:
        advice = "is not a distance. Write km with a point, 0 or more, or leave it empty."
        faults.append(fault(file, row, "radius_km", told["radius_km"], advice))
    country = told["country"].upper()
    if country and not re.fullmatch("[A-Z]{2}", country):
        advice = "is not a country's code. Write its two letters, as RU, or leave it empty."
        faults.append(fault(file, row, "country", told["country"], advice))
    if any(found.row == row for found in faults):
        return None
    lon, lat = numbers["lon"], numbers["lat"]
    return Place(
        place_id=told["place_id"] or f"point:{lat:.5f},{lon:.5f}",
        name=told["place"] or told["name"],
        lon=lon,
        lat=lat,
        kind=told["kind"] or "place",
        country=country,
        radius_km=radius_km,
        confidence=1.0,
        matched=told["name"],
        match="correction",
        reasons=(told["note"],) if told["note"] else (),
        source="your correction",
    )


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return float(text)


def read_corrections(path: Path) -> list[tuple[int, Correction]]:
    """Read a file of corrections.

    Args:
        path: The CSV file; one that is not there reads as empty.

    Returns:
        Each correction with its row as a spreadsheet counts it.

    Raises:
        ReadError: The file may not be read.
        FormatError: It is no CSV in UTF-8, or lacks a column.
        TableError: Rows are wrong, or two are about the same name; all of them are listed.
    """
    return _corrections(read_sheet(path, known=COLUMNS, needed=NEEDED), path.name)


def _corrections(sheet: Sheet, file: str) -> list[tuple[int, Correction]]:
    faults: list[Fault] = []
    read: list[tuple[int, Correction]] = []
    first: dict[str, int] = {}
    for row, cells in zip(sheet.numbers, sheet.rows, strict=True):
        found = key(cells["name"])
        if found and first.setdefault(found, row) != row:
            advice = f"is the same name as in row {first[found]}. Keep one of them."
            faults.append(fault(file, row, "name", cells["name"], advice))
        correction = as_correction(cells, file, row, faults)
        if correction:
            read.append((row, correction))
    if faults:
        raise TableError(faults)
    return read


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Write a file of corrections, whole or not at all.

    Args:
        path: Where the CSV goes.
        corrections: The corrections, in the order of their rows.

    Raises:
        SaveError: It could not be written; what stood there before is unchanged.
    """
    corrections = list(corrections)
    more = dict.fromkeys(column for correction in corrections for column, _ in correction.more)
    write_sheet(path, [*COLUMNS, *more], map(as_cells, corrections))
