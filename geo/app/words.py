"""Places in words: what and where one is, how sure a reading is, and why."""

from __future__ import annotations

import re
from functools import cache
from math import isnan

import numpy as np

from geo.geodesy import KM_PER_DEGREE
from geo.places.finder import default_finder
from geo.types import DOUBTFUL, Bounds, Place

_SURE = ((0.9, "very likely"), (0.7, "likely"), (DOUBTFUL, "more likely than not"))
_LEAST_SIGHT_KM = 12.0
_MOST_LAT = 84.0


def literally(text: str) -> str:
    """Write a text so that Markdown shows it as it is.

    Args:
        text: Any text of the data.

    Returns:
        The text with what Markdown would act on taken literally.
    """
    return re.sub(r"([\\`*_{}\[\]<>()#+!|$~:-])", r"\\\1", " ".join(text.split()))


def whereabouts(place: Place) -> str:
    """Say what a place is and where: `city, Texas, United States`.

    Args:
        place: A place.

    Returns:
        Its kind, its first-level division where the gazetteer knows it, and its country.
    """
    if _is_point(place):
        return f"at {place.lat:.4f}, {place.lon:.4f}"
    province = _province(place.lon, place.lat, place.country) if place.kind not in ("country", "province") else ""
    parts = [place.kind, province, country_name(place.country)]
    return ", ".join(dict.fromkeys(part for part in parts if part and part != place.name))


def label(place: Place) -> str:
    """Name a place so that it is told from its namesakes: `Paris, Texas, United States`.

    Args:
        place: A place.

    Returns:
        Its name and where it is; its coordinates where it has no name.
    """
    name = place.name or place.matched
    if place.kind == "coordinate":
        return f"{place.lat:.4f}, {place.lon:.4f}"
    if _is_point(place):
        return f"{name} {whereabouts(place)}"
    return ", ".join([name, *whereabouts(place).split(", ")[1:]])


def _is_point(place: Place) -> bool:
    return place.kind == "coordinate" or place.place_id.startswith("point:")


def surety(place: Place) -> str:
    """Say how sure a reading is.

    Args:
        place: A place as it was found.

    Returns:
        Words and a percentage, or whose word it is; a doubtful one is marked as such beside this.
    """
    if place.match == "correction":
        return "your correction"
    words = next((words for least, words in _SURE if place.confidence >= least), None)
    return f"{words} ({place.confidence:.0%})" if words else f"{place.confidence:.0%} sure"


def why(place: Place) -> str:
    """Say what speaks for a reading.

    Args:
        place: A place as it was found.

    Returns:
        The reasons, divided by semicolons; how many live there where no other is known.
    """
    if place.match == "correction" or place.reasons or not place.population:
        return "; ".join(place.reasons)
    return f"{place.population:,} inhabitants"


def reach(place: Place) -> str:
    """Say how far off a point may be.

    Args:
        place: A place.

    Returns:
        `within about 12 km`, empty where it is not known.
    """
    if isnan(place.radius_km) or place.radius_km <= 0:
        return ""
    return f"within about {place.radius_km:,.0f} km" if place.radius_km >= 1 else "to within 1 km"


def sight(place: Place) -> Bounds:
    """Give the box to look at a place in.

    Args:
        place: A place.

    Returns:
        (west, south, east, north) in degrees around its radius; west > east across 180 degrees.
    """
    km = max(_LEAST_SIGHT_KM, 0.0 if isnan(place.radius_km) else place.radius_km)
    high = km / KM_PER_DEGREE
    south, north = max(-_MOST_LAT, place.lat - high), min(_MOST_LAT, place.lat + high)
    widest = np.cos(np.radians(min(_MOST_LAT, max(abs(south), abs(north)))))
    wide = min(179.0, high / float(widest))
    return (_wrapped(place.lon - wide), south, _wrapped(place.lon + wide), north)


def _wrapped(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


def country_name(code: str) -> str:
    """Name a country.

    Args:
        code: ISO 3166-1 alpha-2 code, or empty.

    Returns:
        Its usual name, or the code where it is unknown.
    """
    return _countries().get(code, code)


@cache
def _countries() -> dict[str, str]:
    gazetteer = default_finder().gazetteer
    rows = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["country"])).tolist()
    return {gazetteer.country[row]: gazetteer.entry(row).name for row in reversed(rows)}


@cache
def _provinces() -> dict[str, str]:
    gazetteer = default_finder().gazetteer
    rows = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["province"])).tolist()
    return {gazetteer.admin1[row]: gazetteer.entry(row).name for row in reversed(rows) if gazetteer.admin1[row]}


def _province(lon: float, lat: float, country: str) -> str:
    gazetteer = default_finder().gazetteer
    here = np.flatnonzero((gazetteer.lon == lon) & (gazetteer.lat == lat)).tolist()
    units = [gazetteer.admin1[row] for row in here if gazetteer.country[row] == country]
    return next((_provinces()[unit] for unit in units if unit in _provinces()), "")
