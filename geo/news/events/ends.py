"""Where a movement began, where it went, and what it passed."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import Literal, NamedTuple

from geo.news.events.passages import Passage
from geo.news.events.prepositions import LeadIn, lead_ins, led_by
from geo.news.events.scene import narrowed
from geo.news.types import Mention, Span

End = Literal["origin", "destination", "via"]
_ENDS: dict[str, End] = {
    "from": "origin",
    "to": "destination",
    "into": "destination",
    "onto": "destination",
    "toward": "destination",
    "towards": "destination",
    "via": "via",
    "through": "via",
    "past": "via",
}
_PLACED = frozenset({"in", "at", "on", "off", "near", "outside"})


class Means(NamedTuple):
    """What a word for a movement says of the places next to it.

    Args:
        noun: Whether it is a noun.
        object: What its object is: the origin, the destination, or empty where a place is none.
        at: What a place after `in` or `at` is.
        to_is_for: Whether `for` leads to the destination.
        sends: Whether a country that is its subject is the origin.
    """

    noun: bool
    object: str
    at: str
    to_is_for: bool
    sends: bool = False


class Ends(NamedTuple):
    """The places of one movement."""

    origins: tuple[Mention, ...]
    destinations: tuple[Mention, ...]
    via: tuple[Mention, ...]
    onward: bool
    by_sender: bool = False


def ends_of(passage: Passage, trigger: Span, means: Means, others: list[Span]) -> Ends:
    """Read the ends of a movement.

    Args:
        passage: The sentence.
        trigger: The words that say something moved.
        means: What they say of the places next to them.
        others: The words for the other movements of the sentence, in order.

    Returns:
        The places, each in the order of the text, and whether several destinations follow one another.
    """
    leads = passage.once(lead_ins)
    number = passage.clauses[passage.clause_at(trigger.start)].number
    kept = passage.once(narrowed)
    ends: dict[End, list[Mention]] = {"origin": [], "destination": [], "via": []}
    onward = False
    last = passage.low[slice(*trigger)].split()[-1]
    verb = trigger.end if last in _PLACED or last in _ENDS else trigger.start  # `called at` holds its preposition
    joined = _hyphened(passage, trigger, means) or _between(passage, trigger, leads, kept, means)
    if joined:
        return Ends((joined[0],), (joined[1],), (), False)
    for index in kept:
        mention, lead = passage.mentions[index], led_by(leads[index], verb)
        if passage.clauses[passage.clause_at(mention.start)].number != number or mention.role == "demonym":
            continue
        if _belongs_to_another(mention, trigger, others):
            continue
        if re.match(r"['’]s?\s", passage.low[mention.end : mention.end + 4]) or _says_where(passage, index):
            continue
        end = _end(passage, mention, lead, trigger, means)
        if end is None:
            continue
        if end == "destination" and ends["destination"]:
            gap = passage.low[ends["destination"][-1].end : mention.start]
            onward = onward or bool(re.search(r"(?<!\w)(?:then|on to|onward|before|later)(?!\w)", gap))
        ends[end].append(mention)
    sender = None if ends["origin"] or not ends["destination"] else _sender(passage, trigger, means)
    if sender is not None:
        return Ends((sender,), tuple(ends["destination"]), tuple(ends["via"]), onward, by_sender=True)
    return Ends(tuple(ends["origin"]), tuple(ends["destination"]), tuple(ends["via"]), onward)


_SAYS_WHERE = re.compile(
    r",\s+(?:just\s+)?(?:near|off|outside|close\s+to|not\s+far\s+from|(?:north|south|east|west)\w*\s+of)\s+(?:the\s+)?"
)


def _says_where(passage: Passage, index: int) -> bool:
    """Tell whether a place only says where the one before it is: `Dunay, near Vladivostok`."""
    if index == 0:
        return False
    gap = passage.low[passage.mentions[index - 1].end : passage.mentions[index].start]
    return _SAYS_WHERE.fullmatch(gap) is not None


_SUBJECT_TO_VERB = re.compile(
    r"\s+(?:(?:has|have|had|did|does|may|might|could|would|will|is|was|be|been|also|not|secretly|allegedly|reportedly|"
    r"already|accused\s+of|suspected\s+of|\w+ly)\s+)*"
)


def _sender(passage: Passage, trigger: Span, means: Means) -> Mention | None:
    """Give the country that sends: `Iran shipped rockets to Syria`; never of a passive."""
    if not means.sends:
        return None
    for mention in passage.mentions:
        country = mention.place is not None and mention.place.kind == "country" and mention.role != "demonym"
        if country and mention.end <= trigger.start:
            gap = passage.low[mention.end : trigger.start]
            passive = re.search(r"(?<!\w)(?:was|is|be|been)\s+(?:\w+ly\s+)?$", gap) and not passage.low.startswith(
                "ing", trigger.end - 3
            )
            if not passive and _SUBJECT_TO_VERB.fullmatch(gap):
                return mention
    return None


def _belongs_to_another(mention: Mention, trigger: Span, others: list[Span]) -> bool:
    """Give a place to the nearest word before it, and one before all of them to the first."""
    before = bisect_right(others, mention.start, key=lambda other: other.end)
    if trigger.end <= mention.start:
        return before > 0 and others[before - 1].start > trigger.start
    return before > 0 or (bool(others) and mention.end <= others[0].start < trigger.start)


def _end(passage: Passage, mention: Mention, lead: LeadIn, trigger: Span, means: Means) -> End | None:
    after = mention.start >= trigger.end
    direct = [word for word in lead.words if word in _ENDS]
    gap = passage.low[trigger.end : lead.start] if after else ""
    if not after:
        if means.noun and direct == ["from"] and not passage.low[mention.end : trigger.start].strip(" ,"):
            return "origin"  # `weapons from Iran bound for Yemen`
        fronted = mention.start - passage.clauses[passage.clause_at(mention.start)].start < 25
        return _ENDS[direct[0]] if direct and fronted and not lead.beside and _leads(passage, lead) else None
    if direct:
        return _ENDS[direct[0]]
    if means.to_is_for and "for" in lead.words[:1]:
        return "destination"
    if not lead.words and not gap.strip() and means.object:
        return "origin" if means.object == "origin" else "destination"
    if means.at and lead.words and lead.words[-1] in _PLACED:
        return "origin" if means.at == "origin" else "destination"
    return None


def _leads(passage: Passage, lead: LeadIn) -> bool:
    """Tell whether a place before the verb opens its clause: `From Najin the ship sailed`."""
    clause = passage.clauses[passage.clause_at(lead.start)]
    return re.fullmatch(r"[\s,]*(?:and\s+)?(?:from|to)\s+", passage.low[clause.start : lead.start]) is not None


def _hyphened(passage: Passage, trigger: Span, means: Means) -> tuple[Mention, Mention] | None:
    if not means.noun:
        return None
    for first, second in pairwise(passage.mentions):
        gap = passage.low[first.end : second.start]
        if re.fullmatch(r"\s?[–—-]\s?|-to-", gap) and re.fullmatch(
            r"\s+(?:\w+\s+)?", passage.low[second.end : trigger.start]
        ):
            return first, second
    return None


def _between(
    passage: Passage, trigger: Span, leads: list[LeadIn], kept: list[int], means: Means
) -> tuple[Mention, Mention] | None:
    if not means.noun:
        return None
    for one, two in pairwise(kept):
        first, second = passage.mentions[one], passage.mentions[two]
        if (
            first.start >= trigger.end
            and leads[one].words[:1] == ("between",)
            and re.search(r"\sand\s", passage.low[first.end : second.start])
            and second.start - first.end < 40
        ):
            return first, second
    return None
