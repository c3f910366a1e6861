"""Routes between places as people name them: one call for one, one for many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

from geo.errors import AshoreError, DateError, NoRouteError, OptionError
from geo.planning.stops import Where, listed, named, nearest_port, stop_of
from geo.routing.chart import closed_passages
from geo.routing.legs import leg
from geo.routing.sea import berth_of
from geo.routing.sea_many import sea_routes
from geo.routing.stops import Stop
from geo.types import KM_PER_NAUTICAL_MILE, Mode, Place, Route

if TYPE_CHECKING:
    import pandas as pd  # a third of a second, which only dates and durations are worth

AFLOAT = ("coordinate", "sea", "port")  # kinds of places that ships go to, wherever the water is
AT_SEA_KM = 25.0  # a town this near to navigable water has its quay there
FASTEST_KN = 2000.0


def route(
    origin: Where,
    destination: Where,
    *,
    mode: Mode = "sea",
    via: str | Sequence[Where] = (),
    avoid: str | Iterable[str] = frozenset(),
    allow: str | Iterable[str] = frozenset(),
    depart: str | pd.Timestamp | None = None,
    speed_kn: float | None = None,
    network: Any = None,
) -> Route:
    """Find the way from one place to another.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        mode: `sea`, `rail`, `road` or `air`.
        via: Stops it passes, in travelling order, likewise.
        avoid: Names of passages a ship must keep away from, such as `Suez`, or one name.
        allow: Names of passages that are closed by default and may be used: `Kiel`, `Corinth`, `Tatar Strait`,
            `Northwest Passage`, `Northern Sea Route`, `Palk Strait`.
        depart: When it sets out: a date as people write it, or a timestamp; of a day or a month its beginning, UTC.
        speed_kn: How fast it goes, in knots; without it no duration is given.
        network: Railways or roads to follow, for these modes: a GeoJSON file of LineStrings, a GeoDataFrame, a geograph
            of scgraph, or what `geo.line_network` made of one.

    Returns:
        The line, its length, the passages it uses or the borders it crosses, how long it takes, and how far its ends
        are from the places asked for. Always `inferred`: nobody observed this line.

    Raises:
        CoordinateError: A point is not on the Earth.
        DateError: The departure cannot be read, or has a time without a zone.
        MissingFileError: There is no such file of a network.
        NoRouteError: No way of that mode joins the places; the message says what would open one.
        OptionError: A passage is unknown or named for another mode than sea, the speed is not above 0, or a network is
            given for a mode that follows none.
        PlaceError: No place has that name.
        ReadError: The network holds no lines, or they are damaged.

    Source:
        `data/sea/` for sea, `data/networks/` for rail, geodesics on the WGS 84 ellipsoid for the others.
    """
    if speed_kn is not None and not (isinstance(speed_kn, Real) and 0 < speed_kn <= FASTEST_KN):
        raise OptionError(
            f"A speed of {speed_kn!r} knots is not above 0 and at most {FASTEST_KN:g}. Give knots, say 12."
        )
    shut, opened = frozenset(listed(avoid)), frozenset(listed(allow))
    if mode != "sea" and (shut or opened):
        raise OptionError(
            f"A leg by {mode} uses no straits or canals. Leave out {sorted(shut | opened)[0]}, or use mode 'sea'."
        )
    wanted = (origin, *listed(via), destination)
    known = named(wanted, mode)
    stops = [stop_of(where, known) for where in wanted]
    found = sound_leg(stops, mode, shut, opened, network)
    return replace(found, depart=_start(depart), speed_kn=speed_kn, duration=_duration(found, speed_kn))


def sound_leg(stops: Sequence[Stop], mode: Mode, avoid: frozenset[str], allow: frozenset[str], network: Any) -> Route:
    """Draw a leg; an end that is no port is told the nearest.

    Args:
        stops: Origin, any stops between, destination.
        mode: `sea`, `rail`, `road` or `air`.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.
        network: Railways or roads to follow.

    Returns:
        The line, as `geo.routing.leg` draws it.

    Raises:
        NoRouteError: No way of that mode joins the stops, or an end of a sea leg is no port.
    """
    try:
        found = leg(stops[0], stops[-1], mode=mode, via=stops[1:-1], avoid=avoid, allow=allow, network=network)
    except AshoreError as error:
        raise NoRouteError(f"{error} {nearest_port(error.lonlat)}") from None
    for stop, gap_km in zip((stops[0], stops[-1]), found.gaps_km, strict=True):
        if mode == "sea" and gap_km > AT_SEA_KM and isinstance(stop, Place) and stop.kind not in AFLOAT:
            raise NoRouteError(
                f"{stop.name} is no port: navigable water is {gap_km:.0f} km away. {nearest_port(stop.lonlat)} "
                "Begin or end there, or change the mode."
            )
    return found


def is_at_sea(stop: Stop, avoid: frozenset[str], allow: frozenset[str]) -> bool:
    """Tell whether a leg by sea can begin or end at a stop itself.

    Args:
        stop: A place, or (longitude, latitude) in degrees, WGS 84.
        avoid: Names of passages to keep away from.
        allow: Names of passages that are closed by default and may be used.

    Returns:
        True within 25 km of navigable water.
    """
    try:
        return berth_of(stop, closed_passages(avoid, allow)).gap_km <= AT_SEA_KM
    except NoRouteError:
        return False


def routes(
    pairs: Sequence[tuple[Where, Where]],
    *,
    avoid: str | Iterable[str] = frozenset(),
    allow: str | Iterable[str] = frozenset(),
    progress: bool = True,
) -> list[Route | None]:
    """Find many ways by sea at once; what is learnt of an end serves all pairs that share it.

    Args:
        pairs: Origin and destination of each: names, places, or (longitude, latitude) in degrees, WGS 84.
        avoid: Names of passages to keep away from, or one name.
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
    known = named((where for pair in pairs for where in pair), "sea")
    ends = [(stop_of(start, known), stop_of(end, known)) for start, end in pairs]
    return sea_routes(ends, avoid=frozenset(listed(avoid)), allow=frozenset(listed(allow)), progress=progress)


def _start(depart: str | pd.Timestamp | None) -> pd.Timestamp | None:
    if depart is None:
        return None
    import pandas as pd

    from geo.timeline import parse_date

    if isinstance(depart, str):
        return parse_date(depart).start
    if not isinstance(depart, date):
        raise DateError(f"{depart!r} is not a date. Give text such as 2024-03-24, or a timestamp.")
    at = pd.Timestamp(depart)
    if at.tzinfo is None and at != at.normalize():
        raise DateError(f"{at} has no time zone. Add one, for UTC by tz_localize('UTC').")
    return at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")


def _duration(found: Route, speed_kn: float | None) -> pd.Timedelta | None:
    if speed_kn is None:
        return None
    import pandas as pd

    return pd.Timedelta(hours=found.length_km / KM_PER_NAUTICAL_MILE / speed_kn).round("s")
