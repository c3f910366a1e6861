"""Geometries as files hold them: every longitude within 180 degrees, lines cut there (RFC 7946, 3.1.9)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geo.geodesy import cut_at_180, parts, within_180

Geometries = npt.NDArray[Any]


def within(geometry: BaseGeometry) -> BaseGeometry:
    """Bring a geometry whose longitudes run past 180 degrees back to where they belong.

    Args:
        geometry: In degrees, WGS 84; longitudes from -360 to 360.

    Returns:
        The same places within -180 to 180 degrees, lines cut there; what lies further off is left as it is.
    """
    west, _, east, _ = geometry.bounds if not geometry.is_empty else (0, 0, 0, 0)
    if (west >= -180 and east <= 180) or not (west >= -360 and east <= 360):
        return geometry
    if isinstance(geometry, LineString | MultiLineString):
        return _cut(geometry)
    return shapely.transform(geometry, lambda xy: [(within_180(lon), lat) for lon, lat in xy])


def cut(geometries: Geometries) -> Geometries:
    """Cut the lines that cross 180 degrees.

    Args:
        geometries: In degrees, WGS 84, or None; shape (n,).

    Returns:
        The same, None for empty ones; shape (n,).
    """
    geometries = geometries.copy()
    geometries[shapely.is_empty(geometries)] = None
    lines = np.flatnonzero(np.isin(shapely.get_dimensions(geometries), [1]))
    xy, of = shapely.get_coordinates(geometries[lines], return_index=True)
    outside = np.abs(xy[:, 0]) >= 180
    jumps = (np.abs(np.diff(xy[:, 0])) >= 180) & (np.diff(of) == 0)
    for line in lines[np.unique(np.concatenate([of[outside], of[1:][jumps]]))]:
        geometries[line] = _cut(geometries[line])
    return geometries


def _cut(line: LineString | MultiLineString) -> LineString | MultiLineString:
    if isinstance(line, LineString):
        return cut_at_180(line)
    return MultiLineString([piece for part in line.geoms for piece in parts(cut_at_180(part))])
