"""Find the dates of a text and tell when they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from geo.news.dates.at import NO_DATE_BEFORE, At, Tense, Unresolved
from geo.news.dates.east_asian import east_asian
from geo.news.dates.forms import layers
from geo.news.dates.grammar import Phrase, joined
from geo.news.dates.named import named_days
from geo.news.dates.numeric import clocks, figures
from geo.news.dates.stream import Words, near_dates, words_of
from geo.news.dates.stretches import Stretch
from geo.news.dates.tense import Tenses
from geo.news.types import When
from geo.types import Interval

_BETWEEN = "\n\n\n"  # over so much white space no date reaches
_INSTANT = timedelta(microseconds=1)


def find_dates(text: str, *, published: Interval | None = None) -> list[When]:
    """Find every date that a text gives.

    Args:
        text: Any text, in the languages that the package lists.
        published: When it was published, UTC, half-open, or None where that is unknown; from it relative dates are
            counted.

    Returns:
        The dates in the order of the text, none overlapping another. One that is counted from publication is anchored.
        One that cannot be resolved has no interval and says what is known; one whose words fit two days has the
        interval that holds both and says so too.
    """
    return find_dates_in([text], published=[published])[0]


def find_dates_in(texts: Sequence[str], *, published: Sequence[Interval | None]) -> list[list[When]]:
    """Find every date that each of many texts gives, quicker than one text after the other.

    Args:
        texts: Any texts; shape (n,).
        published: When each was published, as `find_dates` has it; shape (n,).

    Returns:
        The dates of each as `find_dates` gives them; shape (n,).
    """
    whole = _BETWEEN.join(texts)
    phrases = _phrases(whole, words := words_of(whole))
    tenses = Tenses(whole, words)
    found, start = [], 0
    for text, day in zip(texts, published, strict=True):
        reading = _Reading(whole, start, tenses, day)
        own = phrases[_after(phrases, start) : _after(phrases, start + len(text))]
        found.append([when for phrase in own for when in reading.read(phrase)])
        start += len(text) + len(_BETWEEN)
    return found


def _phrases(text: str, words: Words) -> list[Phrase]:
    given: list[Phrase] = [*figures(text), *named_days(text), *east_asian(text)]
    found = near_dates(words, [(phrase.start, phrase.end) for phrase in given])
    given += clocks(text)
    for layer in layers():
        found = joined(found, layer, given)
        given = []
    return [phrase for phrase in found.values if isinstance(phrase, Phrase)]


def _after(phrases: Sequence[Phrase], offset: int) -> int:
    return bisect_left(phrases, offset, key=lambda phrase: phrase.start)


class _Reading:
    """One reading of a text from its start, which knows the date read last.

    The text is one of several put one after the other; offsets count from its start.
    """

    def __init__(self, texts: str, start: int, tenses: Tenses, published: Interval | None) -> None:
        self._texts = texts
        self._start = start
        self._tenses = tenses
        self._published = _days_of(published) if published else None
        self._last: tuple[Stretch, bool] | None = None

    def read(self, phrase: Phrase) -> list[When]:
        words = self._texts[phrase.start : phrase.end]
        span = phrase.start - self._start, phrase.end - self._start
        tense = self._tenses.at(phrase.start, phrase.end)
        try:
            found, anchored = self._resolved(phrase, tense)
        except Unresolved as unresolved:
            known = f"{words}, {unresolved.missing}" if phrase.phrases else str(unresolved)
            return [When(*span, words, None, known)]
        except (ValueError, OverflowError):
            return [when for part in phrase.phrases for when in self.read(part)]
        self._last = found, anchored
        return [When(*span, words, found.interval(), found.unsure, anchored)]

    def _resolved(self, phrase: Phrase, tense: Tense) -> tuple[Stretch, bool]:
        """Read with the first and with the last day that may be meant: what both give is known."""
        try:
            return self._agreed(phrase, [At(tense=tense)]), False
        except Unresolved as missing:
            unresolved = missing
            before, inherited = self._last if unresolved.missing == NO_DATE_BEFORE and self._last else (None, False)
        days = (before.first, before.last) if before else (None, None)
        if before:
            try:
                return self._agreed(phrase, [At(before=day, tense=tense) for day in days]), inherited
            except Unresolved:
                pass
        if self._published is None:
            raise unresolved
        first, until = self._published
        today = (first, until - timedelta(days=1))
        at = [At(day, until, day_before, tense=tense) for day, day_before in zip(today, days, strict=True)]
        return self._agreed(phrase, at), True

    @staticmethod
    def _agreed(phrase: Phrase, at: list[At]) -> Stretch:
        read = {phrase.read(one) for one in (at if at[0] != at[-1] else at[:1])}
        if len(read) > 1:
            phrase.read(At(tense=at[0].tense))  # which says what is known without
        return read.pop()


@lru_cache(maxsize=1 << 10)
def _days_of(published: Interval) -> tuple[date, date]:
    first = published.start.date()
    return first, (max(published.end, published.start + _INSTANT) - _INSTANT).date() + timedelta(days=1)
