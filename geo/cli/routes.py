"""The verb `route`: the way from one place to another."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from geo.errors import CoordinateError, OptionError
from geo.geodesy import check_lonlat
from geo.planning import Where, alternatives, plan, route
from geo.types import Leg, Mode, Route

if TYPE_CHECKING:
    import pandas as pd

SOUTHERN = re.compile(r"^-[\d.]+(,.*)?$")


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `route`.

    Args:
        verbs: Where to add it.
    """
    verb = verbs.add_parser("route", help="find the way from one place to another, by sea unless told otherwise")
    verb.set_defaults(verb=_route)
    verb._negative_number_matcher = SOUTHERN  # argparse would take a place south of the equator for an option
    verb.add_argument("origin", metavar="FROM", help="a name, or LAT,LON in degrees")
    verb.add_argument("destination", metavar="TO", help="a name, or LAT,LON in degrees")
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--mode", choices=get_args(Mode), default="sea", help="how it travels (default: sea)")
    how.add_argument("--modes", metavar="MODE,MODE", help="several, as rail,sea: the cheapest legs, changing at ports")
    verb.add_argument("--network", metavar="FILE", help="GeoJSON lines that rail or road follows")
    verb.add_argument("--via", action="append", default=[], metavar="PLACE", help="a stop between; may be repeated")
    verb.add_argument("--avoid", action="append", default=[], metavar="PASSAGE", help="straits or canals not to use")
    verb.add_argument(
        "--allow", action="append", default=[], metavar="PASSAGE", help="passages closed by default, such as Kiel"
    )
    verb.add_argument("--depart", metavar="DATE", help="when it sets out, as 2024-03-24")
    verb.add_argument("--speed", type=float, metavar="KNOTS", help="how fast it goes; gives the duration")
    verb.add_argument(
        "--alternatives",
        type=int,
        metavar="N",
        help="besides, at most N other ways by sea, by other straits and canals",
    )
    verb.add_argument(
        "--json", action="store_true", help="GeoJSON: one feature, or a collection where there may be more"
    )


def _route(chosen: argparse.Namespace) -> int:
    legs = _legs(chosen) if chosen.modes else _ways(chosen)
    features = [_feature(leg.origin, leg.destination, leg.mode, leg.route) for leg in legs]
    if not chosen.json:
        print("\n".join(_line(feature, leg.route) for feature, leg in zip(features, legs, strict=True)))
    elif chosen.modes or chosen.alternatives:
        print(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    else:
        print(json.dumps(features[0], ensure_ascii=False))
    return 0


def _ways(chosen: argparse.Namespace) -> list[Leg]:
    ends = _where(chosen.origin), _where(chosen.destination)
    if chosen.alternatives and chosen.mode != "sea":
        raise OptionError(f"Other ways are found by sea, not by {chosen.mode}. Leave out --alternatives.")
    options: dict[str, Any] = {
        "via": [_where(stop) for stop in chosen.via],
        "avoid": _passages(chosen.avoid),
        "allow": _passages(chosen.allow),
        "depart": chosen.depart,
        "speed_kn": chosen.speed,
    }
    ways = [route(*ends, mode=chosen.mode, network=chosen.network, **options)]
    if chosen.alternatives is not None:
        ways += alternatives(*ends, n=chosen.alternatives, **options)
        if len(ways) == 1:
            print("note: no other way leads round the passages it uses.", file=sys.stderr)
    return [Leg(chosen.mode, chosen.origin, chosen.destination, way) for way in ways]


def _legs(chosen: argparse.Namespace) -> list[Leg]:
    if chosen.depart or chosen.speed or chosen.alternatives:
        raise OptionError("A plan of several modes has no one speed. Leave out --depart, --speed and --alternatives.")
    return plan(
        _where(chosen.origin),
        _where(chosen.destination),
        modes=[mode.strip() for mode in chosen.modes.split(",")],
        via=[_where(stop) for stop in chosen.via],
        avoid=_passages(chosen.avoid),
        allow=_passages(chosen.allow),
        network=chosen.network,
    )


def _passages(told: Sequence[str]) -> frozenset[str]:
    """Names given one by one or with commas between."""
    return frozenset(name.strip() for one in told for name in one.split(","))


def _where(text: str) -> Where:
    numbers = text.split(",")
    if len(numbers) != 2:
        return text
    try:
        lat, lon = (float(number) for number in numbers)
    except ValueError:
        return text
    try:
        return check_lonlat(lon, lat)
    except CoordinateError as error:
        raise CoordinateError(f"{text!r}: {error} Write LAT,LON.") from None


def _line(feature: dict[str, Any], found: Route) -> str:
    origin, destination, mode = (feature["properties"][name] for name in ("origin", "destination", "mode"))
    said = [f"{origin} to {destination} by {mode}: {found.length_km:,.0f} km"]
    if mode == "sea":
        said[0] += f" ({found.length_nmi:,.0f} nautical miles)"
    passed = list(dict.fromkeys([*found.passages, *found.via]))
    if passed:
        said.append("by " + ", ".join(passed))
    said += [f"border {border}" for border in found.borders]
    if found.duration is not None:
        hours = found.duration.total_seconds() / 3600
        said.append(
            f"{hours / 24:.1f} days at {found.speed_kn:g} knots"
            if hours >= 48
            else f"{hours:.1f} hours at {found.speed_kn:g} knots"
        )
    if found.arrive is not None:
        said.append(f"arriving {_iso(found.arrive)}")
    said += [
        f"{gap_km:.0f} km from {end} to the {'water' if mode == 'sea' else 'line'}"
        for end, gap_km in zip((origin, destination), found.gaps_km, strict=True)
        if gap_km >= 0.5
    ]
    return "; ".join([*said, "inferred, not observed"])


def _feature(origin: str, destination: str, mode: Mode, found: Route) -> dict[str, Any]:
    properties = {
        "origin": origin,
        "destination": destination,
        "mode": mode,
        "basis": found.basis,
        "length_km": round(found.length_km, 3),
        "length_nmi": round(found.length_nmi, 3),
        "passages": list(found.passages),
        "via": list(found.via),
        "borders": [str(border) for border in found.borders],
        "gaps_km": [round(gap_km, 3) for gap_km in found.gaps_km],
        "speed_kn": found.speed_kn,
        "hours": None if found.duration is None else round(found.duration.total_seconds() / 3600, 3),
        "depart": None if found.depart is None else _iso(found.depart),
        "arrive": None if found.arrive is None else _iso(found.arrive),
    }
    return {"type": "Feature", "properties": properties, "geometry": found.line.__geo_interface__}


def _iso(at: pd.Timestamp) -> str:
    from geo.timeline import iso_utc

    return iso_utc(at)
