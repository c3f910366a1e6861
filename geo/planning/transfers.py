"""The cheapest journey that changes between land and sea at ports, as often as that pays.

Every leg is first taken to cost no more than it can at least. The cheapest journey at these prices is looked at, and a
leg of it that is not measured yet is measured; when all its legs are, no other journey can be cheaper.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Element = Literal["land", "sea"]
Costs = npt.NDArray[np.float64]

ORIGIN, DESTINATION = 0, 1
FREE = 1e-9  # an entry of 0 would be no leg at all


class Fares(NamedTuple):
    """What the legs between the places of a journey cost: its origin, its destination, then the ports.

    Args:
        least: What each leg costs at least, infinite where none leads; shape (n, n), the same there and back.
        measure: What the legs from one place really cost, by its number; shape (n,).
    """

    least: Costs
    measure: Callable[[int], Costs]


def cheapest(land: Fares, sea: Fares, *, transfer: float, most: float) -> list[tuple[Element, int, int]]:
    """Find the cheapest journey of two legs or more, by land and by sea in turn.

    Args:
        land: Fares by land.
        sea: Fares by sea.
        transfer: What a change at a port costs.
        most: What the journey must cost less than.

    Returns:
        For each leg how it goes and between which places; none where no journey is cheaper.
    """
    size = len(land.least)
    fares = {"land": land.least.copy(), "sea": sea.least.copy()}
    measured = {"land": np.zeros(size, dtype=bool), "sea": np.zeros(size, dtype=bool)}
    while True:
        journey, cost = _journey(fares["land"], fares["sea"], transfer)
        if cost >= most:
            return []
        doubtful = [leg for leg in journey if not measured[leg[0]][list(leg[1:])].any()]
        if not doubtful:
            return journey
        element, *ends = doubtful[0]
        place = min(ends)  # the journey's own ends first: most journeys in question share them
        real = np.maximum((land if element == "land" else sea).measure(place), fares[element][place])
        fares[element][place] = fares[element][:, place] = real
        measured[element][place] = True


def _journey(land: Costs, sea: Costs, transfer: float) -> tuple[list[tuple[Element, int, int]], float]:
    # each place twice: as one reaches it by land, to go on by sea, and the other way about
    size = len(land)
    step = np.full((2 * size, 2 * size), np.inf)
    step[:size, size:], step[size:, :size] = sea + transfer, land + transfer
    for side, fares in ((0, sea), (size, land)):
        step[side + ORIGIN, size - side : 2 * size - side] = fares[ORIGIN] + FREE
        step[side + ORIGIN, size - side + DESTINATION] = np.inf  # one leg all the way is no journey of several
        step[side + DESTINATION] = np.inf
    rows, columns = np.nonzero(np.isfinite(step))
    graph = csr_array((step[rows, columns], (rows, columns)), shape=step.shape)
    km, before, _ = dijkstra(graph, indices=[ORIGIN, size + ORIGIN], min_only=True, return_predecessors=True)
    last = min(DESTINATION, size + DESTINATION, key=lambda state: km[state])
    path = [last]
    while np.isfinite(km[last]) and before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    path.reverse()
    legs: list[tuple[Element, int, int]] = [
        ("sea" if a < size else "land", a % size, b % size) for a, b in pairwise(path)
    ]
    return legs, float(km[last])
