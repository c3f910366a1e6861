"""Stops of a journey as people name them, and the ports of the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, TypeAlias, TypeVar

import numpy as np

from geo import places
from geo.errors import GeoError, OptionError, PlaceError
from geo.geodesy import distances_km
from geo.routing.stops import Stop
from geo.types import LonLat, Mode, Place, PlaceQuery

Where: TypeAlias = str | Place | LonLat
"""A name as written, a place, or (longitude, latitude) in degrees, WGS 84."""

Item = TypeVar("Item")


def listed(given: str | Iterable[Item]) -> list[str | Item]:
    """Take one name for a list of one.

    Args:
        given: Some names or places, or one name.

    Returns:
        All of them.

    Raises:
        OptionError: It is neither.
    """
    if isinstance(given, str):
        return [given]
    try:
        return list(given)
    except TypeError:
        raise OptionError(f"{given!r} is neither a name nor a list of them.") from None


def named(wanted: Iterable[Where], mode: Mode | Literal[""]) -> dict[str, Stop]:
    """Find all names at once, so that they judge one another and each is fit for the mode.

    Args:
        wanted: Stops, some of them names.
        mode: How it travels there; empty where several modes do.

    Returns:
        Places by name.

    Raises:
        PlaceError: No place has that name.
    """
    names = list(dict.fromkeys(where for where in wanted if isinstance(where, str)))
    if not names:
        return {}
    found = places.default_finder().places([PlaceQuery(name, mode=mode) for name in names])
    known: dict[str, Stop] = {}
    for name, place in zip(names, found, strict=True):
        if isinstance(place, GeoError):
            raise place
        if place is None:
            advice = "Check the spelling, or give (lon, lat) in degrees."
            raise PlaceError(f"No place of the name {name!r} is known. {advice}")
        known[name] = place
    return known


def stop_of(where: Where, known: Mapping[str, Stop]) -> Stop:
    """Give the place of a name.

    Args:
        where: A name, a place, or (longitude, latitude) in degrees.
        known: Places by name.

    Returns:
        A place or point.
    """
    return known[where] if isinstance(where, str) else where


@cache
def ports() -> tuple[Place, ...]:
    """List the known ports, once.

    Returns:
        Those of the gazetteer in use, in its order.
    """
    gazetteer = places.default_gazetteer()
    rows = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["port"]))
    entries = (gazetteer.entry(int(row)) for row in rows)
    return tuple(entry.as_place(matched=entry.name, match="exact", radius_km=entry.radius_km) for entry in entries)


def nearest_port(lonlat: LonLat) -> str:
    """Say which known port is nearest to a point.

    Args:
        lonlat: (longitude, latitude) in degrees, WGS 84.

    Returns:
        A sentence with its name and distance.
    """
    gazetteer = places.default_gazetteer()
    ports = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["port"]))
    away = distances_km(*lonlat, gazetteer.lon[ports], gazetteer.lat[ports])
    best = int(np.argmin(away))
    name = gazetteer.entry(int(ports[best])).name
    return f"The nearest port known is {name}, {away[best]:,.0f} km away."
