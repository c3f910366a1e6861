"""What was accepted joins the dossier: on the map, in the table, in every export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import schema
from geo.app.review.progress import Progress, Telling
from geo.app.review.rows import ENDS, told_again
from geo.atlas import LAYERS, Atlas
from geo.following import follow
from geo.places.corrections import Corrections


def accepted_atlas(progress: Progress, *, title: str = "Accepted in review") -> Atlas:
    """Put what was accepted into an Atlas of its own.

    Args:
        progress: Where the review stands.
        title: The name of that Atlas.

    Returns:
        The accepted rows with their sources, and what was merged into them in their notes.
    """
    tables = {
        layer: _typed(layer, [row for own, row in progress.accepted.values() if own == layer]) for layer in LAYERS
    }
    here = [telling for telling in progress.merged.values() if telling.into in progress.accepted]
    told = {layer: told_again(layer, table, here) for layer, table in tables.items()}
    cited = {
        **progress.sources,
        **{telling.source["id"]: telling.source for telling in here},
    }
    return Atlas(told["events"], told["routes"], _typed("sources", cited.values()), (), title)


@cache
def _none_of(layer: str) -> pd.DataFrame:
    return schema.empty(layer)


def _typed(layer: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    # Every row was checked when it was read; checking all of them again at each key would be felt.
    empty = _none_of(layer)
    table = pd.DataFrame([dict(row) for row in rows], columns=empty.columns)
    for name, kind in empty.dtypes.items():
        if isinstance(kind, pd.DatetimeTZDtype) and not isinstance(table[name].dtype, pd.DatetimeTZDtype):
            # without one date it has no zone to convert from
            table[name] = pd.to_datetime(table[name], utc=True)
    typed = table.astype({name: kind for name, kind in empty.dtypes.items() if name != "geometry"})
    return typed if layer == "sources" else gpd.GeoDataFrame(typed, geometry="geometry", crs=schema.CRS)


def join(atlas: Atlas, progress: Progress, corrections: Corrections) -> Atlas:
    """Join what was accepted to a dossier.

    Args:
        atlas: The dossier as it was opened; it is not changed.
        progress: Where the review stands.
        corrections: What names were corrected to; a place that was set for one row alone stays.

    Returns:
        The dossier with those rows, every id its own; the dossier itself where nothing was accepted or merged.
    """
    there = [telling for telling in progress.merged.values() if telling.into not in progress.accepted]
    if not progress.accepted and not any(_is_in(atlas, telling) for telling in there):
        return atlas
    own = _follow(accepted_atlas(progress), progress, corrections)
    tables = {layer: told_again(layer, atlas.layer(layer), there) for layer in LAYERS}
    more = {telling.source["id"]: telling.source for telling in there if _is_in(atlas, telling)}
    cited = pd.concat([own.sources, _typed("sources", more.values())]).drop_duplicates("id") if more else own.sources
    sources, names = _added(atlas.sources, cited)
    joined = {
        layer: _added(tables[layer], rows.assign(source_id=rows["source_id"].map(lambda name: names.get(name, name))))[
            0
        ]
        for layer in LAYERS
        for rows in [own.layer(layer)]
    }
    notices = (*atlas.notices, *own.notices)
    return replace(atlas, events=joined["events"], routes=joined["routes"], sources=sources, notices=notices)


def _is_in(atlas: Atlas, telling: Telling) -> bool:
    return telling.into in set(atlas.layer(telling.layer)["id"])


def _follow(atlas: Atlas, progress: Progress, corrections: Corrections) -> Atlas:
    by_hand = {name for name, edit in progress.edits.items() if {"place", *ENDS} & edit.keys()}
    moved = follow(atlas, corrections)
    if moved is atlas or not by_hand:
        return moved
    both = {
        layer: pd.concat([moved.layer(layer)[~own], atlas.layer(layer)[own]]).sort_index()
        for layer in LAYERS
        for own in [atlas.layer(layer)["id"].isin(by_hand).to_numpy()]
    }
    return replace(moved, events=both["events"], routes=both["routes"])


def _added(table: pd.DataFrame, more: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    names = apart(more["id"], table["id"])
    if more.empty or table.empty:
        return (table if more.empty else more.assign(id=more["id"].map(names))), names
    return pd.concat([table, more.assign(id=more["id"].map(names))], ignore_index=True), names


def apart(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Give ids that are taken another number.

    Args:
        names: The ids that come in.
        taken: The ids that are there.

    Returns:
        Old id -> id of its own.
    """
    used = set(taken)
    found: dict[str, str] = {}
    for name in names:
        free, number = name, 1
        while free in used:
            number += 1
            free = f"{name}-{number}"
        used.add(free)
        found[name] = free
    return found
