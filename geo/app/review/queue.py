"""Which candidates wait, in which order, and which of them is in hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from geo.app.review.progress import Progress, Verdict
from geo.app.review.rows import Tables
from geo.atlas import LAYERS
from geo.candidates import Candidates
from geo.types import Layer

Order = Literal["As in the text", "Surest first"]
ORDERS: tuple[Order, ...] = ("As in the text", "Surest first")
ROUTE = "route"


@dataclass(frozen=True)
class Wanted:
    """What the queue shows.

    Args:
        verdict: What was decided, or `open`.
        kinds: Kinds of event, and `route`; empty for all.
        articles: Ids of texts; empty for all.
        least: Least confidence, 0 to 1.
        order: In which order.
    """

    verdict: Verdict = "open"
    kinds: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    least: float = 0.0
    order: Order = "As in the text"


@dataclass(frozen=True)
class Item:
    """One candidate of the queue.

    Args:
        layer: The table it is in.
        number: Its row there.
        id: Its id.
        kind: Its kind of event, or `route`.
    """

    layer: Layer
    number: int
    id: str
    kind: str


def queue(tables: Tables, candidates: Candidates, progress: Progress, wanted: Wanted) -> list[Item]:
    """List the candidates that wait.

    Args:
        tables: The candidates as they stand.
        candidates: What was read, for the order of the texts.
        progress: What was decided.
        wanted: Which of them, and in which order.

    Returns:
        The candidates.
    """
    text_order = {name: number for number, name in enumerate(candidates.sources["id"])}
    found = []
    for layer in LAYERS:
        table = tables[layer]
        kinds = table["kind"] if layer == "events" else pd.Series([ROUTE] * len(table))
        columns = (table["id"], kinds, table["source_id"], table["confidence"], table["sentence_start"])
        for number, (name, kind, source, confidence, at) in enumerate(zip(*columns, strict=True)):
            fits = (
                progress.verdict(name) == wanted.verdict
                and (not wanted.kinds or kind in wanted.kinds)
                and (not wanted.articles or source in wanted.articles)
                and confidence >= wanted.least
            )
            if fits:
                place = (text_order.get(source, 0), at)
                sort = place if wanted.order == ORDERS[0] else (-confidence, *place)
                found.append((sort, Item(layer, number, name, kind)))
    return [item for _, item in sorted(found, key=lambda entry: entry[0])]


def beside(items: list[Item], name: str, step: int) -> str:
    """Give the candidate before or after another.

    Args:
        items: The queue.
        name: Id of the one in hand.
        step: 1 for the next, -1 for the one before.

    Returns:
        Its id; that of the last or first where there is none beyond, empty where the queue is empty.
    """
    ids = [item.id for item in items]
    if not ids:
        return ""
    if name not in ids:
        return ids[0]
    return ids[min(max(ids.index(name) + step, 0), len(ids) - 1)]


def after_deciding(items: list[Item], name: str) -> str:
    """Give the candidate that is shown once one is decided and leaves the queue.

    Args:
        items: The queue with the one in hand.
        name: Its id.

    Returns:
        The id of the next, else of the first that is left, empty where none is.
    """
    following = beside(items, name, 1)
    return following if following != name else next((item.id for item in items if item.id != name), "")
