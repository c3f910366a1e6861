"""Which column of a sheet means what, and how its cells are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, TypeAlias, get_args

from geo.errors import FormatError, OptionError
from geo.schema import CRS

Target: TypeAlias = Literal["events", "routes", "tracks"]
"""What the rows become: events, routes, or positions that are joined to tracks."""
DateOrder = Literal["dmy", "mdy"]
Words: TypeAlias = MappingOf[str, str]

FAULT_COLUMN = "fault"
GEOMETRY_COLUMN = "geometry_wkt"
OWN_PRESETS: MappingOf[str, str] = {"events": "rutter_events", "routes": "rutter_routes"}
"""What the tables that Rutter itself writes are read by."""
ADDED_COLUMNS = (FAULT_COLUMN, GEOMETRY_COLUMN)
"""Columns of a table of failed rows that the file did not have."""

LINE_TARGETS = ("mode", "times")
"""What a sheet of events says of the lines in it, which become routes."""
EVENT_TARGETS = (
    *("id", "title", "kind", "date", "time", "start", "end", "year", "month", "day", "precision"),
    *("lat", "lon", "coordinates", "wkt", "place", "country", "radius_km", "confidence", "status"),
    *("source_id", "source", "publisher", "url", "published", "quote", "note"),
    *("place_id", "source_note"),
    *LINE_TARGETS,
)
ROUTE_TARGETS = (
    *("id", "title", "mode", "origin", "origin_country", "destination", "destination_country", "via"),
    *("depart", "arrive", "date", "precision", "wkt", "shipment", "leg", "cargo", "quantity", "unit", "carrier"),
    *("times", "basis", "confidence", "status"),
    *("source_id", "source", "publisher", "url", "published", "quote", "note"),
    *("origin_id", "destination_id", "dated_by", "length_km", "passages", "source_note"),
)
TRACK_TARGETS = (
    *("track", "moment", "lat", "lon", "coordinates", "vessel", "speed_kn", "mode"),
    *("source", "publisher", "url"),
)
TARGETS: MappingOf[Target, tuple[str, ...]] = {
    "events": EVENT_TARGETS,
    "routes": ROUTE_TARGETS,
    "tracks": TRACK_TARGETS,
}
"""What a column may mean, by what the rows become."""


@dataclass(frozen=True)
class Mapping:
    """Which column means what; changed with `dataclasses.replace` or `with_columns`.

    Args:
        layer: What the rows become.
        columns: Meaning -> column of the sheet; the meanings are in `TARGETS`.
        constants: Meaning -> text for every row whose cell is empty or has no column; `{column}` stands for a cell.
        values: Meaning -> what is written -> what it stands for; digits also by their beginning (CAMEO).
        labels: Column -> what is written -> words for it in `constants`.
        blanks: What is written where nothing is known.
        date_order: Whether 03/04/2024 begins with the day or the month.
        decimal: What stands before the decimals, `.` or `,`.
        zone: The time zone of times that do not say theirs, as the IANA names it.
        crs: What the coordinates are in, as `EPSG:32633`.
        swapped: Whether geometry has latitude first.
        preset: The preset it comes from, or empty.
    """

    layer: Target = "events"
    columns: Words = field(default_factory=dict)
    constants: Words = field(default_factory=dict)
    values: MappingOf[str, Words] = field(default_factory=dict)
    labels: MappingOf[str, Words] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    date_order: DateOrder = "dmy"
    decimal: Literal[".", ","] = "."
    zone: str = "UTC"
    crs: str = CRS
    swapped: bool = False
    preset: str = ""

    @property
    def own(self) -> bool:
        """Whether the sheet is one that Rutter wrote, whose cells stand as they are."""
        return self.preset in OWN_PRESETS.values()

    def with_columns(self, **columns: str) -> Mapping:
        """Correct what columns mean.

        Args:
            columns: Meaning -> column; an empty column takes the meaning away.

        Returns:
            The mapping with these changes.
        """
        kept = {target: column for target, column in {**self.columns, **columns}.items() if column}
        return replace(self, columns=kept)

    def with_axes_swapped(self) -> Mapping:
        """Take latitude for longitude and the other way round.

        Returns:
            The mapping with both exchanged.
        """
        if {"lat", "lon"} <= self.columns.keys():
            return self.with_columns(lat=self.columns["lon"], lon=self.columns["lat"])
        return replace(self, swapped=not self.swapped)

    def to_json(self) -> str:
        """Write the mapping down.

        Returns:
            JSON that `from_json` reads.
        """
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Read a mapping.

        Args:
            text: JSON as `to_json` writes it; what is left out stays as it is by default.

        Returns:
            The mapping.

        Raises:
            FormatError: It is no mapping.
        """
        try:
            told: dict[str, Any] = json.loads(text)
        except json.JSONDecodeError as error:
            raise FormatError(f"The mapping is no JSON (line {error.lineno}: {error.msg}). Save it again.") from error
        wrong = sorted(set(told) - {one.name for one in fields(cls)}) if isinstance(told, dict) else ["a list"]
        sound = isinstance(told, dict) and all(isinstance(told.get(name, {}), dict) for name in _TABLES)
        if wrong or not sound or told.get("layer", "events") not in get_args(Target):
            raise FormatError(f"This is no mapping{f': it holds {wrong[0]}' if wrong else ''}. Save it again.")
        return cls(**{**told, "blanks": tuple(told.get("blanks", ()))})


_TABLES = ("columns", "constants", "values", "labels")


@dataclass(frozen=True)
class Offer:
    """A change that may be meant, to be taken or left.

    Args:
        message: What speaks for it.
        mapping: The mapping with the change.
    """

    message: str
    mapping: Mapping


def check_mapping(mapping: Mapping, columns: Iterable[str], *, file: str) -> None:
    """Refuse a mapping that does not fit a sheet.

    Args:
        mapping: The mapping.
        columns: The columns of the sheet.
        file: The file's name, for messages.

    Raises:
        OptionError: It names a column that is not there, or a meaning that is not known.
    """
    there = list(columns)
    for target, column in mapping.columns.items():
        if column not in there:
            raise OptionError(f"{file} has no column {column!r} for {target}. Its columns: {', '.join(there)}.")
    unknown = sorted({*mapping.columns, *mapping.constants} - set(TARGETS[mapping.layer]))
    if unknown:
        known = ", ".join(TARGETS[mapping.layer])
        raise OptionError(f"{unknown[0]!r} is nothing a column of {mapping.layer} may mean. It may mean: {known}.")


def fingerprint(columns: Iterable[str]) -> str:
    """Tell tables with the same header.

    Args:
        columns: The names of the columns; those that a table of failed rows adds count for nothing.

    Returns:
        The same text for the same header.
    """
    named = "\n".join(name.strip().casefold() for name in columns if name not in ADDED_COLUMNS)
    return hashlib.blake2b(named.encode(errors="replace"), digest_size=12).hexdigest()
