"""A GeoNames dump, row by row: what can be read becomes a place, what cannot is told by file and row."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, NamedTuple

from geo.config import PLACES
from geo.errors import FormatError, MissingFileError, ReadError
from geo.faults import fault
from geo.places.rows import Row, town_radius_km
from geo.types import Fault

COLUMNS = 19
GID, NAME, ALTERNATES, LAT, LON, CLASS, CODE, COUNTRY, ADMIN1, POPULATION = 0, 1, 3, 4, 5, 6, 7, 8, 10, 14
FAULTS_SHOWN = 10
TRIED = 100  # rows after which a file none of whose rows can be read is no dump
AT_A_TIME = 1 << 20
ANY = "*"
TOWN = "city"
CAPITAL = "PPLC"
NO_DIVISION = {"", "00"}
NOT_PLACES = {"readme.txt"}
GET_ONE = (
    "Give an unpacked .txt or the .zip as GeoNames offers it: allCountries.zip, cities500.zip or that of a country."
)


class Sort(NamedTuple):
    """What a feature code of GeoNames is among our kinds, and how far such a thing reaches in km."""

    kind: str
    radius_km: float


@dataclass
class Dump:
    """A GeoNames dump that is being read.

    Args:
        path: A .zip as GeoNames offers it, or the .txt in it.
        min_population: Towns with fewer inhabitants are left out.
        rows: How many rows have been read.
        left_out: How many of them are of a kind that is not kept, or too small.
        broken: How many of them could not be read.
        faults: The first ten of those.
    """

    path: Path
    min_population: int = 0
    rows: int = 0
    left_out: int = 0
    broken: int = 0
    faults: list[Fault] = field(default_factory=list)

    def read(self, tick: Callable[[int], object]) -> Iterator[Row]:
        """Read the places one after the other.

        Args:
            tick: Called with the number of bytes read since it was called last.

        Yields:
            The places, with their names.

        Raises:
            FormatError: The file is no dump of GeoNames.
            ReadError: The file breaks off or cannot be read.
        """
        sorts = feature_sorts()
        unread = 0
        try:
            with self._opened() as lines:
                for number, line in enumerate(lines, 1):
                    unread += len(line)
                    if unread > AT_A_TIME:
                        tick(unread)
                        unread = 0
                    if line.strip() and (row := self._row(number, line, sorts)):
                        yield row
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ReadError(
                f"{self.path.name}: row {self.rows} is the last to read ({error}). Fetch it anew."
            ) from error
        tick(unread)
        if self.rows == self.broken:
            raise self._no_dump()

    def size(self) -> int:
        """Give the number of bytes to read.

        Returns:
            The size of the text, unpacked.
        """
        if not zipfile.is_zipfile(self.path):
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return self._member(archive).file_size

    def date(self) -> date:
        """Give the day the dump is of.

        Returns:
            The day the text in the archive, or else the file, was written.
        """
        if not zipfile.is_zipfile(self.path):
            return datetime.fromtimestamp(self.path.stat().st_mtime, tz=UTC).date()
        with zipfile.ZipFile(self.path) as archive:
            return date(*self._member(archive).date_time[:3])

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        if not zipfile.is_zipfile(self.path):
            with self.path.open("rb") as lines:
                yield lines
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self._member(archive)) as packed:
            yield packed

    def _member(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        texts = [one for one in archive.infolist() if one.filename.lower().endswith(".txt")]
        texts = [one for one in texts if Path(one.filename).name.lower() not in NOT_PLACES]
        if not texts:
            raise FormatError(f"{self.path.name} holds no .txt. {GET_ONE}")
        return max(texts, key=lambda one: one.file_size)

    def _row(self, number: int, line: bytes, sorts: dict[tuple[str, str], Sort]) -> Row | None:
        self.rows += 1
        try:
            cells, gid, lon, lat, people = _cells(line)
        except _BrokenRowError as error:
            self.broken += 1
            if self.broken <= FAULTS_SHOWN:
                self.faults.append(fault(self.path.name, number, None, *error.args))
            if self.rows == self.broken == TRIED:
                raise self._no_dump() from error
            return None
        sort = sorts.get((cells[CLASS], cells[CODE])) or sorts.get((cells[CLASS], ANY))
        if sort is None or (sort.kind == TOWN and people < self.min_population):
            self.left_out += 1
            return None
        country, admin1 = cells[COUNTRY], cells[ADMIN1]
        row = Row(
            gid=gid,
            slug="",
            name=" ".join(cells[NAME].split()),
            kind=sort.kind,
            country=country,
            admin1="" if admin1 in NO_DIVISION else f"{country}.{admin1}",
            lon=lon,
            lat=lat,
            radius_km=town_radius_km(people) if sort.kind == TOWN else sort.radius_km,
            population=people,
            capital=cells[CODE] == CAPITAL,
        )
        row.call_as_geonames(cells[ALTERNATES].split(","))
        return row

    def _no_dump(self) -> FormatError:
        if not self.faults:
            return FormatError(f"{self.path.name} is empty. {GET_ONE}")
        return FormatError(f"{self.path.name} is no dump of GeoNames. {GET_ONE} {self.faults[0]}")


def open_dump(path: Path, *, min_population: int = 0) -> Dump:
    """Look whether there is a dump to read.

    Args:
        path: A .zip as GeoNames offers it, or the .txt in it.
        min_population: Towns with fewer inhabitants are left out.

    Returns:
        The dump, of which nothing has been read.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is neither a .zip with a .txt in it nor a .txt.
    """
    if not path.is_file():
        raise MissingFileError(f"There is no {path}. {GET_ONE}")
    if not zipfile.is_zipfile(path) and path.suffix.lower() != ".txt":
        raise FormatError(f"{path.name} is not a zip archive. {GET_ONE}")
    dump = Dump(path, min_population)
    dump.size()
    return dump


def feature_sorts() -> dict[tuple[str, str], Sort]:
    """Read which feature codes are kept and what they are.

    Returns:
        The sort of thing by feature class and code; the code `*` stands for any other of the class.
    """
    with (PLACES / "feature_codes.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (line["class"], line["code"]): Sort(line["kind"], float(line["radius_km"]))
            for line in csv.DictReader(lines)
        }


class _BrokenRowError(Exception):
    """A row that cannot be read: what stands in it, and what to do."""


def _cells(line: bytes) -> tuple[list[str], int, float, float, int]:
    """Take a row apart: its cells, then its id, longitude, latitude and inhabitants as numbers."""
    try:
        cells = line.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        raise _BrokenRowError(line, "is not UTF-8. Fetch the file anew.") from None
    if len(cells) != COLUMNS:
        advice = f"has {len(cells)} columns, not {COLUMNS}. Give the file as GeoNames offers it."
        raise _BrokenRowError(cells[0], advice)
    try:
        gid, lon, lat, people = int(cells[GID]), float(cells[LON]), float(cells[LAT]), int(cells[POPULATION] or 0)
    except ValueError:
        shown = " ".join(cells[column] for column in (GID, LAT, LON, POPULATION))
        raise _BrokenRowError(shown, "is not an id, a latitude, a longitude and a count. Mend the row.") from None
    if not (cells[NAME].strip() and 0 < gid < 2**31 and -90 <= lat <= 90 and -180 <= lon <= 180):
        shown = " ".join(cells[column] for column in (GID, NAME, LAT, LON))
        raise _BrokenRowError(shown, "is not a name with a point on the Earth. Mend the row.")
    return cells, gid, lon, lat, people
