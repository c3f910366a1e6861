"""The ways from a berth to vertices of the network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.routing.chart import Floats
from geo.routing.grid import Integers
from geo.routing.view import View

BATCHES = (16, 64, 256, 1024)
"""Where the vertices nearest in order are looked at together."""


class Links(NamedTuple):
    """Vertices of the network that a berth is joined to, some of them perhaps behind land.

    Args:
        vertices: Their numbers, shape (n,).
        km: Length of the way to each, in km, more near the shore, shape (n,).
        trunk: For each the number of the way over the mask that leads to it, shape (n,).
        views: What is seen from the ends of such ways, with the number of the first vertex of each and of the one
            after the last.
    """

    vertices: Integers
    km: Floats
    trunk: npt.NDArray[np.integer]
    views: tuple[tuple[int, int, View], ...] = ()

    def clear(self, which: Integers) -> Integers:
        """Leave out the vertices that land hides.

        Args:
            which: Numbers of links.

        Returns:
            Those by which the berth is joined.
        """
        found = np.ones(len(which), dtype=bool)
        for first, end, view in self.views:
            seen = np.flatnonzero((which >= first) & (which < end))
            found[seen] = view.clear(self.vertices[which[seen]])
        return which[found]

    def nearest(self, total: Floats) -> int | None:
        """Find the link by which a way is the shortest.

        Args:
            total: Length of the whole way by each of them, infinite where none leads.

        Returns:
            Its number; None where all ways are infinite.
        """
        for link in self.foremost(total)[:1].tolist():
            return int(link)
        return None

    def foremost(self, total: Floats) -> Integers:
        """Find some links by which ways are short, the shortest among them.

        Args:
            total: Length of the whole way by each of them at least, infinite where none leads.

        Returns:
            Numbers of links that land does not hide, by rising length; none where all ways are infinite.
        """
        order = np.argsort(total, kind="stable")[: np.isfinite(total).sum()]
        for batch in np.split(order, BATCHES) if self.views else [order]:
            found = self.clear(batch)
            if len(found):
                return found
        return order[:0]

    def cleared(self) -> Links:
        """Keep those that land does not hide.

        Returns:
            Links that need no further look.
        """
        kept = self.clear(np.arange(len(self.vertices)))
        return Links(self.vertices[kept], self.km[kept], self.trunk[kept])

    def picked(self, which: Integers) -> Links:
        """Keep some.

        Args:
            which: Their numbers, rising.

        Returns:
            Those.
        """
        views = ((*np.searchsorted(which, (first, end)).tolist(), view) for first, end, view in self.views)
        return Links(self.vertices[which], self.km[which], self.trunk[which], tuple(views))

    def and_seen(self, view: View, vertices: Integers, km: Floats, way: int) -> Links:
        """Add what may be seen from the end of a way over the mask.

        Args:
            view: What is seen from there.
            vertices: Numbers of those that may be.
            km: Length of the way to each, in km.
            way: Number of the way over the mask.

        Returns:
            Those as well.
        """
        first, end = len(self.vertices), len(self.vertices) + len(vertices)
        return Links(
            np.concatenate([self.vertices, vertices]),
            np.concatenate([self.km, km]),
            np.concatenate([self.trunk, np.full(len(vertices), way)]),
            (*self.views, (first, end, view)),
        )
