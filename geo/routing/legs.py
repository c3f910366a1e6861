"""One leg from one place to another: the mode says how the line runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from geo.errors import NoRouteError
from geo.routing.great_circle import shortest_line
from geo.routing.rail import along_rails
from geo.routing.stops import Stop, apart
from geo.types import Mode, Route

MODES: Mapping[Mode, Callable[[Sequence[Stop]], Route]] = MappingProxyType(
    {"sea": shortest_line, "rail": along_rails, "road": shortest_line, "air": shortest_line}
)
"""How each mode draws its line through the stops."""


def leg(origin: Stop, destination: Stop, *, mode: Mode, via: Sequence[Stop] = ()) -> Route:
    """Draw one leg of a journey.

    Rail follows the bundled network of stations. Air is the shortest line over the Earth; so, until networks for them
    are bundled, are sea and road, which may therefore cross land and water that no ship or car would.

    Args:
        origin: Where it starts: a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        mode: `sea`, `rail`, `road` or `air`.
        via: Stops it passes, in travelling order.

    Returns:
        The line, cut at 180 degrees, its length in km, and the named points it passes. Its basis is `inferred`:
        nobody observed this line.

    Raises:
        CoordinateError: A stop is not on the Earth.
        NoRouteError: The mode is unknown, the ends are the same place, or no way of that mode joins them.

    Source:
        Geodesics on the WGS 84 ellipsoid; `data/networks/` for rail.
    """
    if mode not in MODES:
        raise NoRouteError(f"No mode is called {mode!r}. Use one of: {', '.join(MODES)}.")
    return MODES[mode](apart([origin, *via, destination]))
