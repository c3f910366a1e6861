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
from geo.routing.links import Links

BLOCK = 64  # vertices that follow one another in the chart lie near one another
MANY = 6000  # vertices
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


def landmark_kms(links: Links, closed: frozenset[str]) -> tuple[Floats, Floats]:
    """Measure how far the landmarks are from a berth.

    Args:
        links: The vertices that it is joined to and that a way may begin with.
        closed: Names of passages that may not be used.

    Returns:
        The least distance of each landmark in km, and the least that its distance from any vertex exceeds that vertex's
        distance from the berth by; none where a passage is open that was closed when the landmarks were measured.
    """
    if not closed_by_default() <= closed or not len(links.vertices):
        return np.zeros(0), np.zeros(0)
    away = chart().landmarks[links.vertices].T
    return (away + links.km).min(axis=1), (away - links.km).max(axis=1)


class Ellipse:
    """What ways between two berths cost at least by way of each vertex.

    Args:
        start: Where they begin.
        end: Where they end.
        closed: Names of passages that may not be used.
        limit_km: No way longer than that is of interest; only what the berths may be joined to within it is looked at.

    Attributes:
        between_km: What the whole way costs at least.
        links: How the start and the end may be joined to the network.
    """

    def __init__(self, start: Berth, end: Berth, closed: frozenset[str], limit_km: float = np.inf) -> None:
        at = [sight.vectors(*berth.point).astype(np.float32) for berth in (start, end)]
        if np.isfinite(limit_km):
            near = _around(at[0], at[1], limit_km)
            links = [berth.links_to(near) for berth in (start, end)]
            links = [
                one.picked(np.flatnonzero(one.km + _over_sea_km(_arcs(_units(one), there)) <= limit_km))
                for one, there in zip(links, at[::-1], strict=True)
            ]
        else:
            links = [start.links, end.links]
        self._foci: list[tuple[Singles, Floats, Floats]] = [
            (here, *landmark_kms(one, closed)) for one, here in zip(links, at, strict=True)
        ]
        if np.isfinite(limit_km):
            links = [
                one.picked(np.flatnonzero(one.km + self._away(other, one.vertices) <= limit_km))
                for one, other in ((links[0], 1), (links[1], 0))
            ]
            self._foci = [(here, *landmark_kms(one, closed)) for one, here in zip(links, at, strict=True)]
            if (links[0].views or links[1].views) and self._size(limit_km) > MANY:
                # to look at every link costs less than to search so many vertices
                links = [one.cleared() for one in links]
                self._foci = [(here, *landmark_kms(one, closed)) for one, here in zip(links, at, strict=True)]
        self.links = links
        self.between_km = float(arcs_km(*start.point, *end.point))
        if len(links[1].vertices):
            least = self._away(0, links[1].vertices) + links[1].km
            self.between_km = max(self.between_km, float(least.min()))
        self._least = self._blocks_km()

    def _blocks_km(self) -> list[Singles]:
        every = blocks()
        return [
            _least_km(_arcs(every.middle, at) - every.radius, every.nearest, every.farthest, *away)
            for at, *away in self._foci
        ]

    def _size(self, limit_km: float) -> int:
        near, far = self._blocks_km()
        return int(np.count_nonzero(near + far <= limit_km)) * BLOCK

    def vertices(self, limit_km: float) -> Integers:
        """Pick the vertices by which a way may be no longer than a limit.

        Args:
            limit_km: The limit.

        Returns:
            Their numbers.
        """
        near, far = self._least
        chosen = _vertices_of(np.flatnonzero(near + far <= limit_km))
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


def _around(a: Singles, b: Singles, limit_km: float) -> Integers:
    # by which a way over the open sea would be no longer
    every, units = blocks(), chart().vectors32
    least = _over_sea_km(_arcs(every.middle, a) - every.radius) + _over_sea_km(_arcs(every.middle, b) - every.radius)
    chosen = _vertices_of(np.flatnonzero(least <= limit_km))
    least = _over_sea_km(_arcs(units[chosen], a)) + _over_sea_km(_arcs(units[chosen], b))
    return np.asarray(chosen[least <= limit_km])


def _vertices_of(few: Integers) -> Integers:
    chosen = (few[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    return chosen[: np.searchsorted(chosen, len(chart().lon))]


def _units(links: Links) -> Singles:
    return chart().vectors32[links.vertices]


def _arcs(units: Singles, at: Singles) -> Singles:
    return np.asarray(np.arccos(np.clip(units @ at, -1, 1)))


def _over_sea_km(arcs: Singles) -> Singles:
    return np.asarray(arcs * np.float32(EARTH_RADIUS_KM) - np.float32(ROUNDING_KM))


def _least_km(arcs: Singles, nearest: Singles, farthest: Singles, near: Floats, far: Floats) -> Singles:
    # no way is shorter than the difference of its two ends' ways to a landmark
    best = _over_sea_km(arcs)
    known = np.flatnonzero(np.isfinite(far))
    if len(known):
        step = LANDMARK_STEP_KM
        best = np.maximum(best, ((near[known] - step).astype(np.float32) - farthest[:, known]).max(axis=1))
        best = np.maximum(best, (nearest[:, known] - (far[known] + step).astype(np.float32)).max(axis=1))
    return best
