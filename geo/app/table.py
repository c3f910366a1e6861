"""The rows of the window as a table, a page at a time; a click sends the map to a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier
from geo.app.editing.grid import show_grid
from geo.app.exporting import safe_to_save
from geo.app.sight import in_sight
from geo.app.slices import Slice, part
from geo.atlas import LAYERS, Atlas
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer

HEIGHT_PX = 520
PAGE_ROWS = 500
"""How many rows the table holds: what a window of a million events holds is paged through."""
_KEY = "table"
_SHOWN, _FIRST = "table-shown", "table-first"


def show_table(dossier: Dossier, current: Slice, view: state.View) -> None:
    """Show the rows of the window; a click sends the map there.

    Args:
        dossier: The dossier, unfiltered.
        current: The rows in the window that pass the filters.
        view: What the map shows.
    """
    with st.container(horizontal=True):
        if st.toggle("Only what is in sight on the map", key="in-sight") and view.bounds:
            current = current.among(in_sight(current.whole, view.bounds))
        writes = dossier.workspace is not None and st.toggle("Write in the table", key="grid-on")
    if not current.size:
        undated = len(dossier.atlas.undated)
        also = f" Under Notes: {undated} without a date." if undated else ""
        st.info(f"Nothing here. Widen the window under the map, or clear a filter at the side.{also}")
        return
    first = _first(current)
    with st.container(horizontal=True, vertical_alignment="center", key="table-pages"):  # there also where it is empty
        if current.size > PAGE_ROWS:
            _show_pages(first, current.size)
    if writes:
        show_grid(dossier, part(current, first, PAGE_ROWS).atlas)
        return
    keys, rows = page_of(current, first=first)

    def chosen() -> None:
        picked = st.session_state[_KEY]["selection"]["rows"]
        state.select_from_table(keys[picked[0]] if picked else None)

    st.dataframe(
        rows,
        hide_index=True,
        height=HEIGHT_PX,
        on_select=chosen,
        selection_mode="single-row",
        key=_KEY,
        column_config={
            "When": st.column_config.TextColumn(width=108),
            "What": st.column_config.TextColumn(width=225),
            "Sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, width="small"),
        },
    )


def _first(current: Slice) -> int:
    """The first row of the page; other rows begin at their first, and none of them is chosen."""
    now = st.session_state
    if now.get(_SHOWN) != (id(current.whole), current.token):
        now[_SHOWN] = (id(current.whole), current.token)
        _turn_to(0)
    return int(now[_FIRST])


def _turn_to(first: int) -> None:
    st.session_state[_FIRST] = first
    if (st.session_state.get(_KEY) or {}).get("selection", {}).get("rows"):
        st.session_state[_KEY] = {"selection": {"rows": [], "columns": [], "cells": []}}


def _show_pages(first: int, size: int) -> None:
    back, on = max(0, first - PAGE_ROWS), first + PAGE_ROWS
    st.button("Earlier", key="table-back", disabled=not first, on_click=_turn_to, args=(back,), type="tertiary")
    st.button("Later", key="table-on", disabled=on >= size, on_click=_turn_to, args=(on,), type="tertiary")
    st.caption(f"Rows {first + 1:,} to {min(on, size):,} of {size:,}, by date")


def page_of(current: Slice, *, first: int) -> tuple[list[state.Selected], pd.DataFrame]:
    """Write a page of the table.

    Args:
        current: The rows.
        first: How many of them to pass over.

    Returns:
        Layer and id of each row, and the rows in words, those without a date last.
    """
    rows = current.page(first, PAGE_ROWS)
    kept = {name: np.array([at for layer, at in rows if layer == name], dtype=np.int64) for name in LAYERS}
    tables = {name: _written(current.whole, name, kept[name]) for name in LAYERS if len(kept[name])}
    turns = {name: iter(range(len(kept[name]))) for name in LAYERS}
    offset = {"events": 0, "routes": len(kept["events"])}
    order = [offset[layer] + next(turns[layer]) for layer, _ in rows]
    table = pd.concat(tables.values(), ignore_index=True).iloc[order].reset_index(drop=True)
    keys = list(zip((layer for layer, _ in rows), table.pop("id"), strict=True))
    return keys, safe_to_save(table)


def _written(atlas: Atlas, layer: Layer, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    columns = atlas.layer(layer)
    first, last = TIMES[layer]

    def cells(name: str) -> Any:
        return columns[name].array.take(rows)

    sources = atlas.sources[atlas.sources["id"].isin(set(cells("source_id")))]
    publishers = dict(zip(sources["id"], sources["publisher"], strict=True))
    events = layer == "events"
    return pd.DataFrame(
        {
            "id": cells("id"),
            "When": _when(cells(first), cells(last), cells("precision")),
            "What": cells("title"),
            "Where": cells("place") if events else cells("origin") + " → " + cells("destination"),
            "Kind": cells("kind") if events else "by " + cells("mode"),
            "Sure": cells("confidence"),
            "Standing": cells("status"),
            "Source": [publishers.get(name, "") for name in cells("source_id")],
        }
    )


def _when(first: Sequence[Any], last: Sequence[Any], precision: Sequence[str]) -> list[str]:
    keys = list(zip(first, last, precision, strict=True))
    written = {key: describe(*key, short=True) for key in dict.fromkeys(keys)}  # many rows are of the same day
    return [written[key] for key in keys]
