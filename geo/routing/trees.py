"""Trees of shortest ways over a network, from all that a berth is joined to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.routing.chart import Floats
from geo.routing.grid import Integers

LEAST_KM = 1e-6  # a line of no length would be none


def tree(
    network: csr_array, vertices: Integers, km: Floats, *, limit_km: float = np.inf
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Search a network from a berth.

    Args:
        network: Lengths in km from vertex to vertex; shape (n, n).
        vertices: Numbers of the vertices it is joined to.
        km: Length of the way to each.
        limit_km: How far to search.

    Returns:
        For each vertex, and for the berth after them, how far it is in km and the one before it; shape (n + 1,).
    """
    size = network.shape[0]
    graph = csr_array(
        (
            np.concatenate([network.data, np.maximum(km, LEAST_KM)]),
            np.concatenate([network.indices, vertices]),
            np.concatenate([network.indptr, [network.nnz + len(vertices)]]),
        ),
        shape=(size + 1, size + 1),
    )
    found: tuple[Floats, npt.NDArray[np.int32]] = dijkstra(
        graph, indices=size, return_predecessors=True, limit=limit_km
    )
    return found


def traced(back: npt.NDArray[np.int32], last: int) -> list[int]:
    """Follow a tree of shortest ways back to its root.

    Args:
        back: For each vertex the one before it, the root after them.
        last: Where the way ends.

    Returns:
        Vertices from the root's neighbour to the last.
    """
    path = [last]
    while back[path[-1]] != len(back) - 1:
        path.append(int(back[path[-1]]))
    return path[::-1]
