"""What a user corrected: this `Dunay` is that one. It stands in `corrections.csv` beside their data and wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from geo.errors import CorrectionError, MissingFileError, SaveError, TableError
from geo.faults import fault
from geo.places.corrections.row import Correction, as_cells, as_correction, read_corrections, write_corrections
from geo.places.corrections.sheet import tidy
from geo.places.corrections.undo import ByKey, made, read_changes, steps_between, taken_back, write_changes
from geo.places.names import key
from geo.types import Fault, Place

FILE = "corrections.csv"
_WAIT_S = 10.0


@dataclass(frozen=True)
class Merged:
    """What came of merging a file.

    Args:
        corrections: All corrections from now on.
        added: The names that came in.
        conflicts: The rows that say otherwise than yours; yours are kept.
    """

    corrections: Corrections
    added: tuple[str, ...]
    conflicts: tuple[Fault, ...]


@dataclass(frozen=True)
class Corrections:
    """The corrections as they stood when the file was last read; every change gives a new value.

    A change reads the file anew under a lock, so what others changed meanwhile is kept. What each change took away and
    put there is kept beside it in `corrections.undo.csv`; without that file nothing can be undone, and nothing else
    is lost.

    Args:
        path: The CSV file.
        by_key: Corrections by `geo.places.names.key` of their name, in the order of the file.
    """

    path: Path
    by_key: ByKey

    @classmethod
    def open(cls, path: str | Path) -> Corrections:
        """Read the corrections.

        Args:
            path: The CSV file, or the dossier's folder it is in; where there is none, nothing is corrected yet.

        Returns:
            The corrections.

        Raises:
            ReadError: The file may not be read.
            FormatError: It is no CSV in UTF-8, or lacks a column.
            TableError: Rows are wrong; all of them are listed.
        """
        path = Path(path)
        path = path / FILE if path.is_dir() else path
        return cls(path, _read(path))

    def find(self, name: str) -> Place | None:
        """Give the place a name was corrected to.

        Args:
            name: A name in any spelling of the same key.

        Returns:
            The place, with confidence 1 and the name as it was corrected in `matched`; None where the name was not
            corrected, or to no place.
        """
        found = self.by_key.get(key(name))
        return found.place if found else None

    def is_refused(self, name: str) -> bool:
        """Tell whether a name was corrected to no place.

        Args:
            name: A name in any spelling of the same key.

        Returns:
            True where the user said that this word is not a place.
        """
        found = self.by_key.get(key(name))
        return found is not None and found.place is None

    def entries(self) -> tuple[Correction, ...]:
        """List the corrections.

        Returns:
            All of them, in the order of the file.
        """
        return tuple(self.by_key.values())

    def add(self, name: str, place: Place | None, *, note: str = "") -> Corrections:
        """Correct a name, from now on and in every spelling of the same key.

        Args:
            name: The name as somebody wrote it.
            place: The place that is meant, or None where the word is not a place.
            note: Why, for whoever reads the file.

        Returns:
            The corrections with this one; an older one of the same name is replaced.

        Raises:
            TableError: The name or the place cannot be kept; nothing is written.
            GeoError: The file cannot be read or written.
        """
        faults: list[Fault] = []
        given = as_cells(Correction(" ".join(name.split()), place, note, _now()))
        cells = {column: tidy(cell) for column, cell in given.items()}
        correction = as_correction(cells, self.path.name, None, faults)
        if correction is None:
            raise TableError(faults)

        def with_it(before: ByKey) -> ByKey:
            older = before.get(key(name))
            return {**before, key(name): replace(correction, more=older.more if older else ())}

        return self._change(with_it)

    def remove(self, name: str) -> Corrections:
        """Take a correction away.

        Args:
            name: The name in any spelling of the same key.

        Returns:
            The corrections without it.

        Raises:
            CorrectionError: The name was not corrected.
            GeoError: The file cannot be read or written.
        """

        def without(before: ByKey) -> ByKey:
            if key(name) not in before:
                raise CorrectionError(f"{self.path.name}: {name!r} was not corrected. Check the spelling.")
            return {other: correction for other, correction in before.items() if other != key(name)}

        return self._change(without)

    def last_change(self) -> tuple[str, ...]:
        """Tell which names `undo` would put back.

        Returns:
            The names the last change was about; empty where there is nothing to undo.

        Raises:
            GeoError: A file cannot be read.
        """
        changes, _ = made(read_changes(self._undo_path), _read(self.path))
        return tuple(step.name for step in changes[-1]) if changes else ()

    def undo(self) -> Corrections:
        """Undo the last change, also one of an earlier session or another program.

        Returns:
            The corrections as they were before it.

        Raises:
            CorrectionError: There is nothing to undo, or the file was edited by hand since.
            GeoError: A file cannot be read or written.
        """
        with _locked(self.path):
            current = _read(self.path)
            changes, edited = made(read_changes(self._undo_path), current)
            if not changes:
                raise CorrectionError(f"{self.path.name}: there is no change to undo. Edit the file by hand.")
            if edited:
                wrong = f"{self.path.name}: {', '.join(edited)} was edited by hand since, and undoing would lose that."
                raise CorrectionError(f"{wrong} Edit it by hand, or delete {self._undo_path.name} to forget the past.")
            restored = taken_back(current, changes[-1])
            write_corrections(self.path, restored.values())
            write_changes(self._undo_path, changes[:-1])
        return Corrections(self.path, restored)

    def export(self, path: str | Path) -> None:
        """Write the corrections to another file, to hand on or keep.

        Args:
            path: Where the CSV goes.

        Raises:
            SaveError: It could not be written; what stood there before is unchanged.
        """
        write_corrections(Path(path), self.by_key.values())

    def merge(self, path: str | Path) -> Merged:
        """Take in the corrections of another file; where it says otherwise than yours, yours are kept.

        Args:
            path: The other CSV file.

        Returns:
            The corrections of both, what came in and what did not; all that came in is one change to undo.

        Raises:
            MissingFileError: There is no such file.
            GeoError: A file cannot be read or written; nothing is merged.
        """
        path = Path(path)
        if not path.is_file():
            raise MissingFileError(f"There is no file {path}. Check the path.")
        theirs = {key(correction.name): (row, correction) for row, correction in read_corrections(path)}
        before: dict[str, Correction] = {}

        def with_theirs(mine: ByKey) -> ByKey:
            before.update(mine)
            return {**mine, **{name: other for name, (_, other) in theirs.items() if name not in mine}}

        merged = self._change(with_theirs)
        yours = f"in {self.path.name}. Yours is kept; correct it if theirs is right."
        conflicts = tuple(
            fault(path.name, row, "name", other.name, f"is {other.meaning} there but {mine.meaning} {yours}")
            for name, (row, other) in theirs.items()
            if (mine := before.get(name)) and not mine.means_the_same(other)
        )
        return Merged(merged, tuple(other.name for name, (_, other) in theirs.items() if name not in before), conflicts)

    @property
    def _undo_path(self) -> Path:
        return self.path.with_name(f"{self.path.stem}.undo.csv")

    def _change(self, edit: Callable[[ByKey], ByKey]) -> Corrections:
        with _locked(self.path):
            before = _read(self.path)
            after = edit(before)
            change = steps_between(before, after)
            if not change:
                return Corrections(self.path, before)
            # The past is written first: should the change itself fail, `made` passes over it.
            write_changes(self._undo_path, [*made(read_changes(self._undo_path), before)[0], change])
            write_corrections(self.path, after.values())
        return Corrections(self.path, after)


def _read(path: Path) -> ByKey:
    return {key(correction.name): correction for _, correction in read_corrections(path)}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout  # finding a name from a cold start does not wait for it

    if not path.parent.is_dir():
        raise SaveError(f"There is no folder {path.parent} for {path.name}. Check the path.")
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=_WAIT_S)
    except Timeout as error:
        raise SaveError(f"{path} is being changed by another program. Try again when it is done.") from error
    except (OSError, NotImplementedError) as error:
        raise SaveError(
            f"{path} could not be locked for writing: {error}. Choose a folder you may write in."
        ) from error
    try:
        yield
    finally:
        lock.release()
