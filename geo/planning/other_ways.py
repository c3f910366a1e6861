"""Other ways by sea: the same journey with each strait or canal of the best way closed in turn, and of what is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from geo.errors import NoRouteError, OptionError
from geo.planning.single import route
from geo.planning.stops import Where, listed, named, stop_of
from geo.types import Route

if TYPE_CHECKING:
    import pandas as pd


def alternatives(
    origin: Where,
    destination: Where,
    *,
    n: int = 3,
    via: str | Sequence[Where] = (),
    avoid: str | Iterable[str] = frozenset(),
    allow: str | Iterable[str] = frozenset(),
    depart: str | pd.Timestamp | None = None,
    speed_kn: float | None = None,
) -> list[Route]:
    """Find other ways by sea than the shortest: by the other strait, round the cape.

    Each passage that the way of `geo.route` uses is closed in turn, as `avoid` does, and with it each new one that the
    way round uses: where Suez is closed a ship may go by Panama, and where both are, round the Cape.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        n: How many ways to give at most.
        via: Stops it passes, in travelling order, likewise.
        avoid: Names of passages that no way may use, or one name.
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
    shut, opened = frozenset(listed(avoid)), frozenset(listed(allow))
    wanted = (origin, *listed(via), destination)
    known = named(wanted, "sea")
    start, *stops, end = (stop_of(where, known) for where in wanted)

    def way(*closed: str) -> Route:
        still_open = {name for name in opened if name.casefold() not in {other.casefold() for other in closed}}
        return route(
            start, end, via=stops, avoid=shut.union(closed), allow=still_open, depart=depart, speed_kn=speed_kn
        )

    best = way()
    found = {best.passages: best}
    closings: deque[tuple[str, ...]] = deque((passage,) for passage in best.passages)
    while closings:
        closing = closings.popleft()
        try:
            other = way(*closing)
        except NoRouteError:
            continue
        found.setdefault(other.passages, other)
        if len(closing) == 1:
            closings.extend((*closing, further) for further in other.passages if further not in best.passages)
    del found[best.passages]
    return sorted(found.values(), key=lambda other: other.length_km)[:n]
