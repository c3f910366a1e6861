"""Beside the map: the rows of the window, the evidence for one of them, and notes on what was left open."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier, fingerprint
from geo.app.editing.grid import show_grid
from geo.app.editing.past import show_history
from geo.app.evidence import card
from geo.app.exporting import safe_to_save
from geo.app.places.correcting import show_corrections
from geo.app.places.whereabouts import show_whereabouts
from geo.app.sight import in_sight
from geo.app.words import literally
from geo.atlas import LAYERS, Atlas
from geo.maps.style import Theme
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer

TABLE_HEIGHT_PX = 520
CREDITS = (
    ("GeoNames", "places and their names", "https://www.geonames.org", "CC BY 4.0"),
    ("Natural Earth", "land and borders, as they are held", "https://www.naturalearthdata.com", "public domain"),
)


def show_table(dossier: Dossier, current: Atlas, view: state.View) -> None:
    """Show the rows of the window; a click sends the map there.

    Args:
        dossier: The dossier, unfiltered.
        current: The rows in the window that pass the filters.
        view: What the map shows.
    """
    with st.container(horizontal=True):
        if st.toggle("Only what is in sight on the map", key="in-sight") and view.bounds:
            current = in_sight(current, view.bounds)
        writes = dossier.workspace is not None and st.toggle("Write in the table", key="grid-on")
    if writes:
        show_grid(dossier, current)
        return
    rows = pd.concat([_rows(current, name) for name in LAYERS], ignore_index=True)
    rows = rows.sort_values("sort", kind="stable", na_position="last").reset_index(drop=True)
    if rows.empty:
        undated = len(dossier.atlas.undated)
        also = f" Under Notes: {undated} without a date." if undated else ""
        st.info(f"Nothing here. Widen the window under the map, or clear a filter at the side.{also}")
        return
    keys: list[state.Selected] = list(zip(rows["layer"], rows["id"], strict=True))
    widget = f"table-{fingerprint([name for _, name in keys])}"

    def chosen() -> None:
        picked = st.session_state[widget]["selection"]["rows"]
        state.select_from_table(keys[picked[0]] if picked else None)

    st.dataframe(
        safe_to_save(rows.drop(columns=["layer", "id", "sort"])),
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


def _rows(atlas: Atlas, layer: Layer) -> pd.DataFrame:
    table = atlas.layer(layer)
    publishers = dict(zip(atlas.sources["id"], atlas.sources["publisher"], strict=True))
    first, last = TIMES[layer]
    events = layer == "events"
    cells = {
        "layer": layer,
        "id": table["id"],
        "sort": table[first],
        "When": _when(table[first], table[last], table["precision"]),
        "What": table["title"],
        "Where": table["place"] if events else table["origin"] + " → " + table["destination"],
        "Kind": table["kind"] if events else "by " + table["mode"],
        "Sure": table["confidence"],
        "Standing": table["status"],
        "Source": table["source_id"].map(publishers).fillna(""),
    }
    return pd.DataFrame(cells, index=table.index)


def _when(first: pd.Series, last: pd.Series, precision: pd.Series) -> list[str]:
    # Many rows are of the same day, and each is put in words once.
    keys = list(zip(first.astype("int64").tolist(), last.astype("int64").tolist(), precision.tolist(), strict=True))
    rows = {key: number for number, key in enumerate(keys)}
    written = {
        key: describe(first.iloc[number], last.iloc[number], precision.iloc[number], short=True)
        for key, number in rows.items()
    }
    return [written[key] for key in keys]


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
    if dossier.workspace:
        show_history(dossier, *chosen)
    st.button("Edit this row", key="edit-this", icon=":material/edit:", on_click=state.open_tab, args=(state.EDIT,))


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
