"""Speed of many sea routes at once, over seeded pairs of the gazetteer's ports.

python benchmarks/sea_routes_many.py [--pairs N] [--ports N]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

import geo
from geo.routing.chart import DEGREE_STEP
from geo.routing.joins import joins


def main() -> None:
    """Print how long they take."""
    parser = argparse.ArgumentParser(description="Many sea routes at once.")
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--ports", type=int, default=80, help="how many ports the pairs are drawn from; 0 for all")
    args = parser.parse_args()
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


if __name__ == "__main__":
    main()
