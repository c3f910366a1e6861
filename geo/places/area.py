"""Parts of a sea: which water is its west."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.geodesy import wgs84
from geo.types import LonLat


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
    area, _ = wgs84().geometry_area_perimeter(part)
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
