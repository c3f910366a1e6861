"""Distances and lines on the WGS 84 ellipsoid, right across 180 degrees and the poles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geo.errors import CoordinateError
from geo.types import Bounds, Line, LonLat

if TYPE_CHECKING:  # a tenth of a second that whoever asks for one place need not wait
    from pyproj import Geod

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
KM_PER_DEGREE = 111.195  # IUGG mean radius, one degree of a great circle
COORDINATE_DECIMALS = 7  # about 1 cm; the precision that is stored and exported


@cache
def wgs84() -> Geod:
    """Give the ellipsoid.

    Returns:
        WGS 84, for measuring on.
    """
    from pyproj import Geod

    return Geod(ellps="WGS84")


def check_lonlat(lon: float, lat: float) -> LonLat:
    """Return the pair unchanged when it is a place on the Earth.

    Args:
        lon: Longitude in degrees, -180 to 180, WGS 84.
        lat: Latitude in degrees, -90 to 90, WGS 84.

    Returns:
        (longitude, latitude) in degrees.

    Raises:
        CoordinateError: Either is outside its range, NaN or infinite.
    """
    if not -90 <= lat <= 90:
        raise CoordinateError(f"Latitude {lat:g} is not between -90 and 90. Are latitude and longitude swapped?")
    if not -180 <= lon <= 180:
        raise CoordinateError(f"Longitude {lon:g} is not between -180 and 180. Subtract or add 360.")
    return (lon, lat)


def distance_km(a: LonLat, b: LonLat) -> float:
    """Measure the shortest way between two points on the ellipsoid.

    Args:
        a: (longitude, latitude) in degrees, WGS 84.
        b: (longitude, latitude) in degrees, WGS 84.

    Returns:
        Distance in km.
    """
    return float(wgs84().inv(*a, *b)[2]) / 1000


def distances_km(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Measure many shortest ways at once.

    Args:
        lon1: Longitudes of the first points in degrees, WGS 84; shape (n,) or a scalar.
        lat1: Latitudes of the first points in degrees; shape (n,) or a scalar.
        lon2: Longitudes of the second points in degrees; shape (n,) or a scalar.
        lat2: Latitudes of the second points in degrees; shape (n,) or a scalar.

    Returns:
        Distances in km, shape (n,).
    """
    ends = np.broadcast_arrays(*(np.atleast_1d(np.asarray(x, dtype=float)) for x in (lon1, lat1, lon2, lat2)))
    return np.asarray(wgs84().inv(ends[0], ends[1], ends[2], ends[3])[2]) / 1000


