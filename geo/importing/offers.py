"""Coordinates that may be swapped or in another system: said, offered, never changed unasked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import CountryError
from geo.importing.cells import Cells
from geo.importing.mapping import Offer
from geo.importing.numbers import Floats
from geo.importing.where import Positions, transformer
from geo.places import default_finder
from geo.schema import CRS

_LOOKED_AT = 300  # positions
_MOST = 0.5
_NO_ANGLE = 1_000.0  # degrees that are wrong are not wrong by that much
_LEAST_OFF = 0.1  # fewer rows off the Earth are wrong cells
_NAMED = 40  # places that are looked up
_PLACE_KM = 100.0
_FEWEST = 3  # places, for one name may be another place of that name
_COUNTRY_KM = 300.0
_MERCATOR = "EPSG:3857"
_MERCATOR_LIMIT = 20_048_966.0
_UTM_EAST = (100_000.0, 900_000.0)
_UTM_NORTH = (0.0, 10_000_000.0)
_ZONES = 60


def find_offers(cells: Cells, positions: Positions) -> Iterator[Offer]:
    """Look whether positions make more sense read in another way.

    Args:
        cells: The cells they come from.
        positions: As they are written.

    Yields:
        Each other way that fits better, with the figures that speak for it.
    """
    x, y = _sample(positions)
    if not len(x) or cells.mapping.crs != CRS:
        return
    off = ~_on_earth(x, y)
    if off.mean() > _MOST:
        if _on_earth(y, x).mean() > 1 - _MOST and (np.abs(x) <= 90).mean() > _MOST:
            yield _swapped(cells, f"{off.mean():.0%} of the coordinates are not on the Earth as they are")
        elif _are_metres(x, y):
            yield from _projected(cells, x, y)
    elif off.mean() >= _LEAST_OFF and _on_earth(y[off], x[off]).all():
        yield _swapped(cells, f"{off.mean():.0%} of the coordinates are not on the Earth as they are")
    elif reason := _better_swapped(cells, positions, x, y):
        yield _swapped(cells, reason)


def _swapped(cells: Cells, reason: str) -> Offer:
    said = f"Latitude and longitude may be swapped: {reason}, and would be right the other way round."
    return Offer(said, cells.mapping.with_axes_swapped())


def _sample(positions: Positions) -> tuple[Floats, Floats]:
    points = shapely.get_coordinates(positions.geometry[~shapely.is_missing(positions.geometry)][: 10 * _LOOKED_AT])
    x = np.concatenate([positions.x[~np.isnan(positions.x)], points[:, 0]])
    y = np.concatenate([positions.y[~np.isnan(positions.y)], points[:, 1]])
    step = max(1, len(x) // _LOOKED_AT)
    return x[::step], y[::step]


def _on_earth(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((np.abs(x) <= 180) & (np.abs(y) <= 90))


def _are_metres(x: Floats, y: Floats) -> bool:
    return float(np.median(np.maximum(np.abs(x), np.abs(y)))) > _NO_ANGLE


def _better_swapped(cells: Cells, positions: Positions, x: Floats, y: Floats) -> str:
    both = (np.abs(x) <= 90) & (np.abs(y) <= 90) & ((x != 0) | (y != 0))
    if both.mean() <= _MOST:
        return ""
    return _by_country(cells, x[both], y[both]) or _by_place(cells, positions)


def _by_place(cells: Cells, positions: Positions) -> str:
    """Hold positions against the places that the rows name."""
    from geo.geodesy import distances_km

    shapes = positions.geometry
    points = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    x, y = (
        np.where(points, of(shapes), own) for of, own in ((shapely.get_x, positions.x), (shapely.get_y, positions.y))
    )
    names = cells.text("place")
    named = np.flatnonzero((names != "").to_numpy() & (np.abs(x) <= 90) & (np.abs(y) <= 90))
    named = named[:: max(1, len(named) // _NAMED)]
    found = [default_finder().place(name) for name in names.iloc[named]]
    known = [(row, place) for row, place in zip(named.tolist(), found, strict=True) if place and not place.doubtful]
    if len({place.place_id for _, place in known}) < _FEWEST:
        return ""
    rows = [row for row, _ in known]
    lon, lat = (np.array([getattr(place, axis) for _, place in known]) for axis in ("lon", "lat"))
    reach = np.array([max(_PLACE_KM, 1.5 * np.nan_to_num(place.radius_km)) for _, place in known])
    as_is, swapped = (
        float((distances_km(lon, lat, a, b) <= reach).mean()) for a, b in ((x[rows], y[rows]), (y[rows], x[rows]))
    )
    if as_is < 1 - _MOST and swapped > _MOST and swapped > as_is + 0.3:
        return f"{1 - as_is:.0%} of them lie far from the places that the rows name"
    return ""


def _by_country(cells: Cells, x: Floats, y: Floats) -> str:
    """Hold positions against the country that most rows state."""
    at = _country_point(cells)
    if at is None:
        return ""
    from geo.geodesy import distances_km

    lon, lat, radius_km, name = at
    reach = max(_COUNTRY_KM, 1.5 * radius_km)
    as_is, swapped = (float((distances_km(lon, lat, a, b) <= reach).mean()) for a, b in ((x, y), (y, x)))
    if as_is < 1 - _MOST and swapped > _MOST and swapped > as_is + 0.3:
        return f"{1 - as_is:.0%} of them lie outside {name}, which the rows state"
    return ""


def _country_point(cells: Cells) -> tuple[float, float, float, str] | None:
    stated = cells.text("country")
    stated = stated[stated != ""]
    if stated.empty:
        return None
    name, share = str(stated.mode().iloc[0]), float(stated.value_counts(normalize=True).iloc[0])
    try:
        place = default_finder().place(name) if share > _MOST and default_finder().country_code(name) else None
    except CountryError:
        return None
    if place is None or place.kind != "country":
        return None
    radius = place.radius_km if np.isfinite(place.radius_km) else _COUNTRY_KM
    return place.lon, place.lat, radius, place.name


def _projected(cells: Cells, x: Floats, y: Floats) -> Iterator[Offer]:
    middle = (float(np.median(x)), float(np.median(y)))
    shown = f"{middle[0]:,.0f} and {middle[1]:,.0f}"
    at = _country_point(cells)
    for code, name in _candidates(*middle):
        lon, lat = transformer(code).transform(*middle)
        if not np.isfinite([lon, lat]).all() or (code != _MERCATOR and at is None):
            continue
        if at is not None and not _is_near(at, lon, lat):
            continue
        where = f"the middle would be {lat:.3f}, {lon:.3f}"
        said = f"The coordinates, such as {shown}, are no degrees. They may be {name} ({code}): {where}."
        yield Offer(said, replace(cells.mapping, crs=code))


def _is_near(at: tuple[float, float, float, str], lon: float, lat: float) -> bool:
    from geo.geodesy import distance_km

    return distance_km(at[:2], (lon, lat)) <= max(_COUNTRY_KM, 1.5 * at[2])


def _candidates(x: float, y: float) -> Iterator[tuple[str, str]]:
    if _UTM_EAST[0] <= x <= _UTM_EAST[1] and _UTM_NORTH[0] <= y <= _UTM_NORTH[1]:
        for zone in range(1, _ZONES + 1):
            yield f"EPSG:{32600 + zone}", f"UTM zone {zone} north"
            yield f"EPSG:{32700 + zone}", f"UTM zone {zone} south"
    if abs(x) <= _MERCATOR_LIMIT and abs(y) <= _MERCATOR_LIMIT:
        yield _MERCATOR, "web Mercator"


def no_degrees(positions: Positions) -> str:
    """Say that coordinates are no degrees, where most are not.

    Args:
        positions: As they are written.

    Returns:
        What to do about it, or empty.
    """
    x, y = _sample(positions)
    if not len(x) or not _are_metres(x, y):
        return ""
    shown = f"{np.median(x):,.0f}, {np.median(y):,.0f}"
    return (
        f"Most coordinates are no degrees but something like {shown}: they are in another system. "
        "Say which, as EPSG:32633 for UTM zone 33 north, and they are reprojected."
    )
