"""The review's own parts of the page: the text with its marks, the queue, and the keys."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from shapely.geometry import Point

from geo.app.review.acts import Hand, columns_of, move, place_here
from geo.app.review.desk import standing
from geo.app.review.editor import stop_editing
from geo.app.review.pieces import pieces
from geo.app.review.queue import Item
from geo.maps.style import kind_swatch, mode_swatch
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Place

_HERE = Path(__file__).parent
_SHOWN = 40  # rows of the queue on either side of the one in hand


def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_text = st.components.v2.component(
    "rutter_text",
    html='<div class="text" role="region" aria-label="The article" tabindex="0"></div>',
    css=_file("text.css"),
    js=_file("text.js"),
)
_queue = st.components.v2.component(
    "rutter_queue",
    html='<div class="queue" role="group" aria-label="Candidates"></div>',
    css=_file("queue.css"),
    js=_file("queue.js"),
)
_keys = st.components.v2.component(
    "rutter_keys",
    html='<p role="status"></p>',  # stays in place, so that a screen reader reads what is put there
    css="p { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }",
    js=_file("keys.js"),
)


def show_text(hand: Hand, source: Mapping[Any, Any]) -> None:
    """Show the article of the candidate in hand; a click on a place in it puts the candidate there.

    Args:
        hand: The candidate in hand.
        source: The article.
    """
    assert hand.desk.candidates is not None
    mentions = hand.desk.candidates.mentions
    mentions = mentions[mentions["source_id"] == source["id"]]
    key = "review-text"

    def clicked() -> None:
        told = st.session_state[key]["mention"]
        found = mentions[mentions["start"] == (told or {}).get("start")]
        if told and told["of"] == hand.item.id and len(found) and isinstance(found.geometry.iloc[0], Point):
            mention = found.iloc[0].to_dict()
            column = _column(hand)
            place_here(hand, column, mention["surface"], _place(mention))

    shown = pieces(source["text"], mentions, hand.item.layer, hand.row)
    _text(key=key, data={**shown, "of": hand.item.id}, height="stretch", on_mention_change=clicked)


def _column(hand: Hand) -> str:
    chosen = st.session_state.get(f"review-end-{hand.item.id}")
    return str(chosen or columns_of(hand.item.layer)[0])


def _place(mention: Mapping[Any, Any]) -> Place:
    at = mention["geometry"]
    return Place(
        mention["place_id"],
        mention["place"],
        at.x,
        at.y,
        mention["kind"],
        mention["country"],
        mention["radius_km"],
        mention["confidence"],
        mention["surface"],
    )


def show_queue(hand: Hand, theme: str) -> None:
    """Show the candidates around the one in hand; a click takes another in hand.

    Args:
        hand: The candidate in hand.
        theme: `light` or `dark`.
    """
    tables = standing(hand.desk, hand.kept)
    at = hand.items.index(hand.item)
    near = hand.items[max(0, at - _SHOWN) : at + _SHOWN]
    key = "review-queue"

    def clicked() -> None:
        if name := st.session_state[key]["chosen"]:
            stop_editing()
            move(hand.desk, name)

    told = {
        layer: _rows(table, [item.number for item in near if item.layer == layer]) for layer, table in tables.items()
    }
    rows = [_listed(item, told[item.layer][item.number]) for item in near]
    words = {(item.layer, row["mark"]) for item, row in zip(near, rows, strict=True)}
    marks = {word: _picture(layer, word, theme) for layer, word in words}
    data = {"rows": rows, "marks": marks, "current": hand.item.id}
    _queue(key=key, data=data, height="stretch", on_chosen_change=clicked)


def _rows(table: pd.DataFrame, numbers: list[int]) -> dict[int, dict[Any, Any]]:
    return dict(zip(numbers, table.drop(columns="geometry").iloc[numbers].to_dict("records"), strict=True))


def _listed(item: Item, row: Any) -> dict[str, str]:
    first, last = TIMES[item.layer]
    when = describe(row[first], row[last], row["precision"], short=True)
    where = row["place"] if item.layer == "events" else f"{row['origin'] or '?'} → {row['destination'] or '?'}"
    return {
        "id": item.id,
        "title": row["title"],
        "small": " · ".join(part for part in (item.kind, when, where) if part),
        "sure": f"{row['confidence']:.0%}",
        "mark": row["kind"] if item.layer == "events" else row["mode"],
    }


@cache
def _picture(layer: str, word: str, theme: Any) -> str:
    svg = kind_swatch(word, theme=theme) if layer == "events" else mode_swatch(word, basis="inferred", theme=theme)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def listen(keys: Mapping[str, str], *, run: int, step: str, focus: int | None, said: str) -> None:
    """Let keys press buttons.

    Args:
        keys: Key -> the Streamlit key of the button, or of the container it is in.
        run: Which run of the page this is; a key waits for the next.
        step: What tells the candidate in hand and what was done so far; with another one a field lets go of the keys.
        focus: Which opening of the date's field this is; None while it is closed.
        said: What a screen reader is to say.
    """
    told = {"key": "review-date", "turn": focus} if focus else None
    _keys(
        key="review-keys",
        data={"keys": dict(keys), "run": run, "step": step, "focus": told, "said": said},
        height="content",
    )
