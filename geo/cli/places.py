"""The verbs for places: find them by name, and build a larger gazetteer."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.cli.counts import count
from geo.config import answers_file
from geo.errors import CoordinateError, FormatError, MissingFileError, PlaceError
from geo.geodesy import check_lonlat
from geo.places.finder import PlaceFinder
from geo.types import LonLat, Place

if TYPE_CHECKING:
    from geo.places.corrections import Corrections

_SHOWN = 10
_MOST = 100
_ANSWER = ("lat", "lon", "place_id", "matched", "match", "kind", "country", "radius_km", "confidence", "reasons")


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs `geocode` and `places`.

    Args:
        verbs: Where to add them.
    """
    geocode = verbs.add_parser("geocode", help="find places by name, without a network")
    geocode.add_argument("names", nargs="*", metavar="NAME", help="a name as people write it, in any script")
    geocode.add_argument("--country", metavar="COUNTRY", help="the country they lie in, by name or ISO code")
    geocode.add_argument(
        "--near", nargs="+", metavar="PLACE", help="what they are likely to be close to: a name, or LAT LON in degrees"
    )
    geocode.add_argument("--context", metavar="TEXT", help="the text they stand in")
    geocode.add_argument(
        "--corrections", type=Path, metavar="FOLDER", help="a dossier whose corrections count, or its corrections.csv"
    )
    geocode.add_argument(
        "--online",
        metavar="SERVICE",
        help="ask this service of geopy (such as nominatim) for names that are not known offline",
    )
    geocode.add_argument("--cache", type=Path, metavar="FILE", help="where online answers are kept (default: yours)")
    geocode.add_argument(
        "--max-age", type=float, default=90.0, metavar="DAYS", help="ask anew for older online answers (default: 90)"
    )
    geocode.add_argument("--user-agent", metavar="TEXT", help="who asks online: your project and an address")
    geocode.add_argument("--json", action="store_true", help="one JSON object a name")
    geocode.set_defaults(verb=_geocode)

    places = verbs.add_parser("places", help="build a larger gazetteer")
    jobs = places.add_subparsers(required=True, metavar="JOB")
    build = jobs.add_parser("build", help="build a gazetteer from a GeoNames dump")
    build.add_argument("--geonames", type=Path, required=True, metavar="FILE", help="allCountries.zip, KR.zip ...")
    build.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the gazetteer goes")
    build.add_argument(
        "--min-population", type=int, default=0, metavar="N", help="leave out towns of fewer inhabitants (default: 0)"
    )
    build.add_argument("--json", action="store_true", help="say what was built as a JSON object")
    build.set_defaults(verb=_build)


def _geocode(chosen: argparse.Namespace) -> int:
    corrections = open_corrections(chosen.corrections)
    finder = PlaceFinder(corrections=corrections)
    near, more = _near(chosen.near or [], finder)
    chosen.names += more
    if not chosen.names:
        raise FormatError("No name is given. Write the names first, then what they are near to.")
    found, problems = {}, {}
    for name in chosen.names:
        try:
            found[name] = finder.candidates(
                name, country=chosen.country, near=near, context=chosen.context, limit=_MOST
            )
        except CoordinateError as error:
            found[name], problems[name] = [], str(error)
    if chosen.online:
        unknown = [name for name, places in found.items() if name not in problems and not _is_known(places)]
        found |= {name: places for name, places in _online(chosen, unknown, corrections, near).items() if places}
    for name in chosen.names:
        if chosen.json:
            print(json.dumps(_answer(name, found[name]), ensure_ascii=False))
        elif found[name]:
            print(_line(name, found[name]))
        if not found[name]:
            problem = problems.get(name) or _unknown(name, chosen.country, finder)
            print(f"geo: {name!r}: {problem}", file=sys.stderr)
    return 0 if all(found.values()) else 2


def _near(words: Sequence[str], finder: PlaceFinder) -> tuple[LonLat | None, list[str]]:
    """Read what the names are near to, and the names that stand after a pair of numbers."""
    if not words:
        return None, []
    try:
        lat, lon = (float(word) for word in words[:2])
    except ValueError:
        name = " ".join(words)
        place = finder.place(name)
        if place is None:
            raise PlaceError(f"No place {name!r} is known for the names to be near to. Check the spelling.") from None
        if place.doubtful:
            print(f"note: near is read as {place.name}, {place.country or place.kind}, doubtful", file=sys.stderr)
        return place.lonlat, []
    return check_lonlat(lon, lat), list(words[2:])


