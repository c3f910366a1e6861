"""When it happened: the date among those a sentence gives."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.news.events.passages import Passage
from geo.news.types import Span, When

_LOOKED_BACK_ON = re.compile(
    r"(?<!\w)(?:(?:years|decades|months|centuries|(?:a|one)\s+(?:year|decade|month|century))\s+(?:after|since|before)|(?:anniversar(?:y|ies)|"
    r"commemorat\w+|memory|memorial|remembrance|remembering|veterans?|survivors?|victims)\s+(?:of|for|to|in)|"
    r"commemorat\w+|remember(?:s|ed|ing)?)\s+(?=[^,;]{0,60}$)"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def _looked_back_on(passage: Passage, trigger: Span) -> When | bool | None:
    """Give the date of what is only looked back on, `the anniversary of the 2005 bombing`; False for what is not."""
    start = max(passage.span.start, trigger.start - 90)
    cue = _LOOKED_BACK_ON.search(passage.low, start, trigger.start)
    if cue is None:
        return False
    own = [date for date in passage.dates if date.start >= cue.start() and _YEAR.search(date.words)]
    own = [date for date in own if "," not in passage.low[trigger.end : date.start]]
    return min(own, key=lambda date: away(date, trigger)) if own else None


def date_of(passage: Passage, trigger: Span, others: Sequence[Span]) -> tuple[When | None, str]:
    """Choose the date of an event among those of its sentence.

    Args:
        passage: The sentence.
        trigger: The words that name the event.
        others: The words that name other events of the sentence.

    Returns:
        The date, or None where the sentence gives it none, and a word of `data/news/confidence.csv`.
    """
    past = _looked_back_on(passage, trigger)
    if not isinstance(past, bool):
        return past, "date in the clause" if past else "no date"
    own = passage.clauses[passage.clause_at(trigger.start)].number
    inside, outside = [], []
    for date in passage.dates:
        clause = passage.clauses[passage.clause_at(date.start)]
        if clause.number == own:
            inside.append(date)
        elif (
            not clause.says and clause.opening not in ("aside", "break") and not _taken(passage, clause.number, others)
        ):
            outside.append(date)
    for dates, sign in ((inside, "date in the clause"), (outside, "date elsewhere in the sentence")):
        if dates:
            return min(dates, key=lambda date: away(date, trigger)), sign
    return None, "no date"


def _taken(passage: Passage, number: int, others: Sequence[Span]) -> bool:
    return any(passage.clauses[passage.clause_at(other.start)].number == number for other in others)


def away(date: When, trigger: Span) -> tuple[bool, bool, int]:
    """Tell how far a date is from the words that name an event.

    Args:
        date: A date of the sentence.
        trigger: The words that name the event.

    Returns:
        Whether it is no known time, whether it says since when something lasts, and the letters between.
    """
    between = max(date.start - trigger.end, trigger.start - date.end)
    return date.interval is None, date.words.casefold().startswith("since"), between
