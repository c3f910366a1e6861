"""Patterns of words, and how the phrases they find become words of larger phrases.

A pattern is a regular expression over kinds of words: `{month} {day} (?!counted)` is a month, a day of it, and after it
no word for something that is counted. What stands in braces is kept for the reader, under its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from geo.news.dates.at import At
from geo.news.dates.stream import Piece, Stream, replaced
from geo.news.dates.stretches import Stretch
from geo.news.dates.words import letters

Parts = dict[str, Any]
Reader = Callable[[Parts, At], Stretch]

# Names for several kinds at once.
_KINDS = {
    "month": "month weak_month short_month weak_short_month",
    "sure_month": "month short_month",
    "weak_month": "weak_month weak_short_month",
    "short": "short_month weak_short_month",
    "weekday": "weekday weak_weekday",
    "sure_weekday": "weekday",
    "dot": "dot stop",
    "day": "small nth",
    "year": "modern_year old_year round_year",
    "known_year": "modern_year old_year",
    "any_number": "number small modern_year round_year",
    "years_unit": "year_unit year_word",
    "longer_unit": "month_unit quarter decade_unit",
    "one_unit": "day_unit week_unit month_unit quarter year_unit year_word decade_unit",
    "any_unit": "day_unit week_unit month_unit quarter year_unit year_word decade_unit units",
    "long_unit": "week_unit month_unit year_unit decade_unit",
    "amount": "a count small number",
    "ordinal": "ordinal nth",
    "lead": "in since during until through",
    "soft": "in since during until through from ru_from to of by before after between at on",
    "from": "from ru_from",
    "until": "until",
    "daytime": "daytime night",
    "unknown": "_ plural name did some_did",
    "yearless": "yearless_day yearless_month yearless_range",
    "a_day": "yearless_day full_day",
    "date": "yearless_day full_day near_day weekday_named",
    "any": "yearless_day yearless_month yearless_range full_day near_day full_month weekday_named a_week a_year "
    "stretch",
    "long": "yearless_month full_month a_year stretch yearless_range",
}
_MACROS = {
    "MONTH2": "{month2:month} (?:(?<=short) dot)?",
    "MONTH": "{month} (?:(?<=short) dot)?",
    "TO": "(?:hyphen|to|through|until)",
}
_NAMES = re.compile(r"\{(?P<kept>\w+?)(?P<digit>2?)(?::(?P<kind>\w+))?\}|(?<![\w{?])(?P<bare>[a-z_]+)")


def _letters_of(name: str) -> str:
    return f"[{''.join(letters().get(kind, kind) for kind in _KINDS.get(name, name).split())}]"


def _compiled(pattern: str) -> re.Pattern[str]:
    def one(match: re.Match[str]) -> str:
        kept, bare = match["kept"], match["bare"]
        return _letters_of(bare) if bare else f"(?P<{kept}{match['digit']}>{_letters_of(match['kind'] or kept)})"

    for name, meaning in _MACROS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(_NAMES.sub(one, pattern).replace(" ", ""))


@dataclass(frozen=True)
class Form:
    """One way to write a date.

    Args:
        gives: What kind of word the phrase is in larger phrases.
        pattern: The kinds of words it is made of.
        read: What tells when that is.
        fits: Whether the words that were kept can be meant so.
    """

    gives: str
    pattern: str
    read: Reader
    fits: Callable[[Parts], bool] = field(default=lambda _: True)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern over the letters that stand for kinds."""
        return _compiled(self.pattern)


@dataclass(frozen=True)
class Phrase:
    """Words that were recognised as a date.

    Args:
        form: How they are written.
        parts: The words or smaller phrases that matter, by name.
        start: Offset of the first character.
        end: Offset after the last character.
    """

    form: Form
    parts: Parts
    start: int
    end: int

    def read(self, at: At) -> Stretch:
        """Tell when that is.

        Args:
            at: From where it is counted.

        Returns:
            The days.

        Raises:
            Unresolved: It is counted from something that is not known.
            ValueError: It is not in the calendar.
            OverflowError: It is beyond the calendar.
        """
        return self.form.read(self.parts, at)

    @property
    def phrases(self) -> list[Phrase]:
        """The smaller dates it is made of."""
        return [part for part in self.parts.values() if isinstance(part, Phrase)]


def joined(words: Stream, forms: Sequence[Form], given: Iterable[Phrase] = ()) -> Stream:
    """Make one word of every phrase that fits a form; where two overlap, the longer wins, then the earlier form.

    Args:
        words: The words and marks of a text, or phrases already joined.
        forms: The ways to write a date, those to prefer first.
        given: Phrases found by other means, which take part.

    Returns:
        The same text with its phrases joined.
    """
    found: list[tuple[int, int, int, int, Phrase | tuple[Form, re.Match[str]]]] = []
    for phrase in given:
        first, after = words.places(phrase.start, phrase.end)
        found.append((first - after, -1, first, after, phrase))
    for rank, form in enumerate(forms):
        found += [
            (match.start() - match.end(), rank, *match.span(), (form, match))
            for match in form.regex.finditer(words.letters)
        ]
    found.sort(key=lambda candidate: candidate[:3])
    taken = bytearray(len(words.letters))
    chosen: list[tuple[int, int, Phrase]] = []
    for _, _, first, after, meant in found:
        if first >= after or any(taken[first:after]):
            continue
        whole = meant if isinstance(meant, Phrase) else _phrase(words, *meant)
        if whole is not None:
            taken[first:after] = b"\1" * (after - first)
            chosen.append((first, after, whole))
    return replaced(
        words,
        (
            Piece(first, after, letters()[phrase.form.gives], phrase, phrase.start, phrase.end)
            for first, after, phrase in sorted(chosen, key=lambda choice: choice[0])
        ),
    )


def _phrase(words: Stream, form: Form, match: re.Match[str]) -> Phrase | None:
    parts = {name: words.values[match.start(name)] for name in match.re.groupindex if match.start(name) >= 0}
    if not form.fits(parts):
        return None
    return Phrase(form, parts, words.starts[match.start()], words.ends[match.end() - 1])
