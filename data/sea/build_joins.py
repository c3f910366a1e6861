"""Join the known ports to the network, once: `joins.npz`.

    python data/sea/build_joins.py

Reads the chart beside this file and the bundled gazetteer. Takes five minutes of the processor, on all its cores. A way
to a vertex is left out where the network itself leads there sooner.
"""

from __future__ import annotations

import sys
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from tqdm import tqdm

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
    links = berth.links()
    order = links[np.argsort(berth.vertices[links], kind="stable")]
    graph = csr_array(
        (
            np.concatenate([network.data, np.maximum(berth.km[order], TIE_KM)]),
            np.concatenate([network.indices, berth.vertices[order]]),
            np.concatenate([network.indptr, [network.nnz + len(order)]]),
        ),
        shape=(size + 1, size + 1),
    )
    # a vertex linked twice has two entries: the search takes the shorter
    km = dijkstra(graph, indices=size, limit=float(berth.km[links].max()) + 1.0)
    seen = np.zeros(len(berth.vertices), dtype=bool)
    seen[links] = True
    return seen & (berth.km <= km[berth.vertices] + TIE_KM)


class Join(NamedTuple):
    """How a port joins the network, in the steps of the file.

    Args:
        key: Its point.
        reach: How far around it the mask was searched.
        start: Row and column of the water it starts from.
        km: Length of each way.
        wide: True for each way that ends at a look-out.
        turns: For each way the cells at which it turns, from the start.
        vertices: For each way the vertices it leads to.
    """

    key: tuple[int, int]
    reach: int
    start: tuple[int, int]
    km: list[int]
    wide: list[bool]
    turns: list[list[tuple[int, int]]]
    vertices: list[list[int]]


def join(point: tuple[float, float]) -> Join | None:
    """Join one port.

    Args:
        point: (longitude, latitude) in degrees.

    Returns:
        Its join; None where no water that ships can use is near.
    """
    closed = closed_passages((), ())
    try:
        berth = searched(point, closed)
    except NoRouteError:
        return None
    row, column = (int(x) for x in cells(*(berth.point if berth.gap_km or not berth.reach_degrees else _water(berth))))
    found = Join(port_key(point), round(berth.reach_degrees / REACH_STEP_DEGREES), (row, column), [], [], [], [])
    kept = needed(berth, closed)
    for number, way in enumerate(berth.ways):
        own = np.sort(berth.vertices[kept & (berth.trunk == number)])
        if not len(own):
            continue
        points = berth.bay().way_to(way.cell) if way.cell else []
        at = [cells(*point) for point in points]
        found.km.append(round(way.km / KM_STEP))
        found.wide.append(way.view is not None)
        found.turns.append([(int(y) - row, int(x) - column) for y, x in at])
        found.vertices.append(own.tolist())
    return found


def main() -> None:
    """Write the file."""
    points = ports()
    with Pool() as pool:
        joined = [*tqdm(pool.imap(join, points, chunksize=16), total=len(points), unit="port")]
    for point, found in zip(points, joined, strict=True):
        if found is None:
            print("not on the sea:", point)
    found = [one for one in joined if one is not None]
    ways = [(km, wide, turns, vertices) for one in found for km, wide, turns, vertices in zip(*one[3:], strict=True)]
    keys = np.array([one.key for one in found])
    vertex = np.array([number for *_, vertices in ways for number in vertices])
    turn = np.array([cell for _, _, turns, _ in ways for cell in turns], dtype=np.int16)
    np.savez_compressed(
        HERE / "joins.npz",
        chart=np.uint32(chart_mark()),
        lon=np.diff(keys[:, 0], prepend=0).astype(np.int32),
        lat=np.diff(keys[:, 1], prepend=0).astype(np.int32),
        reach=np.array([one.reach for one in found], dtype=np.uint8),
        start=np.array([one.start for one in found], dtype=np.int16).T,
        ways=np.array([len(one.km) for one in found], dtype=np.uint16),
        turns=np.array([len(turns) for _, _, turns, _ in ways], dtype=np.uint8),
        vertices=np.array([len(vertices) for *_, vertices in ways], dtype=np.uint16),
        km=np.array([km for km, *_ in ways], dtype=np.uint32),
        wide=np.array([wide for _, wide, *_ in ways]),
        turn=turn.T,
        vertex=np.diff(vertex, prepend=0).astype(np.int32),
    )
    size = (HERE / "joins.npz").stat().st_size
    print(f"{len(found):,} ports, {len(ways):,} ways, {len(vertex):,} links, {len(turn):,} turns; {size:,} bytes")


def _water(berth: Berth) -> tuple[float, float]:
    bay = berth.bay()
    return bay.window.point(*bay.start)


if __name__ == "__main__":
    main()
