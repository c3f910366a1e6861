"""Geometry of any kind to points for events and lines for routes; what a shape was is kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely import GeometryType
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from geo.geodesy import COORDINATE_DECIMALS, cut_at_180, distances_km, parts

Geometries = npt.NDArray[np.object_]
_LINES = (GeometryType.LINESTRING, GeometryType.LINEARRING, GeometryType.MULTILINESTRING)


class Points(NamedTuple):
    """A point for each shape.

    Args:
        points: The points, or None; shape (n,).
        radius_km: How far the shape reaches from it, NaN for points; shape (n,).
        shape: The shape as WKT where it was no point, else empty; shape (n,).
    """

    points: Geometries
    radius_km: npt.NDArray[np.float64]
    shape: npt.NDArray[np.object_]


def are_lines(geometry: Geometries) -> npt.NDArray[np.bool_]:
    """Tell the lines among shapes.

    Args:
        geometry: Shapes, or None; shape (n,).

    Returns:
        True for lines; shape (n,).
    """
    return np.isin(shapely.get_type_id(geometry), _LINES)


def as_points(geometry: Geometries) -> Points:
    """Give each shape one point.

    Args:
        geometry: Shapes in degrees, WGS 84, or None; shape (n,).

    Returns:
        The points; of areas and of many points one that lies in the middle, with how far the shape reaches.
    """
    kinds = shapely.get_type_id(geometry)
    single = (shapely.get_num_geometries(geometry) == 1) & np.isin(kinds, (GeometryType.MULTIPOINT,))
    points = np.where(single, shapely.get_geometry(geometry, 0), geometry)
    radius, shape = np.full(len(points), np.nan), np.full(len(points), "", dtype=object)
    points[shapely.is_empty(points)] = None
    wide = np.flatnonzero(shapely.get_type_id(points) > 0)
    for row in wide:
        whole = points[row]
        points[row] = middle = shapely.point_on_surface(whole)
        reach = shapely.get_coordinates(shapely.convex_hull(whole))
        radius[row] = round(float(distances_km(middle.x, middle.y, reach[:, 0], reach[:, 1]).max()), 3)
        shape[row] = shapely.to_wkt(whole, rounding_precision=COORDINATE_DECIMALS)
    return Points(points, radius, shape)


def as_lines(geometry: Geometries, *, as_they_are: bool = False) -> Geometries:
    """Make lines fit for the map: rounded, without height, cut at 180 degrees.

    Args:
        geometry: Lines in degrees, WGS 84; shape (n,).
        as_they_are: Whether they are Rutter's own and fit already.

    Returns:
        LineStrings and MultiLineStrings; shape (n,).
    """
    if as_they_are:
        single = (shapely.get_type_id(geometry) == GeometryType.MULTILINESTRING) & (
            shapely.get_num_geometries(geometry) == 1
        )
        found = np.where(single, shapely.get_geometry(geometry, 0), geometry)
        found[shapely.is_empty(found)] = None
        return found
    return np.array([_line(line) for line in geometry], dtype=object)


def _line(line: BaseGeometry | None) -> BaseGeometry | None:
    if line is None or line.is_empty:
        return None
    pieces = [
        piece
        for part in (line.geoms if isinstance(line, MultiLineString) else [line])
        for piece in parts(cut_at_180(LineString(part.coords)))
    ]
    return pieces[0] if len(pieces) == 1 else MultiLineString(pieces)


def swap_axes(geometry: Geometries) -> Geometries:
    """Exchange the axes.

    Args:
        geometry: Shapes, or None; shape (n,).

    Returns:
        The same with x for y; shape (n,).
    """
    return np.asarray(shapely.transform(geometry, lambda xy: xy[:, ::-1]), dtype=object)
