"""Flag the lines by which the known ports reach one another, once: `flags.npz`.

    python data/sea/build_flags.py

Reads the chart and the joins beside this file. Takes a quarter of an hour of the processor, on all its cores. A line is
flagged, in each of its two directions, with the regions to whose ports a shortest way leads along it (arc flags).
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import chain, combinations
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from tqdm import tqdm

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from geo.routing.chart import DEGREE_STEP, chart, closed_passages, lines  # noqa: E402
from geo.routing.flags import COVERED  # noqa: E402
from geo.routing.harbour import Berth, berth  # noqa: E402
from geo.routing.joins import chart_mark, joins  # noqa: E402
from geo.routing.sea_many import grown_from  # noqa: E402
from geo.routing.sight import vectors  # noqa: E402

HALVINGS = 7  # of the ports, into regions
BATCH = 32


def regions(points: np.ndarray) -> np.ndarray:
    """Part points into groups of neighbours, by halving them across where they are spread the widest.

    Args:
        points: Unit vectors, shape (n, 3).

    Returns:
        Number of the group of each.
    """
    groups = [np.arange(len(points))]
    for _ in range(HALVINGS):
        halves = []
        for group in groups:
            apart = points[group] - points[group].mean(axis=0)
            along = apart @ np.linalg.svd(apart, full_matrices=False)[2][0]
            order = group[np.argsort(along, kind="stable")]
            halves += [order[: len(order) // 2], order[len(order) // 2 :]]
        groups = halves
    found = np.empty(len(points), dtype=np.uint8)
    for number, group in enumerate(groups):
        found[group] = number
    return found


@cache
def ports() -> tuple[list[tuple[float, float]], np.ndarray]:
    """List the known ports and their regions, in the order of the joins."""
    points = [(lon * DEGREE_STEP, lat * DEGREE_STEP) for lon, lat in joins().port]
    return points, regions(vectors(*np.array(points).T))


@cache
def berths(closed: frozenset[str]) -> tuple[list[Berth], np.ndarray, np.ndarray, np.ndarray]:
    """Join all ports: their berths, and of all links the vertex, the length and the port."""
    found = [berth(point, closed) for point in ports()[0]]
    links = [one.links() for one in found]
    return (
        found,
        np.concatenate([one.vertices[which] for one, which in zip(found, links, strict=True)]),
        np.concatenate([one.km[which] for one, which in zip(found, links, strict=True)]),
        np.repeat(np.arange(len(found)), [len(which) for which in links]),
    )


def flagged(job: tuple[int, frozenset[str]]) -> np.ndarray:
    """Follow the shortest ways from one port to all others.

    Args:
        job: Number of the port, and the names of the passages that are closed.

    Returns:
        For each line and direction that leads to a region: 256 times twice the line's number, one more against its
        direction, and the region's number on top.
    """
    port, closed = job
    points, region = ports()
    found, vertices, link_km, owner = berths(closed)
    km, back = grown_from(found[port], closed)
    total = km[vertices] + link_km
    least = np.minimum.reduceat(total, np.flatnonzero(np.diff(owner, prepend=-1)))
    best = np.flatnonzero(total == least[owner])
    best = best[np.flatnonzero(np.diff(owner[best], prepend=-1))]
    # each way is searched from the end that is the lesser as a point
    later = np.array([point > points[port] for point in points])
    best = best[later & np.isfinite(total[best])]
    # ways that have met go on as one for each region
    codes, root = [], len(km) - 1
    met = np.zeros((root + 1, 2**HALVINGS), dtype=bool)
    met[root] = True
    here, there = vertices[best].astype(np.int64), region[owner[best]].astype(np.int64)
    while len(here):
        both = np.unique(here << 8 | there)
        here, there = both >> 8, both & 255
        new = ~met[here, there]
        here, there = here[new], there[new]
        met[here, there] = True
        before = back[here].astype(np.int64)
        here, before, there = here[before != root], before[before != root], there[before != root]
        line = np.searchsorted(_ends(), np.minimum(here, before) * root + np.maximum(here, before))
        against = (before > here).astype(np.int64)
        codes += [(line * 2 + against) << 8 | there, (line * 2 + 1 - against) << 8 | int(region[port])]
        here = before
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *codes]))


@cache
def _ends() -> np.ndarray:
    return chart().start.astype(np.int64) * len(chart().lon) + chart().end


def main() -> None:
    """Write the file."""
    points, region = ports()
    found = np.zeros(0, dtype=np.int64)
    for avoided in chain.from_iterable(combinations(COVERED, count) for count in range(len(COVERED) + 1)):
        closed = closed_passages(avoided, ())
        berths(closed)
        lines(closed)
        jobs = [(port, closed) for port in range(len(points))]
        with Pool() as pool:
            waiting = []
            for codes in tqdm(pool.imap_unordered(flagged, jobs, chunksize=BATCH), total=len(jobs), unit="port"):
                waiting.append(codes)
                if len(waiting) > BATCH * 8:
                    found, waiting = np.unique(np.concatenate([found, *waiting])), []
        found = np.unique(np.concatenate([found, *waiting]))
        print(f"avoiding {', '.join(avoided) or 'nothing'}: {len(np.unique(found // 512)):,} lines flagged")
    line, number = np.unique(found // 512, return_inverse=True)
    flags = np.zeros((2, 2**HALVINGS, len(line)), dtype=bool)
    flags[found // 256 % 2, found % 256, number] = True
    np.savez_compressed(
        HERE / "flags.npz",
        chart=np.uint32(chart_mark()),
        ports=np.int64(len(points)),
        region=region,
        line=np.diff(line, prepend=0).astype(np.int32),
        flags=np.packbits(flags, axis=1),
    )
    print(f"{(HERE / 'flags.npz').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
