"""How the known ports join the network, worked out once: `data/sea/joins.npz`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from geo.config import SEA
from geo.errors import ReadError
from geo.routing.chart import DEGREE_STEP, chart, closed_by_default
from geo.routing.gates import barred, near_gate
from geo.routing.grid import CELLS_PER_DEGREE, HEIGHT, WIDTH, Integers
from geo.types import LonLat

KM_STEP = 0.01
REACH_STEP_DEGREES = 0.1


class Joins(NamedTuple):
    """The joins of the known ports.

    Args:
        port: Number of each port by its point in steps of 1e-5 degree.
        reach: How far around each the mask was searched, in steps of 0.1 degree; 0 out at sea.
        start: Row and column of the water each starts from; shape (p, 2).
        first_way: The first way of each port, and the end of the last; shape (p + 1,).
        km: Length of each way in steps of 10 m; shape (w,).
        wide: True for each way that ends at a look-out; shape (w,).
        first_turn: The first turn of each way, and the end of the last; shape (w + 1,).
        turn: Rows and columns of the cells at which the ways turn; shape (t, 2).
        first_vertex: The first vertex of each way, and the end of the last; shape (w + 1,).
        vertex: Numbers of the vertices; shape (v,).
    """

    port: dict[tuple[int, int], int]
    reach: npt.NDArray[np.uint8]
    start: Integers
    first_way: Integers
    km: npt.NDArray[np.uint32]
    wide: npt.NDArray[np.bool_]
    first_turn: Integers
    turn: Integers
    first_vertex: Integers
    vertex: Integers


@cache
def joins() -> Joins:
    """Read the joins, once.

    Returns:
        Those of the ports of the gazetteer, with the passages closed that are closed by default.

    Raises:
        ReadError: They were made for another chart.

    Source:
        `data/sea/joins.npz`, made by `data/sea/build_joins.py` with the router itself.
    """
    with np.load(SEA / "joins.npz") as file:
        if int(file["chart"]) != chart_mark():
            raise ReadError("joins.npz was made for another chart. Run python data/sea/build_joins.py.")
        lon, lat = (np.cumsum(file[name], dtype=np.int64).tolist() for name in ("lon", "lat"))
        counts = {
            name: np.concatenate([[0], np.cumsum(file[name], dtype=np.int64)]) for name in ("ways", "turns", "vertices")
        }
        return Joins(
            port={point: number for number, point in enumerate(zip(lon, lat, strict=True))},
            reach=file["reach"],
            start=file["start"].T.astype(np.int64),
            first_way=counts["ways"],
            km=file["km"],
            wide=file["wide"],
            first_turn=counts["turns"],
            turn=file["turn"].T.astype(np.int64),
            first_vertex=counts["vertices"],
            vertex=np.cumsum(file["vertex"], dtype=np.int64),
        )


def chart_mark() -> int:
    """Mark the chart by its vertices, whose numbers the joins refer to.

    Returns:
        A checksum.
    """
    sea = chart()
    return crc32(np.concatenate([sea.lon, sea.lat]).astype(np.float32).tobytes())


def port_key(point: LonLat) -> tuple[int, int]:
    """Say under what a port's join is kept.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        The point in steps of 1e-5 degree.
    """
    return round(point[0] / DEGREE_STEP), round(point[1] / DEGREE_STEP)


class PortJoin(NamedTuple):
    """The join of one known port.

    Args:
        start: Where it starts, (longitude, latitude) in degrees.
        reach_degrees: How far around it the mask was searched; 0 out at sea.
        vertices: Vertices of the network it is joined to, shape (n,).
        km: Length of the way over the mask that leads to each, or to where it is seen from, shape (n,).
        way: Number of that way among all, shape (n,).
        horizons: For each way that ends at a look-out its number and the point from which vertices are seen.
    """

    start: LonLat
    reach_degrees: float
    vertices: Integers
    km: npt.NDArray[np.float64]
    way: Integers
    horizons: tuple[tuple[int, LonLat], ...]


def port_number(point: LonLat) -> int | None:
    """Tell which known port lies at a point.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Its number among the joins; None where none does.
    """
    return joins().port.get(port_key(point))


def stored_join(point: LonLat, closed: frozenset[str]) -> PortJoin | None:
    """Look the join of a point up.

    Args:
        point: (longitude, latitude) in degrees.
        closed: Names of passages that may not be used.

    Returns:
        Its join; None where it is no known port, or where a passage near it is closed or one that is closed by default
        is open.
    """
    known = joins()
    number = port_number(point)
    if number is None:
        return None
    usual = closed_by_default()
    more = closed - usual
    reach = float(known.reach[number]) * REACH_STEP_DEGREES
    if usual - closed or any(near_gate(name, point, reach) for name in more):
        return None
    start = _centre(*known.start[number].tolist()) if reach else point
    first, last = known.first_way[number : number + 2].tolist()
    turns = known.first_vertex[first : last + 1]
    vertices = known.vertex[turns[0] : turns[-1]]
    way = np.repeat(np.arange(first, last), np.diff(turns))
    wide = first + np.flatnonzero(known.wide[first:last])
    horizons = tuple((number, (start, *stored_way(point, number))[-1]) for number in wide.tolist())
    open_ = np.ones(len(vertices), dtype=bool)
    for number, horizon in horizons if more else ():
        seen = np.flatnonzero(way == number)
        open_[seen] = ~barred(horizon, vertices[seen], sorted(more))
    return PortJoin(start, reach, vertices[open_], known.km[way[open_]] * KM_STEP, way[open_], horizons)


def stored_way(point: LonLat, way: int) -> list[LonLat]:
    """Draw a way over the mask from a known port.

    Args:
        point: The port, (longitude, latitude) in degrees.
        way: Number of the way among all.

    Returns:
        Where it turns and ends, (longitude, latitude) in degrees.
    """
    known = joins()
    start = known.start[known.port[port_key(point)]]
    return [_centre(*turn) for turn in (start + known.turn[known.first_turn[way] : known.first_turn[way + 1]]).tolist()]


def _centre(row: int, column: int) -> LonLat:
    lon = (column % WIDTH + 0.5) / CELLS_PER_DEGREE - 180.0
    return lon, 90.0 - (min(max(row, 0), HEIGHT - 1) + 0.5) / CELLS_PER_DEGREE
