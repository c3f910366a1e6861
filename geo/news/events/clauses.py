"""A sentence cut into clauses, so that a place or a date counts for the verb it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from geo.news.events.tables import alternation, rows
from geo.news.types import Mention, Span, When

Opening = Literal["start", "break", "relative", "that", "under", "but", "and", "says", "aside", "back"]


class Clause(NamedTuple):
    """A stretch of a sentence; one that is interrupted by another comes in several, of the same number.

    Args:
        start: Offset of its first character.
        end: Offset after its last.
        number: Which clause it is part of.
        opening: What it begins with: the start, a hard break, `who`, `that`, `after`, `but`, `and`, what somebody said,
            an aside such as `, police said,`, or the rest of a clause that was interrupted.
        says: Whether its verb is one of saying.
    """

    start: int
    end: int
    number: int
    opening: Opening
    says: bool


_SAYS = alternation(
    word for row in rows("stance") if row["scope"] == "says" for word in row["words"].split("|") if row["words"]
)
_PAST = (
    r"(?:(?:later|then|also|now|subsequently)\s+(?!(?:on\s+)?(?:to|from|via)\s)\w+|is|are|was|were|has|have|had|will|would|could|may|did|does|\w+ed|left|went|came|"
    r"sent|took|met|fled|flew|sank|struck|shot|hit|fought|began|held|found|made|gave|told|got|set|won|lost|led|brought|fell|"
    r"rose|fire|said)\b"
)
_UNDER = (
    r"(?:after|before|while|when|because|although|though|following|until|if|unless|whether|whereas|since|despite|amid|"
    r"once)\s"
)
_BOUNDARY = re.compile(
    r"(?=[;:,\s]|\b)(?:"  # within a word nothing begins: that is told first, because it is told quickest
    rf"(?P<break>[;:](?=\s)|\s[—–-]{{1,2}}(?=\s))"
    rf"|(?P<relative>,?\s+(?=(?:who|which|whose|whom|where)\s))"
    rf"|(?P<under>,?\s+(?={_UNDER}))"
    r"|(?P<but>,?\s+(?=but\s))"
    rf"|(?P<and>,?\s+(?=and\s{_PAST})|,\s+(?=and\s[^,;.]{{1,60}}?\s{_PAST}))"
    r"|(?P<that>\s+(?=that\s))"
    r"|(?P<comma>,(?=[\s”\"]))"
    rf"|(?P<says>(?<![\w-])(?:{_SAYS})(?![\w-])))"
)
_ASIDE = re.compile(
    rf",[\s”\"]+(?:(?:according\s+to|(?:{_SAYS})\b(?!\s+that))[^,;:]{{0,90}}?"
    r"|[^,;:]{1,70}?\s(?:told|tells|informed|assured)\s[^,;:]{1,90}?"
    rf"|[^,;:]{{1,70}}?\s(?:{_SAYS})\b(?:\s+(?:on|in|at|late|early|last|this|yesterday|today|via|to|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[^,;:]{0,60}?)?)"
    r"(?=,|[.!?;:”\"]*\s*$|;|:)"
)
_CONTENT = re.compile(
    r"\s+(?!(?:that|in|on|at|to|by|of|from|as|so|nothing|during|after|before|and|or|if|with|about|for|no|anything|little)\b)"
    r"(?=[\w“\"'’])"
)
_FRONTED = re.compile(rf"{_UNDER}|according\s+to\s")
_TOLD_SOMEBODY = frozenset({"told", "tells", "report", "show"})
_ON = re.compile(r"\s+(?:(?:late|early)\s+)?(?:on\s+)?")


def split_clauses(
    text: str, low: str, sentence: Span, mentions: Sequence[Mention], dates: Sequence[When]
) -> list[Clause]:
    """Cut a sentence into clauses.

    Args:
        text: The whole text.
        low: The same in small letters.
        sentence: The sentence.
        mentions: The places named in it: a comma between two names parts nothing.
        dates: The dates in it: nothing within one parts anything, and one may stand between `said` and what was said.

    Returns:
        The clauses in order, without gaps.
    """
    return _Knife(text, low, sentence, mentions, dates).clauses()


class _Knife:
    """What cuts one sentence, from left to right."""

    def __init__(self, text: str, low: str, sentence: Span, mentions: Sequence[Mention], dates: Sequence[When]) -> None:
        self.low, self.sentence, self.dates = low, sentence, dates
        self.date_ends = {date.start: date.end for date in dates}
        self.names = [(mention.start, mention.end) for mention in mentions]
        self.cuts: list[tuple[int, int, Opening]] = [(sentence.start, 0, "start")]
        self.open_above: list[int] = []  # clauses that a comma returns to
        self.saying: set[int] = set()
        self.number, self.fresh = 0, 1
        start = sentence.start + (text[sentence.start] in "“\"'")
        if start not in self.date_ends and _FRONTED.match(low, start, sentence.end):
            aside = low.startswith("according", start)
            self.cuts = [(sentence.start, 0, "aside" if aside else "under")]
            self.open_above, self.fresh = [1], 2
            self.saying |= {0} if aside else set()

    def clauses(self) -> list[Clause]:
        position = self.sentence.start + 1
        while match := _BOUNDARY.search(self.low, position, self.sentence.end):
            position = match.end()
            if not any(date.start < match.start() < date.end for date in self.dates):
                position = max(position, self.meet(match))
        ends = [at for at, _, _ in self.cuts[1:]] + [self.sentence.end]
        return [
            Clause(at, end, which, opening, which in self.saying)
            for (at, which, opening), end in zip(self.cuts, ends, strict=True)
        ]

    def meet(self, match: re.Match[str]) -> int:
        """Deal with one boundary, and tell where to look on."""
        at, kind = match.start(), match.lastgroup
        if kind == "says":
            return self.say(match)
        if kind == "comma":
            return self.comma(at)
        if kind == "under" and (match.end() in self.date_ends or _dated(self.low, match.end(), self.date_ends)):
            return at
        if kind in ("under", "relative") and match.group().startswith(","):
            self.open_above.append(self.number)
        self.cut(at, kind)  # type: ignore[arg-type]
        return at

    def say(self, match: re.Match[str]) -> int:
        self.saying.add(self.number)
        after = match.end()
        if (gap := _ON.match(self.low, after)) and gap.end() in self.date_ends:
            after = self.date_ends[gap.end()]
        content = _CONTENT.match(self.low, after)
        if content is None or match.group() in _TOLD_SOMEBODY:
            return match.end()
        self.cut(content.end(), "says")
        return content.end()

    def comma(self, at: int) -> int:
        if aside := _ASIDE.match(self.low, at, self.sentence.end):
            self.open_above.append(self.number)
            self.cut(at, "aside")
            self.saying.add(self.number)
            return aside.end()
        between_names = any(end == at for _, end in self.names) and any(
            start - at in (1, 2, 3) for start, _ in self.names
        )
        if self.open_above and not between_names:
            self.number = self.open_above.pop()
            self.cuts.append((at, self.number, "back"))
        return at

    def cut(self, at: int, opening: Opening) -> None:
        self.number, self.fresh = self.fresh, self.fresh + 1
        self.cuts.append((at, self.number, opening))


def _dated(low: str, at: int, date_ends: dict[int, int]) -> bool:
    word = re.compile(r"\w+\s+").match(low, at)
    return bool(word and (word.end() in date_ends or low.startswith(("dawn", "dusk", "noon", "midnight"), word.end())))
