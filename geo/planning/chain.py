"""A shipment's legs in one call: by land and by sea in turn, changing at ports, whichever is cheapest."""

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
from geo.planning.stops import Where, listed, named, ports, stop_of
from geo.planning.transfers import DESTINATION, ORIGIN, Costs, Fares, cheapest
from geo.routing.rail import network as railways
from geo.routing.rail import rail_costs
from geo.routing.sea_many import sea_bounds, sea_costs
from geo.routing.stops import Stop, label, position
from geo.types import Leg, Mode, Route

COSTS: Mapping[Mode, float] = MappingProxyType({"sea": 1.0, "rail": 2.0, "road": 5.0, "air": 20.0})
"""What a km costs beside one at sea: a rough balance of money and time, which `costs` replaces."""

TRANSFER_KM = 500.0  # unloading and loading at a port, in km at sea: about a day
STATION_KM = 30.0  # a port this near to a station is served by it
HAUL_KM = 500.0  # without a network a road is a straight line, which over longer ways would cross seas
HAUL_PORTS = 10


class Haul(NamedTuple):
    """A way by land between an end of a journey and a port.

    Args:
        cost: What it costs.
        mode: How it is travelled.
    """

    cost: float
    mode: Mode


def plan(
    origin: Where,
    destination: Where,
    *,
    modes: Sequence[Mode] = ("sea", "rail"),
    via: str | Sequence[Where] = (),
    avoid: str | Iterable[str] = frozenset(),
    allow: str | Iterable[str] = frozenset(),
    network: Any = None,
    costs: Mapping[Mode, float] = COSTS,
    transfer_km: float = TRANSFER_KM,
) -> list[Leg]:
    """Plan a shipment that may change its mode at ports.

    Between two stops it goes by one mode all the way, or by land and by sea in turn, as often as that pays. Of all
    these the cheapest is taken: the length of each leg by the cost of its mode, and so much for each transfer. Rail
    legs to a port end at a station at most 30 km from it; on the bundled railways a change of gauge counts as 1000 km.
    Between two ports it goes by rail, or by road along a network. Road legs at the ends of the journey, which without
    a network are straight lines, lead to one of the ten nearest ports, at most 500 km away.

    Args:
        origin: Where it starts: a name, a place, or (longitude, latitude) in degrees, WGS 84.
        destination: Where it ends, likewise.
        modes: Those it may use: `sea`, `rail`, `road`, `air`.
        via: Stops it passes, in travelling order; at each it may change its mode at no cost.
        avoid: Names of passages a ship must keep away from, or one name.
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
    wanted = (origin, *listed(via), destination)
    known = named(wanted, modes[0] if len(modes) == 1 else "")
    stops = [stop_of(where, known) for where in wanted]
    ask = _Legs(tuple(modes), frozenset(listed(avoid)), frozenset(listed(allow)), network, costs, transfer_km)
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
        hauls = [self._hauls(stop) for stop in (a, b)]
        numbers = self._worth_calling(a, b, sorted({*self._served()}.union(*hauls)), least)
        if not numbers:
            return []
        stops = [a, b, *(ports()[number] for number in numbers)]
        ends = np.array([[haul[number].cost if number in haul else inf for number in numbers] for haul in hauls])
        journey = cheapest(self._land_fares(stops, ends), self._sea_fares(stops), transfer=self.transfer_km, most=least)
        legs = []
        for element, *ends_of_leg in journey:
            start, end = (stops[place] for place in ends_of_leg)
            mode: Mode = "sea"
            if element == "land":
                own, port = sorted(ends_of_leg)
                mode = self._lines() or "road" if own > DESTINATION else hauls[own][numbers[port - 2]].mode
            legs.append(Leg(mode, label(start), label(end), self.leg(start, end, mode)))
        return legs

    def _worth_calling(self, a: Stop, b: Stop, numbers: list[int], least: float) -> list[int]:
        points = np.array([ports()[number].lonlat for number in numbers]).reshape(-1, 2)
        km = distances_km(*position(a), *points.T) + distances_km(*position(b), *points.T)
        kept = km * min(self.costs[mode] for mode in self.modes) + self.transfer_km < least
        return [number for number, cheap in zip(numbers, kept, strict=True) if cheap]

    def _sea_fares(self, stops: list[Stop]) -> Fares:
        def measure(place: int) -> Costs:
            return np.array(sea_costs(stops[place], stops, avoid=self.avoid, allow=self.allow)) * self.costs["sea"]

        bounds = sea_bounds(stops, avoid=self.avoid, allow=self.allow) * self.costs["sea"]
        for end in (ORIGIN, DESTINATION):
            if not is_at_sea(stops[end], self.avoid, self.allow):
                bounds[end] = bounds[:, end] = inf
        return Fares(bounds, measure)

    def _land_fares(self, stops: list[Stop], ends: Costs) -> Fares:
        # between ports along lines only: a straight road may do for a haul, not for crossing a continent
        points = np.array([position(stop) for stop in stops])
        mode = self._lines()
        cost = self.costs[mode] if mode else inf
        straight = np.array([distances_km(*point, *points.T) for point in points])
        bounds: Costs = np.where(straight > 0, straight, inf) * cost
        bounds[:2, :2] = inf
        bounds[:2, 2:], bounds[2:, :2] = ends, ends.T

        def measure(place: int) -> Costs:
            if place <= DESTINATION:
                return np.asarray(bounds[place])
            fares: Costs = np.concatenate([bounds[place, :2], self._line_kms(stops[place], stops[2:]) * cost])
            return fares

        return Fares(bounds, measure)

    def _lines(self) -> Mode | None:
        # what may lead from port to port by land
        if "rail" in self.modes:
            return "rail"
        return "road" if "road" in self.modes and self.network is not None else None

    def _line_kms(self, stop: Stop, ends: Sequence[Stop]) -> Costs:
        if self.network is None:
            return np.array(rail_costs(stop, ends))
        from geo.routing.along_lines import line_kms

        return np.asarray(line_kms(stop, np.array([position(end) for end in ends]), network=self.network))

    def _served(self) -> list[int]:
        # the ports that lines between ports may lead to
        if not self._lines():
            return []
        if self.network is None:
            return list(_served_ports())
        from geo.routing.along_lines import near_lines

        return np.flatnonzero(near_lines(np.array([port.lonlat for port in ports()]), network=self.network)).tolist()

    def _hauls(self, stop: Stop) -> dict[int, Haul]:
        found: dict[int, Haul] = {}
        for mode in self.modes:
            if mode in ("rail", "road"):
                numbers, kms = self._nearest(stop) if mode != self._lines() else self._along(stop)
                for number, km in zip(numbers, kms, strict=True):
                    if 0 < km < inf:
                        haul = Haul(km * self.costs[mode], mode)
                        found[number] = min(haul, found.get(number, haul))
        return found

    def _along(self, stop: Stop) -> tuple[list[int], Costs]:
        served = self._served()
        return served, self._line_kms(stop, [ports()[number] for number in served])

    @staticmethod
    def _nearest(stop: Stop) -> tuple[list[int], Costs]:
        kms = distances_km(*position(stop), *np.array([port.lonlat for port in ports()]).T)
        numbers = [number for number in np.argsort(kms, kind="stable")[:HAUL_PORTS].tolist() if kms[number] <= HAUL_KM]
        return numbers, kms[numbers]


@cache
def _served_ports() -> tuple[int, ...]:
    points = np.array([port.lonlat for port in ports()])
    dots = unit_vectors(*points.T) @ unit_vectors(*railways().positions).T
    return tuple(np.flatnonzero(dots.max(axis=1) > np.cos(STATION_KM / EARTH_RADIUS_KM)).tolist())
