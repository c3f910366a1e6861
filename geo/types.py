"""The words that every floor shares: places, intervals, routes, faults and notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from shapely.geometry import LineString, MultiLineString

if TYPE_CHECKING:  # a third of a second that whoever asks for one place need not wait
    import pandas as pd

    from geo.errors import GeoError

LonLat: TypeAlias = tuple[float, float]
"""(longitude, latitude) in degrees, WGS 84."""

Bounds: TypeAlias = tuple[float, float, float, float]
"""(west, south, east, north) in degrees; west > east where the box crosses 180 degrees (RFC 7946, 5.2)."""

Line: TypeAlias = LineString | MultiLineString
"""A line in degrees, WGS 84; MultiLineString where it is cut at 180 degrees."""

Precision = Literal["exact", "day", "month", "quarter", "year", "range"]
Status = Literal["reported", "confirmed", "disputed", "candidate"]
Mode = Literal["sea", "rail", "road", "air"]
Basis = Literal["observed track", "stated", "inferred"]
Layer = Literal["events", "routes"]
DatedBy = Literal["", "depart", "arrive"]
"""Which date of a leg is known where only one is; empty where both are."""


DOUBTFUL = 0.5
"""A confidence below this is said to be doubtful wherever a place is shown."""

KM_PER_NAUTICAL_MILE = 1.852
SAME_GAUGE_MM = 4


class Interval(NamedTuple):
    """A stretch of time, half-open `[start, end)`, UTC, with how exactly it is known."""

    start: pd.Timestamp
    end: pd.Timestamp
    precision: Precision


@dataclass(frozen=True)
class Place:
    """One answer of a geocoder.

    Args:
        place_id: Stable identifier, `geonames:2042645` or `rutter:najin-port`.
        name: The place's usual name.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
        kind: What it is: city, country, region, sea, strait, island, port, station, site, area, coordinate ...
        country: ISO 3166-1 alpha-2 code, or empty at sea.
        radius_km: How far off the point may be from what the name covers, in km.
        confidence: How sure the match is, 0 to 1.
        matched: The name in the gazetteer that matched.
        population: Inhabitants, 0 where unknown.
        match: How the name fits: name, spelling, other name, code, abbreviation, demonym, language, part, misspelling,
            coordinates, correction or online.
        reasons: What spoke for this place against others of its name, in words.
        source: Where the answer comes from, where it is not the gazetteer.
    """

    place_id: str
    name: str
    lon: float
    lat: float
    kind: str
    country: str
    radius_km: float
    confidence: float
    matched: str
    population: int = 0
    match: str = "name"
    reasons: tuple[str, ...] = ()
    source: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether it is more likely wrong than right."""
        return self.confidence < DOUBTFUL

    @property
    def lonlat(self) -> LonLat:
        """(longitude, latitude) in degrees."""
        return (self.lon, self.lat)


class PlaceQuery(NamedTuple):
    """A name somebody asks for, with what is known besides.

    Args:
        name: A place as written.
        country: ISO 3166-1 alpha-2 code the place must lie in, or empty.
        near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to, or None.
        mode: How goods arrive or leave there: `sea`, `rail`, `road`, `air`, or empty.
    """

    name: str
    country: str = ""
    near: LonLat | None = None
    mode: Mode | Literal[""] = ""


class Geocode(Protocol):
    """Anything that turns a name into a place, or into None where it knows none."""

    def __call__(self, name: str, *, near: LonLat | None = None) -> Place | None:
        """Find one place.

        Args:
            name: A name as written.
            near: Where the place is likely to be, (longitude, latitude) in degrees; it settles namesakes.

        Returns:
            The place, or None.
        """


class FindPlaces(Protocol):
    """Anything that turns many names of one dossier into places at once."""

    def __call__(self, asked: Sequence[PlaceQuery], /) -> Sequence[Place | GeoError | None]:
        """Find many places.

        Args:
            asked: The names, each once; shape (n,).

        Returns:
            For each a place, None where it is unknown, or what is wrong with it; shape (n,).
        """


class Border(NamedTuple):
    """A border that a railway crosses, in the direction of travel.

    Args:
        station: The last station before it.
        country: Its country, ISO 3166-1 alpha-2.
        gauge_mm: The track gauge there, in mm.
        next_station: The first station after it.
        next_country: Its country, ISO 3166-1 alpha-2.
        next_gauge_mm: The track gauge there, in mm.
        note: What is worth knowing of it, or empty.
    """

    station: str
    country: str
    gauge_mm: int
    next_station: str
    next_country: str
    next_gauge_mm: int
    note: str = ""

    @property
    def changes_gauge(self) -> bool:
        """Whether the gauge changes; 1520 and 1524 mm are one."""
        return abs(self.gauge_mm - self.next_gauge_mm) > SAME_GAUGE_MM

    def __str__(self) -> str:
        crossing = f"{self.station} ({self.country}) to {self.next_station} ({self.next_country})"
        gauges = f", gauge {self.gauge_mm} to {self.next_gauge_mm} mm" if self.changes_gauge else ""
        return crossing + gauges


@dataclass(frozen=True)
class Route:
    """One leg as an engine draws it.

    Args:
        line: Where it runs; cut at 180 degrees.
        length_km: Length on the WGS 84 ellipsoid, in km.
        basis: How the line is known.
        via: Named points it passes, in order.
        passages: Straits and canals it uses, in order.
        gaps_km: How far its first and last points are from the places asked for, in km; 0 where they are there.
        depart: When it sets out, UTC; None where nobody said.
        duration: How long it takes at the speed asked for; None where no speed is known.
        speed_kn: That speed in knots.
        borders: Borders that a railway crosses, with changes of gauge, in order.
    """

    line: Line
    length_km: float
    basis: Basis
    via: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    gaps_km: tuple[float, float] = (0.0, 0.0)
    depart: pd.Timestamp | None = None
    duration: pd.Timedelta | None = None
    speed_kn: float | None = None
    borders: tuple[Border, ...] = ()

    @property
    def length_nmi(self) -> float:
        """Length in nautical miles."""
        return self.length_km / KM_PER_NAUTICAL_MILE

    @property
    def arrive(self) -> pd.Timestamp | None:
        """When it arrives, UTC; None where the departure or the speed is not known."""
        return None if self.depart is None or self.duration is None else self.depart + self.duration


@dataclass(frozen=True)
class Leg:
    """A leg of a shipment that changes its mode on the way.

    Args:
        mode: How it travels.
        origin: Where it starts, by name.
        destination: Where it ends, by name.
        route: Its line.
    """

    mode: Mode
    origin: str
    destination: str
    route: Route


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a table, with where it stands and what to do.

    Args:
        file: The file's name.
        row: Row as a spreadsheet counts it (the header is row 1), or None for the whole file.
        column: The column's name, or None for the whole row.
        value: The value as it was written.
        message: What is wrong.
        remedy: What to do next.
    """

    file: str
    row: int | None
    column: str | None
    value: object
    message: str
    remedy: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.message} {self.remedy}"


@dataclass(frozen=True)
class Notice:
    """Something a reader should know about a row that is kept: no place, no date, an odd text.

    Args:
        layer: The table the row is in.
        id: The row's id.
        column: The column it is about.
        value: The value as it was written.
        message: What was noticed.
    """

    layer: str
    id: str
    column: str
    value: str
    message: str
