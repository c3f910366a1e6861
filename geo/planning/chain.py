"""A shipment's legs in one call: by land to a port, by sea, by land again, whichever is cheapest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import inf, isfinite
from types import MappingProxyType
from typing import Any, NamedTuple, get_args

import numpy as np

from geo.errors import NoRouteError, OptionError
from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors
from geo.planning.single import is_at_sea, sound_leg
from geo.planning.stops import Where, named, ports, stop_of
from geo.routing.rail import network as railways
from geo.routing.rail import rail_costs
from geo.routing.sea_many import sea_costs
from geo.routing.stops import Stop, label, position
from geo.types import Leg, Mode, Route

COSTS: Mapping[Mode, float] = MappingProxyType({"sea": 1.0, "rail": 2.0, "road": 5.0, "air": 20.0})
"""What a km costs beside one at sea: a rough balance of money and time, which `costs` replaces."""

TRANSFER_KM = 500.0  # unloading and loading at a port, in km at sea: about a day
STATION_KM = 30.0  # a port this near to a station is served by it
HAUL_KM = 500.0  # without a network a road is a straight line, which over longer ways would cross seas
HAUL_PORTS = 10


class Access(NamedTuple):
    """The start or the end of a journey by sea: at the place itself, or by land to a port.

    Args:
        cost: What the way by land and its transfer cost.
        mode: How that way is travelled; None where the sea leg begins at the place itself.
        stop: The port, or the place itself.
    """

    cost: float
    mode: Mode | None
    stop: Stop


def plan(
    origin: Where,
    destination: Where,
    *,
    modes: Sequence[Mode] = ("sea", "rail"),
    via: Sequence[Where] = (),
    avoid: Iterable[str] = frozenset(),
    allow: Iterable[str] = frozenset(),
    network: Any = None,
    costs: Mapping[Mode, float] = COSTS,
    transfer_km: float = TRANSFER_KM,
) -> list[Leg]:
    """Plan a shipment that may change its mode at ports.

    Between two stops it goes by one mode all the way, or by sea with a leg by rail or road before it, after it, or
    both. Of all these the cheapest is taken: the length of each leg by the cost of its mode, and so much for each
    transfer. Rail legs to a port end at a station at most 30 km from it; on the bundled railways a change of gauge
    counts as 1000 km. Road legs, which without a network are straight lines, lead to one of the ten nearest ports, at
    most 500 km away.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        modes: Those it may use: `sea`, `rail`, `road`, `air`.
        via: Stops it passes, in travelling order; at each it may change its mode at no cost.
        avoid: Names of passages a ship must keep away from.
        allow: Names of passages that are closed by default and may be used.
        network: Railways, or roads where rail is not among the modes, to follow; see `geo.route`.
        costs: What a km costs by each mode, beside each other.
        transfer_km: What a transfer at a port costs, in km at a cost of 1.

    Returns:
        The legs, in order. Always `inferred`.

    Raises:
        NoRouteError: No way by these modes joins two stops; the message says why not.
        OptionError: A mode, passage or cost is unknown or not above 0.
        PlaceError: No place has that name.

    Source:
        `geo.route` for each leg; the ports of the gazetteer.
    """
    _check(modes, costs, transfer_km)
    wanted = (origin, *via, destination)
    known = named(wanted, modes[0] if len(modes) == 1 else "")
    stops = [stop_of(where, known) for where in wanted]
    ask = _Legs(tuple(modes), frozenset(avoid), frozenset(allow), network, costs, transfer_km)
    return [leg for a, b in pairwise(stops) for leg in ask.between(a, b)]


def _check(modes: Sequence[Mode], costs: Mapping[Mode, float], transfer_km: float) -> None:
    unknown = [mode for mode in modes if mode not in get_args(Mode)]
    if unknown or not modes or isinstance(modes, str):
        raise OptionError(f"The modes {modes!r} are not some of: {', '.join(get_args(Mode))}. Give a list of them.")
    for mode in modes:
        if not (isfinite(costs.get(mode, inf)) and costs[mode] > 0):
            raise OptionError(f"A km by {mode} needs a cost above 0. Give costs={{'{mode}': 2.0, ...}}.")
    if not (isfinite(transfer_km) and transfer_km >= 0):
        raise OptionError(f"A transfer of {transfer_km} km is below 0. Give km at sea, say {TRANSFER_KM:g}.")


class _Legs(NamedTuple):
    modes: tuple[Mode, ...]
    avoid: frozenset[str]
    allow: frozenset[str]
    network: Any
    costs: Mapping[Mode, float]
    transfer_km: float

    def leg(self, a: Stop, b: Stop, mode: Mode) -> Route:
        follows = self.network if mode == ("rail" if "rail" in self.modes else "road") else None
        return sound_leg([a, b], mode, self.avoid, self.allow, follows)

    def between(self, a: Stop, b: Stop) -> list[Leg]:
        least, found, reasons = inf, [], []
        for mode in self.modes:
            try:
                whole = self.leg(a, b, mode)
            except NoRouteError as error:
                reasons.append(f"By {mode}: {error}")
                continue
            km = rail_costs(a, [b])[0] if mode == "rail" and self.network is None else whole.length_km
            if km * self.costs[mode] < least:
                least, found = km * self.costs[mode], [Leg(mode, label(a), label(b), whole)]
        if "sea" in self.modes and len(self.modes) > 1:
            found = self._by_ports(a, b, least) or found
        if not found:
            raise NoRouteError(f"No way from {label(a)} to {label(b)}. {' '.join(reasons)}")
        return found

    def _by_ports(self, a: Stop, b: Stop, least: float) -> list[Leg]:
        starts, ends = self._accesses(a), self._accesses(b)
        if len(starts) <= len(ends):
            chosen = self._cheapest(starts, ends, least)
        else:
            chosen = self._cheapest(ends, starts, least)[::-1]
        return self._drawn(a, b, *chosen) if chosen else []

    def _cheapest(self, few: list[Access], many: list[Access], least: float) -> tuple[Access, ...]:
        # one search at sea from each of the few, those first that are cheap were the sea a straight line
        if not few:
            return ()
        goals = [access.stop for access in many]
        lon, lat = np.array([position(stop) for stop in goals]).T
        fixed = np.array([access.cost for access in many])
        straight = np.array([distances_km(*position(access.stop), lon, lat) for access in few])
        bounds = [float((fixed + row * self.costs["sea"]).min()) for row in straight]
        chosen: tuple[Access, ...] = ()
        at_least = [access.cost + bound for access, bound in zip(few, bounds, strict=True)]
        for number in np.argsort(at_least, kind="stable"):
            access = few[number]
            if at_least[number] >= least:
                break
            by_sea = np.array(sea_costs(access.stop, goals, avoid=self.avoid, allow=self.allow))
            by_sea[straight[number] < 1.0] = inf
            if access.mode is None:
                by_sea[[other.mode is None for other in many]] = inf  # the leg by sea alone, already weighed
            total = access.cost + fixed + by_sea * self.costs["sea"]
            best = int(np.argmin(total))
            if total[best] < least:
                least, chosen = float(total[best]), (access, many[best])
        return chosen

    def _drawn(self, a: Stop, b: Stop, start: Access, end: Access) -> list[Leg]:
        legs = [Leg("sea", label(start.stop), label(end.stop), self.leg(start.stop, end.stop, "sea"))]
        if start.mode:
            legs.insert(0, Leg(start.mode, label(a), label(start.stop), self.leg(a, start.stop, start.mode)))
        if end.mode:
            legs.append(Leg(end.mode, label(end.stop), label(b), self.leg(end.stop, b, end.mode)))
        return legs

    def _accesses(self, stop: Stop) -> list[Access]:
        known = ports()
        points = np.array([port.lonlat for port in known])
        found = [Access(0.0, None, stop)] if is_at_sea(stop, self.avoid, self.allow) else []
        for mode in self.modes:
            if mode in ("rail", "road"):
                for number, km in self._land_kms(stop, mode, points):
                    found.append(Access(km * self.costs[mode] + self.transfer_km, mode, known[number]))
        return found

    def _land_kms(self, stop: Stop, mode: Mode, points: np.ndarray) -> list[tuple[int, float]]:
        if self.network is not None and mode == ("rail" if "rail" in self.modes else "road"):
            from geo.routing.along_lines import line_kms

            kms = line_kms(stop, points, network=self.network)
        elif mode == "rail":
            kms = np.full(len(points), inf)
            served = _served_ports()
            kms[list(served)] = rail_costs(stop, [ports()[number] for number in served])
        else:
            kms = distances_km(*position(stop), *points.T)
            kms[np.argsort(kms, kind="stable")[HAUL_PORTS:]] = inf
            kms[kms > HAUL_KM] = inf
        return [(int(number), float(kms[number])) for number in np.flatnonzero(np.isfinite(kms) & (kms > 0))]


@cache
def _served_ports() -> tuple[int, ...]:
    points = np.array([port.lonlat for port in ports()])
    dots = unit_vectors(*points.T) @ unit_vectors(*railways().positions).T
    return tuple(np.flatnonzero(dots.max(axis=1) > np.cos(STATION_KM / EARTH_RADIUS_KM)).tolist())
