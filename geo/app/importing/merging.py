"""What a dossier gets of a file: new rows, and rows that a new one was merged into by hand; as changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pandas as pd

from geo.app.review.joining import apart
from geo.atlas import LAYERS
from geo.edits import Change, Row, Stored
from geo.importing import Imported
from geo.store.rows import plain
from geo.storing import additions
from geo.types import Layer

BOTH, LEFT_OUT = "both", "left out"
Decisions: TypeAlias = Mapping[tuple[Layer, str], str]
"""Layer and id of a new row -> `BOTH`, `LEFT_OUT`, or what `into` gives."""
_INTO = "into:"
# What is only known together is only filled in together, where the first of them is not known.
_TOGETHER: Mapping[Layer, tuple[tuple[str, ...], ...]] = {
    "events": (("start", "end", "precision"), ("geometry", "place_id", "radius_km")),
    "routes": (
        ("depart", "arrive", "dated_by", "precision"),
        ("geometry", "origin_id", "destination_id", "length_km", "passages", "basis"),
    ),
}
_STAYS = frozenset({"id", "source_id", "quote"})


def into(name: str) -> str:
    """Say that a new row is merged into another.

    Args:
        name: The id of the row that is there.

    Returns:
        The decision.
    """
    return f"{_INTO}{name}"


def changes_for(brought: Imported, tables: Mapping[Stored, pd.DataFrame], decisions: Decisions) -> list[Change]:
    """Say what a dossier gets of a file.

    Args:
        brought: What came of the file.
        tables: The dossier's tables.
        decisions: What becomes of rows that may be there already; all others come in.

    Returns:
        A change for each row that comes in, that another is merged into, or that is a source of these. Rows that are
        there word for word make none.
    """
    own = _with_own_sources(brought, tables["sources"])
    coming: dict[Stored, pd.DataFrame] = {}
    merges: list[Change] = []
    cited: set[str] = set()
    for layer in LAYERS:
        said = {name: decision for (table, name), decision in decisions.items() if table == layer}
        merged = {name: one.removeprefix(_INTO) for name, one in said.items() if one.startswith(_INTO)}
        coming[layer] = _kept(own[layer], said, tables[layer])
        told = own[layer][own[layer]["id"].isin(merged)]
        cited |= {*coming[layer]["source_id"], *told["source_id"]}
        merges += _merges(layer, told, merged, tables[layer], own["sources"])
    coming["sources"] = own["sources"][own["sources"]["id"].isin(cited)]
    added, _ = additions(coming, tables)
    return [*added, *merges]


def _with_own_sources(brought: Imported, there: pd.DataFrame) -> dict[Stored, pd.DataFrame]:
    """Give a source whose id means another one in the dossier an id of its own."""
    titles = dict(zip(there["id"], there["title"], strict=True))
    sources = brought.sources
    others = [
        name
        for name, title in zip(sources["id"], sources["title"], strict=True)
        if name in titles and title not in ("", name, titles[name])
    ]
    names = apart(others, [*there["id"], *sources["id"]])
    return {
        "events": _renamed(brought.events, "source_id", names),
        "routes": _renamed(brought.routes, "source_id", names),
        "sources": _renamed(sources, "id", names),
    }


def _renamed(table: pd.DataFrame, column: str, names: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(**{column: [names.get(name, name) for name in table[column]]}) if names else table


def _kept(table: pd.DataFrame, said: Mapping[str, str], there: pd.DataFrame) -> pd.DataFrame:
    kept = table[~table["id"].isin([name for name, decision in said.items() if decision != BOTH])]
    taken = [name for name in kept["id"][kept["id"].isin(there["id"])] if name in said]
    return _renamed(kept, "id", apart(taken, [*there["id"], *kept["id"]]))


def _merges(
    layer: Layer, told: pd.DataFrame, merged: Mapping[str, str], there: pd.DataFrame, sources: pd.DataFrame
) -> list[Change]:
    cited = {row["id"]: row for row in sources.to_dict("records")}
    before = {row["id"]: row for row in plain(layer, there[there["id"].isin(merged.values())])}
    after = dict(before)
    for row in plain(layer, told):
        name = merged[row["id"]]
        after[name] = _filled(layer, after[name], row, cited.get(row["source_id"], {}))
    return [Change(layer, name, row, after[name]) for name, row in before.items()]


def _filled(layer: Layer, row: Row, new: Row, source: Mapping[Any, Any]) -> Row:
    """Fill the empty cells of a row from another, and add its source."""
    filled = dict(row)
    grouped = {name for group in _TOGETHER[layer] for name in group}
    for group in _TOGETHER[layer]:
        if _is_empty(row.get(group[0])) and not _is_empty(new.get(group[0])):
            filled |= {name: new[name] for name in group}
    for name, cell in new.items():
        if name not in _STAYS | grouped and _is_empty(row.get(name)):
            filled[name] = cell
    if _is_empty(row["source_id"]):
        return {**filled, "source_id": new["source_id"], "quote": row["quote"] or new["quote"]}
    if new["source_id"] != row["source_id"]:
        note = _also(source, new["quote"])
        if note not in filled["note"]:
            filled["note"] = f"{filled['note']} {note}".strip()
    elif _is_empty(row["quote"]):
        filled["quote"] = new["quote"]
    return filled


def _also(source: Mapping[Any, Any], quote: str) -> str:
    named = dict.fromkeys((source.get("publisher"), source.get("title"), source.get("published")))
    said = ", ".join(part for part in named if part) or "another table"
    return f"Also {said}: “{quote}”" if quote else f"Also {said}."


def _is_empty(cell: Any) -> bool:
    return cell is None or cell == ""
