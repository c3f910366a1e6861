"""From a place as written to candidates: the readings are tried from the most literal to the loosest."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from geo.geodesy import distance_km, distances_km, midpoint, wgs84
from geo.places import written
from geo.places.area import part_of
from geo.places.asked import Asked
from geo.places.features import WITH_SIDES
from geo.places.gazetteer import Gazetteer
from geo.places.names import key
from geo.places.not_places import says_no_place
from geo.places.pool import Floats, Match, Pool, corrected, join, literal
from geo.places.rank import best_first, plain_score, soft
from geo.places.typos import misspelt
from geo.types import Place, PlaceQuery

_MAX_LENGTH = 300  # a place as somebody writes it; longer texts are prose
_MAX_DEPTH = 4
_CONTAINERS = 5
_CONTAINER_WORDS = 3
_IN_TOWN_KM = 30.0  # how far from a town's edge a thing still counts as being in it
_BESIDE_KM = 25.0
_TO_THE_MIDDLE_OF_HALF = 4 / (3 * math.pi)  # of the radius: where the centroid of half a disc lies
_LOOSER = 0.9  # what each loosening of a reading costs
_CITY_WITH_SIDES = 500_000
_LARGE = ("country", "continent", "ocean", "sea", "region", "province")

Reading = Callable[[str, PlaceQuery, Gazetteer, int], Pool]


def gather(asked: Asked, gazetteer: Gazetteer) -> Pool:
    """List the candidates for many names: those that bear the name, or else what a looser reading gives.

    Args:
        asked: The names; shape (n,).
        gazetteer: Where to look.

    Returns:
        The candidates in the order of the names; none for a name that is unknown.

    Raises:
        CoordinateError: A text holds coordinates that are not on the Earth.
    """
    found = literal(asked, gazetteer)
    known = np.bincount(found.asked, minlength=len(asked)) > 0
    looser = [
        replace(pool, asked=np.full(len(pool), number))
        for number in np.flatnonzero(~known).tolist()
        if not says_no_place(key(asked.names[number])) and len(pool := resolve(asked[number], gazetteer))
    ]
    return join([found, *looser]) if looser else found


def resolve(asked: PlaceQuery, gazetteer: Gazetteer) -> Pool:
    """List the candidates for what one text may mean.

    Args:
        asked: A place as somebody wrote it, and what is known besides.
        gazetteer: Where to look.

    Returns:
        The candidates; none where the text is unknown.

    Raises:
        CoordinateError: The text holds coordinates that are not on the Earth.
    """
    text = " ".join(asked.name.split())
    if text and (at := written.coordinates(text)):
        lon, lat = at.lonlat
        place = Place(f"point:{lat:.5f},{lon:.5f}", text, lon, lat, "coordinate", "", at.radius_km, 1.0, at.written)
        return _standing_for(Pool.empty(), place, Match.COORDINATES)
    return _read(text, asked, gazetteer, _MAX_DEPTH) if 0 < len(text) <= _MAX_LENGTH else Pool.empty()


def _read(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    found = Pool.empty()
    for reading in _READINGS if depth > 0 else ():
        found = reading(text, asked, gazetteer, depth - 1)
        if len(found):
            break
    return found


def _part(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    # Of the whole name, its other meanings are still told beside what the user said; in `near X`, X is what they said.
    said = corrected(text, gazetteer)
    return _read(text, asked, gazetteer, depth) if said is None else said


def _literal(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    said = corrected(text, gazetteer) if depth < _MAX_DEPTH - 1 else None
    return literal(Asked.of([asked._replace(name=text)]), gazetteer) if said is None else said


def _bracketed(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    outer, inner = written.brackets(text)
    if not inner or not outer:
        return Pool.empty()
    found = _part(outer, asked, gazetteer, depth)
    for part in inner:
        containers = _containers(part, asked, gazetteer, depth)
        large = containers.take(gazetteer.kind.are(containers.row, ("country", "province")))
        inside = within(found, containers, gazetteer)
        if len(inside) or len(large):
            # A country or division that holds no such place says that another is meant: `Korea (DPRK)`.
            found = inside if len(inside) else large.take(np.isin(large.row, found.row))
    return found


def _listed(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    head, comma, tail = text.partition(",")
    if not comma or not head.strip() or not tail.strip(" ,"):
        return Pool.empty()
    containers = _containers(tail.strip(" ,"), asked, gazetteer, depth)
    return (
        within(_part(head.strip(), asked, gazetteer, depth), containers, gazetteer) if len(containers) else containers
    )


def _trailed(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    # `Paris Texas`, `Moscow ID`: the last words name a country or division that holds what the first ones name.
    words = text.split()
    for size in range(1, min(len(words), _CONTAINER_WORDS + 1)):
        containers = _literal(" ".join(words[-size:]), asked._replace(country=""), gazetteer, depth - 1)
        containers = containers.take(gazetteer.kind.are(containers.row, ("country", "province")))
        inside = _literal(" ".join(words[:-size]), asked, gazetteer, depth - 1)
        if len(containers) and len(found := within(inside, containers, gazetteer)):
            return found.loosened(_LOOSER)
    return Pool.empty()


def _containers(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    return best_first(_part(text, asked, gazetteer, depth), gazetteer).take(np.s_[:_CONTAINERS])


def within(found: Pool, containers: Pool, gazetteer: Gazetteer) -> Pool:
    """Keep what lies in one of several places, at a cost where that place is not the likeliest.

    Args:
        found: Candidates for the inner name.
        containers: Candidates for the outer name.
        gazetteer: Where both come from.

    Returns:
        The candidates that lie in a container.
    """
    share = share_within(found, containers, chances(containers, gazetteer), gazetteer)
    kept = share > 0
    return found.take(kept).loosened(share[kept])


def chances(containers: Pool, gazetteer: Gazetteer) -> Floats:
    """Say how likely each candidate for an outer name is, with nothing known of what surrounds it.

    Args:
        containers: Candidates for one outer name or more; shape (n,).
        gazetteer: Where they come from.

    Returns:
        Chances whose sum is 1 for each name; shape (n,).
    """
    return soft(containers.asked, plain_score(containers, gazetteer))


def share_within(found: Pool, containers: Pool, likely: Floats, gazetteer: Gazetteer) -> Floats:
    """Say which candidates lie in one of several places, and how likely that place is among those that hold any.

    Args:
        found: Candidates for the inner name; shape (n,).
        containers: Candidates for the outer name; shape (m,).
        likely: The chance of each of these; shape (m,).
        gazetteer: Where both come from.

    Returns:
        The chance of the likeliest place that holds the candidate, 0 where none does; shape (n,).
    """
    share = np.zeros(len(found))
    holding = [_lies_in(found, containers, number, gazetteer) for number in range(len(containers))]
    # `ID` is Indonesia far more often than Idaho, but not after a name that no place in Indonesia has.
    total = sum(chance for chance, held in zip(likely.tolist(), holding, strict=True) if held.any())
    for chance, held in zip(likely.tolist(), holding, strict=True):
        share = np.maximum(share, np.where(held, chance / max(total, 1e-9), 0.0))
    return share


def _lies_in(found: Pool, containers: Pool, number: int, gazetteer: Gazetteer) -> npt.NDArray[np.bool_]:
    outer = int(containers.row[number])
    kind, radius = gazetteer.kind[outer], float(containers.radius_km[number])
    country = gazetteer.country.codes[found.row]
    nowhere = gazetteer.country.words.index("")
    same_country = country == gazetteer.country.codes[outer]
    away = distances_km(float(containers.lon[number]), float(containers.lat[number]), found.lon, found.lat)
    large = gazetteer.kind.are(found.row, _LARGE)
    near = away <= np.where(large, radius - found.radius_km / 2, 1.3 * radius + _IN_TOWN_KM)
    abroad = (country != nowhere) & ~same_country & bool(gazetteer.country[outer])
    inside = near & ~abroad
    if kind == "country":
        inside = np.where(country != nowhere, same_country, near)
    elif kind == "province":
        admin = gazetteer.admin1.codes[found.row]
        stated = (admin != gazetteer.admin1.words.index("")) & ~gazetteer.curated[found.row]
        same = (admin == gazetteer.admin1.codes[outer]) & bool(gazetteer.admin1[outer])
        inside = same | (inside & ~stated)
    held: npt.NDArray[np.bool_] = inside & (found.row != outer)
    return held


def _joined(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    parts = written.joined(text)
    found = [best_first(_part(part, asked, gazetteer, depth), gazetteer) for part in parts]
    if len(parts) < 2 or not all(len(pool) for pool in found):
        return Pool.empty()
    firsts = [pool.places(gazetteer)[0] for pool in found]
    area = firsts[0]
    for other in firsts[1:]:
        apart = distance_km(area.lonlat, other.lonlat)
        if apart > 1.5 * (area.radius_km + other.radius_km) + 2 * _IN_TOWN_KM:
            return Pool.empty()
        area = _spanning(area, other, apart)
    named = replace(area, name=text, place_id=f"area:{key(text)}")
    return _standing_for(found[0], named, Match.PART).loosened(_LOOSER ** (len(parts) - 1))


def _spanning(a: Place, b: Place, apart_km: float) -> Place:
    lon, lat = midpoint(a.lonlat, b.lonlat)
    return replace(
        a,
        lon=lon,
        lat=lat,
        kind="area",
        country=a.country if a.country == b.country else "",
        radius_km=apart_km / 2 + max(a.radius_km, b.radius_km),
        matched=f"{a.matched}, {b.matched}",
        population=a.population + b.population,
    )


def _standing_for(base: Pool, place: Place, match: Match) -> Pool:
    return (base.take(np.s_[:1]) if len(base) else Pool.point()).moved_to([place], match)


def _by_kind(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    for reading in written.generic(text):
        found = _part(reading.name, asked, gazetteer, depth)
        if reading.widen_km:  # neither the thing nor the name is known: too little to go by
            found = found.take(found.match != Match.MISSPELLING)
        for labels, meant in ((gazetteer.kind, reading.kinds), (gazetteer.country, reading.countries)):
            found = found.take(labels.are(found.row, meant)) if meant else found
        if len(found):
            return found.widened(reading.widen_km).loosened(reading.cost, Match.PART if reading.widen_km else None)
    return Pool.empty()


def _spelt_out(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    longer = written.spelt_out(text)
    return _read(longer, asked, gazetteer, depth) if longer != text else Pool.empty()


def _beside(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    about = written.qualified(text)
    if about is None:
        return Pool.empty()
    found = _part(about.name, asked, gazetteer, depth)
    if about.bare:
        # `South London` is a part of London, but `South Bend` is a town of its own, known or not.
        sided = gazetteer.kind.are(found.row, WITH_SIDES) | (gazetteer.population[found.row] >= _CITY_WITH_SIDES)
        found = found.take(sided)
    moved = [_moved(place, about, text, gazetteer) for place in found.places(gazetteer)]
    changed = any(before is not after for before, after in zip(found.places(gazetteer), moved, strict=True))
    return found.moved_to(moved, Match.PART).loosened(_LOOSER) if changed else found


def _moved(place: Place, about: written.Qualified, text: str, gazetteer: Gazetteer) -> Place:
    lonlat, radius = place.lonlat, place.radius_km
    sea = gazetteer.seas.get(place.place_id)
    if about.bearing is not None and not about.outside and sea is not None:
        lonlat, radius = part_of(sea, about.bearing)
    elif about.bearing is not None:
        step = radius + _BESIDE_KM if about.outside else _TO_THE_MIDDLE_OF_HALF * radius
        lon, lat, _ = wgs84().fwd(*place.lonlat, about.bearing, step * 1000)
        lonlat, radius = (lon, lat), step if about.outside else max(0.7 * radius, 1.0)
    elif about.outside:
        radius += _BESIDE_KM
    if lonlat == place.lonlat and radius == place.radius_km:
        return place
    lon, lat = lonlat
    place_id = f"{place.place_id}#{key(text)}"
    return replace(place, place_id=place_id, name=text, lon=lon, lat=lat, radius_km=radius, kind="area")


_READINGS: tuple[Reading, ...] = (
    _literal,
    _spelt_out,
    _bracketed,
    _joined,
    _listed,
    _trailed,
    _by_kind,
    _beside,
    misspelt,
)
