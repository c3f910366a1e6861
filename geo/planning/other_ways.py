"""Other ways by sea: the same journey with each strait or canal of the best way closed in turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from geo.errors import NoRouteError, OptionError
from geo.planning.single import route
from geo.planning.stops import Where, named, stop_of
from geo.types import Route

if TYPE_CHECKING:
    import pandas as pd


def alternatives(
    origin: Where,
    destination: Where,
    *,
    n: int = 3,
    via: Sequence[Where] = (),
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    depart: str | pd.Timestamp | None = None,
    speed_kn: float | None = None,
) -> list[Route]:
    """Find other ways by sea than the shortest: by the other strait, round the cape.

    Each passage that the way of `geo.route` uses is closed in turn, as `avoid` does.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        n: How many ways to give at most.
        via: Stops it passes, in travelling order, likewise.
        avoid: Names of passages that no way may use.
        allow: Names of passages that are closed by default and may be used.
        depart: When it sets out, as for `geo.route`.
        speed_kn: How fast it goes, in knots.

    Returns:
        Ways that differ in the passages they use from the way of `geo.route` and from one another, the shortest
        first; none where no passage is used or nothing leads round it.

    Raises:
        CoordinateError: A point is not on the Earth.
        DateError: The departure cannot be read.
        NoRouteError: Not even one way by sea joins the places.
        OptionError: A passage is unknown, the speed is not above 0, or `n` is below 1.
        PlaceError: No place has that name.

    Source:
        `geo.route` for each way.
    """
    if n < 1:
        raise OptionError(f"{n} other ways are none. Ask for 1 or more.")
    shut, opened = frozenset(avoid), frozenset(allow)
    wanted = (origin, *via, destination)
    known = named(wanted, "sea")
    start, *stops, end = (stop_of(where, known) for where in wanted)

    def way(*closed: str) -> Route:
        still_open = {name for name in opened if name.casefold() not in {other.casefold() for other in closed}}
        return route(
            start, end, via=stops, avoid=shut.union(closed), allow=still_open, depart=depart, speed_kn=speed_kn
        )

    best = way()
    found = {best.passages: best}
    for passage in best.passages:
        try:
            other = way(passage)
        except NoRouteError:
            continue
        found.setdefault(other.passages, other)
    del found[best.passages]
    return sorted(found.values(), key=lambda other: other.length_km)[:n]
