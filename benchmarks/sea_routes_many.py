"""Speed of many sea routes at once, over seeded pairs of the gazetteer's ports.

python benchmarks/sea_routes_many.py [--pairs N] [--ports N]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

import numpy as np

import geo
from geo.errors import NoRouteError
from geo.routing import course, harbour, leg, sight
from geo.routing.bay import bay_around
from geo.routing.chart import CELLS_OF_FAR, DEGREE_STEP, FAR_STEP_KM, chart
from geo.routing.grid import cells
from geo.routing.joins import joins
from geo.types import LonLat

COAST_KM = 30.0
REPEATS = 3


def afloat(chance: random.Random, *, within_km: float) -> LonLat:
    """Pick a point at sea, evenly over the Earth between 70 N and 70 S, no farther from land than that."""
    sea = chart()
    while True:
        lon, lat = chance.uniform(-180, 180), float(np.degrees(np.arcsin(chance.uniform(-0.94, 0.94))))
        row, column = cells(lon, lat)
        land_km = sea.far[row // CELLS_OF_FAR, column // CELLS_OF_FAR] * FAR_STEP_KM
        if sea.water.at(row, column) and land_km < within_km:
            return lon, lat


def one_by_one(pairs: list[tuple[LonLat, LonLat]]) -> list[float]:
    """Route pairs that were never asked before; the least processor time of some repetitions, in ms."""
    found = []
    for start, end in pairs:
        times = []
        for _ in range(REPEATS):
            for kept in (harbour.searched, harbour.read, bay_around, sight.hindrance_km):
                kept.cache_clear()
            course._measured.clear()
            begun = time.process_time()
            with suppress(NoRouteError):
                leg(start, end, mode="sea")
            times.append((time.process_time() - begun) * 1000)
        found.append(min(times))
    return found


def main() -> None:
    """Print how long they take."""
    parser = argparse.ArgumentParser(description="Many sea routes at once.")
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--ports", type=int, default=80, help="how many ports the pairs are drawn from; 0 for all")
    parser.add_argument("--points", type=int, default=100, help="how many pairs of points at sea, of each kind")
    args = parser.parse_args()
    leg((0.0, 0.0), (1.0, 0.0), mode="sea")
    chance = random.Random(7)
    ports = [(lon * DEGREE_STEP, lat * DEGREE_STEP) for lon, lat in joins().port]
    ports = chance.sample(ports, args.ports) if args.ports else ports
    pairs = [(chance.choice(ports), chance.choice(ports)) for _ in range(args.pairs)]
    begun, worked = time.perf_counter(), time.process_time()
    routes = geo.routes(pairs, progress=False)
    took, processor = time.perf_counter() - begun, time.process_time() - worked
    answered = sum(route is not None for route in routes)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{args.pairs:,} pairs of {len(ports):,} ports: {took:.0f} s, {processor:.0f} s of the processor; "
        f"{answered:,} answered; resident {resident:.0f} MB"
    )
    for said, within_km in (("", np.inf), (f", some {COAST_KM:g} km from land or less", COAST_KM)):
        chance = random.Random(11)
        ends = [afloat(chance, within_km=within_km) for _ in range(2 * args.points)]
        times = one_by_one(list(zip(ends[::2], ends[1::2], strict=True)))
        print(
            f"{args.points} pairs of points at sea{said}: {np.median(times):.1f} ms, "
            f"95th {np.percentile(times, 95):.1f} ms of the processor"
        )


if __name__ == "__main__":
    main()
