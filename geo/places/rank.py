"""Which of several places of one name is meant, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.geodesy import distance_km, distances_km
from geo.places.gazetteer import ALIAS, ALTERNATE, CODE, MAIN, Entry, Hit
from geo.types import LonLat, Place

# How often a place is written about goes with its inhabitants; what has none gets as many as a town of like fame.
_FAME_BY_KIND = {
    "continent": 2e8,
    "ocean": 1e8,
    "sea": 3e7,
    "region": 1.5e7,
    "gulf": 5e6,
    "strait": 5e6,
    "canal": 5e6,
    "bay": 3e6,
    "desert": 3e6,
    "mountain": 1e6,
    "river": 1e6,
    "island": 1e6,
    "city": 3e5,
    "district": 1e5,
}
_FAME_OF_SITE = 3e6
_LEAST_FAME = 100.0
# A country is named more often than its size says, a division less often than the town it is called after.
_FACTOR_BY_KIND = {"country": 20.0, "province": 0.15, "district": 0.03}
_CAPITAL_FACTOR = 10.0
_FACTOR_BY_SORT = {MAIN: 1.0, ALIAS: 1.0, ALTERNATE: 0.15, CODE: 1.0}
_QUALITY_BY_SORT = {MAIN: 0.97, ALIAS: 0.97, ALTERNATE: 0.9, CODE: 0.9}
_CONTRAST = 0.8  # below 1: fame tells less than it seems to
_SAME_SPOT_KM = 40.0  # two candidates as near as this do not compete: a town and the district around it
_NEAR_SCALE_KM = 150.0
_NEAR_FACTOR = 60.0


@dataclass(frozen=True)
class Candidate:
    """One place a name may mean.

    Args:
        place: The place; its confidence is set by `settle`.
        weight: How likely it is against the others, in no unit.
        quality: How well the name fits, 0 to 1, if it had no namesake.
        admin1: GeoNames code of the first-level division it lies in, or empty.
    """

    place: Place
    weight: float
    quality: float
    admin1: str = ""


def is_ours(place_id: str) -> bool:
    """Tell whether a place comes from the curated files.

    Args:
        place_id: Identifier as the gazetteer gives it.

    Returns:
        True for our own places, False for those of GeoNames.
    """
    return place_id.startswith("rutter:")


def weigh(hit: Hit, entry: Entry, *, near: LonLat | None = None) -> Candidate:
    """Turn a hit into a candidate, by kind, inhabitants, how the name belongs to it and what it is near to.

    Args:
        hit: The name that matched.
        entry: The place it belongs to.
        near: (longitude, latitude) in degrees of something it is likely to be close to.

    Returns:
        The candidate, with a confidence that does not yet know of namesakes.
    """
    fame = entry.population * _FACTOR_BY_KIND.get(entry.kind, 1.0) * (_CAPITAL_FACTOR if entry.capital else 1.0)
    if not entry.population:
        fame = _FAME_BY_KIND.get(entry.kind, _FAME_OF_SITE) if is_ours(entry.place_id) else _LEAST_FAME
    fame *= _FACTOR_BY_SORT[hit.sort]
    if near is not None:
        away = max(distance_km(near, (entry.lon, entry.lat)) - entry.radius_km, 0.0)
        fame *= 1.0 + _NEAR_FACTOR / (1.0 + (away / _NEAR_SCALE_KM) ** 2)
    place = Place(
        place_id=entry.place_id,
        name=entry.name,
        lon=entry.lon,
        lat=entry.lat,
        kind=entry.kind,
        country=entry.country,
        radius_km=entry.radius_km,
        confidence=_QUALITY_BY_SORT[hit.sort],
        matched=hit.written,
        population=entry.population,
    )
    return Candidate(place, fame**_CONTRAST, _QUALITY_BY_SORT[hit.sort], entry.admin1)


def order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Put the likeliest first, always in the same way.

    Args:
        candidates: Candidates in any order.

    Returns:
        The candidates by falling weight, then by `place_id`.
    """
    return sorted(candidates, key=lambda candidate: (-candidate.weight, candidate.place.place_id))


def settle(candidates: Sequence[Candidate], *, limit: int) -> list[Place]:
    """Set the confidence of the first candidates, by their share of the weight of all that lie elsewhere.

    Args:
        candidates: All candidates for one name, likeliest first.
        limit: For how many of them.

    Returns:
        Their places, in the same order.
    """
    lon = np.array([candidate.place.lon for candidate in candidates])
    lat = np.array([candidate.place.lat for candidate in candidates])
    weights = np.array([candidate.weight for candidate in candidates])
    places = []
    for candidate in candidates[:limit]:
        elsewhere = distances_km(candidate.place.lon, candidate.place.lat, lon, lat) > _SAME_SPOT_KM
        part = candidate.weight / (candidate.weight + float(weights[elsewhere].sum()))
        places.append(replace(candidate.place, confidence=round(candidate.quality * part, 3)))
    return places
