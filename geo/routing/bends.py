"""Where a line bends round land, and where it need not."""

from __future__ import annotations

from functools import cache

import numpy as np

from geo.routing.chart import DEGREE_STEP, Floats, chart
from geo.routing.grid import Integers, Truths, cells
from geo.routing.sight import vectors

TURN_STEPS = round(360 / DEGREE_STEP)


def rounding(corners: Floats, vertices: Integers) -> Truths:
    """Tell at which corners a line bends round land, so that nothing can be saved there, or follows a channel.

    Args:
        corners: Longitudes and latitudes in degrees, WGS 84; shape (n, 2).
        vertices: Numbers of the vertices that lie at them, -1 where none does; shape (n,).

    Returns:
        True for each that is needed, and for both ends; shape (n,).
    """
    sea = chart()
    known = vertices >= 0
    free = known & sea.free[vertices]
    found = np.ones(len(corners), dtype=bool)
    line = vectors(*corners.T)
    landward = sea.landward[vertices[1:-1]]
    dot = np.einsum("ij,ij->i", line[:-1], line[1:])
    away = np.maximum(np.sqrt(np.maximum(1 - dot * dot, 0.0)), 1e-9)
    before, after = (np.einsum("ij,ij->i", there, landward) for there in (line[:-2], line[2:]))
    inward = before / away[:-1] + after / away[1:]
    channel = free[:-2] & free[2:]
    bare = ~(known[:-2] | known[1:-1] | known[2:])  # a way over the mask, which was pulled there
    found[1:-1] = np.where(free[1:-1], channel, np.where(known[1:-1], inward > 0, bare))
    return found


def inshore(a: Floats, b: Floats) -> Truths:
    """Tell quickly which great circles surely leave the offing, from the points at their quarters.

    Args:
        a: Longitudes and latitudes in degrees; shape (n, 2).
        b: Longitudes and latitudes in degrees; shape (n, 2).

    Returns:
        True for each of which one of those points is nearer to land than 5 km; shape (n,).
    """
    share = np.array([0.5, 0.25, 0.75])[:, None, None]
    x, y, z = np.moveaxis((1 - share) * vectors(*a.T) + share * vectors(*b.T), -1, 0)
    at = cells(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))))
    return np.asarray(~chart().offing.at(*at).all(axis=0))


def vertices_at(points: Floats) -> Integers:
    """Find the vertices of the network that lie exactly at points.

    Args:
        points: Longitudes and latitudes in degrees; shape (n, 2).

    Returns:
        Their numbers, -1 where none does; shape (n,).
    """
    keys, order = _by_point()
    wanted = _keys(*points.T)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, order[at], -1)


@cache
def _by_point() -> tuple[Integers, Integers]:
    keys = _keys(chart().lon, chart().lat)
    order = np.argsort(keys, kind="stable")
    return keys[order], order


def _keys(lon: Floats, lat: Floats) -> Integers:
    return np.rint(lon / DEGREE_STEP).astype(np.int64) * TURN_STEPS + np.rint(lat / DEGREE_STEP).astype(np.int64)
