"""Which words lead up to a place: `in`, `off the coast of`, `from a port in`."""

from __future__ import annotations

import re
from typing import NamedTuple

from geo.news.events.passages import Passage, Word
from geo.news.events.tables import rows
from geo.news.types import Mention

_GRAMMAR = rows("grammar")
_PHRASES = {
    word: row["means"] for row in _GRAMMAR if row["sort"] == "preposition phrase" for word in row["words"].split("|")
}


def _listed(sort: str) -> frozenset[str]:
    return frozenset(word for row in _GRAMMAR if row["sort"] == sort for word in row["words"].split("|"))


_PREPOSITIONS = _listed("preposition")
_DETERMINERS = _listed("determiner")
_GROUNDS = _listed("ground")
_QUALITIES = _listed("quality")
_NEVER = _listed("never")
_REACH = 8


class LeadIn(NamedTuple):
    """What leads up to a place.

    Args:
        words: The prepositions, the nearest to the name first; empty where none leads to it.
        start: Offset of the first word that belongs to the place: `the`, in `the port of Najin`.
        after: Offset of the nearest preposition, or of the place where there is none.
        beside: The prepositions were taken from another place that it is joined to with `and`.
    """

    words: tuple[str, ...]
    start: int
    after: int
    beside: bool = False


def led_by(lead: LeadIn, verb: int) -> LeadIn:
    """Leave out prepositions that stand before the verb a place follows: `the men of the fleet left Vladivostok`.

    Args:
        lead: What leads up to the place.
        verb: Offset of the verb.

    Returns:
        The same, without prepositions where the nearest stands before the verb and the place after it.
    """
    return lead._replace(words=()) if lead.after < verb <= lead.start else lead


def lead_ins(passage: Passage) -> list[LeadIn]:
    """Read what leads up to each place of a passage.

    Args:
        passage: A sentence.

    Returns:
        For each of its mentions; shape (n,).
    """
    found: list[LeadIn] = []
    for number, mention in enumerate(passage.mentions):
        here = _lead_in(passage, mention)
        if not here.words and number:
            before = passage.mentions[number - 1]
            gap = passage.low[before.end : mention.start]
            if re.fullmatch(r"\s*(?:,|,?\s+and|,?\s+or|&)\s+(?:then\s+)?(?:the\s+)?", gap) and found[-1].words:
                here = LeadIn(found[-1].words, here.start, found[-1].after, beside=True)
        found.append(here)
    return found


def _lead_in(passage: Passage, mention: Mention) -> LeadIn:
    words = passage.words_before(mention.start)[:_REACH]
    low, text = passage.low, passage.text
    prepositions: list[str] = []
    start = place = low_start = nearest = mention.start
    fillers: list[Word] = []
    skip = 0
    for number, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        gap = low[word.end : start]
        if not _joins(gap):
            break
        pair = f"{words[number + 1].low} {word.low}" if number + 1 < len(words) else ""
        triple = f"{words[number + 2].low} {pair}" if number + 2 < len(words) else ""
        known = _PHRASES.get(triple) or _PHRASES.get(pair)
        if known or word.low in _PREPOSITIONS:
            if not _may_stand_between(fillers, text, passage, first=not prepositions):
                break
            size = 1 if not known else 3 if triple in _PHRASES else 2
            skip = size - 1
            start = words[number + skip].start
            nearest = start if not prepositions else nearest
            fillers = []
            if word.low == "of" and not known and words[number + 1 : number + 2]:
                if words[number + 1].low in _GROUNDS:
                    continue
                prepositions.append("of")
                break
            prepositions.append(known or word.low)
            continue
        if word.low in _NEVER or len(fillers) >= 5:
            break
        fillers.append(word)
        start = word.start
        if not prepositions and place == low_start and _is_of_place(word, text, passage):
            place = low_start = word.start
        else:
            low_start = -1
    return LeadIn(tuple(prepositions), place, nearest)


def _joins(gap: str) -> bool:
    return not gap.strip(" \n\t\r\u00a0“‘\"'-")


def _is_of_place(word: Word, text: str, passage: Passage) -> bool:
    return (
        word.low in _DETERMINERS
        or word.low in _GROUNDS
        or word.low in _QUALITIES
        or word.low.removesuffix("'s").removesuffix("’s") != word.low
        or any(mention.start <= word.start < mention.end for mention in passage.mentions)
        or word.low[0].isdigit()
    )


def _may_stand_between(fillers: list[Word], text: str, passage: Passage, *, first: bool) -> bool:
    """Tell whether the words between a preposition and what follows it are all one noun phrase with the place."""
    if not fillers:
        return True
    if all(_is_of_place(word, text, passage) for word in fillers):
        return first or any(word.low in _GROUNDS for word in fillers)
    opens_with_article = fillers[-1].low in _DETERMINERS
    if first:
        return opens_with_article or all(
            text[word.start].isupper() or _is_of_place(word, text, passage) for word in fillers
        )
    return opens_with_article and any(word.low in _GROUNDS for word in fillers)
