"""One leg from one place to another: the mode says how the line runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from geo.errors import NoRouteError, OptionError
from geo.routing.great_circle import shortest_line
from geo.routing.rail import along_rails
from geo.routing.sea import along_water
from geo.routing.stops import Stop, apart
from geo.types import Mode, Route

MODES: Mapping[Mode, Callable[[Sequence[Stop]], Route]] = MappingProxyType(
    {"sea": along_water, "rail": along_rails, "road": shortest_line, "air": shortest_line}
)
"""How each mode draws its line through the stops."""


def leg(
    origin: Stop,
    destination: Stop,
    *,
    mode: Mode,
    via: Sequence[Stop] = (),
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    network: Any = None,
) -> Route:
    """Draw one leg of a journey.

    Sea keeps to water, by straits and canals; rail follows the bundled network of stations. Air is the shortest line
    over the Earth; so is road, which may therefore cross water. With a network, rail and road follow its lines.

    Args:
        origin: Where it starts: a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        mode: `sea`, `rail`, `road` or `air`.
        via: Stops it passes, in travelling order.
        avoid: Names of passages that a ship must keep away from.
        allow: Names of passages that are closed by default and that a ship may use.
        network: Railways or roads to follow: a GeoJSON file of LineStrings, a GeoDataFrame, a geograph of scgraph, or
            what `line_network` made of one.

    Returns:
        The line, cut at 180 degrees, its length in km, and the named points it passes. Its basis is `inferred`:
        nobody observed this line.

    Raises:
        CoordinateError: A stop is not on the Earth.
        MissingFileError: There is no such file of a network.
        NoRouteError: The mode is unknown, the ends are the same place, or no way of that mode joins them.
        OptionError: A passage is unknown, or a network is given for a mode that follows none.
        ReadError: The network holds no lines, or they are damaged.

    Source:
        `data/sea/` for sea, `data/networks/` for rail; geodesics on the WGS 84 ellipsoid.
    """
    if mode not in MODES:
        raise NoRouteError(f"No mode is called {mode!r}. Use one of: {', '.join(MODES)}.")
    stops = apart([origin, *via, destination])
    if network is not None:
        if mode not in ("rail", "road"):
            raise OptionError(f"A leg by {mode} follows no network of lines. Use mode 'rail' or 'road'.")
        from geo.routing.along_lines import along_lines

        return along_lines(stops, mode=mode, network=network)
    return along_water(stops, avoid=avoid, allow=allow) if mode == "sea" else MODES[mode](stops)
