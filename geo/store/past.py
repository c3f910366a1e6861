"""What was done before: the log read back, undone and done again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, select

from geo.edits import Change, Row, Stored
from geo.errors import HistoryError
from geo.store.changes import commit
from geo.store.tables import CHANGES, TRANSACTIONS

Role = Literal["start", "change", "undo", "redo", "outside"]
"""`start` is how a workspace came to be; `outside` what another program did, of which only the moment is known."""

Step = Literal["undo", "redo"]


@dataclass(frozen=True)
class Entry:
    """One row's part in a transaction.

    Args:
        transaction: The transaction's number.
        at: When, ISO 8601 in UTC.
        who: Who did it.
        what: What was done, in words.
        role: What kind of transaction it was.
        change: What happened to the row; of an edited one only the columns that differ. None where the log does not
            know: another program wrote, or the workspace began empty.
    """

    transaction: int
    at: str
    who: str
    what: str
    role: Role
    change: Change | None


def entries(
    connection: Connection,
    *,
    layer: Stored | None = None,
    row: str | None = None,
    after: int = 0,
    only: int | None = None,
) -> list[Entry]:
    """Read the log.

    Args:
        connection: A connection.
        layer: The table to read of; all when None.
        row: The id of the row to read of; all when None.
        after: Leave out this transaction and those before it.
        only: Read this transaction alone.

    Returns:
        What happened, in its order.
    """
    asked: Select[Any] = (
        select(
            TRANSACTIONS.c.id,
            TRANSACTIONS.c.at,
            TRANSACTIONS.c.who,
            TRANSACTIONS.c.what,
            TRANSACTIONS.c.role,
            CHANGES.c.layer,
            CHANGES.c.row,
            CHANGES.c.before,
            CHANGES.c.after,
        )
        .join_from(TRANSACTIONS, CHANGES, CHANGES.c.transaction == TRANSACTIONS.c.id, isouter=True)
        .where(TRANSACTIONS.c.id > after)
        .order_by(TRANSACTIONS.c.id, CHANGES.c.id)
    )
    for column, wanted in ((CHANGES.c.layer, layer), (CHANGES.c.row, row), (TRANSACTIONS.c.id, only)):
        asked = asked if wanted is None else asked.where(column == wanted)
    return [
        Entry(number, at, who, what, role, Change(table, name, _row(before), _row(after)) if table else None)
        for number, at, who, what, role, table, name, before, after in connection.execute(asked)
    ]


def _row(text: str | None) -> Row | None:
    return None if text is None else json.loads(text)


def touched(connection: Connection, after: int) -> dict[Stored, list[str]] | None:
    """List the rows that were changed after a state.

    Args:
        connection: A connection.
        after: The number of the state.

    Returns:
        Table -> ids; None where another program changed rows that the log does not name.
    """
    roles = select(TRANSACTIONS.c.role).where(TRANSACTIONS.c.id > after).distinct()
    if "outside" in connection.execute(roles).scalars().all():
        return None
    asked = select(CHANGES.c.layer, CHANGES.c.row).where(CHANGES.c.transaction > after).distinct()
    found: dict[Stored, list[str]] = {}
    for layer, row in connection.execute(asked):
        found.setdefault(layer, []).append(row)
    return found


def step(connection: Connection, role: Step, *, place: str, who: str) -> int:
    """Undo somebody's last change, or do again what they last undid.

    Args:
        connection: A connection that holds the lock for writing.
        role: `undo` or `redo`.
        place: What messages call the workspace.
        who: Whose changes; those of others stay.

    Returns:
        The number of the transaction.

    Raises:
        HistoryError: There is none.
        ConflictError: A row was changed since by somebody else.
        TableError: A source was deleted since that a row would name again, or is named by a row since.
    """
    of, what, changes = step_changes(connection, role, who=who)
    number = commit(connection, changes, place=place, who=who, what=what, role=role, of=of)
    if number is None:
        raise HistoryError(f"{what!r} cannot be {role}ne: the rows are so already.")
    return number


def step_changes(connection: Connection, role: Step, *, who: str) -> tuple[int, str, list[Change]]:
    """Say what a step back or forth would change.

    Args:
        connection: A connection.
        role: `undo` or `redo`.
        who: Whose changes.

    Returns:
        The number of the transaction it is about, what that was in words, and the changes; their rows hold the columns
        that differed.

    Raises:
        HistoryError: There is no such step.
    """
    stacks = dict(zip(("undo", "redo"), _stacks(connection, who), strict=True))
    if not stacks[role]:
        raise HistoryError(f"There is nothing to {role} for {who or 'you'}.")
    of, what = stacks[role][-1]
    changes = [entry.change for entry in entries(connection, only=of) if entry.change]
    if role == "undo":
        changes = [Change(change.layer, change.id, change.after, change.before) for change in reversed(changes)]
    return of, what, changes


def next_steps(connection: Connection, *, who: str) -> dict[Step, str]:
    """Say what undoing and doing again would be about.

    Args:
        connection: A connection.
        who: Whose changes.

    Returns:
        `undo` and `redo` -> what was done, in words; without those that are not possible.
    """
    done, undone = _stacks(connection, who)
    found: list[tuple[Step, Sequence[tuple[int, str]]]] = [("undo", done), ("redo", undone)]
    return {role: stack[-1][1] for role, stack in found if stack}


def _stacks(connection: Connection, who: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    asked = (
        select(TRANSACTIONS.c.id, TRANSACTIONS.c.what, TRANSACTIONS.c.role)
        .where(TRANSACTIONS.c.who == who)
        .order_by(TRANSACTIONS.c.id)
    )
    done: list[tuple[int, str]] = []
    undone: list[tuple[int, str]] = []
    for number, what, role in connection.execute(asked):
        if role == "undo":
            undone.append(done.pop())
        elif role == "redo":
            done.append(undone.pop())
        elif role == "change":
            done.append((number, what))
            undone.clear()
    return done, undone
