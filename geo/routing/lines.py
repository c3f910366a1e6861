"""Railways and roads that the user gives: lines that meet make a network to travel along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.errors import ShapelyError
from shapely.geometry import LineString, shape

from geo.errors import MissingFileError, OptionError, ReadError
from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors
from geo.routing.grid import Integers

SNAP_KM = 0.05
STEP_KM = 5.0  # no two points of a line are farther apart, so that one is near to any place by the line

_GIVE = "Give a GeoJSON file of LineStrings, a GeoDataFrame, or a geograph of scgraph."


class LineNetwork(NamedTuple):
    """Lines that meet, as a network.

    Args:
        lonlat: Its points in degrees, WGS 84; shape (n, 2).
        km: Length of the way from point to neighbouring point; shape (n, n).
        piece: Number of the connected piece each point is in; shape (n,).
        tree: The points on the unit sphere, to find the nearest.
    """

    lonlat: np.ndarray
    km: csr_array
    piece: Integers
    tree: cKDTree


def line_network(source: Any, *, snap_km: float = SNAP_KM) -> LineNetwork:
    """Make a network of lines.

    Args:
        source: A GeoJSON file or its parsed content, a GeoDataFrame of lines, a geograph of scgraph, or a network
            already made, which is given back.
        snap_km: A line that ends so near to a point of another is joined to it, in km. Lines that merely cross do not
            meet: a bridge is no junction.

    Returns:
        The network. Positions are degrees, WGS 84.

    Raises:
        MissingFileError: There is no such file.
        OptionError: The source is none of these, or the distance is below 0.
        ReadError: It holds no lines, or they are damaged.
    """
    if isinstance(source, LineNetwork):
        return source
    if not snap_km >= 0:
        raise OptionError(f"A snapping distance of {snap_km} km is below 0. Give km, say {SNAP_KM}.")
    if hasattr(source, "nodes") and hasattr(source, "graph"):
        return _from_geograph(source)
    lines = [_unwrapped(line) for line in _lines(source)]
    if not lines:
        raise ReadError(f"The network holds no lines. {_GIVE}")
    dense = [_dense(line) for line in lines]
    points = np.concatenate(dense)
    where, number = np.unique(np.round(points, 6), axis=0, return_inverse=True)
    number = number.ravel()
    last = np.cumsum([len(line) for line in dense]) - 1
    first = np.concatenate([[0], last[:-1] + 1])
    along = np.setdiff1d(np.arange(len(points) - 1), last)
    ends = np.column_stack([number[along], number[along + 1]])
    tree = cKDTree(unit_vectors(where[:, 0], where[:, 1]))
    tips = np.unique(number[np.concatenate([first, last])])
    near = tree.query_ball_point(tree.data[tips], _chord(snap_km))
    met = [(tip, other) for tip, others in zip(tips.tolist(), near, strict=True) for other in others if other != tip]
    return _network(where, np.concatenate([ends, np.array(met, dtype=np.int64).reshape(-1, 2)]))


def _chord(km: float) -> float:
    return float(2 * np.sin(km / EARTH_RADIUS_KM / 2))


def _network(lonlat: np.ndarray, ends: np.ndarray) -> LineNetwork:
    ends = np.unique(np.sort(ends, axis=1), axis=0)
    start, end = ends[ends[:, 0] != ends[:, 1]].T
    km = np.maximum(distances_km(*lonlat[start].T, *lonlat[end].T), 1e-6)
    size = len(lonlat)
    both = (np.concatenate([km, km]), (np.concatenate([start, end]), np.concatenate([end, start])))
    graph = csr_array(both, shape=(size, size))
    piece = connected_components(graph, directed=False)[1].astype(np.int64)
    return LineNetwork(lonlat, graph, piece, cKDTree(unit_vectors(lonlat[:, 0], lonlat[:, 1])))


def _from_geograph(source: Any) -> LineNetwork:
    nodes = np.asarray(source.nodes, dtype=float)
    steps = [(a, b) for a, others in enumerate(source.graph) for b in others if a < b or a not in source.graph[b]]
    if nodes.ndim != 2 or nodes.shape[1] != 2 or not steps:
        raise ReadError("The geograph has no nodes with latitude and longitude, or no lines between them.")
    if np.abs(nodes[:, 0]).max() > 90:
        raise ReadError("The geograph has a latitude beyond 90 degrees: its nodes must be latitude, longitude.")
    return _network(nodes[:, ::-1], np.array(steps, dtype=np.int64))


def _lines(source: Any) -> Iterator[LineString]:
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise MissingFileError(f"There is no file {path}. {_GIVE}")
        try:
            source = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise ReadError(f"{path} is no GeoJSON: {error}. {_GIVE}") from error
    if isinstance(source, dict):
        geometries: Sequence[Any] = [_shape(found) for found in _geometries(source)]
    elif hasattr(source, "geometry"):
        frame = source.geometry
        geometries = frame if frame.crs is None else frame.to_crs(4326)
    else:
        raise OptionError(f"A network cannot be a {type(source).__name__}. {_GIVE}")
    for geometry in geometries:
        for part in getattr(geometry, "geoms", [geometry]):
            if isinstance(part, LineString) and len(part.coords) > 1:
                yield part


def _geometries(content: dict[str, Any]) -> list[dict[str, Any]]:
    kind = content.get("type")
    if kind == "FeatureCollection":
        return [found for feature in content.get("features") or [] for found in _geometries(feature)]
    if kind == "Feature":
        return _geometries(content.get("geometry") or {})
    if kind == "GeometryCollection":
        return [found for geometry in content.get("geometries") or [] for found in _geometries(geometry)]
    return [content] if kind in ("LineString", "MultiLineString") else []


def _shape(content: dict[str, Any]) -> Any:
    try:
        return shape(content)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ReadError(f"A line of the network is damaged: {error}. Write [[lon, lat], [lon, lat], ...].") from error


def _unwrapped(line: LineString) -> np.ndarray:
    points = shapely.get_coordinates(line)
    if not (np.abs(points[:, 1]) <= 90).all() or not (np.abs(points[:, 0]) <= 360).all():
        raise ReadError("A line of the network leaves the Earth: its positions must be degrees, longitude first.")
    return np.column_stack([np.unwrap(points[:, 0], period=360), points[:, 1]])


def _dense(points: np.ndarray) -> np.ndarray:
    km = distances_km(*points[:-1].T, *points[1:].T)
    pieces = np.maximum(1, np.ceil(km / STEP_KM)).astype(np.int64)
    which = np.repeat(np.arange(len(km)), pieces)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[which]
    between = points[which] + share[:, None] * (points[which + 1] - points[which])
    whole = np.concatenate([between, points[-1:]])
    return np.column_stack([(whole[:, 0] + 180.0) % 360.0 - 180.0, whole[:, 1]])
