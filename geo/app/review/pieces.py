"""The text of an article cut into pieces, each with what is to be marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from geo.types import DOUBTFUL, Layer

SURE = 0.8
AROUND = 15_000  # characters shown before and after the sentence in hand; a longer text would make the page slow


def certainty(confidence: float) -> str:
    """Name how sure a mention is.

    Args:
        confidence: Confidence that it is that very place, 0 to 1.

    Returns:
        `sure`, `likely` or `doubtful`.
    """
    if confidence >= SURE:
        return "sure"
    return "likely" if confidence >= DOUBTFUL else "doubtful"


def pieces(text: str, mentions: pd.DataFrame, layer: Layer, row: Mapping[Any, Any]) -> dict[str, Any]:
    """Cut a text where something is to be marked.

    Args:
        text: The article.
        mentions: The places it names, as `geo.candidates.Candidates.mentions` has them.
        layer: The table of the candidate in hand.
        row: That candidate.

    Returns:
        `pieces`, each with its `text`, its marks in `is` and, for a place, `start` and `title`; `before` and `after`,
        how many characters are left out.
    """
    sentence = (int(row["sentence_start"]), int(row["sentence_end"]))
    first, last = max(0, sentence[0] - AROUND), min(len(text), sentence[1] + AROUND)
    spans = [(*sentence, "sentence"), *_named(text, mentions, layer, row, sentence)]
    shown = mentions[(mentions["start"] >= first) & (mentions["end"] <= last)].drop(columns="geometry")
    named = {int(mention["start"]): (int(mention["end"]), mention) for mention in shown.to_dict("records")}
    cuts = {first, last}
    for start, end, _ in spans:
        cuts |= {start, end}
    for start, (end, _) in named.items():
        cuts |= {start, end}
    edges = sorted(cut for cut in cuts if first <= cut <= last)
    found: list[dict[str, Any]] = []
    holder: tuple[int, Mapping[Any, Any]] | None = None
    for start, end in pairwise(edges):
        holder = named.get(start) or (holder if holder and start < holder[0] else None)
        piece: dict[str, Any] = {
            "text": text[start:end],
            "is": [kind for a, b, kind in spans if a <= start and end <= b],
        }
        if holder:
            mention = holder[1]
            piece["is"].append(certainty(mention["confidence"]))
            piece |= {"start": int(mention["start"]), "title": said_of(mention)}
        found.append(piece)
    return {"pieces": found, "before": first, "after": len(text) - last}


def _named(
    text: str, mentions: pd.DataFrame, layer: Layer, row: Mapping[Any, Any], sentence: tuple[int, int]
) -> Iterator[tuple[int, int, str]]:
    if layer == "events":
        for name in ("place", "when"):
            if row[f"{name}_start"] >= 0:
                yield int(row[f"{name}_start"]), int(row[f"{name}_end"]), name
        return
    inside = mentions[(mentions["start"] >= sentence[0]) & (mentions["end"] <= sentence[1])]
    ends = {row["origin"], row["destination"]}
    for start, end, surface in zip(inside["start"], inside["end"], inside["surface"], strict=True):
        if surface in ends:
            yield int(start), int(end), "place"
    for words in filter(None, row["when_words"].split("; ")):
        for match in re.finditer(re.escape(words), text[slice(*sentence)]):
            yield sentence[0] + match.start(), sentence[0] + match.end(), "when"


def said_of(mention: Mapping[Any, Any]) -> str:
    """Say what a mention is read as, and how surely.

    Args:
        mention: A row of the mentions.

    Returns:
        A line for a tooltip.
    """
    if not mention["place"]:
        return f"{mention['surface']}: no place known"
    what = ", ".join(part for part in (mention["place"], mention["kind"], mention["country"]) if part)
    stands = {"metonym": ", for its government or people", "demonym": ", a word made from its name"}
    return f"{what}{stands.get(mention['role'], '')}: {mention['confidence']:.0%} sure"
