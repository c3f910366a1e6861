"""What people write in a form, as cells of a row: dates in words, places by name or point, the line of a route."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import pandas as pd
from shapely.geometry import Point

from geo.edits import Row
from geo.errors import DateError, NoRouteError
from geo.following import BY_HAND
from geo.geodesy import COORDINATE_DECIMALS
from geo.news.dates import find_dates
from geo.timeline import hull, iso_utc, parse_date, write_date
from geo.types import Interval, Layer, Mode, Place, Route

POINT_KM = 1.0  # how far off a click on the map may be
TOGETHER = (
    frozenset({"start", "end", "precision"}),
    frozenset({"depart", "arrive", "precision", "dated_by"}),
    frozenset({"place", "place_id", "radius_km", "geometry"}),
    frozenset(
        {"origin", "origin_id", "destination", "destination_id", "via", "mode", "geometry", "length_km", "passages"}
    ),
)
"""Columns that say one thing together: who changes one of them means all."""

_LITTLE = re.compile(r"\b(on|in|at|the|of|during|from)\b|[\s.,;:]+", re.IGNORECASE)


def read_when(text: str) -> Interval:
    """Read a date as people write it, in figures or in words.

    Args:
        text: `2024-03-24`, `2024-Q1`, `24 March 2024`, `spring 2023`, `5 to 9 May 2024` ...

    Returns:
        The stretch of time it covers, UTC, half-open, with its precision.

    Raises:
        DateError: It is no date, or one that needs to be guessed at.
    """
    try:
        return parse_date(text)
    except DateError as error:
        found = find_dates(text)
        if len(found) == 1 and found[0].interval is not None:
            rest = text[: found[0].start] + text[found[0].end :]
            if found[0].known:
                raise DateError(f"{text!r} may be read in more than one way: {found[0].known}.") from error
            if not _LITTLE.sub("", rest):
                return found[0].interval
        raise DateError(f"{error} Or in words: 24 March 2024, spring 2023.") from error


def event_dates(text: str) -> dict[str, Any]:
    """Give the cells of an event's date.

    Args:
        text: The date as written, or empty.

    Returns:
        `start`, `end` and `precision`.

    Raises:
        DateError: It is no date.
    """
    when = read_when(text) if text.strip() else None
    return {
        "start": when.start if when else None,
        "end": when.end if when else None,
        "precision": when.precision if when else "range",
    }


def route_dates(depart: str, arrive: str) -> dict[str, Any]:
    """Give the cells of a route's dates.

    Args:
        depart: When it left, as written, or empty.
        arrive: When it came, as written, or empty.

    Returns:
        `depart`, `arrive`, `precision`, and `dated_by` where one of them alone is known.

    Raises:
        DateError: One of them is no date, or it came before it left.
    """
    told = {name: read_when(text) for name, text in (("depart", depart), ("arrive", arrive)) if text.strip()}
    if not told:
        return {"depart": None, "arrive": None, "precision": "range", "dated_by": ""}
    ends = list(told.values())
    when = hull(ends[0], ends[-1])
    dated_by = next(iter(told)) if len(told) == 1 else ""
    return {"depart": when.start, "arrive": when.end, "precision": when.precision, "dated_by": dated_by}


def dates_as_written(layer: Layer, row: Row) -> dict[str, str]:
    """Write the dates of a row as `event_dates` and `route_dates` read them.

    Args:
        layer: The table the row is in.
        row: The row in plain values.

    Returns:
        `date` of an event, `depart` and `arrive` of a route.
    """
    first, last = (row["start"], row["end"]) if layer == "events" else (row["depart"], row["arrive"])
    names = ("date",) if layer == "events" else ("depart", "arrive")
    if not first or not last:
        return dict.fromkeys(names, "")
    when = Interval(pd.Timestamp(first), pd.Timestamp(last), row["precision"])
    if layer == "events":
        return {"date": write_date(when)}
    if row["dated_by"]:
        return {name: write_date(when) if name == row["dated_by"] else "" for name in names}
    until = when.end if when.precision == "exact" else max(when.start, when.end - pd.Timedelta(milliseconds=1))
    return {"depart": _written(when.start, when.precision), "arrive": _written(until, when.precision)}


def _written(at: pd.Timestamp, precision: str) -> str:
    day = f"{at.year:04d}-{at.month:02d}-{at.day:02d}"
    forms = {"year": day[:4], "quarter": f"{day[:4]}-Q{at.quarter}", "month": day[:7], "exact": iso_utc(at)}
    return forms.get(precision, day)


def point_place(name: str, lon: float, lat: float) -> Place:
    """Make a place of a click on the map.

    Args:
        name: What it is called.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.

    Returns:
        The place.
    """
    lon, lat = round(lon, 5), round(lat, 5)
    return Place(f"{BY_HAND}{lat:.5f},{lon:.5f}", name, lon, lat, "place", "", POINT_KM, 1.0, name)


def event_place(name: str, place: Place | None) -> dict[str, Any]:
    """Give the cells of an event's place.

    Args:
        name: The place as written.
        place: What it means, or None where that is not known.

    Returns:
        `place`, `place_id`, `radius_km` and `geometry`.
    """
    return {
        "place": name,
        "place_id": place.place_id if place else "",
        "radius_km": place.radius_km if place else nan,
        "geometry": Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)) if place else None,
    }


def route_line(
    names: Mapping[str, str], ends: tuple[Place | None, Place | None], found: Route | None
) -> dict[str, Any]:
    """Give the cells of a route's way.

    Args:
        names: `origin` and `destination` as written.
        ends: What they mean, or None where that is not known.
        found: The way between them, or None where there is none.

    Returns:
        `origin`, `destination`, their ids, and what the line is: `geometry`, `length_km`, `passages` and `basis`.
    """
    told: dict[str, Any] = {
        "geometry": found.line if found else None,
        "length_km": round(found.length_km, 3) if found else nan,
        "passages": "; ".join(found.passages) if found else "",
        "basis": "inferred",
    }
    for column, place in zip(("origin", "destination"), ends, strict=True):
        told |= {column: names[column], f"{column}_id": place.place_id if place else ""}
    return told


def way(origin: Place | None, destination: Place | None, mode: Mode, via: Sequence[Place]) -> tuple[Route | None, str]:
    """Find the way of a route.

    Args:
        origin: Where it begins, or None where that is not known.
        destination: Where it ends, likewise.
        mode: `sea`, `rail`, `road` or `air`.
        via: What it passes, in order.

    Returns:
        The way, and why there is none, in words.
    """
    if origin is None or destination is None:
        return None, ""
    from geo.planning import route  # ways are loaded when the first one is drawn

    try:
        return route(origin, destination, mode=mode, via=via), ""
    except NoRouteError as error:
        return None, f"No line is drawn: {error}"


def new_id(title: str, date: str) -> str:
    """Make an id for a new row, its own whoever adds another at the same time.

    Args:
        title: The row's title.
        date: When it was, ISO 8601, or empty.

    Returns:
        The date, the title and four digits.
    """
    words = "-".join(re.findall(r"\w+", title.casefold()))[:40].strip("-")
    return "-".join(filter(None, (date[:10], words, secrets.token_hex(2))))


def own_cells(seen: Row | None, after: Row) -> Row:
    """Give what somebody changed in a row, with what belongs to it.

    Args:
        seen: The row as they saw it; None where it is new.
        after: The row as they want it.

    Returns:
        The cells that they mean.
    """
    if seen is None:
        return after
    differing = {name for name, cell in after.items() if (cell or None) != (seen.get(name) or None)}
    for group in TOGETHER:
        if group & differing:
            differing |= group & after.keys()
    return {name: cell for name, cell in after.items() if name in differing}
