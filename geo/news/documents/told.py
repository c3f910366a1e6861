"""What a text tells of itself where its file does not: its day, in its dateline or a line of its head; its language."""

from __future__ import annotations

import re
from dataclasses import replace

from geo.errors import DateError
from geo.news.documents.dates import published
from geo.news.types import Document

_HEAD_LINES = 8
_LONGEST_LINE = 100
_DATELINE = re.compile(r"[^\W\d_][^.\n]{1,60}?,\s(?P<day>[^\n()—–]{6,25}?)\s*(?:\([^)\n]{1,40}\)\s*)?[—–-]{1,2}\s")
_BY = r"(?:(?:first |last )?(?:published|updated|posted|issued|date)(?: on| at)?\s*:?\s*)?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_CLOCK = r"(?:\s*(?:,|at|\||-|–)?\s*\d{1,2}[:.]\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4}|[+-]\d\d:?\d\d)?)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = rf"(?P<day>\d{{1,4}}[\w .,/-]{{3,22}}?|{_MONTH}\s\d[\w ,]{{3,14}}?)"
_DAY_LINE = re.compile(rf"(?:by [^\d|]{{2,60}}\|\s*)?{_BY}{_WEEKDAY}{_DAY}{_CLOCK}\.?", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|a|that|was|said|for|on|by)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_FEW_WORDS, _LEAST_ENGLISH, _LEAST_LATIN = 40, 0.12, 0.5
_ENGLISH_ONLY = "Events and routes are read in English only; of this text the places and dates are found."


def told(document: Document) -> Document:
    """Add what a text tells of itself.

    Args:
        document: A text as it was read.

    Returns:
        The same with notes, and where its file states no day with that of its dateline or of a line of its head.
    """
    day, words = ("", "") if document.published else _stated_day(document.text)
    notes = (f"Taken as its day of publication: {words!r}, as its head says.",) if day else ()
    language = () if _is_english(document.text) else (_ENGLISH_ONLY,)
    return replace(document, published=document.published or day, notes=(*document.notes, *notes, *language))


def day_of_publication(stated: str) -> str:
    """Read a day of publication that somebody gives.

    Args:
        stated: The day as people write it: `2024-03-24`, `24 March 2024`, `March 24, 2024`, `24.03.2024`.

    Returns:
        The day as a dossier has it; empty for nothing.

    Raises:
        DateError: It does not say one day.
    """
    from geo.timeline import DATE_FORMS, parse_date  # by pandas, which reading a text does without

    stated = stated.strip()
    if not stated:
        return ""
    try:
        parse_date(stated)
    except DateError as error:
        day, _ = published(stated)
        if not day:
            raise DateError(f"{stated!r} is not a date of one day. Write it as {DATE_FORMS}.") from error
        return day
    return stated


def _stated_day(text: str) -> tuple[str, str]:
    """Give the day and the words for it; both empty where the head states none, or two."""
    lines = [line.strip() for line in text.lstrip()[:2000].split("\n") if line.strip()][:_HEAD_LINES]
    found: dict[str, str] = {}
    for line in lines:
        match = _DATELINE.match(line) or (_DAY_LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None)
        day, _ = published(match["day"]) if match else ("", ())
        if len(day) == len("2024-03-24"):
            found.setdefault(day, match["day"].strip(" ,") if match else "")
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def _is_english(text: str) -> bool:
    letters = _WORD.findall(text[:20_000])
    latin = sum(len(word) for word in letters if word.isascii())
    if latin < _LEAST_LATIN * sum(map(len, letters)):
        return False
    return len(letters) < _FEW_WORDS or len(_ENGLISH.findall(text[:20_000])) >= _LEAST_ENGLISH * len(letters)
