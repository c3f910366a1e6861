"""Length and speed of sea routes beside searoute, scgraph and published distances, in one run.

    python benchmarks/sea_routes.py TRUTH.csv [--scgraph FOLDER] [--results FOLDER] [--repeats N]

TRUTH.csv has the columns origin, olon, olat, dest, dlon, dlat, nm and via (`suez`, `panama`, `none` for neither of the
two, or empty). With --results one file of routes a system is written, one JSON object a line. Needs searoute.

FOLDER holds scgraph 2, unpacked (`pip install --no-deps --target FOLDER "scgraph<3"`): from 3 on it brings no network
of the sea. It cannot close a canal, so beside it count only the pairs that close none.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent))

from geo.types import KM_PER_NAUTICAL_MILE

NETWORKS = ("marnet", "oak_ridge_maritime")
AVOIDED = {"suez": {"Panama"}, "panama": {"Suez"}, "none": {"Suez", "Panama"}, "": set()}
COLD = (
    "import time; t=time.perf_counter(); from geo.routing import leg; "
    "leg((130.292,42.233),(132.335,42.879),mode='sea'); print((time.perf_counter()-t)*1000)"
)


def rutter(pairs: list[dict[str, Any]], *, repeats: int) -> list[dict[str, Any]]:
    """Route every pair: with both ends searched for, with the joins of known ports read, and once more."""
    from geo.routing import harbour, joins, leg
    from geo.routing.bay import bay_around

    leg((0.0, 0.0), (1.0, 0.0), mode="sea")
    port_key = joins.port_key
    out = []
    for pair in pairs:
        times: dict[str, list[float]] = {"searched": [], "first": [], "ms": []}
        processor: dict[str, list[float]] = {way: [] for way in times}
        for _ in range(repeats):
            for way, found in times.items():
                if way != "ms":
                    for kept in (harbour.searched, harbour.read):
                        kept.cache_clear()
                    bay_around.cache_clear()
                joins.port_key = (lambda point: None) if way == "searched" else port_key
                begun, worked = time.perf_counter(), time.process_time()
                route = leg(pair["origin"], pair["dest"], mode="sea", avoid=AVOIDED[pair["via"]])
                found.append((time.perf_counter() - begun) * 1000)
                processor[way].append((time.process_time() - worked) * 1000)
        out.append(
            {**pair, "nmi": route.length_nmi, "geometry": route.line.__geo_interface__, "gaps": route.gaps_km}
            | {name: min(found) for name, found in times.items()}
            | {f"{name}_processor": min(found) for name, found in processor.items()}
            | {"passages": route.passages}
        )
    return out


def scgraph(pairs: list[dict[str, Any]], folder: Path, network: str) -> list[dict[str, Any]]:
    """Route every pair that closes no canal along a network of scgraph's."""
    sys.path.insert(0, str(folder))
    graph = getattr(importlib.import_module(f"scgraph.geographs.{network}"), f"{network}_geograph")

    def route(origin: tuple[float, float], dest: tuple[float, float]) -> dict[str, Any]:
        ends = [{"longitude": lon, "latitude": lat} for lon, lat in (origin, dest)]
        return dict(graph.get_shortest_path(*ends, output_units="km", silent=True))

    route(pairs[0]["origin"], pairs[0]["dest"])
    out = []
    for pair in pairs:
        begun = time.perf_counter()
        try:
            found = route(pair["origin"], pair["dest"])
        except Exception as error:  # it has no kind of its own for ends that are not connected
            print(f"scgraph, {network}: {pair['oname']} to {pair['dname']}: {error}")
            continue
        ms = (time.perf_counter() - begun) * 1000
        line = {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in found["coordinate_path"]]}
        out.append({**pair, "nmi": found["length"] / KM_PER_NAUTICAL_MILE, "geometry": line, "ms": ms})
    return out


def searoute_of(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Route every pair with searoute."""
    from searoute import searoute

    searoute([0, 0], [1, 0])
    out = []
    for pair in pairs:
        closed = ["northwest", *(name.lower() for name in sorted(AVOIDED[pair["via"]]))]
        begun = time.perf_counter()
        found = searoute(list(pair["origin"]), list(pair["dest"]), units="naut", restrictions=closed)
        ms = (time.perf_counter() - begun) * 1000
        out.append({**pair, "nmi": found.properties["length"], "geometry": found.geometry, "ms": ms})
    return out


def read(path: Path) -> list[dict[str, Any]]:
    """Read the pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "oname": row["origin"],
                "dname": row["dest"],
                "via": row["via"],
                "origin": (float(row["olon"]), float(row["olat"])),
                "dest": (float(row["dlon"]), float(row["dlat"])),
                "published": float(row["nm"]),
            }
            for row in csv.DictReader(file)
        ]


def percentile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def compare(systems: dict[str, list[dict[str, Any]]]) -> None:
    """Print how far off each system's lengths are, and how long it takes."""
    for name, routes in systems.items():
        off = [abs(route["nmi"] / route["published"] - 1) * 100 for route in routes]
        times = [route["ms"] for route in routes]
        print(
            f"{name}: {len(routes)} answered, off by {statistics.median(off):.2f} % in the median, "
            f"{percentile(off, 0.9):.1f} % at the 90th percentile; warm {statistics.median(times):.1f} ms, "
            f"95th percentile {percentile(times, 0.95):.1f} ms"
        )


def save(routes: list[dict[str, Any]], path: Path, meta: dict[str, Any]) -> None:
    """Write the routes of a system, one JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(one) for one in ({"meta": meta}, *routes)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description="Sea routes beside searoute.")
    parser.add_argument("truth", type=Path)
    parser.add_argument("--scgraph", type=Path, help="folder with scgraph 2")
    parser.add_argument("--results", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    pairs = read(args.truth)
    here = Path(__file__).resolve().parent.parent
    cold = min(
        float(subprocess.run([sys.executable, "-c", COLD], cwd=here, check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    )
    ours = rutter(pairs, repeats=args.repeats)
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    theirs = searoute_of(pairs)
    compare({"Rutter": ours, "searoute": theirs})
    if args.results:
        save(ours, args.results / "rutter.jsonl", {"name": "Rutter", "cold_ms": cold})
        save(theirs, args.results / "searoute.jsonl", {"name": "searoute"})
    if args.scgraph:
        free = [pair for pair in pairs if not pair["via"]]
        print(f"Of the {len(free)} pairs that close no canal:")
        systems = {"Rutter": ours, "searoute": theirs}
        found = {name: [route for route in routes if not route["via"]] for name, routes in systems.items()}
        compare(found | {f"scgraph, {network}": scgraph(free, args.scgraph, network) for network in NETWORKS})
    cases = (("ms", "once more"), ("first", "a pair not asked before"), ("searched", "the same, all ends searched for"))
    for name, said in cases:
        for key, clock in ((name, "by the clock"), (f"{name}_processor", "of the processor")):
            times = [route[key] for route in ours]
            print(f"Rutter, {said}: {statistics.median(times):.1f} ms, 95th {percentile(times, 0.95):.1f} ms {clock}")
    print(f"Rutter, a fresh process to its first route, libraries included: {cold:.0f} ms; resident {resident:.0f} MB")
    longer = [(a["nmi"] / b["nmi"], a["oname"], a["dname"], a["via"]) for a, b in zip(ours, theirs, strict=True)]
    print(f"Rutter / searoute: median length {statistics.median(x[0] for x in longer):.3f}, longest", *max(longer))


if __name__ == "__main__":
    main()
