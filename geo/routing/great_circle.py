"""The shortest line over the Earth, for legs that follow no network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString

from geo.geodesy import COORDINATE_DECIMALS, cut_at_180, geodesic, length_km
from geo.routing.stops import Stop, position
from geo.types import Line, LonLat, Place, Route


def shortest_line(stops: Sequence[Stop]) -> Route:
    """Draw the geodesic from stop to stop.

    Args:
        stops: Origin, any stops between, destination; each apart from the next. Points in degrees, WGS 84.

    Returns:
        The line, cut at 180 degrees, length in km; `via` names the places between. Always `inferred`.

    Raises:
        CoordinateError: A stop is not on the Earth.

    Source:
        Geodesics on the WGS 84 ellipsoid (Karney 2013), as PROJ computes them.
    """
    vertices: list[LonLat] = []
    for start, end in pairwise(position(stop) for stop in stops):
        vertices += shapely.get_coordinates(geodesic(start, end)).tolist()
    line = drawn(vertices)
    names = tuple(stop.name for stop in stops[1:-1] if isinstance(stop, Place))
    return Route(line, length_km(line), "inferred", names)


def drawn(vertices: Sequence[LonLat]) -> Line:
    """Make a line of its vertices, as the tables and files keep it.

    Args:
        vertices: (longitude, latitude) in degrees, WGS 84; longitudes may jump from 180 to -180.

    Returns:
        The line, cut at 180 degrees, rounded to the decimals that are stored.
    """
    lons, lats = np.transpose(vertices)
    whole = shapely.remove_repeated_points(LineString(np.column_stack([np.unwrap(lons, period=360), lats])))
    line: Line = shapely.transform(cut_at_180(whole), lambda xy: np.round(xy, COORDINATE_DECIMALS))
    return line
