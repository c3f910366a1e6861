"""How long it takes to open, change and save a dossier of 100,000 events, beside rewriting a GeoPackage with geopandas.

    python benchmarks/store.py [ADDRESS]

ADDRESS is a PostGIS database, `postgresql://USER@HOST/DATABASE`: then the same on it, in the dossier `benchmark`, which
must not be there yet. The peer has no edits and no history: it reads the file and writes all of it again.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import geopandas as gpd  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import shapely  # noqa: E402

from geo import Atlas, Change, Workspace, schema  # noqa: E402

EVENTS = 100_000
TURNS = 7
SEED = 5


def dossier() -> Atlas:
    """Make events over ten years, seeded."""
    chance = np.random.default_rng(SEED)
    start = pd.Timestamp("2015-01-01", tz="UTC") + pd.to_timedelta(chance.integers(0, 3650, EVENTS), unit="D")
    rows = {
        "id": [f"e{number}" for number in range(EVENTS)],
        "title": [f"Something happened, for the {number}th time" for number in range(EVENTS)],
        "kind": chance.choice(["meeting", "visit", "sanctions"], EVENTS),
        "start": start.as_unit("ms"),
        "end": (start + pd.Timedelta(days=1)).as_unit("ms"),
        "precision": "day",
        "place": "Najin",
        "radius_km": 3.0,
        "confidence": 0.8,
        "source_id": "s",
        "quote": "Somebody said that something happened there.",
        "geometry": shapely.points(chance.uniform(-180, 180, EVENTS), chance.uniform(-70, 70, EVENTS)),
    }
    events = schema.check("events", pd.DataFrame(rows), file="events")
    sources = schema.check("sources", pd.DataFrame({"id": ["s"], "title": ["A report"]}), file="sources")
    return Atlas(events, schema.empty("routes"), sources, title="Benchmark")


def seconds(act: Callable[[], object], turns: int = TURNS) -> float:
    """Return the median of several turns."""
    taken = []
    for _ in range(turns):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure, and print a table."""
    atlas = dossier()
    with tempfile.TemporaryDirectory() as folder:
        addresses = [str(Path(folder) / "dossier.gpkg"), *(f"{given}?dossier=benchmark" for given in sys.argv[1:])]
        for address in addresses:
            measure(atlas, address)
        peer(Path(addresses[0]))


def measure(atlas: Atlas, address: str) -> None:
    """Time what people do with a workspace."""
    print(address.partition("?")[0].rpartition("/")[2])
    print(f"  saved first               {seconds(lambda: Workspace.create(address, atlas, who='ann'), 1):8.2f} s")
    print(f"  opened                    {seconds(lambda: Workspace.open(address)):8.2f} s")
    work = Workspace.open(address, who="ann")
    turns = iter(range(10_000))

    def edit() -> None:
        row = work.row("events", f"e{next(turns)}")
        work.store.apply(
            [_titled(row, "Another title")],
            who="ann",
            what="titled",
        )

    print(f"  one edit saved            {1000 * seconds(edit, 25):8.1f} ms")
    held = [work]

    def edit_and_follow() -> None:
        held[0] = held[0].edit("events", f"e{next(turns)}", {"title": "Another title"})

    held[0] = held[0].refresh()
    print(f"  saved and taken in again  {1000 * seconds(edit_and_follow, 15):8.1f} ms")
    print(f"  nothing new to take in    {1000 * seconds(held[0].refresh, 15):8.1f} ms")

    def back() -> None:
        held[0] = held[0].undo()

    print(f"  undone                    {1000 * seconds(back, 9):8.1f} ms")


def _titled(row: dict[str, object], title: str) -> Change:
    return Change("events", str(row["id"]), row, {**row, "title": title})


def peer(path: Path) -> None:
    """Time the same file with geopandas."""
    held = gpd.read_file(path, layer="events")
    print("geopandas on the same rows")
    print(f"  opened                    {seconds(lambda: gpd.read_file(path, layer='events'), 3):8.2f} s")
    beside = path.with_name("peer.gpkg")
    print(f"  one edit saved            {1000 * seconds(lambda: held.to_file(beside, layer='events'), 3):8.1f} ms")


if __name__ == "__main__":
    main()
