"""Beside the map: the evidence for the row in hand, and notes on what was left open."""

from __future__ import annotations

from collections.abc import Hashable
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier
from geo.app.editing.past import show_history
from geo.app.evidence import card
from geo.app.exporting import safe_to_save
from geo.app.places.correcting import show_corrections
from geo.app.places.whereabouts import show_whereabouts
from geo.app.words import literally
from geo.atlas import Atlas
from geo.maps.style import Theme
from geo.schema import TIMES
from geo.types import Layer

CREDITS = (
    ("GeoNames", "places and their names", "https://www.geonames.org", "CC BY 4.0"),
    ("Natural Earth", "land and borders, as they are held", "https://www.naturalearthdata.com", "public domain"),
)


def show_evidence(dossier: Dossier) -> None:
    """Show where the row in hand comes from, and what its names are read as.

    Args:
        dossier: The dossier, unfiltered.
    """
    atlas = dossier.atlas
    chosen = state.selected()
    row = _row(atlas, *chosen) if chosen else None
    if row is None or chosen is None:
        st.info("Click an event or a route on the map or in the table: its dates, place, source and quote stand here.")
        return
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


def _row(atlas: Atlas, layer: Layer, name: str) -> dict[Hashable, Any] | None:
    table = atlas.layer(layer)
    found = np.flatnonzero(table["id"] == name)
    return table.iloc[int(found[0])].to_dict() if len(found) else None


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
