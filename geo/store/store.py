"""One workspace, wherever it is kept: read it, change it, look at what was changed, undo."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from geo.edits import Change, Row, Stored
from geo.errors import FormatError, MissingFileError, SaveError
from geo.store import changes, geopackage, outside, past, postgis
from geo.store.past import Entry, Step
from geo.store.rows import frame, plain
from geo.store.tables import DOSSIER, LAYERS
from geo.store.troubles import in_words

BEGAN = "began the dossier"
TITLE, FORMAT, VERSION = "title", "format", "rutter workspace 1"
READ_AT_ONCE = 5_000
"""Rows fetched before they are laid into columns: a hundred thousand loose ones keep the collector of garbage busy."""


class State(NamedTuple):
    """Which state of a workspace was read.

    Args:
        number: The number of the last transaction.
        outside: How often other programs have changed rows.
    """

    number: int
    outside: int = 0


@dataclass(frozen=True)
class Store:
    """A workspace that is there.

    Args:
        place: What messages call it: the file, or the address without its password.
        engine: The way to it.
        path: The file, or None for a database.
    """

    place: str
    engine: Engine
    path: Path | None = None

    @classmethod
    def open(cls, address: str | Path) -> Store:
        """Open a workspace.

        Args:
            address: A `.gpkg` file or the address of a database.

        Returns:
            The workspace.

        Raises:
            MissingFileError: There is none.
            StoreError: It cannot be reached or read.
            FormatError: It is no workspace.
        """
        store = _at(address)
        if store.path and not store.path.is_file():
            if store.path.is_dir():
                raise FormatError(f"{store.path} is a folder, which keeps no changes. Export it as a .gpkg first.")
            raise MissingFileError(f"There is no file {store.path}. Check the path.")
        with store.reading() as connection:
            if not store.path and not postgis.is_there(connection):
                raise MissingFileError(f"{store.place} holds no such dossier. Check its name, or save one there first.")
            told = connection.execute(select(DOSSIER.c.value).where(DOSSIER.c.key == FORMAT)).scalar()
            if told != VERSION:
                raise FormatError(
                    f"{store.place} is no workspace that this version of Rutter knows. Import it instead."
                )
        return store

    @classmethod
    def create(cls, address: str | Path, tables: Mapping[Stored, pd.DataFrame], *, title: str, who: str) -> Store:
        """Make a workspace with its first rows, whole or not at all.

        Args:
            address: A `.gpkg` file that is not there, or the address of a database that holds no such dossier.
            tables: The rows, in the types of the schema.
            title: The dossier's name.
            who: Who makes it.

        Returns:
            The workspace.

        Raises:
            StoreError: It cannot be reached or written.
            SaveError: The file cannot be written.
        """
        store = _at(address)
        first = [Change(layer, row["id"], None, row) for layer, table in tables.items() for row in plain(layer, table)]

        def fill(connection: Connection) -> None:
            connection.execute(insert(DOSSIER), [{"key": FORMAT, "value": VERSION}, {"key": TITLE, "value": title}])
            changes.commit(connection, first, place=store.place, who=who, what=BEGAN, role="start")

        if store.path is None:
            with store.reading() as connection:
                if postgis.is_there(connection):
                    raise SaveError(f"{store.place} is there already. Give another name, or open that one.")
            with store.writing(new=True) as connection:
                fill(connection)
            return store
        if store.path.exists():
            raise SaveError(f"{store.path} is there already. Give another name, or open that one.")
        if not store.path.parent.is_dir():
            raise SaveError(f"{store.path} could not be written: there is no such folder. Check the path.")
        beside = store.path.with_name(f".{store.path.name}.{os.getpid()}.part")
        try:
            with in_words(store.place):
                geopackage.create(beside)
            with cls(store.place, geopackage.engine(beside), beside).writing(new=True) as connection:
                fill(connection)
            _put(beside, store.path)
        finally:
            beside.unlink(missing_ok=True)
        return store

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold one state of the workspace while it is read.

        Yields:
            A connection.

        Raises:
            StoreError: It cannot be read.
            FormatError: It is no workspace, or damaged.
        """
        steady = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        with in_words(self.place), self.engine.execution_options(**steady).begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, new: bool = False) -> Iterator[Connection]:
        """Hold the workspace alone while it is written; an error takes everything back.

        Args:
            new: Whether its tables are to be made.

        Yields:
            A connection.

        Raises:
            StoreError: It cannot be written.
            FormatError: It is no workspace, or damaged.
        """
        with in_words(self.place), self.engine.execution_options(**{geopackage.WRITING: True}).begin() as connection:
            if self.path is None:
                if new:
                    postgis.create(connection)
                postgis.lock(connection)
            count = 0 if new else outside.note_outside(connection)
            if not new:
                changes.name_rows(connection)
            yield connection
            if self.path:
                geopackage.stamp(connection, count)

    def tables(self) -> tuple[State, dict[Stored, pd.DataFrame]]:
        """Read all rows.

        Returns:
            The state, and the tables; their types are those of the schema as far as their cells allow.

        Raises:
            StoreError: The workspace cannot be read.
            FormatError: It is damaged.
        """
        with self.reading() as connection:
            found = {
                layer: frame(layer, connection.execute(select(table).order_by(table.c.fid)).partitions(READ_AT_ONCE))
                for layer, table in LAYERS.items()
            }
            return self._state(connection), found

    def title(self) -> str:
        """Return the dossier's name."""
        with self.reading() as connection:
            found = connection.execute(select(DOSSIER.c.value).where(DOSSIER.c.key == TITLE)).scalar()
        return str(found or (self.path.stem if self.path else ""))

    def apply(self, wanted: Sequence[Change], *, who: str, what: str) -> int | None:
        """Change rows, all or none.

        Args:
            wanted: What happens, at most one change a row.
            who: Who does it.
            what: What is done, in words.

        Returns:
            The number of the transaction; None where nothing differs.

        Raises:
            ConflictError: A row was changed by somebody else since its author saw it.
            StoreError: The workspace cannot be written.
        """
        with self.writing() as connection:
            return changes.commit(connection, wanted, place=self.place, who=who, what=what)

    def step(self, role: Step, *, who: str) -> int:
        """Undo somebody's last change, or do again what they last undid.

        Args:
            role: `undo` or `redo`.
            who: Whose changes; those of others stay.

        Returns:
            The number of the transaction.

        Raises:
            HistoryError: There is none.
            ConflictError: A row was changed since by somebody else.
            StoreError: The workspace cannot be written.
        """
        with self.writing() as connection:
            return past.step(connection, role, place=self.place, who=who)

    def next_steps(self, *, who: str) -> dict[Step, str]:
        """Say what undoing and doing again would be about.

        Args:
            who: Whose changes.

        Returns:
            `undo` and `redo` -> what was done, in words; without those that are not possible.
        """
        with self.reading() as connection:
            return past.next_steps(connection, who=who)

    def rows(self, layer: Stored, ids: Sequence[str]) -> list[Row]:
        """Read some rows.

        Args:
            layer: The table.
            ids: Which rows.

        Returns:
            Those that are there, in plain values.
        """
        with self.reading() as connection:
            return changes.rows(connection, layer, ids)

    def history(self, layer: Stored | None = None, row: str | None = None) -> list[Entry]:
        """Read the log.

        Args:
            layer: The table to read of; all when None.
            row: The id of the row to read of; all when None.

        Returns:
            What happened, the oldest first.
        """
        with self.reading() as connection:
            return past.entries(connection, layer=layer, row=row)

    def since(self, state: State) -> tuple[State, dict[Stored, tuple[list[str], list[Row]]] | None]:
        """Read what differs from an earlier state.

        Args:
            state: The earlier state.

        Returns:
            The present state, and for each table the ids of the rows that were changed with those of the rows that are
            there; None where another program changed the tables, so that they must be read whole.

        Raises:
            StoreError: The workspace cannot be read.
        """
        with self.reading() as connection:
            now = self._state(connection)
            if now == state:
                return now, {}
            if now.number < state.number or now.outside != state.outside:
                return now, None
            found = past.touched(connection, state.number)
            if found is None:
                return now, None
            return now, {layer: (ids, changes.rows(connection, layer, ids)) for layer, ids in found.items()}

    def _state(self, connection: Connection) -> State:
        return State(changes.latest(connection), outside.outside(connection))


def _put(beside: Path, path: Path) -> None:
    try:
        path.hardlink_to(beside)  # unlike a rename it never puts one file over another
    except FileExistsError as error:
        raise SaveError(f"{path} is there already. Give another name, or open that one.") from error
    except OSError:  # a file system without such links
        beside.rename(path)


def _at(address: str | Path) -> Store:
    if postgis.is_address(str(address)):
        return Store(postgis.shown(str(address)), postgis.engine(str(address)))
    path = Path(address)
    return Store(str(path), geopackage.engine(path), path)