def open_corrections(path: Path | None) -> Corrections | None:
    """Open the corrections that a command line names.

    Args:
        path: A dossier's folder or its `corrections.csv`; None where no such word is given.

    Returns:
        The corrections, or None.

    Raises:
        MissingFileError: There is nothing at this path.
    """
    if path is None:
        return None
    from geo.places.corrections import Corrections

    if not path.exists():
        raise MissingFileError(f"There is no {path}. Give a dossier's folder or its corrections.csv.")
    return Corrections.open(path)


def _unknown(name: str, country: str | None, finder: PlaceFinder) -> str:
    elsewhere = finder.candidates(name, limit=1) if country else []
    if elsewhere:
        return f"no place of this name is known in {country}. {elsewhere[0].name} is in {elsewhere[0].country}."
    return "no place of this name is known. Check the spelling."


def _is_known(places: Sequence[Place]) -> bool:
    # A slip or a part of a name that is doubtful is only what came nearest to it.
    return bool(places) and not (places[0].doubtful and places[0].match in ("misspelling", "part"))


def _online(
    chosen: argparse.Namespace, names: Sequence[str], corrections: Corrections | None, near: LonLat | None
) -> dict[str, list[Place]]:
    from geo.places.online import OnlineChain

    asked = [name for name in names if corrections is None or not corrections.is_refused(name)]
    chain = OnlineChain(
        [chosen.online],
        cache=chosen.cache or answers_file(),
        user_agent=chosen.user_agent or "",
        max_age_days=chosen.max_age,
    )
    answers = chain.ask_many(asked, country=chosen.country, near=near)
    for answer in answers:
        for notice in answer.notices:
            print(f"note: {notice.value}: {notice.message}", file=sys.stderr)
    return {answer.name: [answer.place] if answer.place else [] for answer in answers}


def _answer(name: str, found: Sequence[Place]) -> dict[str, Any]:
    told = [{"place": place.name, **{key: _plain(getattr(place, key)) for key in _ANSWER}} for place in found[:_SHOWN]]
    best = told[0] if told else dict.fromkeys(("place", *_ANSWER))
    return {"name": name, **best, "alternatives": told[1:]}


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


def _line(name: str, found: Sequence[Place]) -> str:
    best = found[0]
    country = f", {best.country}" if best.country else ""
    doubt = "doubtful, " if best.doubtful else ""
    more = "at least " if len(found) >= _MOST else ""
    others = f"; {more}{count(len(found) - 1, 'other place')} it may mean" if len(found) > 1 else ""
    reach = "" if isnan(best.radius_km) else f"within {best.radius_km:.3g} km, "
    why = f" ({'; '.join(best.reasons)})" if best.reasons else ""
    return (
        f"{name}: {best.name}{country} ({best.kind}) at {best.lat:.4f}, {best.lon:.4f}, "
        f"{reach}{doubt}{best.confidence:.0%} sure{why}{others}"
    )


def _build(chosen: argparse.Namespace) -> int:
    from geo.places.geonames import build_gazetteer

    if chosen.min_population < 0:
        raise FormatError(f"{chosen.min_population} is no number of inhabitants. Give 0 or more.")
    built = build_gazetteer(chosen.geonames, chosen.output, min_population=chosen.min_population)
    for fault in built.faults:
        print(f"note: {fault}", file=sys.stderr)
    if chosen.json:
        numbers = ("places", "names", "rows", "left_out", "broken")
        print(json.dumps({"folder": str(built.folder), **{name: getattr(built, name) for name in numbers}}))
    else:
        print(f"{built.folder}: {count(built.places, 'place')}, {count(built.names, 'name')}")
        print(f"Of {count(built.rows, 'row')} {built.left_out:,} were left out, {built.broken:,} could not be read.")
        print(f"To use it, set the environment variable RUTTER_GAZETTEER to {built.folder.resolve()}")
    return 0
