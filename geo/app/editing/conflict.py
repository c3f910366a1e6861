"""A change that somebody overtook: theirs and yours side by side, and which of them is to stand."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from geo.app.editing.acts import Clash, keep_theirs, over_theirs
from geo.app.editing.cells import own_cells
from geo.app.editing.names import label
from geo.edits import Conflict, Row
from geo.workspace import Workspace

_IN_WORDS = ("place_id", "origin_id", "destination_id", "id")  # what only a computer reads
_LONG = 160


def show_clash(clash: Clash, workspace: Workspace, then: Callable[[], None]) -> None:
    """Show what stands in the way of a change, and offer both.

    Args:
        clash: What stands in the way.
        workspace: The workspace.
        then: Called when it is settled.
    """

    def theirs() -> None:
        keep_theirs()
        then()

    def mine() -> None:
        if over_theirs(clash):
            then()

    with st.container(border=True, key="clash"):
        st.html("".join(_said(conflict, clash, workspace) for conflict in clash.conflicts))
        with st.container(horizontal=True):
            st.button("Keep theirs", key="clash-theirs", on_click=theirs)
            st.button("Put mine over it", key="clash-mine", type="primary", on_click=mine)


def _said(conflict: Conflict, clash: Clash, workspace: Workspace) -> str:
    title = next(
        (str(row["title"]) for row in (conflict.seen, conflict.theirs, conflict.mine) if row and row.get("title")), ""
    )
    last = next(reversed(workspace.history(conflict.layer, conflict.id)), None)
    by = f"{last.who}, {when(last.at)}" if last else "somebody else"
    done = "deleted" if conflict.theirs is None else "changed"
    change = next((one for one in clash.wanted if (one.layer, one.id) == (conflict.layer, conflict.id)), None)
    deletes = change is not None and change.after is None
    yours = "You were about to delete it." if deletes else "Nothing of yours is lost: choose which is to stand."
    mine = own_cells(conflict.seen, change.after) if change and change.after else conflict.mine
    row = escape(title or conflict.id)
    return (
        f'<div class="rutter-clash" role="alert"><p><b>“{row}” was {done} since you saw it</b> '
        f"({escape(by)}). {yours}</p>{_both(conflict, mine)}</div>"
    )


def _both(conflict: Conflict, mine: Row | None) -> str:
    """What each of two people made of a row; a column that one of them left alone says so."""
    seen, theirs = conflict.seen or {}, conflict.theirs
    if theirs is None or mine is None:
        return ""
    touched = {name for name in theirs if cell(theirs[name]) != cell(seen.get(name))}
    own = {name for name in mine if cell(mine[name]) != cell(seen.get(name))}
    left = "as it was"
    columns = [name for name in theirs if name in touched | own]
    return differences(
        {name: theirs[name] if name in touched else left for name in columns},
        {name: mine[name] if name in own else left for name in columns},
        ("Theirs", "Yours"),
    )


def differences(before: Row | None, after: Row | None, names: tuple[str, str]) -> str:
    """Lay two states of a row side by side, column by column.

    Args:
        before: The row in one state; None where it is not there.
        after: The row in the other.
        names: What the two states are called.

    Returns:
        HTML: a table of the columns that differ; empty where one of the two is not there.
    """
    if before is None or after is None:
        return ""
    columns = [
        column
        for column in dict.fromkeys((*before, *after))
        if column not in _IN_WORDS and cell(before.get(column)) != cell(after.get(column))
    ]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("", *names))
    rows = "".join(
        f'<tr><th scope="row">{escape(label(column))}</th>'
        + "".join(f"<td>{escape(cell(row.get(column))) or '<i>nothing</i>'}</td>" for row in (before, after))
        + "</tr>"
        for column in columns
    )
    return f'<table class="rutter-changes"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>' if rows else ""


def cell(value: object) -> str:
    """Write a cell for people.

    Args:
        value: A plain value.

    Returns:
        Text; a line without its points, a moment without what is nought.
    """
    if value is None or value == "":
        return ""
    text = str(value)
    if text.startswith("POINT"):
        lon, lat = text.removeprefix("POINT (").removesuffix(")").split()
        return f"{float(lat):.4f}, {float(lon):.4f}"
    if text.startswith(("LINESTRING", "MULTILINESTRING")):
        return f"a line of {text.count(',') + 1} points"
    if text.endswith("T00:00:00.000Z"):
        return text[:10]
    if isinstance(value, float):
        return f"{value:.10g}"
    return text if len(text) <= _LONG else f"{text[:_LONG]} ..."


def when(at: str) -> str:
    """Say when something was done.

    Args:
        at: ISO 8601 in UTC.

    Returns:
        `24 March 2024, 09:30 UTC`.
    """
    moment = pd.Timestamp(at)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
