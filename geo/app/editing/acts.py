"""What the buttons and keys of editing do: one transaction each, said in words, with what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import streamlit as st

from geo.app import toasts
from geo.app.editing.cells import own_cells
from geo.app.editing.names import label
from geo.app.toasts import Toast
from geo.app.words import literally
from geo.app.workspaces import hold, workspace_at
from geo.edits import Change, Conflict, Row
from geo.errors import ConflictError, GeoError, TableError
from geo.store import Step
from geo.store.changes import rows
from geo.store.past import step_changes
from geo.workspace import Workspace

_CLASH, _TROUBLE = "edit-clash", "edit-trouble"
_STEP = {"undo": "Undone", "redo": "Done again"}


@dataclass(frozen=True)
class Clash:
    """Changes that somebody else's stand in the way of.

    Args:
        address: Where the workspace is.
        conflicts: The rows that are not as they were seen.
        wanted: All of the changes; of an undoing those that it would have made.
        what: What the log would have said.
    """

    address: str
    conflicts: tuple[Conflict, ...]
    wanted: tuple[Change, ...]
    what: str


def apply(address: str, changes: Sequence[Change], *, what: str) -> bool:
    """Change rows, all or none.

    Args:
        address: Where the workspace is.
        changes: What happens.
        what: What it is, in words.

    Returns:
        Whether it was done; if not, the page says why.
    """
    wanted = (what, tuple(changes))
    done = _try(address, lambda workspace: workspace.apply(changes, what=what), lambda _: wanted)
    if done:
        _say(f"{what[:1].upper()}{what[1:]}.")
    return done


def step(address: str, role: Step) -> None:
    """Undo the last change of whoever looks at this page, or do it again.

    Args:
        address: Where the workspace is.
        role: `undo` or `redo`.
    """
    what = ""

    def go(workspace: Workspace) -> Workspace:
        nonlocal what
        what = workspace.next_steps().get(role, "")
        return workspace.undo() if role == "undo" else workspace.redo()

    if _try(address, go, partial(_stepping, role=role)):
        _say(f"{_STEP[role]}: {what}.")


_Wanted: TypeAlias = tuple[str, tuple[Change, ...]]
"""What the log would have said, and the changes."""


def _stepping(workspace: Workspace, *, role: Step) -> _Wanted:
    """Say what an undoing would have changed, as somebody would do it by hand."""
    with workspace.store.reading() as connection:
        _, what, logged = step_changes(connection, role, who=workspace.who)
        stand = [next(iter(rows(connection, change.layer, [change.id])), {}) for change in logged]
    changes = [
        replace(change, before=_filled(change.before, now), after=_filled(change.after, now))
        for change, now in zip(logged, stand, strict=True)
    ]
    return (f"undid “{what}”" if role == "undo" else f"did “{what}” again"), tuple(changes)


def _filled(row: Row | None, now: Row) -> Row | None:
    return None if row is None else {**now, **row}


def _try(address: str, act: Callable[[Workspace], Workspace], wanted: Callable[[Workspace], _Wanted]) -> bool:
    for left in (_CLASH, _TROUBLE):
        st.session_state.pop(left, None)
    try:
        hold(address, act(workspace_at(address)))
    except ConflictError as error:
        what, changes = wanted(workspace_at(address))
        st.session_state[_CLASH] = Clash(address, tuple(whole(one) for one in error.conflicts), changes, what)
        return False
    except TableError as error:
        st.session_state[_TROUBLE] = by_field(error)
        return False
    except GeoError as error:
        st.session_state[_TROUBLE] = str(error)
        return False
    return True


def whole(conflict: Conflict) -> Conflict:
    """Fill what the log left out, because it did not differ, from the row as it stands.

    Args:
        conflict: What stands in the way of a change or of an undoing.

    Returns:
        The same, what was seen and what is wanted with every column.
    """
    theirs = conflict.theirs or {}
    return replace(conflict, seen=_filled(conflict.seen, theirs), mine=_filled(conflict.mine, theirs))


def by_field(error: TableError) -> str:
    """Say what is wrong with rows by the names of their fields; a form has no file and no row.

    Args:
        error: What is wrong.

    Returns:
        A line for each field: what is wrong, and what to do.
    """
    said = (
        f"{label(one.column)}: {one.message} {one.remedy}" if one.column else f"{one.message} {one.remedy}"
        for one in error.faults
    )
    return "\n".join(dict.fromkeys(said))


def over_theirs(clash: Clash) -> bool:
    """Put what was wanted over what others made of the rows; cells that were not touched stay theirs.

    Args:
        clash: What stands in the way.

    Returns:
        Whether it was done.
    """
    theirs = {(conflict.layer, conflict.id): conflict.theirs for conflict in clash.conflicts}
    changes = [
        replace(change, before=now, after=mine_over(now, change))
        for change in clash.wanted
        for now in [theirs.get((change.layer, change.id), change.before)]
    ]
    return apply(clash.address, changes, what=clash.what)


def mine_over(theirs: Row | None, change: Change) -> Row | None:
    """Put somebody's cells over a row as it stands now.

    Args:
        theirs: The row as it stands; None where it is gone.
        change: What they want, and what they saw.

    Returns:
        The row as it shall be; None where it is to go.
    """
    if change.after is None:
        return None
    return {**(change.before or {}), **(theirs or {}), **own_cells(change.before, change.after)}


def clash() -> Clash | None:
    """Return what stands in the way of the last change, if anything."""
    found: Clash | None = st.session_state.get(_CLASH)
    return found


def keep_theirs() -> None:
    """Let go of what was wanted."""
    st.session_state.pop(_CLASH, None)


def trouble(text: str) -> None:
    """Say at the next run what is wrong.

    Args:
        text: A sentence; empty for nothing.
    """
    st.session_state[_TROUBLE] = text


def show_trouble() -> None:
    """Say why the last change was not made."""
    if wrong := st.session_state.get(_TROUBLE):
        text = "\n".join(f"- {literally(line)}" for line in wrong.splitlines())
        st.error(f"Nothing was changed.\n\n{text}", icon=":material/edit_off:")
        st.button("Close", key="edit-trouble-read", on_click=lambda: st.session_state.pop(_TROUBLE, None))


def _say(text: str) -> None:
    toasts.say(Toast(text, icon=":material/edit:"))
