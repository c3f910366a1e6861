"""Find the dates of a text and tell when they are."""

from __future__ import annotations

from datetime import date, timedelta

from geo.news.dates.at import NO_DATE_BEFORE, At, Tense, Unresolved
from geo.news.dates.east_asian import east_asian
from geo.news.dates.forms import layers
from geo.news.dates.grammar import Phrase, joined
from geo.news.dates.named import named_days
from geo.news.dates.numeric import clocks, figures
from geo.news.dates.stream import near_dates, stream
from geo.news.dates.stretches import Stretch
from geo.news.dates.tense import Tenses
from geo.news.types import When
from geo.types import Interval

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
    words = stream(text)
    tenses = Tenses(text, words)
    given: list[Phrase] = [*figures(text), *named_days(text), *east_asian(text)]
    found = near_dates(words, [(phrase.start, phrase.end) for phrase in given])
    given += clocks(text)
    for layer in layers():
        found = joined(found, layer, given)
        given = []
    reading = _Reading(text, tenses, published)
    return [when for phrase in found.values if isinstance(phrase, Phrase) for when in reading.read(phrase)]


class _Reading:
    """One reading of a text from its start, which knows the date read last."""

    def __init__(self, text: str, tenses: Tenses, published: Interval | None) -> None:
        self._text = text
        self._tenses = tenses
        self._published = _days_of(published) if published else None
        self._last: tuple[Stretch, bool] | None = None

    def read(self, phrase: Phrase) -> list[When]:
        words = self._text[phrase.start : phrase.end]
        tense = self._tenses.at(phrase.start, phrase.end)
        try:
            found, anchored = self._resolved(phrase, tense)
        except Unresolved as unresolved:
            known = f"{words}, {unresolved.missing}" if phrase.phrases else str(unresolved)
            return [When(phrase.start, phrase.end, words, None, known)]
        except (ValueError, OverflowError):
            return [when for part in phrase.phrases for when in self.read(part)]
        self._last = found, anchored
        return [When(phrase.start, phrase.end, words, found.interval(), found.unsure, anchored)]

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


def _days_of(published: Interval) -> tuple[date, date]:
    first = published.start.date()
    return first, (max(published.end, published.start + _INSTANT) - _INSTANT).date() + timedelta(days=1)
