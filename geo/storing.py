"""Between a dossier's tables and a workspace: rows checked on their way in, tables patched, differences told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import schema
from geo.edits import Change, Row, Stored
from geo.errors import LayerError
from geo.store import Store
from geo.store.kept import STORY, keep_text, kept_text
from geo.store.rows import plain, read, same
from geo.story import Steps, write_story
from geo.types import Notice

if TYPE_CHECKING:
    from geo.atlas import Atlas

TABLES: tuple[Stored, ...] = ("events", "routes", "sources")
_THERE_ALREADY = "is there already and says otherwise: what is there is left as it is."


def tables_of(atlas: Atlas) -> dict[Stored, pd.DataFrame]:
    """Name the tables of a dossier.

    Args:
        atlas: The dossier.

    Returns:
        `events`, `routes` and `sources`.
    """
    return {"events": atlas.events, "routes": atlas.routes, "sources": atlas.sources}


def checked(layer: Stored, rows: Sequence[Row], *, file: str) -> pd.DataFrame:
    """Bring plain rows into the schema of their table.

    Args:
        layer: The table.
        rows: Plain rows.
        file: What messages call the workspace.

    Returns:
        The table, in the types of the schema.

    Raises:
        TableError: Cells are wrong; all of them are listed.
    """
    table = read(layer, rows)
    return table if layer == "corrections" else schema.check(layer, table, file=file, rows=range(1, len(rows) + 1))


def checked_changes(changes: Sequence[Change], *, file: str) -> list[Change]:
    """Check what rows are to become.

    Args:
        changes: What happens, at most one change a row, in plain values.
        file: What messages call the workspace.

    Returns:
        The same changes, their rows whole and as the schema has them.

    Raises:
        LayerError: There is no such table.
        TableError: Cells are wrong; all of them are listed.
    """
    unknown = {change.layer for change in changes} - set(get_args(Stored))
    if unknown:
        raise LayerError(f"No table is called {', '.join(sorted(unknown))}. Use {', '.join(get_args(Stored))}.")
    kept = [change for change in changes if change.after is None]
    for layer in dict.fromkeys(change.layer for change in changes):
        wanted = [change for change in changes if change.layer == layer and change.after is not None]
        rows = [{**(change.before or {}), **(change.after or {}), "id": change.id} for change in wanted]
        typed = checked(layer, rows, file=file)
        kept += [replace(change, after=row) for change, row in zip(wanted, plain(layer, typed), strict=True)]
    return kept


def patched(table: pd.DataFrame, fresh: pd.DataFrame, *, touched: Collection[str]) -> pd.DataFrame:
    """Put changed rows into a table.

    Args:
        table: The table as it was.
        fresh: Those of the changed rows that are there.
        touched: The ids of all changed rows.

    Returns:
        A new table: changed rows in their place, new ones at the end, those that are gone left out.
    """
    at = np.flatnonzero(table["id"].isin(list(touched)))
    place = {name: int(row) for name, row in zip(table["id"].iloc[at], at, strict=True)}
    joined: pd.DataFrame
    if table.dtypes.equals(fresh.dtypes) and list(fresh["id"]) == list(place):
        joined = pd.DataFrame({name: _replaced(table[name], at, fresh[name]) for name in table.columns})
    else:
        others = np.delete(np.arange(len(table)), at)
        order = [*others, *(place.get(name, len(table)) for name in fresh["id"])]
        joined = pd.concat([table.iloc[others], fresh], ignore_index=True)
        joined = joined.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=schema.CRS) if "geometry" in joined else joined


def _replaced(values: pd.Series, at: npt.NDArray[np.intp], fresh: pd.Series) -> pd.Series:
    cells = values.array.copy()
    cells[at] = fresh.array
    return pd.Series(cells, index=values.index)


def additions(
    brought: Mapping[Stored, pd.DataFrame], tables: Mapping[Stored, pd.DataFrame]
) -> tuple[list[Change], list[Notice]]:
    """Tell what a workspace lacks of other tables.

    Args:
        brought: `events`, `routes` and `sources` from elsewhere, in the types of the schema.
        tables: The workspace's own.

    Returns:
        A change for each row that is not there; a notice for each that is there under the same id and says otherwise,
        which is left as it is.
    """
    changes: list[Change] = []
    notices: list[Notice] = []
    for layer, table in brought.items():
        own = {row["id"]: row for row in plain(layer, tables[layer][tables[layer]["id"].isin(table["id"])])}
        for row in plain(layer, table):
            stands = own.get(row["id"])
            if stands is None:
                changes.append(Change(layer, row["id"], None, row))
            elif not same(stands, row):
                notices.append(Notice(layer, row["id"], "id", row["id"], _THERE_ALREADY))
    return changes, notices


def differences(layer: Stored, before: pd.DataFrame, after: pd.DataFrame) -> list[Change]:
    """Say what happens to a table that becomes another one.

    Args:
        layer: Which table it is.
        before: The table as it is.
        after: The table as it shall be.

    Returns:
        A change for each row that is new, gone or differs, in plain values.
    """
    place = pd.Index(before["id"]).get_indexer(pd.Index(after["id"]))
    gone = ~before["id"].isin(after["id"]).to_numpy()
    told = place < 0
    told[~told] = _differs(before.iloc[place[~told]], after[~told])
    old = {row["id"]: row for row in plain(layer, before.iloc[[*np.flatnonzero(gone), *place[told & (place >= 0)]]])}
    new = {row["id"]: row for row in plain(layer, after[told])}
    return [
        Change(layer, name, old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]


def _differs(before: pd.DataFrame, after: pd.DataFrame) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(after), dtype=bool)
    for name in dict.fromkeys((*before.columns, *after.columns)):
        if name not in before or name not in after:
            found |= (before if name in before else after)[name].notna().to_numpy()
            continue
        old, new = before[name].to_numpy(dtype=object), after[name].to_numpy(dtype=object)
        lacking = pd.isna(old), pd.isna(new)
        same = shapely.equals_identical(old, new) if name == "geometry" else old == new
        found |= ~(np.asarray(same, dtype=bool) | (lacking[0] & lacking[1]))
    return found


def create(address: str | Path, atlas: Atlas, *, who: str) -> Store:
    """Make a workspace of a dossier, whole or not at all.

    Args:
        address: A `.gpkg` file that is not there, or the address of a database that holds no such dossier.
        atlas: The dossier.
        who: In whose name.

    Returns:
        The workspace.

    Raises:
        GeoError: There is something at this address already, or it cannot be reached or written.
    """
    store = Store.create(address, tables_of(atlas), title=atlas.title, who=who)
    keep_story(store, atlas.story)
    return store


def keep_story(store: Store, steps: Steps) -> None:
    """Keep a story in a workspace, in the place of the one before.

    Args:
        store: The workspace.
        steps: The story; where it has no steps, none is kept.

    Raises:
        StoreError: The workspace cannot be written.
    """
    if steps or kept_text(store, STORY):
        keep_text(store, STORY, write_story(steps).decode() if steps else "")
