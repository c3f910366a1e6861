"""What a leg starts at, passes and ends at: a place by name, or a bare point."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import CoordinateError, NoRouteError
from geo.geodesy import check_lonlat, distance_km
from geo.types import LonLat, Place

Stop = LonLat | Place
"""A place, or (longitude, latitude) in degrees, WGS 84."""

SAME_PLACE_KM = 0.001


def position(stop: Stop) -> LonLat:
    """Find where a stop is.

    Args:
        stop: A place, or (longitude, latitude) in degrees, WGS 84.

    Returns:
        (longitude, latitude) in degrees.

    Raises:
        CoordinateError: It is no pair of numbers, or not on the Earth.
    """
    if isinstance(stop, Place):
        return check_lonlat(*stop.lonlat)
    try:
        lon, lat = stop
        return check_lonlat(lon, lat)
    except (TypeError, ValueError) as error:
        if isinstance(error, CoordinateError):
            raise
        raise CoordinateError(f"{stop!r} is no point. Give (longitude, latitude) in degrees.") from None


def label(stop: Stop) -> str:
    """Name a stop in a message to a person.

    Args:
        stop: A place, or (longitude, latitude) in degrees, WGS 84.

    Returns:
        The place's name, or the point with its compass letters.
    """
    if isinstance(stop, Place):
        return stop.name
    lon, lat = stop
    return f"{abs(lat):g} {'S' if lat < 0 else 'N'} {abs(lon):g} {'W' if lon < 0 else 'E'}"


def apart(stops: Sequence[Stop]) -> list[Stop]:
    """Leave out every stop that is where the one before it is.

    Args:
        stops: In travelling order, two or more.

    Returns:
        Two or more stops, each apart from the next.

    Raises:
        CoordinateError: One of them is not on the Earth.
        NoRouteError: All of them are the same place.
    """
    kept = [stops[0]]
    for stop in stops[1:]:
        if distance_km(position(kept[-1]), position(stop)) > SAME_PLACE_KM:
            kept.append(stop)
    if len(kept) == 1:
        raise NoRouteError(
            f"{label(stops[0])} and {label(stops[-1])} are the same place: there is no way to draw. "
            "Record what happens there as an event, or give another origin or destination."
        )
    return kept
