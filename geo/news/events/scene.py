"""Where it happened: the scene among the places a sentence names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from geo.news.events.passages import Passage
from geo.news.events.prepositions import LeadIn, lead_ins, led_by
from geo.news.events.tables import rows
from geo.news.types import Mention, Span

_LEAST = 0.3
_FAR = 250.0  # characters from the trigger at which a place counts half
_WIDE = frozenset({"country", "region", "continent", "province"})
_CONTAINERS = frozenset({"country", "region", "continent", "province", "district", "former country", "former province"})


class Scene(NamedTuple):
    """A place taken for the scene, and what spoke for it.

    Args:
        mention: The place as named.
        sign: A word of `data/news/confidence.csv`.
    """

    mention: Mention
    sign: str


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows("scene"):
        for word in row["words"].split("|"):
            for kind in row["kinds"].split("|"):
                table[word].setdefault(kind, float(row["weight"]))
                if kind != "*":
                    table[word][kind] = float(row["weight"])
    return table


def _weight(word: str, kind: str) -> float:
    of_word = _weights().get(word, {})
    return of_word.get(kind, of_word.get("*", 0.0))


def narrowed(passage: Passage) -> list[int]:
    """Leave out the places that only say what another lies in: `Russia` in `Omsk, Russia`.

    Args:
        passage: A sentence.

    Returns:
        The numbers of the mentions that are left, in order.
    """
    kept = []
    for number, mention in enumerate(passage.mentions):
        before = passage.mentions[number - 1] if number else None
        if before is None or not _contains(passage, before, mention):
            kept.append(number)
    return kept


def _contains(passage: Passage, inner: Mention, outer: Mention) -> bool:
    gap = passage.low[inner.end : outer.start]
    if not re.fullmatch(r",\s+(?:in\s+)?(?:the\s+)?|\s+\(", gap):
        return False
    if inner.place is not None and outer.place is not None:
        same_country = inner.place.country == outer.place.country
        return same_country and outer.place.kind in _CONTAINERS and inner.place.kind != outer.place.kind
    return re.match(r",?\s+and\s", passage.low[outer.end : outer.end + 6]) is None


def scene_in(passage: Passage, triggers: Sequence[Span], kind: str, others: Sequence[Span]) -> Scene | None:
    """Choose the scene of an event among the places of its sentence.

    Args:
        passage: The sentence.
        triggers: The words that name the event, in order, all in one clause.
        kind: What kind of event it is.
        others: The words that name other events of the sentence.

    Returns:
        The scene, or None where no place of the sentence is one.
    """
    if not any(mention.role == "place" for mention in passage.mentions):
        return None
    trigger = triggers[0]
    here = passage.clause_at(trigger.start)
    own = passage.clauses[here].number
    leads = passage.once(lead_ins)
    best: tuple[float, Scene] | None = None
    for number in passage.once(narrowed):
        mention = passage.mentions[number]
        if mention.role != "place":
            continue
        weight, trigger = max(
            (_fits(passage, mention, leads[number], one, kind) * _FAR / (_FAR + _apart(mention, one)), one)
            for one in triggers
        )
        there = passage.clause_at(mention.start)
        inside = passage.clauses[there].number == own
        if not inside:
            weight *= _from_elsewhere(passage, there, here, others)
        low, high = sorted((trigger.start, mention.start))
        if any(low < other.start < high for other in others):
            weight *= 0.3
        if mention.start < trigger.start and mention.start - passage.span.start > 30:
            weight *= 0.9
        if mention.place is not None and mention.place.kind in _WIDE:
            weight *= 0.8 if mention.place.kind == "country" else 0.9
        if weight > _LEAST and (best is None or weight > best[0]):
            sign = "scene in the clause" if inside else "scene elsewhere in the sentence"
            best = (weight, Scene(mention, sign))
    return best[1] if best else None


def joined_with(passage: Passage, scene: Mention | None) -> list[Mention | None]:
    """Give the scenes of a list: `in Paris, Berlin and Rome`.

    Args:
        passage: The sentence.
        scene: The scene chosen, or None.

    Returns:
        The scene and the places of the sentence that follow it in one list, in order.
    """
    found = [scene]
    if scene is None or scene not in passage.mentions:
        return found
    leads, kept = passage.once(lead_ins), passage.once(narrowed)
    first = passage.mentions.index(scene)
    if "between" in leads[first].words or first not in kept:
        return found
    for number in kept[kept.index(first) + 1 :]:
        mention = passage.mentions[number]
        if mention.role != "place" or not leads[number].beside:
            break
        found.append(mention)
    return found


def _apart(mention: Mention, trigger: Span) -> int:
    return max(mention.start - trigger.end, trigger.start - mention.end, 0)


def _fits(passage: Passage, mention: Mention, lead: LeadIn, trigger: Span, kind: str) -> float:
    low, lead = passage.low, led_by(lead, trigger.start)
    owns = re.match(r"['’]s?\s", low[mention.end : mention.end + 4]) is not None
    if lead.words:
        if "of" in lead.words and not (lead.words[0] == "of" and 0 <= lead.start - trigger.end <= len(" of the ")):
            return 0.0
        return min(_weight(word, kind) for word in lead.words) * (0.5 if owns else 1.0)
    if not owns and re.fullmatch(r"\s+(?:[^\W\d]+\s+)?", low[mention.end : trigger.start]):
        return _weight("before", kind)
    if not owns and re.fullmatch(r"\s+", low[trigger.end : lead.start]):
        return _weight("object", kind)
    return 0.0


def _from_elsewhere(passage: Passage, there: int, here: int, others: Sequence[Span]) -> float:
    clause = passage.clauses[there]
    if clause.says or clause.opening in ("aside", "break"):
        return 0.0
    if clause.opening == "relative" and re.match(r",?\s+who", passage.low[clause.start : clause.end]):
        return 0.0
    between = passage.clauses[min(here, there) + 1 : max(here, there) + 1]
    if any(part.opening in ("break", "but", "says", "that") for part in between):
        return 0.0
    same_number = [part for part in passage.clauses if part.number == clause.number]
    if any(part.start <= other.start < part.end for part in same_number for other in others):
        return 0.0
    return 0.6


_DATELINE = re.compile(r"[^.\n]{0,60}?(?:\([^)\n]{1,40}\)[^\w\n]{0,4}|\s)[—–-]{1,2}\s")


def dateline_of(text: str, mentions: Sequence[Mention]) -> Mention | None:
    """Find the place a text is datelined: `SEOUL (News) —`.

    Args:
        text: The whole text.
        mentions: The places named in it, in order.

    Returns:
        The place, or None where the text has no dateline.
    """
    first = next((mention for mention in mentions if mention.role == "place"), None)
    lead = len(text) - len(text.lstrip())
    if first is None or first.start > lead or not _DATELINE.match(text, first.end):
        return None
    return first
