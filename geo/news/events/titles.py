"""A short title in the text's own words."""

from __future__ import annotations

import re

from geo.news.events.passages import Passage
from geo.news.events.tables import rows
from geo.news.types import Span

LONGEST = 90
_ENDS = " \n\t\r.;:,!?“‘—–-"
_SHORTEST = 25
_LEAD = re.compile(
    r"(?:[\s,;:“”\"'‘’—–-]+|(?:and|but|that|after|before|while|when|as|who|which|where|because|although|though|so)\s)+",
    re.IGNORECASE,
)
_NOT_LAST = frozenset(word for row in rows("grammar") if row["sort"] == "not last" for word in row["words"].split("|"))


def title_of(passage: Passage, trigger: Span) -> str:
    """Cut a title out of a sentence.

    Args:
        passage: The sentence.
        trigger: The words that must stand in it.

    Returns:
        A stretch of the sentence of at most 90 characters that holds the trigger, its white space made single.
    """
    here = passage.clause_at(trigger.start)
    start, end = passage.clauses[here].start, passage.clauses[here].end
    if end - start < _SHORTEST:
        start = passage.clauses[max(here - 1, 0)].start
    text = passage.text
    if lead := _LEAD.match(text, start, trigger.start):
        start = lead.end()
    if end - start > LONGEST and trigger.end - start > LONGEST - 20:
        start = _word_after(text, max(start, trigger.start - LONGEST // 2), trigger.start)
    if end - start > LONGEST:
        end = max(text.rfind(" ", start, start + LONGEST), trigger.end)
    kept = text[start:end].rstrip(_ENDS)
    words = kept.split()
    least = len(text[start : trigger.end].split())
    while len(words) > least and words[-1].lower() in _NOT_LAST:
        words.pop()
    return " ".join(words).rstrip(_ENDS)


def _word_after(text: str, start: int, before: int) -> int:
    gap = re.compile(r"\s").search(text, start, before)
    return gap.end() if gap else start
