"""What names were corrected to, kept in a workspace: its table read and written, and the rows that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from geo.atlas import Atlas
from geo.edits import Change
from geo.errors import TableError
from geo.following import follow
from geo.places.corrections import Corrections
from geo.places.corrections.row import COLUMNS, Correction, as_cells, as_correction
from geo.places.corrections.store import FILE
from geo.places.corrections.undo import ByKey
from geo.places.names import key
from geo.storing import differences, tables_of
from geo.types import Fault

_NAMED = 3


class InHand(Corrections):
    """Corrections that are kept by whoever holds them: a change gives a new value and writes nothing."""

    def _change(self, edit: Callable[[ByKey], ByKey]) -> Corrections:
        return replace(self, by_key=edit(self.by_key))


def corrections_of(table: pd.DataFrame, *, file: str = FILE) -> Corrections:
    """Read the corrections of a workspace.

    Args:
        table: Its table of corrections.
        file: What messages call it.

    Returns:
        The corrections; a change of them gives a new value, for `Workspace.correct` to keep.

    Raises:
        TableError: Another program left rows in it that are wrong; all of them are listed.
    """
    faults: list[Fault] = []
    found: dict[str, Correction] = {}
    for number, row in enumerate(table.to_dict("records"), start=1):
        cells = {column: str(row.get(column) or "") for column in COLUMNS}
        if correction := as_correction(cells, file, number, faults):
            found[key(correction.name)] = correction
    if faults:
        raise TableError(faults)
    return InHand(Path(file), found)


def changes_to(atlas: Atlas, before: ByKey, after: Corrections) -> list[Change]:
    """Say what happens to a workspace when names mean something else.

    Args:
        atlas: Its rows.
        before: What names were corrected to, by key.
        after: What they are corrected to from now on.

    Returns:
        The changes of the corrections, and of the rows that write the names: one transaction.
    """
    since = {name: _place_id(before.get(name)) for name in _changed(before, after.by_key)}
    named = [Change("corrections", name, _row(before.get(name)), _row(after.by_key.get(name))) for name in since]
    return [*named, *changes_between(atlas, follow(atlas, after, since=since))]


def changes_between(before: Atlas, after: Atlas) -> list[Change]:
    """Say what happens to a dossier that becomes another one.

    Args:
        before: The dossier as it is.
        after: The dossier as it shall be.

    Returns:
        A change for each row that is new, gone or differs.
    """
    tables = tables_of(after)
    return [change for layer, table in tables_of(before).items() for change in differences(layer, table, tables[layer])]


def said_of(before: ByKey, after: ByKey) -> str:
    """Say in words what happens to corrections.

    Args:
        before: What names were corrected to, by key.
        after: What they are corrected to from now on.

    Returns:
        Words for the log.
    """
    names = [(after.get(name) or before[name]).name for name in _changed(before, after)]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"corrected {', '.join(f'“{name}”' for name in names[:_NAMED])}{more}"


def _changed(before: ByKey, after: ByKey) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or not old.reads_the_same(new):
            yield name


def _place_id(correction: Correction | None) -> str:
    return correction.place.place_id if correction and correction.place else ""


def _row(correction: Correction | None) -> dict[str, str] | None:
    if correction is None:
        return None
    return {"id": key(correction.name), **{column: as_cells(correction)[column] for column in COLUMNS}}


def corrections_to_add(corrections: Corrections) -> list[Change]:
    """Say what brings corrections into a workspace whose rows follow them already.

    Args:
        corrections: The corrections.

    Returns:
        A new row for each.
    """
    return [Change("corrections", name, None, _row(correction)) for name, correction in corrections.by_key.items()]
