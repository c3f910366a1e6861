"""What the tables of the gazetteer are made of: one `Row` a place, and the writers of the two Arrow files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz

from geo.places.gazetteer import ABBREVIATION, ALIAS, ALTERNATE, CODE, DEMONYM, LANGUAGE, MAIN
from geo.places.names import is_code, key, titled
from geo.places.spellings import respelt, useful
from geo.places.table import FIRST

BEST_FIRST = (MAIN, ALIAS, ALTERNATE, ABBREVIATION, CODE, DEMONYM, LANGUAGE)
"""Which sort stays when one key belongs to one place in two ways; `Pa.` also covers what the code `PA` covers."""

_WORTH = {sort: worth for worth, sort in enumerate(BEST_FIRST)}
PEOPLE_PER_KM2 = 3000  # a town's built-up ground, the middle of the usual 2000 to 5000
UNLIKE_PERCENT = 35  # of their letters two names have in common that are no spellings of one another
TOWN_RADIUS_KM = (1.0, 40.0)
SMALLEST = 19  # zstd's highest ordinary level: slow to write, as fast to read
_KINDS = pa.dictionary(pa.int32(), pa.string())
PLACE_COLUMNS = pa.schema(
    [
        ("gid", pa.int32()),
        ("slug", pa.string()),
        ("name", pa.string()),
        ("kind", _KINDS),
        ("country", _KINDS),
        ("admin1", _KINDS),
        ("lon_e5", pa.int32()),
        ("lat_e5", pa.int32()),
        ("radius_hm", pa.int32()),
        ("population", pa.int64()),
        ("capital", pa.bool_()),
        ("names", pa.int32()),
    ]
)
NAME_ORDER = [(column, "ascending") for column in ("key", "sort", "place")]
_NAMES_IN_BATCH = 1 << 15  # what is read to answer one name
_PLACES_IN_BATCH = 1 << 16
NAME_COLUMNS = pa.schema(
    [("key", pa.string()), ("sort", pa.int8()), ("place", pa.int32()), ("written", pa.string()), ("unlike", pa.bool_())]
)


@dataclass(slots=True)
class Row:
    """One place, with the names it answers to and how each of them is one.

    Args:
        gid: Its number in GeoNames, 0 for a place of ours.
        slug: Its identifier among ours, empty for a place of GeoNames.
        name: The usual name.
        kind: What it is: city, country, province, district, port ...
        country: ISO 3166-1 alpha-2 code, or empty.
        admin1: GeoNames code of the first-level division it lies in, such as `RU.59`, or empty.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
        radius_km: How far what the name covers reaches from the point, in km.
        population: Inhabitants, 0 where unknown.
        capital: Whether it is the capital of its country.
        names: Sort and spelling of each name by its key; `call` fills it.
    """

    gid: int
    slug: str
    name: str
    kind: str
    country: str
    admin1: str
    lon: float
    lat: float
    radius_km: float
    population: int = 0
    capital: bool = False
    names: dict[str, tuple[int, str]] = field(default_factory=dict)

    def call(self, written: str, sort: int) -> None:
        """Add a name, keeping the better of two that have the same key.

        Args:
            written: The name as it is written.
            sort: One of the sorts of `geo.places.gazetteer`, such as `MAIN`.
        """
        written = " ".join(written.split())
        if sort == ALTERNATE and is_code(written):
            sort = CODE
        found = key(written)
        if len(found) < 2 and found.isascii():
            return
        if found not in self.names or _WORTH[sort] < _WORTH[self.names[found][0]]:
            self.names[found] = (sort, written)

    def call_as_geonames(self, alternates: Iterable[str]) -> None:
        """Add the name and the other names that GeoNames gives a place, and how English writes them otherwise.

        Args:
            alternates: The other names.
        """
        self.call(self.name, MAIN)
        for name in alternates:
            if useful(name):
                self.call(name, ALTERNATE)
        self.call_respelt()

    def call_respelt(self) -> None:
        """Add what the names become by `respelt`."""
        for _, written in list(self.names.values()):
            for other in respelt(written, self.country):
                self.call(other, ALTERNATE)


def town_radius_km(people: int) -> float:
    """Give the radius of a disc that holds so many people as densely as towns do.

    Args:
        people: The inhabitants, 0 where unknown.

    Returns:
        The radius in km, 1 to 40.
    """
    return min(max(math.sqrt(people / PEOPLE_PER_KM2 / math.pi), TOWN_RADIUS_KM[0]), TOWN_RADIUS_KM[1])


def place_table(rows: Sequence[Row]) -> pa.Table:
    """Turn places into a table, coordinates in steps of 1e-5 degree (one metre).

    Args:
        rows: The places.

    Returns:
        The table with `PLACE_COLUMNS`.
    """
    columns = [
        [row.gid for row in rows],
        [row.slug or None for row in rows],
        [row.name for row in rows],
        [row.kind for row in rows],
        [row.country for row in rows],
        [row.admin1 for row in rows],
        [round(row.lon * 1e5) for row in rows],
        [round(row.lat * 1e5) for row in rows],
        [max(1, round(row.radius_km * 10)) for row in rows],
        [row.population for row in rows],
        [row.capital for row in rows],
        [len(row.names) for row in rows],
    ]
    arrays = [
        pa.array(values, pa.string()).dictionary_encode() if column.type == _KINDS else pa.array(values, column.type)
        for column, values in zip(PLACE_COLUMNS, columns, strict=True)
    ]
    return pa.table(arrays, names=PLACE_COLUMNS.names)


class Entry(NamedTuple):
    """One name of one place.

    Args:
        key: The key of the name.
        sort: How it is one.
        place: The number of the place's row.
        written: The name as it is written.
        unlike: Whether it is one of GeoNames' other names of a town and looks like none of the town's own.
    """

    key: str
    sort: int
    place: int
    written: str
    unlike: bool


def entries_of(row: Row, number: int) -> Iterator[Entry]:
    """Turn the names of a place into entries.

    Args:
        row: The place.
        number: The number of its row.

    Yields:
        One entry a name.
    """
    own = [found for found, (sort, _) in row.names.items() if sort in (MAIN, ALIAS)]
    for found, (sort, written) in row.names.items():
        other = sort == ALTERNATE and row.kind == "city" and found.isascii()
        unlike = other and all(fuzz.ratio(found, mine) <= UNLIKE_PERCENT for mine in own)
        yield Entry(found, sort, number, written, unlike)


def name_table(entries: Iterable[Entry]) -> pa.Table:
    """Turn names into a table.

    `written` is left out where it is the key with capital letters, which is nearly everywhere.

    Args:
        entries: The names.

    Returns:
        The table with `NAME_COLUMNS`, in the order given.
    """
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    for found, sort, place, written, unlike in entries:
        spelling = None if written == titled(found) else written
        for column, value in zip(columns, (found, sort, place, spelling, unlike), strict=True):
            column.append(value)
    return pa.table(list(columns), schema=NAME_COLUMNS)


def names_of(rows: Iterable[Row], first: int = 0) -> pa.Table:
    """Turn the names of places into a table.

    Args:
        rows: The places.
        first: The number of the first of them in the table of places.

    Returns:
        The table with `NAME_COLUMNS`.
    """
    return name_table(entry for number, row in enumerate(rows, first) for entry in entries_of(row, number))


def write_places(parts: Iterable[pa.Table], path: Path, *, level: int = SMALLEST) -> None:
    """Write the table of places.

    Args:
        parts: Tables with `PLACE_COLUMNS`, one after the other.
        path: The Arrow file to write.
        level: How hard zstd tries, 1 to 22.
    """
    coded = [number for number, column in enumerate(PLACE_COLUMNS) if column.type == _KINDS]
    words = dict.fromkeys(coded, pa.array([], pa.string()))
    with _writer(PLACE_COLUMNS, path, level) as writer:
        for part in parts:
            for number in coded:
                column = _coded(part.column(number), words[number])
                words[number] = column.dictionary
                part = part.set_column(number, PLACE_COLUMNS.field(number), column)
            writer.write_table(part.combine_chunks(), max_chunksize=_PLACES_IN_BATCH)


def _coded(column: pa.ChunkedArray, words: pa.Array) -> pa.DictionaryArray:
    """Encode a part of a column by the words of the parts before it and then its own: a file has one dictionary."""
    texts = pc.cast(column, pa.string())
    words = pc.unique(pa.chunked_array([words, *texts.chunks]))
    return pa.DictionaryArray.from_arrays(pc.index_in(texts, words).combine_chunks(), words)


def write_names(names: pa.Table, path: Path, *, level: int = SMALLEST) -> None:
    """Write the names in the order of their keys, which is what a search in them relies on.

    Args:
        names: A table with `NAME_COLUMNS`, in any order.
        path: The Arrow file to write.
        level: How hard zstd tries, 1 to 22.
    """
    names = names.combine_chunks()
    write_sorted_names([names.take(pc.sort_indices(names, NAME_ORDER))], path, level=level)


def write_sorted_names(parts: Iterable[pa.Table], path: Path, *, level: int = SMALLEST) -> None:
    """Write names that are in the order of their keys already.

    Args:
        parts: Tables with `NAME_COLUMNS`, one after the other; names of one key are in one of them.
        path: The Arrow file to write.
        level: How hard zstd tries, 1 to 22.
    """
    with _writer(NAME_COLUMNS, path, level) as writer:
        for part in parts:
            part = part.combine_chunks()
            for start, stop in _batches(part["key"].chunk(0)) if len(part) else ():
                (batch,) = part.slice(start, stop - start).to_batches()
                writer.write_batch(batch, custom_metadata={FIRST: batch["key"][0].as_py()})


def _batches(keys: pa.Array) -> Iterator[tuple[int, int]]:
    """Cut sorted keys into pieces of about one size, equal ones in one piece."""
    start = 0
    while start < len(keys):
        stop = min(start + _NAMES_IN_BATCH, len(keys))
        while stop < len(keys) and keys[stop] == keys[stop - 1]:
            stop += 1
        yield start, stop
        start = stop


def _writer(columns: pa.Schema, path: Path, level: int) -> pa.RecordBatchFileWriter:
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", level), emit_dictionary_deltas=True)
    return pa.ipc.new_file(path, columns, options=options)
