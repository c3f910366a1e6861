"""Names to places and back, under geopy's contract, with no network."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geo.errors import CoordinateError
from geo.geodesy import check_lonlat
from geo.places.finder import LIMIT, PlaceFinder
from geo.places.nearest import nearest
from geo.types import LonLat, Place

if TYPE_CHECKING:
    from geo.places.corrections import Corrections

_REACH_KM = 50.0
_MOST_COUNTED = 100


class OfflineGeocoder(PlaceFinder, Geocoder):  # type: ignore[misc]
    """Geocoder on the gazetteer in use: geopy's contract, and no request is ever made.

    Args:
        folder: Where the gazetteer's files are; the one in use when left out.
        corrections: What the user corrected, which wins.
        timeout: Taken for geopy's sake; nothing here waits.
        user_agent: Taken for geopy's sake; nobody is asked.

    Raises:
        MissingFileError: A file of the gazetteer is not there.
    """

    def __init__(
        self,
        *,
        folder: str | Path | None = None,
        corrections: Corrections | None = None,
        timeout: Any = DEFAULT_SENTINEL,
        user_agent: str | None = None,
    ) -> None:
        PlaceFinder.__init__(self, folder=folder, corrections=corrections)
        Geocoder.__init__(self, timeout=timeout, user_agent=user_agent)

    def geocode(
        self,
        query: str,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        *,
        country: str | None = None,
        near: LonLat | None = None,
        limit: int = LIMIT,
    ) -> Location | list[Location] | None:
        """Turn a name into a geopy location.

        Args:
            query: A place as somebody wrote it, in any script.
            exactly_one: Return one location instead of a list.
            timeout: Taken for geopy's sake; nothing here waits.
            country: Name or ISO code of the country it must lie in; seas are kept.
            near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to.
            limit: At most so many, where a list is asked for.

        Returns:
            The location, or a list of them, or None where the name is unknown. `Location.raw` is a plain dict.

        Raises:
            CoordinateError: The query holds coordinates that are not on the Earth.
            CountryError: The country is unknown.
        """
        found = self.candidates(query, country=country, near=near, limit=max(limit, _MOST_COUNTED))
        locations = [_location(place, alternatives=len(found) - 1) for place in found[:limit]]
        if not locations:
            return None
        return locations[0] if exactly_one else locations

    def reverse(
        self,
        query: Point | str | tuple[float, float],
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        *,
        reach_km: float = _REACH_KM,
        limit: int = LIMIT,
    ) -> Location | list[Location] | None:
        """Name a point: the nearest town or site, or the sea it lies in.

        Args:
            query: (latitude, longitude) in degrees, WGS 84, in any form geopy takes.
            exactly_one: Return one location instead of a list.
            timeout: Taken for geopy's sake; nothing here waits.
            reach_km: How far off a named place may be, in km.
            limit: At most so many, where a list is asked for.

        Returns:
            The location, or a list by distance, or None where nothing is near. `Location.raw` has `distance_km`.

        Raises:
            CoordinateError: The point is not on the Earth.
            GeocoderQueryError: The query cannot be read as a point.
        """
        lonlat = _lonlat(query)
        found = nearest(self.gazetteer, lonlat, reach_km=reach_km, limit=1 if exactly_one else limit)
        locations = [_location(place, distance_km=round(away, 3)) for place, away in found]
        if not locations:
            return None
        return locations[0] if exactly_one else locations


def _lonlat(query: Point | str | tuple[float, float]) -> LonLat:
    # geopy wraps longitudes silently and mirrors latitudes; a pair of numbers is taken as it is, so that 95 is refused.
    if isinstance(query, tuple | list) and len(query) == 2:
        try:
            return check_lonlat(float(query[1]), float(query[0]))
        except CoordinateError:
            raise
        except (TypeError, ValueError):
            pass
    try:
        point = Point(query)
    except (ValueError, TypeError) as fault:
        raise GeocoderQueryError(f"{query!r} is no point. Give (latitude, longitude) in degrees.") from fault
    return check_lonlat(point.longitude, point.latitude)


def _location(place: Place, **more: float) -> Location:
    raw = {
        "place_id": place.place_id,
        "name": place.name,
        "kind": place.kind,
        "country": place.country,
        "radius_km": round(place.radius_km, 3),
        "confidence": place.confidence,
        "matched": place.matched,
        "match": place.match,
        "reasons": list(place.reasons),
        "population": place.population,
        "lat": place.lat,
        "lon": place.lon,
        **more,
    }
    address = ", ".join(part for part in (place.name, place.country) if part)
    return Location(address, Point(place.lat, place.lon), raw)


@cache
def default_geocoder() -> OfflineGeocoder:
    """Give the geocoder on the gazetteer in use, made once and shared from then on.

    Returns:
        The geocoder.

    Raises:
        MissingFileError: A file of the gazetteer is not there.
    """
    return OfflineGeocoder()
