"""The rows of the window as a table to write in; its changed cells become one change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
import streamlit as st

from geo.app.dossier import Dossier, fingerprint
from geo.app.editing import acts
from geo.app.editing.cells import event_dates, event_place, route_dates, route_line, way
from geo.app.editing.fields import FORMS, WORDS, Field, read, written
from geo.atlas import Atlas
from geo.edits import Change, Row
from geo.errors import GeoError, PlaceError
from geo.following import end_of
from geo.maps.style import KINDS
from geo.places.finder import PlaceFinder
from geo.placing import via_names
from geo.store.rows import plain, plain_row
from geo.types import Layer, Place

HEIGHT_PX = 430
_HELD = "grid-held"
_TURN = "grid-turn"
_NAMED = 3
_WIDTHS = {"text": 130, "spot": 130, "long": 220}


@dataclass(frozen=True)
class _Grid:
    """The table as it was when it was last drawn without changes.

    Args:
        layer: Which table it is.
        rows: Its rows in plain values, in their order.
        atlas: The dossier it was made of.
        ids: What tells which rows of it these are.
        turn: What tells it from others.
    """

    layer: Layer
    rows: tuple[Row, ...]
    atlas: Atlas
    ids: str
    turn: int

    @property
    def key(self) -> str:
        return f"grid-{self.layer}-{self.turn}"

    @property
    def edits(self) -> dict[int, dict[str, Any]]:
        edits: dict[int, dict[str, Any]] = (st.session_state.get(self.key) or {}).get("edited_rows", {})
        return {int(number): cells for number, cells in edits.items() if cells}


def show_grid(dossier: Dossier, current: Atlas) -> None:
    """Show the rows of the window in a table to write in.

    Args:
        dossier: The dossier in hand, kept in a workspace.
        current: The rows in the window that pass the filters.
    """
    layer: Layer = st.segmented_control(
        "Which rows", ["events", "routes"], default="events", required=True, key="grid-layer",
        format_func=str.capitalize, label_visibility="collapsed",
    )  # fmt: skip
    grid = _grid(dossier, layer, current)
    fields = [field for line in FORMS[layer] for field in line]
    with st.container(key="grid"):
        st.data_editor(
            pd.DataFrame([written(layer, row) for row in grid.rows], columns=[field.column for field in fields]),
            key=grid.key,
            hide_index=True,
            height=HEIGHT_PX,
            column_config={field.column: _column(field, dossier) for field in fields},
        )
    cells = sum(map(len, grid.edits.values()))
    with st.container(horizontal=True, vertical_alignment="center", key="grid-acts"):
        what = f"{cells} changed cell{'s' if cells != 1 else ''}"
        label = f"Save {what}" if cells else "Save"
        st.button(label, key="grid-save", type="primary", disabled=not cells, on_click=_save, args=(dossier, grid))
        if cells:
            st.button("Discard", key="grid-discard", type="tertiary", on_click=forget)
    st.caption("A place that is written anew is looked for by its name; to choose among several, use the form.")


def _grid(dossier: Dossier, layer: Layer, current: Atlas) -> _Grid:
    held: _Grid | None = st.session_state.get(_HELD)
    if held and held.layer == layer and held.edits:
        return held
    ids = fingerprint([layer, *current.layer(layer)["id"]])
    if held is None or held.ids != ids or held.atlas is not dossier.atlas:
        rows = tuple(plain(layer, current.layer(layer)))
        turn = held.turn if held and held.rows == rows else st.session_state.get(_TURN, 0) + 1
        st.session_state[_TURN] = turn
        held = st.session_state[_HELD] = _Grid(layer, rows, dossier.atlas, ids, turn)
    return held


def forget() -> None:
    """Let go of what was written in the table."""
    st.session_state.pop(_HELD, None)


def _column(field: Field, dossier: Dossier) -> Any:
    label, told = field.label, field.help or None
    if field.sort in ("share", "number", "whole"):
        least, most = (0, 100) if field.sort == "share" else (1 if field.sort == "whole" else 0, None)
        return st.column_config.NumberColumn(label, min_value=least, max_value=most)
    if field.sort in ("choice", "words", "source"):
        known = {
            "words": sorted({*KINDS, *dossier.atlas.events["kind"]}),
            "source": ["", *dossier.atlas.sources["id"]],
        }.get(field.sort) or list(WORDS[field.column])
        return st.column_config.SelectboxColumn(label, options=known)
    return st.column_config.TextColumn(
        label, help=told, required=field.column == "title", width=_WIDTHS.get(field.sort)
    )


def _save(dossier: Dossier, grid: _Grid) -> None:
    fields = {field.column: field for line in FORMS[grid.layer] for field in line}
    finder = PlaceFinder(corrections=dossier.kept.corrections)
    changes = []
    for number, edit in grid.edits.items():
        row = grid.rows[number]
        try:
            after = plain_row(_cells(grid.layer, row, edit, fields, finder))
        except GeoError as error:
            acts.trouble(f"{row['title']}: {error}")
            return
        changes.append(Change(grid.layer, row["id"], row, {**row, **after}))
    titles = ", ".join(str(change.before["title"]) for change in changes[:_NAMED] if change.before)
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    if acts.apply(dossier.address, changes, what=f"changed {titles}{more}") or acts.clash():
        forget()


def _cells(
    layer: Layer, row: Row, edit: dict[str, Any], fields: dict[str, Field], finder: PlaceFinder
) -> dict[str, Any]:
    now = {**written(layer, row), **edit}
    dated = ("date",) if layer == "events" else ("depart", "arrive")
    cells = {
        column: read(fields[column], value)
        for column, value in edit.items()
        if column not in dated and fields[column].sort != "spot"
    }
    if edit.keys() & {*dated}:
        told = [str(now[name] or "") for name in dated]
        cells |= event_dates(*told) if layer == "events" else route_dates(*told)
    if "place" in edit:
        name = str(now["place"] or "").strip()
        cells |= event_place(name, _place(finder, name))
    if layer == "routes" and edit.keys() & {"origin", "destination", "mode", "via"}:
        typed = {**row, "geometry": shapely.from_wkt(row["geometry"]) if row.get("geometry") else None}
        names = {column: str(now[column] or "").strip() for column in ("origin", "destination")}
        ends = [
            _place(finder, names[column], mode=now["mode"])
            if column in edit or typed["geometry"] is None
            else end_of(typed, column, finder, moved=())
            for column in ("origin", "destination")
        ]
        via = [place for name in via_names(str(now["via"] or "")) if (place := _place(finder, name))]
        found, trouble = way(ends[0], ends[1], now["mode"], via)
        if trouble:
            raise PlaceError(trouble)
        cells |= route_line(names, (ends[0], ends[1]), found)
    return cells


def _place(finder: PlaceFinder, name: str, *, mode: Any = None) -> Place | None:
    found = finder.place(name, mode=mode) if name else None
    if name and found is None:
        raise PlaceError(f"No place called “{name}” is known. Write another, or put it at a point in the form.")
    return found
