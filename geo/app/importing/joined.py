"""The dossier in hand with what was brought into it: in its workspace, or for this visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo import schema
from geo.app.dossier import Dossier, fingerprint
from geo.atlas import LAYERS, Atlas
from geo.edits import Change, Row, Stored
from geo.following import follow
from geo.noticing import notices_of
from geo.places.corrections import Corrections
from geo.store.rows import plain
from geo.storing import TABLES, checked, patched, tables_of
from geo.types import Notice

_BROUGHT = "brought-in"
_JOINED = "brought-joined"
_TURN = "brought-turn"
_GONE = "was brought in for a row that is no longer there: left out. Bring the file again."


@dataclass(frozen=True)
class Batch:
    """What came of one file.

    Args:
        number: What tells it from others of this visit.
        changes: What the dossier gets.
        notices: What should be known of its rows.
        what: What was done, in words.
    """

    number: int
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    what: str


def lasting(dossier: Dossier) -> bool:
    """Say whether what is brought in is kept in the dossier itself.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        Whether it is a workspace; the rows last for this visit otherwise.
    """
    return dossier.workspace is not None


def take_in(dossier: Dossier, changes: Sequence[Change], notices: Iterable[Notice], *, what: str) -> int:
    """Bring rows into a dossier: all or none.

    Args:
        dossier: The dossier as it was opened.
        changes: What it gets.
        notices: What should be known of the rows.
        what: What is done, in words.

    Returns:
        The number by which `take_out` takes them out again; 0 where the workspace's own undo does.

    Raises:
        GeoError: They cannot be brought in; nothing was changed.
    """
    workspace = dossier.workspace
    if workspace is not None:
        workspace.apply(changes, what=what)
        return 0
    brought = _brought(dossier)
    number: int = st.session_state.get(_TURN, 0) + 1
    st.session_state[_TURN] = number
    batch = Batch(number, tuple(changes), tuple(notices), what)
    _hold(dossier, [*brought, batch])
    st.session_state[_BROUGHT][key_of(dossier)] = [*brought, batch]
    return number


def take_out(dossier: Dossier, number: int) -> None:
    """Take out again what was brought in for this visit.

    Args:
        dossier: The dossier as it was opened.
        number: What `take_in` returned.
    """
    kept = [batch for batch in _brought(dossier) if batch.number != number]
    st.session_state[_BROUGHT][key_of(dossier)] = kept


def key_of(dossier: Dossier) -> str:
    """Tell a dossier from others for as long as a visit lasts, whatever is changed in it.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        The same text for the same dossier.
    """
    return dossier.name if dossier.workspace else str(dossier.kept.corrections.path)


def _brought(dossier: Dossier) -> list[Batch]:
    kept: dict[str, list[Batch]] = st.session_state.setdefault(_BROUGHT, {})
    return kept.get(key_of(dossier), [])


def with_brought(dossier: Dossier) -> Dossier:
    """Join what was brought in for this visit to the dossier in hand.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        The dossier with those rows; its name is another one whenever other rows are on its map.
    """
    batches = _brought(dossier)
    if not batches:
        return dossier
    numbers = [str(batch.number) for batch in batches]
    return replace(dossier, atlas=_hold(dossier, batches), name=fingerprint([dossier.name, *numbers]))


def _hold(dossier: Dossier, batches: Sequence[Batch]) -> Atlas:
    made_from = ([batch.number for batch in batches], dossier.kept.state)
    known: tuple[Any, Any, Atlas] | None = st.session_state.get(_JOINED)
    if known is None or known[0] is not dossier.atlas or known[1] != made_from:
        known = (dossier.atlas, made_from, joined(dossier.atlas, batches, dossier.kept.corrections))
        st.session_state[_JOINED] = known
    return known[2]


def joined(atlas: Atlas, batches: Iterable[Batch], corrections: Corrections) -> Atlas:
    """Join what was brought in to a dossier.

    Args:
        atlas: The dossier as it was opened; it is not changed.
        batches: What came of files, in the order in which they were brought.
        corrections: What names were corrected to.

    Returns:
        The dossier with those rows.

    Raises:
        TableError: Cells are wrong.
    """
    for batch in batches:
        atlas = _with(atlas, batch, corrections)
    return atlas


def _with(atlas: Atlas, batch: Batch, corrections: Corrections) -> Atlas:
    before = tables_of(atlas)
    rows: dict[Stored, list[Row]] = {}
    lost: list[Notice] = []
    for layer in TABLES:
        own = [change for change in batch.changes if change.layer == layer]
        ids = [change.id for change in own]
        stands = {row["id"]: row for row in plain(layer, before[layer][before[layer]["id"].isin(ids)])}
        rows[layer] = [_as_it_stands(change, stands.get(change.id)) for change in own if _fits(change, stands)]
        lost += [Notice(layer, one.id, "id", one.id, _GONE) for one in own if not _fits(one, stands)]
    fresh = {layer: checked(layer, rows[layer], file="What was brought in") for layer in TABLES}
    moved = follow(Atlas(fresh["events"], fresh["routes"], fresh["sources"]), corrections)
    fresh = tables_of(moved)
    tables = {
        layer: _filled(layer, patched(before[layer], fresh[layer], touched=list(fresh[layer]["id"])))
        for layer in TABLES
    }
    merged = {(change.layer, change.id) for change in batch.changes if change.before is not None}
    again = notices_of(
        {**{layer: _among(fresh[layer], layer, merged) for layer in LAYERS}, "sources": tables["sources"]}
    )
    kept = (one for one in atlas.notices if (one.layer, one.id) not in merged)
    told = [one for one in again if one.layer != "sources"]
    notices = tuple(dict.fromkeys((*kept, *told, *batch.notices, *lost)))
    events, routes, sources = (tables[layer] for layer in TABLES)
    return replace(atlas, events=events, routes=routes, sources=sources, notices=notices)


def _fits(change: Change, stands: Mapping[str, Row]) -> bool:
    return change.before is None or change.id in stands


def _as_it_stands(change: Change, stands: Row | None) -> Row:
    """Put what a merging filled in into the row as it is now: its place may have been corrected since."""
    after = change.after or {}
    if change.before is None or stands is None:
        return after
    return {**stands, **{name: cell for name, cell in after.items() if change.before.get(name) != cell}}


def _among(table: pd.DataFrame, layer: Stored, wanted: set[tuple[Stored, str]]) -> pd.DataFrame:
    return table[table["id"].isin([name for own, name in wanted if own == layer])]


def _filled(layer: Stored, table: pd.DataFrame) -> pd.DataFrame:
    """Leave columns that only some rows have empty in the others."""
    more = [name for name in table.columns if name not in schema.SCHEMAS[layer].columns and table[name].isna().any()]
    if not more:
        return table
    filled = table.assign(**{name: table[name].astype(object).where(table[name].notna(), "") for name in more})
    return gpd.GeoDataFrame(filled, geometry="geometry", crs=schema.CRS) if "geometry" in filled else filled
