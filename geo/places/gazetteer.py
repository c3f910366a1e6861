"""The bundled gazetteer: two sorted tables, read once, searched without an index in memory."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.config import PLACES
from geo.errors import MissingFileError
from geo.places.names import titled

MAIN, ALIAS, ALTERNATE, CODE = range(4)
"""How a name belongs to a place: its own, one of our spellings, one of GeoNames', a code that needs capitals."""

FILES = ("places.parquet", "names.parquet", "seas.geojson")


class Hit(NamedTuple):
    """A place that answers to a key, by its row, with how the name belongs to it and how it is written."""

    row: int
    sort: int
    written: str


@dataclass(frozen=True)
class Entry:
    """One place of the gazetteer.

    Args:
        row: Its row in the table of places.
        place_id: Stable identifier, `geonames:2042645` or `rutter:najin-port`.
        name: The usual name.
        kind: What it is: city, country, province, district, region, sea, port ...
        country: ISO 3166-1 alpha-2 code, or empty.
        admin1: GeoNames code of the first-level division it lies in, such as `RU.59`, or empty.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
        radius_km: How far what the name covers reaches from the point, in km.
        population: Inhabitants, 0 where unknown.
        capital: Whether it is the capital of its country.
    """

    row: int
    place_id: str
    name: str
    kind: str
    country: str
    admin1: str
    lon: float
    lat: float
    radius_km: float
    population: int
    capital: bool


class _Keys:
    """The sorted keys as raw bytes, so that `bisect` compares without building strings."""

    def __init__(self, keys: pa.Array) -> None:
        _, offsets, data = keys.buffers()
        self._offsets = np.frombuffer(offsets, np.int32)[keys.offset : keys.offset + len(keys) + 1]
        self._data = memoryview(data) if data is not None else memoryview(b"")

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._data[self._offsets[number] : self._offsets[number + 1]])


class Gazetteer:
    """Places by the key of their names.

    Args:
        folder: Where `places.parquet`, `names.parquet` and `seas.geojson` are.

    Raises:
        MissingFileError: One of the three is not there.
    """

    def __init__(self, folder: Path = PLACES) -> None:
        for name in FILES:
            if not (folder / name).exists():
                raise MissingFileError(f"There is no {folder / name}. Build it with python data/places/build.py.")
        self._folder = folder
        places = _column_reader(folder / "places.parquet")
        names = _column_reader(folder / "names.parquet")
        self._gid, self._population, self._capital = (places(c).to_numpy(zero_copy_only=False) for c in _NUMBERS)
        self.lon: npt.NDArray[np.float64] = places("lon_e5").to_numpy() / 1e5
        self.lat: npt.NDArray[np.float64] = places("lat_e5").to_numpy() / 1e5
        self.radius_km: npt.NDArray[np.float64] = places("radius_hm").to_numpy() / 10
        self._slug, self._name = places("slug"), places("name")
        self._kind, self._country, self._admin1 = places("kind"), places("country"), places("admin1")
        self._keys = _Keys(names("key"))
        self._sort = names("sort").to_numpy()
        self._place = names("place").to_numpy()
        self._written = names("written")

    def __len__(self) -> int:
        return len(self._name)

    def find(self, found: str) -> list[Hit]:
        """List every place that has a name with this key.

        Args:
            found: A key as `geo.places.names.key` gives it.

        Returns:
            The hits in the order of the table; empty where no place has such a name.
        """
        wanted = found.encode()
        number = bisect_left(self._keys, wanted)
        hits = []
        while wanted and number < len(self._keys) and self._keys[number] == wanted:
            written = self._written[number].as_py() or titled(found)
            hits.append(Hit(int(self._place[number]), int(self._sort[number]), written))
            number += 1
        return hits

    def entry(self, row: int) -> Entry:
        """Give the place in one row.

        Args:
            row: Its row in the table of places.

        Returns:
            The place.
        """
        slug = self._slug[row].as_py()
        return Entry(
            row=row,
            place_id=f"rutter:{slug}" if slug else f"geonames:{self._gid[row]}",
            name=self._name[row].as_py(),
            kind=self._kind[row].as_py(),
            country=self._country[row].as_py(),
            admin1=self._admin1[row].as_py(),
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            radius_km=float(self.radius_km[row]),
            population=int(self._population[row]),
            capital=bool(self._capital[row]),
        )

    @cached_property
    def kind_of(self) -> npt.NDArray[np.str_]:
        """The kind of each row; shape (n,)."""
        kinds: npt.NDArray[np.str_] = np.asarray(self._kind.dictionary.to_pylist())[self._kind.indices.to_numpy()]
        return kinds

    @cached_property
    def units(self) -> npt.NDArray[np.float32]:
        """Each place as a point on the unit sphere; shape (n, 3)."""
        lon, lat = np.radians(self.lon), np.radians(self.lat)
        return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).astype(np.float32)

    @cached_property
    def seas(self) -> dict[str, BaseGeometry]:
        """The polygon of each sea by its `place_id`, EPSG:4326, cut at 180 degrees."""
        features = json.loads((self._folder / "seas.geojson").read_text(encoding="utf-8"))["features"]
        return {f"rutter:{feature['properties']['id']}": shape(feature["geometry"]) for feature in features}

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each place of ours by its `place_id`."""
        slugs = ((row, slug) for row, slug in enumerate(self._slug.to_pylist()) if slug)
        return {f"rutter:{slug}": row for row, slug in slugs}

    def entries(self, hits: list[Hit]) -> Iterator[tuple[Hit, Entry]]:
        """Pair each hit with its place.

        Args:
            hits: As `find` gives them.

        Returns:
            The pairs, in the same order.
        """
        return ((hit, self.entry(hit.row)) for hit in hits)


_NUMBERS = ("gid", "population", "capital")


def _column_reader(path: Path) -> Callable[[str], Any]:
    # `read_table` would first import the whole of Arrow's dataset machinery. Column by column, giving back what
    # decompression took, keeps 100 MB out of memory.
    file = pq.ParquetFile(path)

    def column(name: str) -> Any:
        values = file.read(columns=[name], use_threads=False).column(0).combine_chunks()
        pa.default_memory_pool().release_unused()
        return values

    return column


def default_gazetteer(folder: Path = PLACES) -> Gazetteer:
    """Give the gazetteer in a folder, read once and shared from then on.

    Args:
        folder: Where its files are.

    Returns:
        The gazetteer.

    Raises:
        MissingFileError: A file of it is not there.
    """
    return _read_once(folder.resolve())


@cache
def _read_once(folder: Path) -> Gazetteer:
    return Gazetteer(folder)
