"""From a place as written to candidates: the readings are tried from the most literal to the loosest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.geodesy import WGS84, distance_km, midpoint
from geo.places import written
from geo.places.gazetteer import CODE, Gazetteer
from geo.places.names import is_code, key
from geo.places.rank import Candidate, is_ours, order, weigh
from geo.types import LonLat, Place

_MAX_LENGTH = 300  # a place as somebody writes it; longer texts are prose
_MAX_DEPTH = 4
_CONTAINERS = 5
_IN_TOWN_KM = 30.0  # how far from a town's edge a thing still counts as being in it
_BESIDE_KM = 25.0
_LOOSER = 0.9  # what each loosening of a reading costs in confidence
_WITH_SIDES = frozenset(
    ("country", "province", "region", "continent", "ocean", "sea", "gulf", "bay", "strait", "island", "desert")
)
_CITY_WITH_SIDES = 500_000


@dataclass(frozen=True)
class Asked:
    """What is known besides the name.

    Args:
        gazetteer: Where to look.
        country: ISO 3166-1 alpha-2 code the place must lie in, or empty.
        near: (longitude, latitude) in degrees of something it is likely to be close to.
    """

    gazetteer: Gazetteer
    country: str = ""
    near: LonLat | None = None


def resolve(text: str, asked: Asked) -> list[Candidate]:
    """List the candidates for what a text may mean.

    Args:
        text: A place as somebody wrote it.
        asked: Where to look, and what is known besides.

    Returns:
        The candidates, likeliest first, not yet settled; empty where none is known.

    Raises:
        CoordinateError: The text holds coordinates that are not on the Earth.
    """
    text = " ".join(text.split())
    if not text:
        return []
    if at := written.coordinates(text):
        lon, lat = at.lonlat
        name = f"point:{lat:.5f},{lon:.5f}"
        point = Place(name, text, lon, lat, "coordinate", "", at.radius_km, 1.0, at.written)
        return [Candidate(point, 1.0, 1.0)]
    return order(_read(text, asked, _MAX_DEPTH)) if len(text) <= _MAX_LENGTH else []


def _read(text: str, asked: Asked, depth: int) -> list[Candidate]:
    if depth == 0:
        return []
    for reading in _READINGS:
        if found := reading(text, asked, depth - 1):
            return found
    return []


def _literal(text: str, asked: Asked, depth: int) -> list[Candidate]:
    capitals = is_code(text)
    return [
        weigh(hit, entry, near=asked.near)
        for hit, entry in asked.gazetteer.entries(asked.gazetteer.find(key(text)))
        if (hit.sort != CODE or capitals) and (not asked.country or entry.country in ("", asked.country))
    ]


def _bracketed(text: str, asked: Asked, depth: int) -> list[Candidate]:
    outer, inner = written.brackets(text)
    if not inner or not outer:
        return []
    found = _read(outer, asked, depth)
    for part in inner:
        containers = _containers(part, asked, depth)
        found = _within(found, containers) or found
    return found


def _listed(text: str, asked: Asked, depth: int) -> list[Candidate]:
    head, comma, tail = text.partition(",")
    if not comma or not head.strip() or not tail.strip(" ,"):
        return []
    return _within(_read(head.strip(), asked, depth), _containers(tail.strip(" ,"), asked, depth))


def _containers(text: str, asked: Asked, depth: int) -> list[Candidate]:
    # Where a container lies is settled by the name in front of it, not by what that name is near.
    return order(_read(text, replace(asked, near=None), depth))[:_CONTAINERS]


def _within(found: Sequence[Candidate], containers: Sequence[Candidate]) -> list[Candidate]:
    kept = []
    total = sum(container.weight for container in containers)
    for candidate in found:
        holding = [container.weight for container in containers if _lies_in(candidate, container)]
        if holding:
            kept.append(replace(candidate, weight=candidate.weight * max(holding) / total))
    return kept


def _lies_in(candidate: Candidate, container: Candidate) -> bool:
    inside, outside = candidate.place, container.place
    if inside.place_id == outside.place_id:
        return False
    if outside.kind == "country" and inside.country:
        return inside.country == outside.country
    if outside.kind == "province" and candidate.admin1 == container.admin1 != "":
        return True
    if outside.kind == "province" and candidate.admin1 and not is_ours(inside.place_id):
        return False
    if outside.country and inside.country and outside.country != inside.country:
        return False
    reach = 1.3 * outside.radius_km + _IN_TOWN_KM
    if inside.kind in ("country", "continent", "ocean", "sea", "region", "province"):
        reach = outside.radius_km - inside.radius_km / 2
    return distance_km(inside.lonlat, outside.lonlat) <= reach


def _beside(text: str, asked: Asked, depth: int) -> list[Candidate]:
    about = written.qualified(text)
    if about is None:
        return []
    found = _read(about.name, asked, depth)
    if about.bare:
        found = [candidate for candidate in found if _has_sides(candidate.place)]
    return [_moved(candidate, about, text, asked.gazetteer) for candidate in found]


def _has_sides(place: Place) -> bool:
    # `South London` is a part of London, but `South Bend` is a town of its own, known or not.
    return place.kind in _WITH_SIDES or place.population >= _CITY_WITH_SIDES


def _moved(candidate: Candidate, about: written.Qualified, text: str, gazetteer: Gazetteer) -> Candidate:
    place = candidate.place
    lonlat, radius = place.lonlat, place.radius_km
    sea = gazetteer.seas.get(place.place_id)
    if about.bearing is not None and not about.outside and sea is not None:
        lonlat, radius = part_of(sea, about.bearing)
    elif about.bearing is not None:
        step = radius + _BESIDE_KM if about.outside else radius / 2
        lon, lat, _ = WGS84.fwd(*place.lonlat, about.bearing, step * 1000)
        lonlat, radius = (lon, lat), step if about.outside else max(0.7 * radius, 1.0)
    elif about.outside:
        radius += _BESIDE_KM
    if lonlat == place.lonlat and radius == place.radius_km:
        return candidate
    lon, lat = lonlat
    moved = replace(place, place_id=f"{place.place_id}#{key(text)}", name=text, lon=lon, lat=lat, radius_km=radius)
    return replace(candidate, place=replace(moved, kind="area"), quality=candidate.quality * _LOOSER)


def part_of(sea: BaseGeometry, bearing: float) -> tuple[LonLat, float]:
    """Find the middle of one side of a sea.

    Args:
        sea: Its polygon, degrees, cut at 180.
        bearing: Which side, degrees clockwise from north.

    Returns:
        (longitude, latitude) of a point in that part, degrees, and the radius in km of a disc of the part's area.
    """
    whole = unwrapped(sea)
    west, south, east, north = whole.bounds
    sideways, upward = math.sin(math.radians(bearing)), math.cos(math.radians(bearing))
    if sideways > 0.3:
        west = (west + east) / 2
    elif sideways < -0.3:
        east = (west + east) / 2
    if upward > 0.3:
        south = (south + north) / 2
    elif upward < -0.3:
        north = (south + north) / 2
    part = shapely.clip_by_rect(whole, west, south, east, north)
    part = part if not part.is_empty else whole
    middle = part.centroid if part.contains(part.centroid) else part.representative_point()
    area, _ = WGS84.geometry_area_perimeter(part)
    return ((middle.x + 180) % 360 - 180, middle.y), math.sqrt(abs(area) / math.pi) / 1000


def unwrapped(area: BaseGeometry) -> BaseGeometry:
    """Join an area that was cut at 180 degrees, by letting its longitudes run past 180.

    Args:
        area: A polygon or several, longitudes -180 to 180.

    Returns:
        The area in one piece, or unchanged where it does not touch 180 degrees from both sides.
    """
    if not isinstance(area, MultiPolygon):
        return area
    moved = [shapely.transform(p, _past_180) if p.bounds[0] == -180 and p.bounds[2] < 180 else p for p in area.geoms]
    return shapely.union_all([part for part in moved if isinstance(part, Polygon)])


def _past_180(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.add(points, (360.0, 0.0))


def _joined(text: str, asked: Asked, depth: int) -> list[Candidate]:
    parts = written.joined(text)
    found = [order(_read(part, asked, depth)) for part in parts]
    if len(parts) < 2 or not all(found):
        return []
    area = found[0][0]
    for other in (candidates[0] for candidates in found[1:]):
        a, b = area.place, other.place
        apart = distance_km(a.lonlat, b.lonlat)
        if apart > 1.5 * (a.radius_km + b.radius_km) + 2 * _IN_TOWN_KM:
            return []
        place = _spanning(a, b, apart)
        area = Candidate(place, min(area.weight, other.weight), min(area.quality, other.quality) * _LOOSER)
    return [replace(area, place=replace(area.place, name=text, place_id=f"area:{key(text)}"))]


def _spanning(a: Place, b: Place, apart_km: float) -> Place:
    middle = midpoint(a.lonlat, b.lonlat)
    return Place(
        place_id=f"{a.place_id}+{b.place_id}",
        name=f"{a.name}, {b.name}",
        lon=middle[0],
        lat=middle[1],
        kind="area",
        country=a.country if a.country == b.country else "",
        radius_km=apart_km / 2 + max(a.radius_km, b.radius_km),
        confidence=min(a.confidence, b.confidence),
        matched=f"{a.matched}, {b.matched}",
        population=a.population + b.population,
    )


def _by_kind(text: str, asked: Asked, depth: int) -> list[Candidate]:
    for reading in written.generic(text):
        found = [
            replace(
                candidate,
                place=replace(candidate.place, radius_km=candidate.place.radius_km + reading.widen_km),
                quality=candidate.quality * _LOOSER,
            )
            for candidate in _read(reading.name, asked, depth)
            if not reading.kinds or candidate.place.kind in reading.kinds
        ]
        if found:
            return found
    return []


_READINGS: tuple[Callable[[str, Asked, int], list[Candidate]], ...] = (
    _literal,
    _bracketed,
    _joined,
    _listed,
    _by_kind,
    _beside,
)
