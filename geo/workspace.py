"""A dossier at work: every change checked, logged with who and when, undone with a word, and never over another's."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from geo.atlas import LAYERS, Atlas
from geo.correcting import changes_to, corrections_of, said_of
from geo.edits import Change, Row, Stored
from geo.errors import LayerError, OptionError
from geo.noticing import notices_of
from geo.opening import check_tables, story_in
from geo.places.corrections import Corrections
from geo.store import Entry, State, Step, Store
from geo.store.rows import plain, plain_row
from geo.storing import TABLES, checked, checked_changes, create, patched, tables_of


@dataclass(frozen=True)
class Workspace:
    """A dossier that lives in a GeoPackage or a database, as it stood when it was last read.

    Every change is one transaction and gives a new value, with what others changed meanwhile.

    Args:
        store: Where it lives.
        who: In whose name changes are made.
        state: Which state of the store this is.
        atlas: Its rows.
        corrections: What names were corrected to; columns as in `corrections.csv`, and `id`.
    """

    store: Store
    who: str
    state: State
    atlas: Atlas
    corrections: pd.DataFrame

    @classmethod
    def open(cls, address: str | Path, *, who: str | None = None) -> Workspace:
        """Open a workspace.

        Args:
            address: A `.gpkg` file, or `postgresql://USER@HOST/DATABASE?dossier=NAME`.
            who: In whose name changes are made; the name of the account when left out.

        Returns:
            The workspace.

        Raises:
            MissingFileError: There is none.
            StoreError: It cannot be reached or read.
            GeoError: It is no workspace, is damaged, or another program left rows in it that are wrong.
        """
        return _whole(Store.open(address), getpass.getuser() if who is None else who)

    @classmethod
    def create(cls, address: str | Path, atlas: Atlas, *, who: str | None = None) -> Workspace:
        """Make a workspace of a dossier.

        Args:
            address: A `.gpkg` file that is not there, or the address of a database that holds no such dossier.
            atlas: The dossier.
            who: In whose name; the name of the account when left out.

        Returns:
            The workspace.

        Raises:
            GeoError: There is something at this address already, or it cannot be reached or written.
        """
        who = getpass.getuser() if who is None else who
        return _whole(create(address, atlas, who=who), who)

    def refresh(self) -> Workspace:
        """Take in what others changed.

        Returns:
            The workspace as it stands now; the same value where nothing changed.

        Raises:
            GeoError: It cannot be read, or another program left rows in it that are wrong.
        """
        state, touched = self.store.since(self.state)
        if touched is None:
            return _whole(self.store, self.who)
        if state == self.state:
            return self
        tables = dict(self._tables)
        ids: dict[str, set[str]] = {layer: set(touched.get(layer, ([], []))[0]) for layer in tables}
        for layer, (_, rows) in touched.items():
            tables[layer] = patched(tables[layer], checked(layer, rows, file=self.store.place), touched=ids[layer])
        anew = {layer: tables[layer][tables[layer]["id"].isin(ids[layer])] for layer in LAYERS}
        noticed = notices_of({**anew, "sources": tables["sources"]})
        kept = [notice for notice in self.atlas.notices if notice.id not in ids[notice.layer]]
        kept += [notice for notice in noticed if notice.id in ids[notice.layer]]
        events, routes, sources = (tables[layer] for layer in TABLES)
        atlas = Atlas(events, routes, sources, tuple(kept), self.atlas.title, self.atlas.story)
        return replace(self, state=state, atlas=atlas, corrections=tables["corrections"])

    @property
    def number(self) -> int:
        """The number of the last transaction."""
        return self.state.number

    @property
    def _tables(self) -> dict[Stored, pd.DataFrame]:
        return {**tables_of(self.atlas), "corrections": self.corrections}

    def row(self, layer: Stored, name: str) -> Row:
        """Return a row in plain values, as an editor shows it.

        Args:
            layer: The table.
            name: The row's id.

        Returns:
            The row: moments as `2024-03-24T00:00:00.000Z`, its shape as WKT, None for nothing.

        Raises:
            LayerError: There is no such table or row.
        """
        if layer not in self._tables:
            raise LayerError(f"No table is called {layer}. Use {', '.join(self._tables)}.")
        table = self._tables[layer]
        found = table[table["id"] == name]
        if found.empty:
            raise LayerError(f"There is no {layer.removesuffix('s')} {name!r}. Refresh: somebody may have deleted it.")
        return plain(layer, found)[0]

    def add(self, layer: Stored, row: Mapping[str, Any], *, what: str = "") -> Workspace:
        """Add a row.

        Args:
            layer: The table.
            row: Its cells; `id` is among them.
            what: What the log says; in our words when left out.

        Returns:
            The workspace with it.

        Raises:
            TableError: A cell is wrong; nothing is written.
            ConflictError: There is a row of this id.
            StoreError: The workspace cannot be written.
        """
        name = str(row.get("id") or "")
        return self.apply([Change(layer, name, None, plain_row(row))], what=what or f"added {_called(layer, row)}")

    def edit(
        self, layer: Stored, name: str, cells: Mapping[str, Any], *, seen: Row | None = None, what: str = ""
    ) -> Workspace:
        """Change cells of a row.

        Args:
            layer: The table.
            name: The row's id.
            cells: Column -> what it shall hold.
            seen: The row as its editor saw it, from `row`; as it stands in this value when left out.
            what: What the log says; in our words when left out.

        Returns:
            The workspace with the change.

        Raises:
            LayerError: There is no such row.
            OptionError: The id is among the cells.
            TableError: A cell is wrong; nothing is written.
            ConflictError: Somebody else changed the row since it was seen; nothing is written.
            StoreError: The workspace cannot be written.
        """
        if cells.get("id", name) != name:
            raise OptionError("An id stays what it is, since other rows and the log name it. Add the row anew.")
        before = self.row(layer, name) if seen is None else seen
        after = {**before, **plain_row(cells), "id": name}
        return self.apply([Change(layer, name, before, after)], what=what or f"changed {_called(layer, before)}")

    def remove(self, layer: Stored, name: str, *, seen: Row | None = None, what: str = "") -> Workspace:
        """Delete a row.

        Args:
            layer: The table.
            name: The row's id.
            seen: The row as its editor saw it; as it stands in this value when left out.
            what: What the log says; in our words when left out.

        Returns:
            The workspace without it.

        Raises:
            LayerError: There is no such row.
            TableError: Rows still name it as their source; nothing is written.
            ConflictError: Somebody else changed the row since it was seen; nothing is written.
            StoreError: The workspace cannot be written.
        """
        before = self.row(layer, name) if seen is None else seen
        return self.apply([Change(layer, name, before, None)], what=what or f"deleted {_called(layer, before)}")

    def apply(self, changes: Sequence[Change], *, what: str) -> Workspace:
        """Change rows, all or none.

        Args:
            changes: What happens, at most one change a row, in plain values.
            what: What the log says.

        Returns:
            The workspace with the changes.

        Raises:
            TableError: Cells are wrong; nothing is written.
            ConflictError: Somebody else changed a row since it was seen; nothing is written.
            StoreError: The workspace cannot be written.
        """
        self.store.apply(checked_changes(changes, file=self.store.place), who=self.who, what=what)
        return self.refresh()

    @property
    def named(self) -> Corrections:
        """What names were corrected to; a change of it is a new value, for `correct`."""
        return corrections_of(self.corrections, file=self.store.place)

    def correct(self, corrections: Corrections, *, what: str = "") -> Workspace:
        """Let names mean other places, and move the rows that write them; those put at a point by hand stay.

        Args:
            corrections: All corrections from now on, such as `workspace.named.add("Dunay", place)`.
            what: What the log says; in our words when left out.

        Returns:
            The workspace with them.

        Raises:
            TableError: Another program left rows in the corrections that are wrong; nothing is written.
            ConflictError: Somebody else changed a row since; nothing is written.
            StoreError: The workspace cannot be written.
        """
        before = self.named.by_key
        said = what or said_of(before, corrections.by_key)
        return self.apply(changes_to(self.atlas, before, corrections), what=said)

    def undo(self) -> Workspace:
        """Undo your last change.

        Returns:
            The workspace without it.

        Raises:
            HistoryError: There is none.
            ConflictError: Somebody else changed a row since.
            StoreError: The workspace cannot be written.
        """
        self.store.step("undo", who=self.who)
        return self.refresh()

    def redo(self) -> Workspace:
        """Do again what you last undid.

        Returns:
            The workspace with it.

        Raises:
            HistoryError: There is nothing, or you changed something since.
            ConflictError: Somebody else changed a row since.
            StoreError: The workspace cannot be written.
        """
        self.store.step("redo", who=self.who)
        return self.refresh()

    def next_steps(self) -> dict[Step, str]:
        """Say what `undo` and `redo` would be about.

        Returns:
            `undo` and `redo` -> what was done, in words; without those that are not possible.

        Raises:
            StoreError: The workspace cannot be read.
        """
        return self.store.next_steps(who=self.who)

    def history(self, layer: Stored | None = None, name: str | None = None) -> list[Entry]:
        """Tell what happened to a row, a table or all of them.

        Args:
            layer: The table; all when None.
            name: The row's id; all when None.

        Returns:
            Who did what and when, with the row before and after; the oldest first.

        Raises:
            StoreError: The workspace cannot be read.
        """
        return self.store.history(layer, name)


def _whole(store: Store, who: str) -> Workspace:
    state, tables = store.tables()
    found, notices = check_tables(tables, file=store.place, sourced=False)
    atlas = Atlas(**found, notices=tuple(notices), title=store.title(), story=story_in(store))
    return Workspace(store, who, state, atlas, tables["corrections"])


def _called(layer: Stored, row: Mapping[str, Any]) -> str:
    return f"{layer.removesuffix('s')} {row.get('title') or row.get('name') or row.get('id')!r}"
