"""What a way between two berths costs at least by way of each vertex, so that few vertices need to be searched."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.geodesy import EARTH_RADIUS_KM
from geo.routing import sight
from geo.routing.chart import LANDMARK_STEP_KM, Floats, Singles, arcs_km, chart, closed_by_default
from geo.routing.grid import Integers
from geo.routing.harbour import Berth

BLOCK = 64  # vertices that follow one another in the chart lie near one another
FIRST = 24
ROUNDING_KM = 4.0  # of the arccosine in single precision, near a point


class Blocks(NamedTuple):
    """The vertices of the network, a block of neighbours at a time.

    Args:
        middle: Unit vectors; shape (m, 3).
        radius: How far the vertices of each are from its middle at most, in radians; shape (m,).
        nearest: Least distance of its vertices from each landmark in km; shape (m, k).
        farthest: Greatest distance, likewise.
    """

    middle: Singles
    radius: Singles
    nearest: Singles
    farthest: Singles


@cache
def blocks() -> Blocks:
    """Measure the blocks, once.

    Returns:
        All of them, in the order of the chart.
    """
    sea = chart()
    first = np.arange(0, len(sea.lon), BLOCK)
    middle = np.add.reduceat(sea.vectors32, first)
    middle /= np.linalg.norm(middle, axis=1)[:, None]
    dots = np.einsum("ij,ij->i", sea.vectors32, np.repeat(middle, BLOCK, axis=0)[: len(sea.lon)])
    return Blocks(
        middle,
        np.arccos(np.clip(np.minimum.reduceat(dots, first), -1, 1)),
        np.minimum.reduceat(sea.landmarks, first),
        np.maximum.reduceat(sea.landmarks, first),
    )


def landmark_kms(end: Berth, closed: frozenset[str]) -> tuple[Floats, Floats]:
    """Measure how far the landmarks are from a berth.

    Args:
        end: The berth.
        closed: Names of passages that may not be used.

    Returns:
        The distance of each landmark in km, and the least that its distance from any vertex exceeds that vertex's
        distance from the berth by; none where a passage is open that was closed when the landmarks were measured.
    """
    if not closed_by_default() <= closed:
        return np.zeros(0), np.zeros(0)
    links = chart().landmarks[end.vertices].T
    return _least(links + end.km, end), -_least(end.km - links, end)


def _least(km: Floats, end: Berth) -> Floats:
    # of the first vertex in order that is seen; if there is none among the first few, no more than that of the last
    if not end.views or km.shape[1] <= FIRST:
        return np.asarray(km.min(axis=1))
    order = np.argpartition(km, FIRST, axis=1)[:, :FIRST]
    hidden = np.ones(km.shape[1], dtype=bool)
    hidden[end.clear(np.unique(order))] = False
    first = np.take_along_axis(km, order, axis=1)
    return np.asarray(np.where(hidden[order], first.max(axis=1, keepdims=True), first).min(axis=1))


class Ellipse:
    """What ways between two berths cost at least by way of each vertex.

    Args:
        start: Where they begin.
        end: Where they end.
        closed: Names of passages that may not be used.

    Attributes:
        between_km: What the whole way costs at least.
    """

    def __init__(self, start: Berth, end: Berth, closed: frozenset[str]) -> None:
        self._foci: list[tuple[Singles, Floats, Floats]] = [
            (sight.vectors(*berth.point).astype(np.float32), *landmark_kms(berth, closed)) for berth in (start, end)
        ]
        self.between_km = max(
            float(arcs_km(*start.point, *end.point)), float((self._away(0, end.vertices) + end.km).min())
        )
        every = blocks()
        self._least = [
            _least_km(_arcs(every.middle, at) - every.radius, every.nearest, every.farthest, *away)
            for at, *away in self._foci
        ]

    def vertices(self, limit_km: float) -> Integers:
        """Pick the vertices by which a way may be no longer than a limit.

        Args:
            limit_km: The limit.

        Returns:
            Their numbers.
        """
        near, far = self._least
        few = np.flatnonzero(near + far <= limit_km)
        chosen = (few[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        chosen = chosen[: np.searchsorted(chosen, len(chart().lon))]
        least = self._away(0, chosen)
        fit = least + far[chosen // BLOCK] <= limit_km
        chosen, least = chosen[fit], least[fit]
        return np.asarray(chosen[least + self._away(1, chosen) <= limit_km])

    def _away(self, focus: int, vertices: Integers) -> Singles:
        sea = chart()
        at, near, far = self._foci[focus]
        away = sea.landmarks[vertices]
        return _least_km(_arcs(sea.vectors32[vertices], at), away, away, near, far)

    def roomy(self, limits_km: npt.ArrayLike, count: int) -> int:
        """Count the limits that leave few vertices.

        Args:
            limits_km: The limits, rising.
            count: How many vertices are few.

        Returns:
            So many of the limits.
        """
        sizes = np.searchsorted(np.sort(sum(self._least)), limits_km, side="right") * BLOCK
        return int(np.searchsorted(sizes, count))


def _arcs(units: Singles, at: Singles) -> Singles:
    return np.asarray(np.arccos(np.clip(units @ at, -1, 1)))


def _least_km(arcs: Singles, nearest: Singles, farthest: Singles, near: Floats, far: Floats) -> Singles:
    # no way is shorter than the difference of its two ends' ways to a landmark
    best = arcs * np.float32(EARTH_RADIUS_KM) - np.float32(ROUNDING_KM)
    known = np.flatnonzero(np.isfinite(far))
    if len(known):
        step = LANDMARK_STEP_KM
        best = np.maximum(best, ((near[known] - step).astype(np.float32) - farthest[:, known]).max(axis=1))
        best = np.maximum(best, (nearest[:, known] - (far[known] + step).astype(np.float32)).max(axis=1))
    return best
