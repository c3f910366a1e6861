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
_LAND_AS_IS, _LAND_SWAPPED = 0.25, 0.75
_COUNTRY_KM = 300.0
_MERCATOR = "EPSG:3857"
_MERCATOR_LIMIT = 20_048_966.0
_UTM_EAST = (100_000.0, 900_000.0)
_UTM_NORTH = (0.0, 10_000_000.0)
_ZONES = 60


def find_offers(cells: Cells, positions: Positions, *, tracks: bool = False) -> Iterator[Offer]:
    """Look whether positions make more sense read in another way.

    Args:
        cells: The cells they come from.
        positions: As they are written.
        tracks: Whether they are a vehicle's, for which the sea is no sign of anything wrong.

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
    elif off.any() and _on_earth(y[off], x[off]).all():
        yield _swapped(cells, f"{off.mean():.0%} of the coordinates are not on the Earth as they are")
    elif reason := _better_swapped(cells, x, y, tracks=tracks):
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


def _better_swapped(cells: Cells, x: Floats, y: Floats, *, tracks: bool) -> str:
    both = (np.abs(x) <= 90) & (np.abs(y) <= 90) & ((x != 0) | (y != 0))
    if both.mean() <= _MOST:
        return ""
    x, y = x[both], y[both]
    if told := _by_country(cells, x, y):
        return told
    if tracks or len(np.unique(np.column_stack([x, y]), axis=0)) < 5:
        return ""
    from geo.routing import inland  # reads the chart of the sea, which few imports need

    as_is, swapped = inland(x, y).mean(), inland(y, x).mean()
    return (
        f"{1 - as_is:.0%} of them lie at sea or on a coast" if as_is <= _LAND_AS_IS and swapped >= _LAND_SWAPPED else ""
    )


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
