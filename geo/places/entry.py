"""One place of the gazetteer, and one name that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from geo.types import Place


class Hit(NamedTuple):
    """A place that answers to a key, by its row, with how the name belongs to it and how it is written."""

    row: int
    sort: int
    written: str


@dataclass(frozen=True)
class Entry:
    """One place of the gazetteer.

    Args:
        row: Its row in the table of places.
        place_id: Stable identifier, `geonames:2042645` or `rutter:najin-port`.
        name: The usual name.
        kind: What it is: city, country, province, district, region, sea, port ...
        country: ISO 3166-1 alpha-2 code, or empty.
        admin1: GeoNames code of the first-level division it lies in, such as `RU.59`, or empty.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
        radius_km: How far what the name covers reaches from the point, in km.
        population: Inhabitants, 0 where unknown.
        capital: Whether it is the capital of its country.
    """

    row: int
    place_id: str
    name: str
    kind: str
    country: str
    admin1: str
    lon: float
    lat: float
    radius_km: float
    population: int
    capital: bool

    def as_place(self, *, matched: str, match: str, radius_km: float) -> Place:
        """Make an answer of it, with a confidence of 1 that nobody has judged yet.

        Args:
            matched: The name that matched.
            match: How it fits.
            radius_km: How far off the point may be, in km.

        Returns:
            The place.
        """
        return Place(
            place_id=self.place_id,
            name=self.name,
            lon=self.lon,
            lat=self.lat,
            kind=self.kind,
            country=self.country,
            radius_km=radius_km,
            confidence=1.0,
            matched=matched,
            population=self.population,
            match=match,
        )
