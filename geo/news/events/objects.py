"""Whether what is named near a word for an event is what the word speaks of: the goods sold, the missile launched."""

from __future__ import annotations

import re

from geo.news.events.passages import Passage
from geo.news.events.tables import rows
from geo.news.types import Span

_NEXT = re.compile(r"[\s-]+([^\W\d][\w-]*)")
_MAY_FOLLOW = frozenset(
    word
    for row in rows("grammar")
    if row["sort"] in ("after goods", "never", "preposition", "determiner")
    for word in row["words"].split("|")
)
_ANOTHER_PHRASE = re.compile(
    r"(?<!\w)(?:to|in|at|from|near|for|against|towards?|away|(?:about|over)(?!\s+(?:\d|one|two|three|four|five|six|ten|half|a\s))|on|by|into|onto|via|through|after|before|amid|"
    r"during|said|who|which|that|is|are|was|were|has|have|had|will|would)(?!\w)"
)
_WITH = re.compile(r".*(?<!\w)(?:with|including)\s", re.DOTALL)
_PASSIVE = re.compile(r"(?<!\w)(?:was|were|been|being|be|is|are|got)\s+(?:(?:not|also|then|later|\w+ly)\s+)*$")
_RIGHT_BEFORE = re.compile(r",?\s+(?:(?:being|then|later|once|\w+ly)\s+)*")
_PRONOUN = re.compile(r"\s+(?:it|them|some|those|these|half)(?!\w)")
_OWN = re.compile(
    r"(?:\s+[\w'’-]+){0,5}?\s+(?:of|carrying|with|containing|including|transporting|bringing|hauling)\s+(?:[\w,.'’-]+\s+){0,6}"
)
_LADEN = re.compile(
    r"(?<!\w)(?:carrying|(?:loaded|laden)\s+with|with\s+an?\s+(?:\w+\s+)?(?:shipment|cargo|load|consignment)\s+of)\s+"
    r"(?:[\w,.'’-]+\s+){0,5}$"
)
_SPOKEN_OF = re.compile(r"(?<!\w)(?:with|about|over)\s+(?:\w+\s+)?$")
_IN_FRONT = re.compile(r"[\s-]+(?:[\w’'-]+\s+)?")
_TO_A_PLACE = re.compile(r"\s+(?:the\s+)?(?:(?:city|town|village|port|region|outskirts)\s+of\s+)?")


def is_of_noun(passage: Passage, trigger: Span, needed: re.Pattern[str]) -> bool:
    """Tell whether a noun is one of the things needed: `the launch of a missile`, `arms shipment`.

    Args:
        passage: The sentence.
        trigger: The noun.
        needed: The things.

    Returns:
        Whether one stands right before the noun, or after it behind `of`, `with` or the like, or whether
        something is said to be laden with them.
    """
    low, clause = passage.low, passage.clauses[passage.clause_at(trigger.start)]
    for match in needed.finditer(low, clause.start, passage.span.end):
        if match.start() >= trigger.end and _LADEN.search(low, trigger.end, match.start()):
            return True
        if match.start() >= clause.end:
            continue
        if match.end() <= trigger.start and _IN_FRONT.fullmatch(low, match.end(), trigger.start):
            return True
        if match.start() >= trigger.end and _OWN.fullmatch(low, trigger.end, match.start()):
            return _heads(low, match.end())
    return False


def is_object(passage: Passage, trigger: Span, needed: re.Pattern[str]) -> bool:
    """Tell whether things are what a verb is done to: `sold rockets`, `rockets were sold`, `rockets that it sold`.

    Args:
        passage: The sentence.
        trigger: The verb.
        needed: The things.

    Returns:
        Whether they are its object or the subject of its passive; True as well where its object is a pronoun.
    """
    low, clause = passage.low, passage.clauses[passage.clause_at(trigger.start)]
    if _PRONOUN.match(low, trigger.end):
        return True
    passive = _PASSIVE.search(low, clause.start, trigger.start)
    joined = clause.opening in ("relative", "that", "and")
    begin = max(passage.span.start, clause.start - 90) if joined else clause.start
    for match in needed.finditer(low, begin, clause.end):
        if not _heads(low, match.end()):
            continue
        if match.start() >= trigger.end:
            gap = low[trigger.end : match.start()]
            if not _ANOTHER_PHRASE.search(_WITH.sub("", gap)):
                return True
        elif match.end() <= trigger.start:
            if _RIGHT_BEFORE.fullmatch(low, match.end(), trigger.start):
                return True
            if (
                joined
                and match.end() <= clause.start
                and (passive or not low[match.end() : clause.start].strip(" ,\n"))
            ):
                return True
            if passive and match.end() <= passive.start() and not _SPOKEN_OF.search(low[begin : match.start()]):
                return True
    return False


def is_done_by_a_state(passage: Passage, trigger: Span) -> bool:
    """Tell whether a verb is done to a place by a state or its people: `Kyiv said its forces struck Belgorod`.

    Args:
        passage: The sentence.
        trigger: The verb.

    Returns:
        Whether a place follows it and a state or a nationality stands before it.
    """
    by = any(mention.end <= trigger.start and mention.role != "place" for mention in passage.mentions)
    return by and any(
        mention.role == "place" and _TO_A_PLACE.fullmatch(passage.low, trigger.end, mention.start)
        for mention in passage.mentions
        if mention.start >= trigger.end
    )


_NAMED = re.compile(
    r"(?<![\w’'-])[A-Z][\w’'-]+\s+(?:[A-Z][\w’'-]*\.?\s+)+(?:(?:has|had|also|then|later|recently|secretly)\s+)*$"
)


def is_done_by_a_person(passage: Passage, trigger: Span) -> bool:
    """Tell whether a name of two words or more, and no place, stands before a verb: `Sergei Lavrov visited Beijing`.

    Args:
        passage: The sentence.
        trigger: The verb.

    Returns:
        Whether such a name does it.
    """
    named = _NAMED.search(passage.text, passage.span.start, trigger.start)
    if named is None or passage.shouted:
        return False
    return not any(mention.start < trigger.start and mention.end > named.start() for mention in passage.mentions)


def _heads(low: str, end: int) -> bool:
    """Tell whether a thing is named for itself, not as `tank` in `tank museum`."""
    after = _NEXT.match(low, end)
    return after is None or after[1] in _MAY_FOLLOW or after[1].endswith(("ed", "ly"))
