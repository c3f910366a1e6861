"""Join the known ports to the network, once: `joins.npz`.

    python data/sea/build_joins.py

Reads the chart beside this file and the bundled gazetteer. Takes two minutes. A way to a vertex is left out where the
network itself leads there sooner.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from geo.errors import NoRouteError  # noqa: E402
from geo.places import default_gazetteer  # noqa: E402
from geo.routing.chart import closed_passages, lines  # noqa: E402
from geo.routing.grid import cells  # noqa: E402
from geo.routing.harbour import Berth, searched  # noqa: E402
from geo.routing.joins import KM_STEP, REACH_STEP_DEGREES, chart_mark, port_key  # noqa: E402

TIE_KM = 1e-6


def ports() -> list[tuple[float, float]]:
    """List the points of all known ports, in degrees."""
    gazetteer = default_gazetteer()
    rows = np.flatnonzero(gazetteer.kind.are(np.s_[:], ["port"]))
    points = {(float(gazetteer.lon[row]), float(gazetteer.lat[row])) for row in rows}
    return sorted({port_key(point): point for point in sorted(points)}.values())


def needed(berth: Berth, closed: frozenset[str]) -> np.ndarray:
    """Tell which of the links are the shortest way to their vertex.

    Args:
        berth: The joined port.
        closed: Names of the passages that are closed.

    Returns:
        True for each that is needed.
    """
    network = lines(closed)
    size = network.shape[0]
    order = np.argsort(berth.vertices, kind="stable")
    graph = csr_array(
        (
            np.concatenate([network.data, np.maximum(berth.km[order], TIE_KM)]),
            np.concatenate([network.indices, berth.vertices[order]]),
            np.concatenate([network.indptr, [network.nnz + len(order)]]),
        ),
        shape=(size + 1, size + 1),
    )
    # a vertex linked twice has two entries: the search takes the shorter
    km = dijkstra(graph, indices=size, limit=float(berth.km.max()) + 1.0)
    return berth.km <= km[berth.vertices] + TIE_KM


def main() -> None:
    """Write the file."""
    closed = closed_passages((), ())
    joined = []
    for point in ports():
        try:
            joined.append(searched(point, closed))
        except NoRouteError:
            print("not on the sea:", point)
    ways, turns, vertices, km, wide, turn, vertex = [], [], [], [], [], [], []
    starts = []
    for berth in joined:
        start = cells(*(berth.point if berth.gap_km or not berth.reach_degrees else _water(berth)))
        starts.append([int(x) for x in start])
        kept = needed(berth, closed)
        count = 0
        for number, way in enumerate(berth.ways):
            own = np.sort(berth.vertices[kept & (berth.trunk == number)])
            if not len(own):
                continue
            count += 1
            points = way.points if way.points is not None else berth.bay().way_to(way.cell)
            at = np.array([cells(*point) for point in points], dtype=int).reshape(-1, 2) if berth.reach_degrees else []
            turn += [(row - starts[-1][0], column - starts[-1][1]) for row, column in at]
            turns.append(len(at))
            vertex += own.tolist()
            vertices.append(len(own))
            km.append(round(way.km / KM_STEP))
            wide.append(way.horizon is not None)
        ways.append(count)
    keys = np.array([port_key(berth.asked) for berth in joined])
    np.savez_compressed(
        HERE / "joins.npz",
        chart=np.uint32(chart_mark()),
        lon=np.diff(keys[:, 0], prepend=0).astype(np.int32),
        lat=np.diff(keys[:, 1], prepend=0).astype(np.int32),
        reach=np.array([round(berth.reach_degrees / REACH_STEP_DEGREES) for berth in joined], dtype=np.uint8),
        start=np.array(starts, dtype=np.int16).T,
        ways=np.array(ways, dtype=np.uint16),
        turns=np.array(turns, dtype=np.uint8),
        vertices=np.array(vertices, dtype=np.uint16),
        km=np.array(km, dtype=np.uint32),
        wide=np.array(wide),
        turn=np.array(turn, dtype=np.int16).T,
        vertex=np.diff(np.array(vertex), prepend=0).astype(np.int32),
    )
    size = (HERE / "joins.npz").stat().st_size
    print(f"{len(joined):,} ports, {len(km):,} ways, {len(vertex):,} links, {len(turn):,} turns; {size:,} bytes")


def _water(berth: Berth) -> tuple[float, float]:
    bay = berth.bay()
    return bay.window.point(*bay.start)


if __name__ == "__main__":
    main()
