"""Beside the map: the rows of the window, the evidence for one of them, and notes on what was left open."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier, fingerprint
from geo.app.evidence import card
from geo.app.exporting import safe_to_save
from geo.app.places.correcting import show_corrections
from geo.app.places.whereabouts import show_whereabouts
from geo.app.sight import in_sight
from geo.app.words import literally
from geo.atlas import LAYERS, Atlas, where
from geo.maps.style import Theme
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer

TABLE_HEIGHT_PX = 520
CREDITS = (
    ("GeoNames", "places and their names", "https://www.geonames.org", "CC BY 4.0"),
    ("Natural Earth", "land and borders, as they are held", "https://www.naturalearthdata.com", "public domain"),
)


def show_table(atlas: Atlas, current: Atlas, view: state.View) -> None:
    """Show the rows of the window; a click sends the map there.

    Args:
        atlas: The dossier, unfiltered.
        current: The rows in the window that pass the filters.
        view: What the map shows.
    """
    if st.toggle("Only what is in sight on the map", key="in-sight") and view.bounds:
        current = in_sight(current, view.bounds)
    rows = pd.DataFrame([row for name in LAYERS for row in _rows(current, name)], columns=list(_COLUMNS))
    rows = rows.sort_values("sort", kind="stable", na_position="last").reset_index(drop=True)
    if rows.empty:
        undated = len(atlas.undated)
        also = f" Under Notes: {undated} without a date." if undated else ""
        st.info(f"Nothing here. Widen the window under the map, or clear a filter at the side.{also}")
        return
    keys: list[state.Selected] = list(zip(rows["layer"], rows["id"], strict=True))
    widget = f"table-{fingerprint([name for _, name in keys])}"

    def chosen() -> None:
        picked = st.session_state[widget]["selection"]["rows"]
        state.select_from_table(keys[picked[0]] if picked else None)

    st.dataframe(
        safe_to_save(rows[list(_COLUMNS[3:])]),
        hide_index=True,
        height=TABLE_HEIGHT_PX,
        on_select=chosen,
        selection_mode="single-row",
        key=widget,
        column_config={
            "When": st.column_config.TextColumn(width=108),
            "What": st.column_config.TextColumn(width=225),
            "Sure": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, width="small"),
        },
    )


_COLUMNS = ("layer", "id", "sort", "When", "What", "Where", "Kind", "Sure", "Standing", "Source")


def _rows(atlas: Atlas, layer: Layer) -> list[tuple[Any, ...]]:
    publishers = dict(zip(atlas.sources["id"], atlas.sources["publisher"], strict=True))
    first, last = TIMES[layer]
    return [
        (
            layer,
            row["id"],
            row[first],
            describe(row[first], row[last], row["precision"], short=True),
            row["title"],
            where(layer, row),
            row["kind"] if layer == "events" else f"by {row['mode']}",
            row["confidence"],
            row["status"],
            publishers.get(row["source_id"], ""),
        )
        for row in atlas.layer(layer).drop(columns="geometry").to_dict("records")
    ]


def show_evidence(dossier: Dossier) -> None:
    """Show where the row in hand comes from, and what its names are read as.

    Args:
        dossier: The dossier, unfiltered.
    """
    atlas = dossier.atlas
    chosen = state.selected()
    table = atlas.layer(chosen[0]) if chosen else None
    found = table[table["id"] == chosen[1]] if table is not None and chosen else None
    if found is None or found.empty or chosen is None:
        st.info("Click an event or a route on the map or in the table: its dates, place, source and quote stand here.")
        return
    row = found.iloc[0].to_dict()
    sources = atlas.sources[atlas.sources["id"] == row["source_id"]].to_dict("records")
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(card(chosen[0], row, sources[0] if sources else None, theme=theme))
    for notice in atlas.notices:
        if (notice.layer, notice.id) == chosen and notice.column in ("geometry", *TIMES[chosen[0]]):
            st.warning(literally(notice.message), icon=":material/rule:")
    show_whereabouts(dossier, chosen[0], row)


def show_notes(dossier: Dossier) -> None:
    """List what could not be placed or dated, odd text, corrections, and whose data is shown.

    Args:
        dossier: The dossier, unfiltered.
    """
    atlas = dossier.atlas
    st.caption(
        f"{len(atlas.unplaced)} rows without a position, {len(atlas.undated)} without a date. They are kept, listed "
        "here and exported."
    )
    if atlas.notices:
        noted = pd.DataFrame([(n.layer, n.id, n.column, n.value, n.message) for n in atlas.notices])
        noted.columns = pd.Index(["Table", "Row", "Column", "As written", "Note"])
        st.dataframe(safe_to_save(noted), hide_index=True)
    show_corrections(dossier.kept)
    credits = "".join(
        f'<li><a href="{url}" target="_blank" rel="noopener">{escape(name)}</a>: {escape(what)} ({escape(terms)})</li>'
        for name, what, url, terms in CREDITS
    )
    st.html(f'<section class="rutter-credits"><h2>Whose data this is</h2><ul>{credits}</ul></section>')
