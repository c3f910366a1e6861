"""Lines between the known ports, flagged once with the regions they lead to: `data/sea/flags.npz`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from geo.config import SEA
from geo.errors import ReadError
from geo.routing.chart import DEGREE_STEP, Floats, chart, closed_by_default
from geo.routing.grid import Integers, Truths
from geo.routing.harbour import Berth
from geo.routing.joins import chart_mark, joins, port_number
from geo.routing.sight import vectors
from geo.routing.trees import traced, tree
from geo.types import LonLat

COVERED = ("Suez", "Panama")
"""Open passages that may be closed, one or both: the flags are those of all four cases together."""

ALONG, AGAINST = range(2)
NEAREST = 3


class Flags(NamedTuple):
    """Arc flags: for each line and direction the regions to whose ports a shortest way from another port leads.

    Args:
        region: Number of the region of each known port, in the order of the joins.
        line: Numbers of the lines that have flags, rising; shape (n,).
        start: First vertex of each, shape (n,).
        end: Second vertex of each, shape (n,).
        km: Length of each, shape (n,).
        toward: True where the line leads to a region, along and against its direction; shape (2, regions, n).
    """

    region: npt.NDArray[np.uint8]
    line: Integers
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    km: Floats
    toward: Truths


@cache
def flags() -> Flags:
    """Read the flags, once.

    Returns:
        Those of the lines between the ports of the gazetteer.

    Raises:
        ReadError: They were made for another chart.

    Source:
        `data/sea/flags.npz`, made by `data/sea/build_flags.py` with the router itself.
    """
    with np.load(SEA / "flags.npz") as file:
        if int(file["chart"]) != chart_mark() or len(file["region"]) != len(joins().port):
            raise ReadError("flags.npz was made for another chart. Run python data/sea/build_flags.py.")
        line = np.cumsum(file["line"], dtype=np.int64)
        toward = np.unpackbits(file["flags"], axis=1).view(bool)
        region = file["region"]
    sea = chart()
    return Flags(region, line, sea.start[line], sea.end[line], sea.km[line], toward)


def port_regions(point: LonLat) -> Integers | None:
    """Tell in which region a known port lies.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Number of the region; None where no known port lies at the point.
    """
    number = port_number(point)
    return None if number is None else flags().region[[number]].astype(np.int64)


def regions_near(point: LonLat) -> Integers:
    """Find regions of the known ports nearest to a point.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Numbers of the regions.
    """
    near = np.argpartition(-(_ports() @ vectors(*point)), NEAREST)[:NEAREST]
    return np.unique(flags().region[near]).astype(np.int64)


@cache
def _ports() -> Floats:
    return vectors(*(np.array(list(joins().port)) * DEGREE_STEP).T)


def covered(closed: frozenset[str]) -> frozenset[str]:
    """Leave out the closed passages that the flags do not know.

    Args:
        closed: Names of passages that may not be used.

    Returns:
        Those that the flags were made for.
    """
    return closed & (closed_by_default() | frozenset(COVERED))


def flagged_way(
    start: Berth, end: Berth, closed: frozenset[str], here: Integers, there: Integers
) -> tuple[list[int], int, float] | None:
    """Find the shortest way between two berths among the lines that lead from some regions to others.

    Args:
        start: Where it begins.
        end: Where it ends.
        closed: Names of passages that may not be used.
        here: Numbers of the regions where it begins.
        there: Numbers of the regions where it ends.

    Returns:
        Numbers of the vertices it passes, by which way over the mask it arrives, and its length in km, more in tight
        water; None where none is found. It is the shortest of all between known ports of these regions while no
        passage is closed that the flags do not cover.
    """
    known, usable = flags(), _open(closed)
    out, home = (np.asarray(known.toward[:, regions].any(axis=1)) for regions in (there, here))
    along = np.flatnonzero(out[ALONG] & home[AGAINST] & usable)
    against = np.flatnonzero(out[AGAINST] & home[ALONG] & usable)
    tail = np.concatenate([known.start[along], known.end[against]])
    head = np.concatenate([known.end[along], known.start[against]])
    chosen = np.zeros(len(chart().lon), dtype=bool)
    chosen[start.reached.vertices] = True
    shared = end.reached.vertices[chosen[end.reached.vertices]]
    chosen[start.reached.vertices] = False
    chosen[tail] = chosen[head] = chosen[shared] = True
    vertices = np.flatnonzero(chosen)
    number = np.full(len(chosen), -1, dtype=np.int32)
    number[vertices] = np.arange(len(vertices), dtype=np.int32)
    leaving, arriving = start.links_to(vertices), end.links_to(vertices)
    order = np.argsort(number[tail], kind="stable")
    graph = csr_array(
        (
            np.concatenate([known.km[along], known.km[against]])[order],
            number[head][order],
            np.concatenate([[0], np.cumsum(np.bincount(number[tail], minlength=len(vertices)))]).astype(np.int32),
        ),
        shape=(len(vertices), len(vertices)),
    )
    last = number[arriving.vertices]
    if leaving.views:
        # how far it is at least tells which links are worth a look
        back_km, _ = tree(csr_array(graph.T), last, arriving.km)
        leaving = leaving.picked(leaving.foremost(back_km[number[leaving.vertices]] + leaving.km))
    away, back = tree(graph, number[leaving.vertices], leaving.km)
    total = away[last] + arriving.km
    best = arriving.nearest(total)
    if best is None:
        return None
    way = [int(vertices[v]) for v in traced(back, int(last[best]))]
    return way, int(arriving.trunk[best]), float(total[best])


@lru_cache(maxsize=8)
def _open(closed: frozenset[str]) -> Truths:
    sea = chart()
    shut = np.concatenate([np.zeros(0, dtype=np.int32), *(sea.gates[name] for name in sorted(closed))])
    return ~np.isin(flags().line, shut)
