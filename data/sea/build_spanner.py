"""Fewer lines, hardly longer ways: a greedy spanner of the sight lines, and landmark distances over it."""

from __future__ import annotations

import heapq

import numpy as np
from build_graph import gap_km
from numba import njit

STRETCH = 1.003


@njit
def spanner(lon, lat, start, end, km, kept_first):  # noqa: ANN001, ANN201, PLR0917
    """Keep a line only where no way over the lines kept before is within 0.3 % of it.

    Args:
        lon: Longitudes of the vertices in degrees.
        lat: Latitudes of the vertices in degrees.
        start: First vertex of each line, those that must be kept first, the others by length.
        end: Second vertex of each line.
        km: Length of each line.
        kept_first: How many lines are kept unseen.

    Returns:
        True for each line that is kept.
    """
    n, m = len(lon), len(start)
    kept = np.zeros(m, dtype=np.bool_)
    head = np.full(n, -1)
    follows = np.full(2 * m, -1)
    best = np.full(n, np.inf)
    touched = [0]
    for e in range(m):
        u, v = start[e], end[e]
        if e >= kept_first:
            limit = km[e] * STRETCH + 0.01
            best[u] = 0.0
            touched.clear()
            touched.append(u)
            queue = [(gap_km(lon[u], lat[u], lon[v], lat[v]), u)]
            reached = False
            while queue and not reached:
                bound, a = heapq.heappop(queue)
                so_far = best[a]
                if bound > so_far + gap_km(lon[a], lat[a], lon[v], lat[v]) + 1e-9:
                    continue
                link = head[a]
                while link >= 0:
                    line = link >> 1
                    b = end[line] if link & 1 == 0 else start[line]
                    price = so_far + km[line]
                    if price < best[b] and price <= limit:
                        bound = price + gap_km(lon[b], lat[b], lon[v], lat[v])
                        if bound <= limit:
                            if b == v:
                                reached = True
                                break
                            best[b] = price
                            touched.append(b)
                            heapq.heappush(queue, (bound, b))
                    link = follows[link]
            for a in touched:
                best[a] = np.inf
            if reached:
                continue
        kept[e] = True
        follows[2 * e] = head[u]
        head[u] = 2 * e
        follows[2 * e + 1] = head[v]
        head[v] = 2 * e + 1
    return kept
