"""A larger gazetteer out of a GeoNames dump, with the bundled places, spellings and seas kept in it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import feather

from geo.config import PLACES
from geo.errors import FormatError, GeoError, SaveError
from geo.geodesy import distance_km
from geo.places.dump import Dump, open_dump
from geo.places.rows import (
    NAME_COLUMNS,
    Entry,
    Row,
    entries_of,
    name_table,
    names_of,
    place_table,
    write_places,
    write_sorted_names,
)
from geo.places.shelves import Shelves
from geo.types import Fault

BATCH = 1 << 16  # places that are Python objects at a time
QUICK = 6  # zstd: twenty times as fast as for the bundled files, a tenth larger
SAME_KM = 15.0  # a place of the dump as near as this to one of ours of the same name is that one
TOWNS_AND_DIVISIONS = {"city", "province", "district", "country"}
COUNTRY = "country"


@dataclass(frozen=True)
class BuiltGazetteer:
    """What became of a dump.

    Args:
        folder: Where the gazetteer is; give it to `Gazetteer`.
        source: The name of the dump.
        dated: The day the dump is of, ISO 8601.
        built: The day the gazetteer was built, ISO 8601.
        places: Places in the gazetteer, those of the bundled one among them.
        names: Names in the gazetteer.
        rows: Rows of the dump.
        left_out: Rows of kinds that are not kept, of towns that are too small, and of places we have ourselves.
        broken: Rows that could not be read.
        faults: The first ten of those, by file and row.
    """

    folder: Path
    source: str
    dated: str
    built: str
    places: int
    names: int
    rows: int
    left_out: int
    broken: int
    faults: tuple[Fault, ...]


@dataclass
class _Bundled:
    """The bundled gazetteer, to which the dump brings newer points, counts of inhabitants and more names."""

    places: pa.Table
    names: pa.Table
    more: list[Entry] = field(default_factory=list)  # since they were last taken

    def __post_init__(self) -> None:
        self.row_of = {gid: row for row, gid in enumerate(self.places["gid"].to_pylist()) if gid}
        self.numbers = {
            column: self.places[column].to_numpy(zero_copy_only=False).copy()
            for column in ("lon_e5", "lat_e5", "population", "names")
        }
        self.kinds: list[str] = self.places["kind"].to_pylist()
        owners = self.names["place"].to_numpy()
        self._order: npt.NDArray[np.int64] = np.argsort(owners, kind="stable")
        self._starts: npt.NDArray[np.int64] = np.searchsorted(owners[self._order], np.arange(len(self.places) + 1))
        self.keys = self.names["key"].combine_chunks()
        self._ours: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        slugs, radius = self.places["slug"].to_pylist(), self.places["radius_hm"].to_numpy() / 10
        for row in (row for row, slug in enumerate(slugs) if slug):
            point = (self.numbers["lon_e5"][row] / 1e5, self.numbers["lat_e5"][row] / 1e5, float(radius[row]))
            for found in self._keys_of(row):
                self._ours[found].append(point)

    def take_in(self, row: Row) -> bool:
        """Give a place of the dump to the place it is among the bundled ones, if there is one."""
        known = self.row_of.get(row.gid)
        if known is None:
            return row.kind not in TOWNS_AND_DIVISIONS and self._is_ours(row)
        if self.kinds[known] != COUNTRY:
            self.numbers["lon_e5"][known] = round(row.lon * 1e5)
            self.numbers["lat_e5"][known] = round(row.lat * 1e5)
            self.numbers["population"][known] = row.population or self.numbers["population"][known]
        there = set(self._keys_of(known))
        more = [entry for entry in entries_of(row, -1 - known) if entry.key not in there]
        self.more += more
        self.numbers["names"][known] += len(more)
        return True

    def own_names(self) -> pa.Table:
        """Give the bundled names, their places numbered from -1 downwards."""
        place = pc.subtract(pa.scalar(-1, pa.int32()), self.names["place"])
        return self.names.set_column(NAME_COLUMNS.get_field_index("place"), "place", place)

    def more_names(self) -> pa.Table:
        """Give the names that the dump added since this was last asked for, numbered likewise."""
        more, self.more = self.more, []
        return name_table(more)

    def finished(self) -> pa.Table:
        """Give the places with what the dump says of them."""
        places = self.places
        for column, values in self.numbers.items():
            number = places.schema.get_field_index(column)
            places = places.set_column(number, column, pa.array(values, places.schema.field(column).type))
        return places

    def _keys_of(self, row: int) -> Iterator[str]:
        numbers = self._order[self._starts[row] : self._starts[row + 1]]
        return (self.keys[int(number)].as_py() for number in numbers)

    def _is_ours(self, row: Row) -> bool:
        there = (point for found in row.names for point in self._ours.get(found, ()))
        return any(distance_km((row.lon, row.lat), (lon, lat)) <= max(SAME_KM, reach) for lon, lat, reach in there)


def build_gazetteer(dump: Path, out: Path, *, min_population: int = 0, progress: bool = True) -> BuiltGazetteer:
    """Build a gazetteer from a GeoNames dump and what is bundled.

    Kept are towns, divisions, waters, mountains and islands, regions and parks, undersea features, and of buildings
    those that `data/places/feature_codes.csv` lists. A place that the bundled gazetteer has too keeps its kind, its
    radius and our spellings, and gains the dump's point, inhabitants and names; countries keep their point.

    Args:
        dump: `allCountries.zip`, `cities500.zip`, the .zip of a country, or the .txt in it, as GeoNames offers them.
        out: The folder to write `places.arrow`, `names.arrow`, `seas.geojson` and `about.json` to.
        min_population: Towns with fewer inhabitants are left out.
        progress: Whether to show a progress bar.

    Returns:
        What was built, and the first ten rows that could not be read.

    Raises:
        MissingFileError: There is no such dump.
        FormatError: It is no dump of GeoNames, or no place in it is of a kind that is kept.
        ReadError: It breaks off.
        SaveError: The folder cannot be written; what stood there before is unchanged.
    """
    source = open_dump(dump, min_population=min_population)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=out) as scratch:
            built = _build(source, Path(scratch), out, progress=progress)
            for path in Path(scratch).iterdir():
                path.replace(out / path.name)
    except GeoError:
        raise
    except OSError as error:
        raise SaveError(f"{out} cannot be written: {error.strerror}. Free space or choose another folder.") from error
    return built


def _build(source: Dump, scratch: Path, out: Path, *, progress: bool) -> BuiltGazetteer:
    bundled = _Bundled(feather.read_table(PLACES / "places.arrow"), feather.read_table(PLACES / "names.arrow"))
    counted = _Counted()
    with Shelves(scratch, bundled.keys) as names:
        names.add(bundled.own_names())
        parts = _place_parts(source, bundled, names, counted, progress=progress)
        write_places(parts, scratch / "places.arrow", level=QUICK)
        write_sorted_names(names.sorted_parts(counted.places), scratch / "names.arrow", level=QUICK)
    shutil.copyfile(PLACES / "seas.geojson", scratch / "seas.geojson")
    built = BuiltGazetteer(
        folder=out,
        source=source.path.name,
        dated=source.date().isoformat(),
        built=datetime.now(tz=UTC).date().isoformat(),
        places=counted.places + len(bundled.places),
        names=names.count,
        rows=source.rows,
        left_out=source.left_out + counted.ours,
        broken=source.broken,
        faults=tuple(source.faults),
    )
    about: dict[str, Any] = asdict(built) | {"faults": [str(fault) for fault in built.faults]}
    del about["folder"]
    (scratch / "about.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return built


@dataclass
class _Counted:
    """How many places the dump brought, and how many of its rows are places that we have ourselves."""

    places: int = 0
    ours: int = 0


def _place_parts(
    source: Dump, bundled: _Bundled, names: Shelves, counted: _Counted, *, progress: bool
) -> Iterator[pa.Table]:
    """Give the places in parts, the bundled ones last, and put the names of each part on the shelves."""
    from tqdm import tqdm

    with tqdm(total=source.size(), unit="B", unit_scale=True, desc=source.path.name, disable=not progress) as bar:
        dumped = source.read(bar.update)
        while batch := list(islice(dumped, BATCH)):
            rows = []
            for row in batch:
                if not bundled.take_in(row):
                    rows.append(row)
                elif row.gid not in bundled.row_of:
                    counted.ours += 1
            names.add(names_of(rows, counted.places))
            names.add(bundled.more_names())
            counted.places += len(rows)
            yield place_table(rows)
    if source.left_out + source.broken == source.rows:
        raise FormatError(f"No place of {source.path.name} is of a kind that is kept. Ask for smaller towns.")
    yield bundled.finished()