def unit_vectors(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Put points on the unit sphere.

    Args:
        lon: Longitudes in degrees; shape (n,) or a scalar.
        lat: Latitudes in degrees; shape (n,) or a scalar.

    Returns:
        The points; shape (n, 3).
    """
    lon, lat = np.radians(np.atleast_1d(lon)), np.radians(np.atleast_1d(lat))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def midpoint(a: LonLat, b: LonLat) -> LonLat:
    """Find the point halfway along the geodesic.

    Args:
        a: (longitude, latitude) in degrees, WGS 84.
        b: (longitude, latitude) in degrees, WGS 84.

    Returns:
        (longitude, latitude) in degrees.
    """
    azimuth, _, metres = wgs84().inv(*a, *b)
    lon, lat, _ = wgs84().fwd(*a, azimuth, metres / 2)
    return (float(lon), float(lat))


def geodesic(a: LonLat, b: LonLat, *, step_km: float = 100.0) -> Line:
    """Draw the shortest line between two points.

    Args:
        a: (longitude, latitude) in degrees, WGS 84.
        b: (longitude, latitude) in degrees, WGS 84.
        step_km: Longest distance between two vertices, in km.

    Returns:
        The line, cut at 180 degrees.
    """
    pieces = max(1, int(np.ceil(distance_km(a, b) / step_km)))
    between = wgs84().npts(*a, *b, pieces - 1) if pieces > 1 else []
    return cut_at_180(LineString([a, *between, b]))


def cut_at_180(line: LineString) -> Line:
    """Cut a line where it crosses the antimeridian, as RFC 7946 section 3.1.9 asks.

    Args:
        line: Vertices in degrees, WGS 84; longitudes may run past 180 or jump from 180 to -180. Two vertices that
            follow each other are taken to be less than half the Earth apart.

    Returns:
        The same line with every longitude within -180 to 180; MultiLineString where it was cut.

    Source:
        Crossings are on the great circle, by the package `antimeridian`.
    """
    lons, lats = line.xy
    wrapped = [(within_180(lon), lat) for lon, lat in zip(lons, lats, strict=True)]
    apart = [b for a, b in pairwise([(nan, nan), *wrapped]) if not _same(a, b)]
    if len(apart) == 1:
        return line
    if all(abs(a[0] - b[0]) < 180 and abs(a[0]) < 180 and abs(b[0]) < 180 for a, b in pairwise(apart)):
        return LineString(apart)
    import antimeridian

    whole = LineString(_join_at_180(apart))
    cut = antimeridian.fix_line_string(whole, great_circle=True)
    pieces = [shapely.remove_repeated_points(part) for part in parts(cut) if part.length > 0]
    return MultiLineString(pieces) if len(pieces) > 1 else pieces[0] if pieces else whole


def within_180(lon: float) -> float:
    """Turn a longitude until it lies within -180 to 180.

    Args:
        lon: Longitude in degrees.

    Returns:
        The same meridian, -180 to 180 degrees.
    """
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def _same(a: LonLat, b: LonLat) -> bool:
    return a[1] == b[1] and (a[0] == b[0] or abs(a[0]) == abs(b[0]) == 180)


def _join_at_180(vertices: list[LonLat]) -> Iterator[LonLat]:
    # 180 and -180 are one meridian: write it on the side the line comes from, or a false cut appears there.
    side = next((lon for lon, _ in vertices if abs(lon) != 180), vertices[0][0])
    for lon, lat in vertices:
        side = lon if abs(lon) != 180 else float(np.copysign(180, side))
        yield (side, lat)


def parts(line: Line) -> list[LineString]:
    """List the pieces of a line.

    Args:
        line: In degrees, WGS 84.

    Returns:
        Itself, or what it was cut into.
    """
    return list(line.geoms) if isinstance(line, MultiLineString) else [line]


def _vertices(line: Line) -> npt.NDArray[np.float64]:
    return np.concatenate([np.asarray(part.coords)[:, :2] for part in parts(line)])


def _steps_km(vertices: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    (lon1, lat1), (lon2, lat2) = vertices[:-1].T, vertices[1:].T
    return distances_km(lon1, lat1, lon2, lat2)


def length_km(line: Line) -> float:
    """Measure a line on the ellipsoid; a cut at 180 degrees adds nothing.

    Args:
        line: Vertices in degrees, WGS 84.

    Returns:
        Length in km.
    """
    return float(_steps_km(_vertices(line)).sum())


def point_along(line: Line, km: float) -> LonLat:
    """Find the point at a distance along a line.

    Args:
        line: Vertices in degrees, WGS 84.
        km: Distance from the line's start, in km; beyond its ends the end itself is meant.

    Returns:
        (longitude, latitude) in degrees.
    """
    vertices = _vertices(line)
    reached = np.concatenate([[0.0], np.cumsum(_steps_km(vertices))])
    if km <= 0:
        return (float(vertices[0, 0]), float(vertices[0, 1]))
    if km >= reached[-1]:
        return (float(vertices[-1, 0]), float(vertices[-1, 1]))
    index = int(np.searchsorted(reached, km, side="right")) - 1
    (lon1, lat1), (lon2, lat2) = vertices[index], vertices[index + 1]
    azimuth, _, _ = wgs84().inv(lon1, lat1, lon2, lat2)
    lon, lat, _ = wgs84().fwd(lon1, lat1, azimuth, (km - reached[index]) * 1000)
    return (float(lon), float(lat))


def bounds(geometries: Iterable[BaseGeometry | None] | npt.NDArray[np.object_]) -> Bounds | None:
    """Find the smallest box around geometries, across 180 degrees where that is smaller.

    Args:
        geometries: In degrees, WGS 84, each part within -180 to 180; missing and empty ones are passed over.

    Returns:
        (west, south, east, north) in degrees, west > east across 180; None when there is nothing to bound.
    """
    shapes = geometries if isinstance(geometries, np.ndarray) else np.fromiter(geometries, dtype=object)
    several = shapely.get_num_geometries(shapes) > 1
    boxes = np.concatenate([shapely.bounds(shapes[~several]), shapely.bounds(shapely.get_parts(shapes[several]))])
    return _hull(boxes[~np.isnan(boxes[:, 0])])


def _hull(boxes: npt.NDArray[np.float64]) -> Bounds | None:
    if not len(boxes):
        return None
    south, north = float(boxes[:, 1].min()), float(boxes[:, 3].max())
    boxes = boxes[np.argsort(boxes[:, 0], kind="stable")]
    west, reached = boxes[:, 0], np.maximum.accumulate(boxes[:, 2])
    begins = np.flatnonzero(np.append(True, west[1:] > reached[:-1]))
    firsts, lasts = west[begins], np.append(reached[begins[1:] - 1], reached[-1])
    gaps = np.append(firsts[1:], firsts[0] + 360) - lasts
    widest = len(gaps) - 1 - int(np.argmax(gaps[::-1]))  # of equal gaps the one at 180 degrees: no needless crossing
    return (float(firsts[(widest + 1) % len(gaps)]), south, float(lasts[widest]), north)


def densest(points: Iterable[LonLat] | npt.NDArray[np.float64], *, share: float = 0.5) -> Bounds | None:
    """Find where most of the points lie: a first view that is not the whole world for the sake of a few.

    Args:
        points: (longitude, latitude) in degrees, WGS 84.
        share: Which part of the points the box must hold, 0 to 1.

    Returns:
        The box around the points nearest to the one that has this share of them closest around it, as
        (west, south, east, north) in degrees; None without points.
    """
    lonlats = points if isinstance(points, np.ndarray) else np.array(list(points))
    if not len(lonlats):
        return None
    spots = unit_vectors(lonlats[:, 0], lonlats[:, 1])
    some = spots[:: max(1, len(spots) // _LOOKED_AT)]
    centres = some[:: max(1, len(some) // 200)]
    reach = [_reached(some, centre, share) for centre in centres]
    away = _away(spots, centres[int(np.argmin(reach))])
    nearest = lonlats[np.argsort(away, kind="stable")[: _wanted(share, lonlats)]]
    return _hull(np.hstack([nearest, nearest]))


_LOOKED_AT = 4_000  # points that say where the rest lies


def _reached(spots: npt.NDArray[np.float64], centre: npt.NDArray[np.float64], share: float) -> float:
    last = _wanted(share, spots) - 1
    return float(np.partition(_away(spots, centre), last)[last])


def _away(spots: npt.NDArray[np.float64], centre: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far points of the unit sphere are from one of them, squared and through the sphere: to be compared only."""
    return np.asarray(((spots - centre) ** 2).sum(axis=1)).round(12)  # six metres: equal ways stay equal


def _wanted(share: float, points: npt.NDArray[np.float64]) -> int:
    return max(1, int(np.ceil(share * len(points))))
