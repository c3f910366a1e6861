"""What a text says happened."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from geo.news.events.dating import date_of
from geo.news.events.objects import is_done_by_a_person, is_done_by_a_state, is_object, is_of_noun
from geo.news.events.passages import Passage, Passages
from geo.news.events.scene import Scene, dateline_of, joined_with, scene_in
from geo.news.events.stance import not_yet, stance_of
from geo.news.events.tables import Lexicon, any_of, forms, lexicon, reads_as_noun, rows
from geo.news.events.titles import title_of
from geo.news.events.who import who_in
from geo.news.types import Happening, Mention, Span
from geo.types import Interval

_NEEDS_WITHIN = 110
_TOLD_BEFORE = 4  # sentences a definite `the blast` may look back
_ONLY_ALONE = "statement"
_ONE_OF_MANY = re.compile(  # `it was the 12th launch this year` tells of a launch told before
    r"(?<!\w)(?:it|this|that|which|\w+day['’]s\s+\w+)\s+(?:was|is|marks?|marked|became|would\s+be|will\s+be)\s+"
    r"(?:only\s+|also\s+|at\s+least\s+)?(?:the|its|their|his|\w+['’]s)\s+(?:\w+['’]s\s+)?"
    r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest)\s+(?:[\w-]+\s+){0,3}$"
)
_BARE = re.compile(
    r"(?:the|this|that|these|those)\s+(?:(?:same|latest|new|alleged|reported|recent|deadly|huge|massive|powerful|\w+day['’]s)\s+)?$"
)
_DEFINITE = re.compile(r"(?:the|this|that|these|those)\s+(?:\w+\s+)?$")


class Trigger(NamedTuple):
    """A row of `data/news/triggers.csv`."""

    kind: str
    part: str
    weight: float
    needs: str
    needs_as: str
    unless: str


class Event(NamedTuple):
    """A trigger that stands for an event, before it is known where and when."""

    span: Span
    row: Trigger
    spans: tuple[Span, ...]


@cache
def triggers() -> Lexicon[Trigger]:
    """Read the words that give an event away.

    Returns:
        The words in all their forms.
    """
    told = []
    for row in rows("triggers"):
        trigger = Trigger(row["kind"], row["part"], float(row["weight"]), row["needs"], row["needs_as"], row["unless"])
        for word in row["words"].split("|"):
            told += [(form, trigger) for form in (forms(word) if row["part"] == "verb" else (word,))]
    return lexicon(told)


@cache
def _settings() -> Mapping[str, tuple[str, ...]]:
    return {row["kind"]: tuple(row[column] for column in ("unless", "still", "never")) for row in rows("kinds")}


def _out_of_place(kind: str, sentence: str) -> bool:
    unless, still, never = (bool(words and any_of(words).search(sentence)) for words in _settings()[kind])
    return never or (unless and not still)


@cache
def _kinds_that_are(column: str) -> frozenset[str]:
    return frozenset(row["kind"] for row in rows("kinds") if row[column])


@cache
def factors() -> Mapping[str, float]:
    """Read what each sign leaves of the confidence.

    Returns:
        The factors of `data/news/confidence.csv` by sign.
    """
    return {row["sign"]: float(row["factor"]) for row in rows("confidence")}


def find_happenings(passages: Passages, *, published: Interval | None = None) -> list[Happening]:
    """Find what a text says happened, in English.

    The confidence is the trigger's weight times the factor of the stance, of the scene, of the date and of those named,
    all from the tables under `data/news/`.

    Args:
        passages: The sentences of a text, with the places named and the dates given in them.
        published: When it was published, UTC. It dates nothing by itself: an event without a date in the text has none;
            what lies after it is an intention at most.

    Returns:
        The events in the order of the text; one with neither scene nor date is left out, but for
        kinds that `kinds.csv` marks `bare`, where somebody is named.
    """
    dateline = dateline_of(passages.text, passages.mentions)
    found: list[tuple[int, Happening]] = []
    for passage, told in passages.holding(triggers()):
        recent = [(number, before) for number, before in found if passage.number - number <= _TOLD_BEFORE]
        events = _distinct(passage, _events(passage, told, [before.kind for _, before in recent]))
        before_it = len(found)
        for event in events:
            others = [span for other in events if other is not event for span in other.spans]
            happening = _happening(passage, event, others, [*recent, *found[before_it:]], dateline, published=published)
            if happening is None or _said_already(happening, found):
                continue
            if happening.kind not in _kinds_that_are("once"):
                spots = joined_with(passage, happening.scene)
                found += [(passage.number, replace(happening, scene=spot)) for spot in spots]
                continue
            if found and _goes_on(happening, found[-1][1]):
                found[-1] = (passage.number, replace(found[-1][1], when=found[-1][1].when or happening.when))
            else:
                found.append((passage.number, happening))
    return [happening for _, happening in found]


def _events(passage: Passage, told: list[tuple[Span, tuple[Trigger, ...]]], recent: list[str]) -> list[Event]:
    """Choose for each trigger the row that fits best."""
    low, sentence = passage.low, passage.span
    whole = low[sentence.start : sentence.end]
    events = []
    for span, rows_ in told:
        near = low[max(sentence.start, span.start - _NEEDS_WITHIN) : min(sentence.end, span.end + _NEEDS_WITHIN)]
        best = None
        again = _BARE.search(low[max(sentence.start, span.start - 20) : span.start]) and not low.startswith(
            " of ", span.end
        )
        noun = reads_as_noun(low, *span)
        counted = _ONE_OF_MANY.search(low, max(sentence.start, span.start - 70), span.start)
        for row in rows_:
            if (noun and row.part == "verb") or (counted and row.part == "noun"):
                continue
            if best is not None and row.weight <= best.weight:
                continue
            told_before = again and row.part == "noun" and row.kind in recent
            if not told_before and not _has_needed(passage, span, row, near):
                continue
            if row.unless and any_of(row.unless).search(near):
                continue
            if not _out_of_place(row.kind, whole):
                best = row
        if best is not None:
            events.append(Event(span, best, (span,)))
    return events


def _has_needed(passage: Passage, trigger: Span, row: Trigger, near: str) -> bool:
    if row.needs and not any_of(row.needs).search(near):
        return row.needs_as == "person" and is_done_by_a_person(passage, trigger)
    if row.needs_as == "state":
        return is_done_by_a_state(passage, trigger)
    if row.needs_as in ("", "person") or not row.needs:
        return True
    return (is_object if row.part == "verb" else is_of_noun)(passage, trigger, any_of(row.needs))


def _distinct(passage: Passage, events: list[Event]) -> list[Event]:
    """Keep one event of a kind in a clause, and the statement only where it stands alone."""
    if any(event.row.kind != _ONLY_ALONE for event in events):
        events = [event for event in events if event.row.kind != _ONLY_ALONE]
    best: dict[tuple[str, int], Event] = {}
    for event in events:
        key = (event.row.kind, passage.clauses[passage.clause_at(event.span.start)].number)
        first = best.get(key, event)
        chosen = event if event.row.weight > first.row.weight else first
        best[key] = chosen._replace(spans=tuple(sorted({*first.spans, *event.spans})))
    return sorted(best.values(), key=lambda event: event.span)


def _happening(
    passage: Passage,
    event: Event,
    others: Sequence[Span],
    recent: Sequence[tuple[int, Happening]],
    dateline: Mention | None,
    *,
    published: Interval | None,
) -> Happening | None:
    kind, trigger = event.row.kind, event.span
    same = [before for number, before in recent if before.kind == kind]
    again = _told_again(passage, trigger, same)
    scene = scene_in(passage, event.spans, kind, others) or _carried(passage, again, dateline, kind, recent)
    when, date_sign = date_of(passage, trigger, others)
    if when is None and again is not None and again.when is not None:
        when, date_sign = again.when, "date of the same event told before"
    if scene is None and when is None and (before := _before_and(passage, trigger, recent)):
        scene = Scene(before.scene, "scene elsewhere in the sentence") if before.scene else None
        when, date_sign = before.when, "date elsewhere in the sentence" if before.when else "no date"
    who = who_in(passage, trigger, kind)
    if scene is None and when is None and not (who and kind in _kinds_that_are("bare")):
        return None
    reading = not_yet(stance_of(passage, trigger, verb=event.row.part == "verb"), when, published)
    signs = (scene.sign if scene else "no scene", date_sign, "somebody named" if who else "nobody named")
    confidence = event.row.weight * reading.factor * math.prod(factors()[sign] for sign in signs)
    return Happening(
        kind=kind,
        title=title_of(passage, trigger),
        sentence=passage.span,
        trigger=trigger,
        scene=scene.mention if scene else None,
        when=when,
        who=who,
        stance=reading.stance,
        confidence=round(confidence, 3),
    )


def _said_already(happening: Happening, found: Sequence[tuple[int, Happening]]) -> bool:
    """Tell whether another clause of the sentence has told it, with at least as much."""
    return any(
        before.sentence == happening.sentence
        and before.kind == happening.kind
        and happening.scene in (None, before.scene)
        and happening.when in (None, before.when)
        for _, before in found[-8:]
    )


def _goes_on(happening: Happening, before: Happening) -> bool:
    """Tell whether it is the rest of what the sentence began: `took on oil at A and unloaded it at B`."""
    same = before.sentence == happening.sentence and before.kind == happening.kind
    return same and happening.kind in _kinds_that_are("once")


def _told_again(passage: Passage, trigger: Span, same: Sequence[Happening]) -> Happening | None:
    """Find the event that `the blast` speaks of."""
    before = passage.low[max(passage.span.start, trigger.start - 20) : trigger.start]
    return same[-1] if same and _DEFINITE.search(before) else None


def _before_and(passage: Passage, trigger: Span, recent: Sequence[tuple[int, Happening]]) -> Happening | None:
    """Give the event of the clause before, where `and` joins this one to it."""
    joined = passage.clauses[passage.clause_at(trigger.start)].opening == "and"
    return recent[-1][1] if joined and recent and recent[-1][1].sentence == passage.span else None


def _carried(
    passage: Passage,
    again: Happening | None,
    dateline: Mention | None,
    kind: str,
    recent: Sequence[tuple[int, Happening]],
) -> Scene | None:
    """Take the scene from what was told before."""
    if any(mention.role == "place" and mention is not dateline for mention in passage.mentions):
        return None  # the sentence speaks of another place
    if again is not None and again.scene is not None:
        return Scene(again.scene, "scene of the same event told before")
    if recent and recent[-1][0] >= passage.number - 1 and recent[-1][1].scene not in (None, dateline):
        return None  # the sentence before was already elsewhere
    return _from_dateline(passage, dateline, kind)


def _from_dateline(passage: Passage, dateline: Mention | None, kind: str) -> Scene | None:
    if dateline is None or kind in _NOT_AT_DATELINE:
        return None
    if kind == _ONLY_ALONE and any(_speaks_elsewhere(mention, dateline) for mention in passage.mentions):
        return None
    lead = passage.text[dateline.end : passage.span.end].strip()
    return Scene(dateline, "scene of the dateline") if "\n" not in lead else None


def _speaks_elsewhere(mention: Mention, dateline: Mention) -> bool:
    if mention.role != "metonym" or not mention.place or not dateline.place or not dateline.place.country:
        return False
    return mention.place.country != dateline.place.country


_NOT_AT_DATELINE = frozenset({"sanctions", "missile test", "nuclear test", "arms transfer", "oil transfer", "visit"})
