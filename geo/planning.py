"""Routes between places as people name them: one call for one, one for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from geo import places
from geo.errors import GeoError, NoRouteError, OptionError, PlaceError
from geo.geodesy import distances_km
from geo.routing import Stop, leg, sea_routes
from geo.types import KM_PER_NAUTICAL_MILE, LonLat, Mode, Place, PlaceQuery, Route

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which only dates and durations are worth

Where: TypeAlias = str | Place | LonLat
"""A name as written, a place, or (longitude, latitude) in degrees, WGS 84."""

AT_SEA_KM = 25.0  # a town this near to navigable water has its quay there
FASTEST_KN = 2000.0


def route(
    origin: Where,
    destination: Where,
    *,
    mode: Mode = "sea",
    via: Sequence[Where] = (),
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    depart: str | pd.Timestamp | None = None,
    speed_kn: float | None = None,
) -> Route:
    """Find the way from one place to another.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        mode: `sea`, `rail`, `road` or `air`.
        via: Stops it passes, in travelling order, likewise.
        avoid: Names of passages a ship must keep away from, such as `Suez`.
        allow: Names of passages that are closed by default and may be used: `Kiel`, `Corinth`, `Tatar Strait`,
            `Northwest Passage`, `Northern Sea Route`, `Palk Strait`.
        depart: When it sets out: a date as people write it, or a timestamp; of a day or a month its beginning, UTC.
        speed_kn: How fast it goes, in knots; without it no duration is given.

    Returns:
        The line, its length, the passages it uses, how long it takes, and how far its ends are from the places asked
        for. Always `inferred`: nobody observed this line.

    Raises:
        CoordinateError: A point is not on the Earth.
        DateError: The departure cannot be read.
        NoRouteError: No way of that mode joins the places; the message says what would open one.
        OptionError: A passage is unknown, or the speed is not above 0.
        PlaceError: No place has that name.

    Source:
        `data/sea/` for sea, `data/networks/` for rail, geodesics on the WGS 84 ellipsoid for the others.
    """
    if speed_kn is not None and not (isfinite(speed_kn) and 0 < speed_kn <= FASTEST_KN):
        raise OptionError(f"A speed of {speed_kn} knots is not above 0 and at most {FASTEST_KN:g}. Give knots, say 12.")
    wanted = (origin, *via, destination)
    known = _stops(wanted, mode)
    stops = [_stop(where, known) for where in wanted]
    found = leg(stops[0], stops[-1], mode=mode, via=stops[1:-1], avoid=frozenset(avoid), allow=frozenset(allow))
    for stop, gap_km in zip((stops[0], stops[-1]), found.gaps_km, strict=True):
        if mode == "sea" and gap_km > AT_SEA_KM and isinstance(stop, Place) and stop.kind not in ("coordinate", "sea"):
            raise NoRouteError(
                f"{stop.name} is no port: navigable water is {gap_km:.0f} km away. {_nearest_port(stop)}"
            )
    return replace(found, depart=_start(depart), speed_kn=speed_kn, duration=_duration(found, speed_kn))


def routes(
    pairs: Sequence[tuple[Where, Where]],
    *,
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    progress: bool = True,
) -> list[Route | None]:
    """Find many ways by sea at once; what is learnt of an end serves all pairs that share it.

    Args:
        pairs: Origin and destination of each: names, places, or (longitude, latitude) in degrees, WGS 84.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.
        progress: Show a bar on standard error.

    Returns:
        One route a pair, in their order; None where no water joins the two, an end is far from the sea, or both are
        the same place.

    Raises:
        CoordinateError: A point is not on the Earth.
        OptionError: A passage is unknown.
        PlaceError: No place has that name.
    """
    known = _stops((where for pair in pairs for where in pair), "sea")
    ends = [(_stop(start, known), _stop(end, known)) for start, end in pairs]
    return sea_routes(ends, avoid=frozenset(avoid), allow=frozenset(allow), progress=progress)


def _stops(wanted: Iterable[Where], mode: Mode) -> dict[str, Stop]:
    """Find all names at once, so that they judge one another and each is fit for the mode."""
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


def _stop(where: Where, known: Mapping[str, Stop]) -> Stop:
    return known[where] if isinstance(where, str) else where


def _nearest_port(place: Place) -> str:
    gazetteer = places.default_gazetteer()
    ports = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["port"]))
    away = distances_km(place.lon, place.lat, gazetteer.lon[ports], gazetteer.lat[ports])
    best = int(np.argmin(away))
    name = gazetteer.entry(int(ports[best])).name
    return f"The nearest port known is {name}, {away[best]:,.0f} km away: begin or end there."


def _start(depart: str | pd.Timestamp | None) -> pd.Timestamp | None:
    if depart is None:
        return None
    import pandas as pd

    from geo.timeline import parse_date

    if isinstance(depart, str):
        return parse_date(depart).start
    at = pd.Timestamp(depart)
    return at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")


def _duration(found: Route, speed_kn: float | None) -> pd.Timedelta | None:
    if speed_kn is None:
        return None
    import pandas as pd

    return pd.Timedelta(hours=found.length_km / KM_PER_NAUTICAL_MILE / speed_kn).round("s")
