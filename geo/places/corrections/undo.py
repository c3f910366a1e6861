"""What each change of the corrections took away and put there: `corrections.undo.csv`, the last change at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

from geo.errors import TableError
from geo.faults import fault
from geo.places.corrections.row import COLUMNS, NEEDED, Correction, as_cells, as_correction
from geo.places.corrections.sheet import read_sheet, write_sheet
from geo.places.names import key
from geo.types import Fault

_CHANGE, _ROW, _STATE = "undo_change", "undo_row", "undo_state"
_WAS, _NOW = "was", "now"

ByKey: TypeAlias = Mapping[str, Correction]
"""Corrections by `geo.places.names.key` of their name, in the order of the file."""


class Step(NamedTuple):
    """What one change did to one name.

    Args:
        place: Where in the order of the file the name stood, from 0.
        was: Its correction before, if any.
        now: Its correction afterwards, if any.
    """

    place: int
    was: Correction | None
    now: Correction | None

    @property
    def name(self) -> str:
        """The name as it is written, or was where it is gone."""
        return next(known.name for known in (self.now, self.was) if known)


Change: TypeAlias = tuple[Step, ...]
"""All that one click or command did."""


def steps_between(before: ByKey, after: ByKey) -> Change:
    """Compare the corrections before and after a change.

    Args:
        before: The corrections before it.
        after: The corrections after it.

    Returns:
        One step a name that differs in more than the time of its change.
    """
    places = {name: place for place, name in enumerate(before)}
    return tuple(
        Step(places.get(name, len(before)), was, now)
        for name in {**before, **after}
        if (was := before.get(name)) is not (now := after.get(name)) and not (was and was.reads_the_same(now))
    )


def made(changes: Sequence[Change], current: ByKey) -> tuple[Sequence[Change], list[str]]:
    """Leave out the last changes that the file does not show: they failed half-way, or were taken back by hand.

    Args:
        changes: All changes, the last one at the end.
        current: The corrections as they are.

    Returns:
        The changes that were made, and which names of the last one were edited by hand since.
    """
    while changes and all(_stands(current, step, step.was) for step in changes[-1]):
        changes = changes[:-1]
    edited = [step.name for step in changes[-1] if not _stands(current, step, step.now)] if changes else []
    return changes, edited


def _stands(current: ByKey, step: Step, wanted: Correction | None) -> bool:
    found = current.get(key(step.name))
    return found is wanted if found is None or wanted is None else found.reads_the_same(wanted)


def taken_back(current: ByKey, change: Change) -> ByKey:
    """Give the corrections as they were before a change.

    Args:
        current: The corrections as they are.
        change: The change to take back.

    Returns:
        The corrections without it, in their old order.
    """
    was = {key(step.name): step.was for step in change}
    kept = [(name, was.get(name, correction)) for name, correction in current.items()]
    for step in change:
        if step.was and key(step.name) not in current:
            kept.insert(step.place, (key(step.name), step.was))
    return {name: correction for name, correction in kept if correction}


def write_changes(path: Path, changes: Sequence[Change]) -> None:
    """Write the changes that can be undone.

    Args:
        path: Where the CSV goes.
        changes: The changes, the last one at the end.

    Raises:
        SaveError: It could not be written; what stood there before is unchanged.
    """
    rows = [
        {_CHANGE: str(number), _ROW: str(step.place + 2), _STATE: state, **as_cells(correction)}
        for number, change in enumerate(changes, start=1)
        for step in change
        for state, correction in ((_WAS, step.was), (_NOW, step.now))
        if correction
    ]
    write_sheet(
        path, list(dict.fromkeys([_CHANGE, _ROW, _STATE, *COLUMNS, *(name for row in rows for name in row)])), rows
    )


def read_changes(path: Path) -> list[Change]:
    """Read the changes that can be undone.

    Args:
        path: The CSV file; where there is none, nothing can be undone.

    Returns:
        The changes, the last one at the end.

    Raises:
        ReadError: The file may not be read.
        FormatError: It is no CSV in UTF-8, or lacks a column.
        TableError: Rows are wrong; all of them are listed.
    """
    columns = (_CHANGE, _ROW, _STATE)
    sheet = read_sheet(path, known=(*columns, *COLUMNS), needed=(*columns, *NEEDED))
    faults: list[Fault] = []
    read: list[tuple[str, str, str, Correction]] = []
    for number, cells in zip(sheet.numbers, sheet.rows, strict=True):
        change, row, state = (cells.pop(column) for column in columns)
        advice = f"was not written by Rutter. Delete {path.name}: only what could be undone is lost."
        if not row.isdecimal():
            faults.append(fault(path.name, number, _ROW, row, advice))
        if state not in (_WAS, _NOW):
            faults.append(fault(path.name, number, _STATE, state, advice))
        correction = as_correction(cells, path.name, number, faults)
        if correction:
            read.append((change, row, state, correction))
    if faults:
        raise TableError(faults)
    return [tuple(_steps(lines)) for _, lines in groupby(read, key=lambda line: line[0])]


def _steps(lines: Iterator[tuple[str, str, str, Correction]]) -> Iterator[Step]:
    for _, of_name in groupby(lines, key=lambda line: key(line[3].name)):
        told = {state: (int(row) - 2, correction) for _, row, state, correction in of_name}
        place = max(0, next(iter(told.values()))[0])
        yield Step(place, *(told[state][1] if state in told else None for state in (_WAS, _NOW)))
