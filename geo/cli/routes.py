"""The verb `route`: the way from one place to another."""

from __future__ import annotations

import argparse
import json
from typing import Any, get_args

from geo.errors import CoordinateError
from geo.geodesy import check_lonlat
from geo.planning import Where, route
from geo.timeline import iso_utc
from geo.types import Mode, Route


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `route`.

    Args:
        verbs: Where to add it.
    """
    verb = verbs.add_parser("route", help="find the way from one place to another, by sea unless told otherwise")
    verb.set_defaults(verb=_route)
    verb.add_argument("origin", metavar="FROM", help="a name, or LAT,LON in degrees")
    verb.add_argument("destination", metavar="TO", help="a name, or LAT,LON in degrees")
    verb.add_argument("--mode", choices=get_args(Mode), default="sea", help="how it travels (default: sea)")
    verb.add_argument("--via", action="append", default=[], metavar="PLACE", help="a stop between; may be repeated")
    verb.add_argument("--avoid", action="append", default=[], metavar="PASSAGE", help="a strait or canal not to use")
    verb.add_argument(
        "--allow", action="append", default=[], metavar="PASSAGE", help="a passage closed by default, such as Kiel"
    )
    verb.add_argument("--depart", metavar="DATE", help="when it sets out, as 2024-03-24")
    verb.add_argument("--speed", type=float, metavar="KNOTS", help="how fast it goes; gives the duration")
    verb.add_argument("--json", action="store_true", help="one GeoJSON feature")


def _route(chosen: argparse.Namespace) -> int:
    found = route(
        _where(chosen.origin),
        _where(chosen.destination),
        mode=chosen.mode,
        via=[_where(stop) for stop in chosen.via],
        avoid=frozenset(chosen.avoid),
        allow=frozenset(chosen.allow),
        depart=chosen.depart,
        speed_kn=chosen.speed,
    )
    print(json.dumps(_feature(chosen, found), ensure_ascii=False) if chosen.json else _line(chosen, found))
    return 0


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


def _line(chosen: argparse.Namespace, found: Route) -> str:
    said = [f"{chosen.origin} to {chosen.destination} by {chosen.mode}: {found.length_km:,.0f} km"]
    if chosen.mode == "sea":
        said[0] += f" ({found.length_nmi:,.0f} nautical miles)"
    passed = list(dict.fromkeys([*found.passages, *found.via]))
    if passed:
        said.append("by " + ", ".join(passed))
    if found.duration is not None:
        hours = found.duration.total_seconds() / 3600
        said.append(
            f"{hours / 24:.1f} days at {found.speed_kn:g} knots"
            if hours >= 48
            else f"{hours:.1f} hours at {found.speed_kn:g} knots"
        )
    if found.arrive is not None:
        said.append(f"arriving {iso_utc(found.arrive)}")
    said += [
        f"{gap_km:.0f} km from {end} to the water"
        for end, gap_km in zip((chosen.origin, chosen.destination), found.gaps_km, strict=True)
        if gap_km >= 0.5
    ]
    return "; ".join([*said, "inferred, not observed"])


def _feature(chosen: argparse.Namespace, found: Route) -> dict[str, Any]:
    properties = {
        "origin": chosen.origin,
        "destination": chosen.destination,
        "mode": chosen.mode,
        "basis": found.basis,
        "length_km": round(found.length_km, 3),
        "length_nmi": round(found.length_nmi, 3),
        "passages": list(found.passages),
        "via": list(found.via),
        "gaps_km": [round(gap_km, 3) for gap_km in found.gaps_km],
        "speed_kn": found.speed_kn,
        "hours": None if found.duration is None else round(found.duration.total_seconds() / 3600, 3),
        "depart": None if found.depart is None else iso_utc(found.depart),
        "arrive": None if found.arrive is None else iso_utc(found.arrive),
    }
    return {"type": "Feature", "properties": properties, "geometry": found.line.__geo_interface__}
