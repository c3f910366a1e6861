"""The gazetteer: a table of places and one of names in the order of their keys, read as far as they are asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import copy
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.config import PLACES
from geo.errors import MissingFileError
from geo.geodesy import unit_vectors
from geo.places.arrow import Labels, filled, numbers_of, positions, prefixed
from geo.places.entry import Entry, Hit
from geo.places.index import KeyIndex
from geo.places.names import titled
from geo.places.table import Numbers, Table
from geo.types import Place

MAIN, ALIAS, ALTERNATE, CODE, DEMONYM, LANGUAGE, ABBREVIATION = range(7)
"""How a name belongs to a place: its own, one of our spellings, one of GeoNames', a code that needs capitals, what its
people or its language are called, an abbreviation that needs its capital (`Calif.`)."""

_GET_ONE = (
    "Build it with python -m geo places build, unset RUTTER_GAZETTEER to use the bundled one, or build that with "
    "python data/places/build.py."
)
_NUMBERS = ("gid", "population", "capital", "names", "lon_e5", "lat_e5", "radius_hm")
_WORDS = ("kind", "country", "admin1")
PLACE_COLUMNS = (*_NUMBERS, *_WORDS, "slug", "name")
NAME_COLUMNS = ("key", "sort", "place", "written", "unlike")
FILES = ("places.arrow", "names.arrow", "seas.geojson")


class Gazetteer:
    """Places by the key of their names.

    Args:
        folder: Where `places.arrow`, `names.arrow` and `seas.geojson` are.

    Raises:
        MissingFileError: One of the three is not there.
        ReadError: One of them is damaged.

    Attributes:
        original: The same without corrections.
        corrected: What the user said that a name means, by its key; None where it is no place.
        names_of: How many names each place has, in all languages: a measure of how known it is; shape (n,).
    """

    def __init__(self, folder: Path = PLACES) -> None:
        for name in FILES:
            if not (folder / name).exists():
                raise MissingFileError(f"There is no {folder / name}. {_GET_ONE}")
        self._folder = folder
        self.original = self
        self.corrected: Mapping[str, Place | None] = {}
        self._places = Table(folder / "places.arrow", PLACE_COLUMNS, _GET_ONE)
        self._names = Table(folder / "names.arrow", NAME_COLUMNS, _GET_ONE)
        gid, people, capital, names, lon, lat, radius = self._places.numbers(*_NUMBERS)
        self._gid, self.population, self.capital, self.names_of = gid, people, capital, names
        self.lon: npt.NDArray[np.float64] = lon / 1e5
        self.lat: npt.NDArray[np.float64] = lat / 1e5
        self.radius_km: npt.NDArray[np.float64] = radius / 10
        self.curated: npt.NDArray[np.bool_] = gid == 0
        self.kind, self.country, self.admin1 = map(Labels, zip(*self._places.batches(_WORDS), strict=True))
        self.keys = KeyIndex(self._names)
        self.sort, self.place = Numbers(self._names, "sort"), Numbers(self._names, "place")
        self.unlike = Numbers(self._names, "unlike")

    def __len__(self) -> int:
        return len(self._places)

    def corrected_by(self, corrected: Mapping[str, Place | None]) -> Gazetteer:
        """Give the same gazetteer for a user who corrected some names.

        Args:
            corrected: What each means, by its key; None where it is no place.

        Returns:
            A gazetteer that shares everything else with this one.
        """
        mine = copy(self)
        mine.corrected = corrected
        return mine

    def row_for(self, place: Place) -> int:
        """Find the row of a place, or of what is nearest to it where it is not in the table.

        Args:
            place: A place from anywhere.

        Returns:
            The row; in the place's country, where it has one.
        """
        home, _, number = place.place_id.partition(":")
        if home == "rutter" and place.place_id in self.original.row_of:
            return self.original.row_of[place.place_id]
        if home == "geonames" and number.isdecimal() and len(own := np.flatnonzero(self._gid == int(number))):
            return int(own[0])
        near = self.original.units @ unit_vectors(place.lon, place.lat)[0].astype(np.float32)
        at_home = self.country.are(np.s_[:], [place.country])
        return int(np.where(at_home | ~at_home.any(), near, -2.0).argmax())

    def find(self, found: str) -> list[Hit]:
        """List every place that has a name with this key.

        Args:
            found: A key as `geo.places.names.key` gives it.

        Returns:
            The hits in the order of the table; empty where no place has such a name.
        """
        start, stop = self.keys.span(found)
        return [
            Hit(int(self.place[n]), int(self.sort[n]), self._names.text("written", n) or titled(found))
            for n in range(start, stop)
        ]

    def place_names(self, rows: npt.NDArray[np.int64]) -> list[str]:
        """Give the usual names of places.

        Args:
            rows: Their rows in the table of places; shape (n,).

        Returns:
            The names; shape (n,).
        """
        names: list[str] = filled(self._places.texts("name", rows)).to_pylist()
        return names

    def key_texts(self, names: npt.NDArray[np.int64]) -> list[str]:
        """Give the keys of names.

        Args:
            names: Their rows in the table of names; shape (n,).

        Returns:
            The keys; shape (n,).
        """
        texts: list[str] = self.keys.texts(names).to_pylist()
        return texts

    def written(self, name: int) -> str:
        """Give a name as it is written.

        Args:
            name: Its row in the table of names.

        Returns:
            The name.
        """
        return self._names.text("written", name) or titled(self._names.text("key", name) or "")

    def entry(self, row: int) -> Entry:
        """Give the place in one row.

        Args:
            row: Its row in the table of places.

        Returns:
            The place.
        """
        slug = self._places.text("slug", row)
        return Entry(
            row=row,
            place_id=f"rutter:{slug}" if slug else f"geonames:{self._gid[row]}",
            name=self._places.text("name", row) or "",
            kind=self.kind[row],
            country=self.country[row],
            admin1=self.admin1[row],
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            radius_km=float(self.radius_km[row]),
            population=int(self.population[row]),
            capital=bool(self.capital[row]),
        )

    def columns(self, rows: npt.NDArray[np.int64], names: npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        """Write places out as columns.

        Args:
            rows: Rows in the table of places, -1 for none; shape (n,).
            names: Rows of the matching names in the table of names, -1 for none; shape (n,).

        Returns:
            place, place_id, kind, country and matched as texts, empty where there is none; each of shape (n,).
        """
        import pyarrow.compute as pc

        from geo.places.name_columns import titles

        ids = prefixed("geonames:", pc.cast(positions(np.where(rows < 0, -1, self._gid[rows])), pa.string()))
        slug = self._places.texts("slug", rows)
        ours = pc.is_valid(slug)
        written = self._names.texts("written", names)
        as_key = pc.and_(pc.is_null(written), pc.is_valid(positions(names)))
        keyed = self.keys.texts(names[numbers_of(as_key)])
        columns = {
            "place": self._places.texts("name", rows),
            "place_id": pc.replace_with_mask(ids, ours, prefixed("rutter:", slug.filter(ours))),
            "kind": self.kind.texts(rows),
            "country": self.country.texts(rows),
            "matched": pc.replace_with_mask(written, as_key, titles(keyed)),
        }
        return {column: filled(texts) for column, texts in columns.items()}

    @cached_property
    def nation_people(self) -> npt.NDArray[np.int64]:
        """Inhabitants of each country of `country.words`, 0 for the sea; shape (words,)."""
        people = np.zeros(len(self.country.words), np.int64)
        nations = self.kind.are(np.s_[:], ["country"])
        np.maximum.at(people, self.country.codes[nations], self.population[nations])
        return people

    @cached_property
    def units(self) -> npt.NDArray[np.float32]:
        """Each place as a point on the unit sphere; shape (n, 3)."""
        return unit_vectors(self.lon, self.lat).astype(np.float32)

    @cached_property
    def seas(self) -> dict[str, BaseGeometry]:
        """The polygon of each sea by its `place_id`, EPSG:4326, cut at 180 degrees."""
        features = json.loads((self._folder / "seas.geojson").read_text(encoding="utf-8"))["features"]
        return {f"rutter:{feature['properties']['id']}": shape(feature["geometry"]) for feature in features}

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each place of ours by its `place_id`."""
        slugs = ((row, slug) for row, slug in enumerate(self._places.column("slug").to_pylist()) if slug)
        return {f"rutter:{slug}": row for row, slug in slugs}


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
