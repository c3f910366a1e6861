"""What a text says went from one place to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from geo.news.events.dating import away
from geo.news.events.ends import Ends, Means, ends_of
from geo.news.events.goods import NOTHING, Goods, carrier_in, goods_in, mode_in
from geo.news.events.happenings import factors
from geo.news.events.passages import Passage, Passages
from geo.news.events.stance import STRONGEST, not_yet, stance_of
from geo.news.events.tables import Lexicon, any_of, forms, lexicon, reads_as_noun, rows
from geo.news.events.titles import title_of
from geo.news.types import Mention, Movement, Span, When
from geo.types import Interval, Mode

_LOADED = re.compile(r"(?<!\w)(?:with|carrying|carried|carries|loaded|laden|transporting|hauling|delivering)\s")
_ARRIVING = re.compile(r"(?<!\w)arriving\s+(?:there\s+)?(?:(?:on|in|by)\s+)?$")
_WITHIN = 60  # characters around a word in which what bars it is looked for


class Way(NamedTuple):
    """A row of `data/news/movements.csv`."""

    weight: float
    mode: Mode | None
    arrives: bool
    carries: bool
    means: Means
    needs: str
    unless: str


@cache
def ways() -> Lexicon[Way]:
    """Read the words that say something moved.

    Returns:
        The words in all their forms.
    """
    told = []
    for row in rows("movements"):
        noun = row["part"] == "noun"
        means = Means(noun, row["object"], row["at"], bool(row["for"]), sends=bool(row["subject"]))
        mode: Mode | None = row["mode"] or None  # type: ignore[assignment]
        arrives, carries = row["date"] == "arrive", bool(row["goods"])
        way = Way(float(row["weight"]), mode, arrives, carries, means, row["needs"], row["unless"])
        for word in row["words"].split("|"):
            told += [(form, way) for form in ((word,) if noun else forms(word))]
    return lexicon(told)


def find_movements(passages: Passages, *, published: Interval | None = None) -> list[Movement]:
    """Find what a text says went from one place to another, in English.

    Args:
        passages: The sentences of a text, with the places named and the dates given in them.
        published: When it was published, UTC. It dates nothing by itself; what lies after it is an intention at most.

    Returns:
        The movements in the order of the text, each with at least one end.
    """
    found = []
    for passage, told in passages.holding(ways()):
        if any(mention.role != "demonym" for mention in passage.mentions):
            found += _joined(passage, list(_movements(passage, told, published)))
    return [leg for legs in found for leg in legs]


class _Leg(NamedTuple):
    movement: Movement
    arrives: bool


def _movements(
    passage: Passage, told: list[tuple[Span, tuple[Way, ...]]], published: Interval | None
) -> Iterator[list[_Leg]]:
    fitting = [(span, ways_) for span, rows_ in told if (ways_ := _fitting(passage, span, rows_))]
    spans = [span for span, _ in fitting]
    moved = []
    for span, ways_ in fitting:
        others = [other for other in spans if other != span]
        for way in ways_:
            ends = ends_of(passage, span, way.means, others)
            if ends.origins or ends.destinations:
                moved.append((span, way, ends))
                break
    for span, way, ends in moved:
        dates = _own_dates(passage, span, [other for other, _, _ in moved if other != span])
        yield _legs(passage, span, way, ends, dates, published=published, alone=len(fitting) == 1)


def _fitting(passage: Passage, span: Span, rows_: tuple[Way, ...]) -> list[Way]:
    low, sentence = passage.low, passage.span
    near = low[max(sentence.start, span.start - _WITHIN) : min(sentence.end, span.end + _WITHIN)]
    noun = reads_as_noun(low, *span)
    return [
        way
        for way in rows_
        if not (noun and not way.means.noun)
        and not (way.needs and not any_of(way.needs).search(near))
        and not (way.unless and any_of(way.unless).search(near))
    ]


def _legs(
    passage: Passage,
    trigger: Span,
    way: Way,
    ends: Ends,
    dates: list[When],
    *,
    published: Interval | None,
    alone: bool,
) -> list[_Leg]:
    clause = passage.clauses[passage.clause_at(trigger.start)]
    start, end = passage.span if alone else (clause.start, clause.end)
    goods = _goods(passage, way, start, end)
    stance = stance_of(passage, trigger, verb=not way.means.noun)
    reading = not_yet(stance, _nearest(dates, trigger), published)
    both = bool(ends.origins and ends.destinations)
    sign = "both ends" if both else "one end"
    sent = factors()["origin the sender"] if ends.by_sender else 1.0
    confidence = way.weight * reading.factor * factors()[sign] * sent
    first = Movement(
        title=title_of(passage, trigger),
        sentence=passage.span,
        trigger=trigger,
        origin=None,
        destination=None,
        via=ends.via,
        mode=way.mode or mode_in(passage, trigger, *passage.span) or "",
        cargo=goods.cargo,
        quantity=goods.quantity,
        unit=goods.unit,
        carrier=carrier_in(passage, start, end),
        depart=None,
        arrive=None,
        stance=reading.stance,
        confidence=round(confidence, 3),
    )
    pairs: list[tuple[Mention | None, Mention | None]] = []
    if ends.onward and ends.destinations:
        stops = [*ends.origins[:1], *ends.destinations]
        pairs = list(pairwise(stops))
    else:
        pairs = [(a, b) for a in ends.origins or (None,) for b in ends.destinations or (None,)]
    when = _dates_of(passage, dates, [b for _, b in pairs], trigger)
    arriving = _arriving(passage, trigger)
    if arriving is not None and len(pairs) == 1:
        left = _nearest([date for date in dates if date is not arriving], trigger)
        (a, b), depart = pairs[0], None if way.arrives else left
        return [_Leg(replace(first, origin=a, destination=b, depart=depart, arrive=arriving), way.arrives)]
    return [
        _Leg(replace(first, origin=a, destination=b, depart=depart, arrive=arrive), way.arrives)
        for (a, b), date in zip(pairs, when, strict=True)
        for depart, arrive in ((None, date) if way.arrives else (date, None),)
    ]


def _arriving(passage: Passage, trigger: Span) -> When | None:
    """Give the date of `sailed to Qingdao on May 1, arriving on May 5`."""
    for date in passage.dates:
        if date.start > trigger.end and _ARRIVING.search(passage.low, trigger.end, date.start):
            return date
    return None


def _goods(passage: Passage, way: Way, start: int, end: int) -> Goods:
    if way.carries:
        return goods_in(passage, start, end)
    loaded = _LOADED.search(passage.low, start, end)
    return goods_in(passage, loaded.end(), end) if loaded else NOTHING


def _own_dates(passage: Passage, trigger: Span, others: Sequence[Span]) -> list[When]:
    """Give the dates of a movement: those of its clause that stand nearer to it than to the words for another."""
    number = passage.clauses[passage.clause_at(trigger.start)].number
    dates = [date for date in passage.dates if passage.clauses[passage.clause_at(date.start)].number == number]
    inside = [other for other in others if passage.clauses[passage.clause_at(other.start)].number == number]
    after = min((other.start for other in inside if other.start > trigger.start), default=passage.span.end)
    first = not any(other.start < trigger.start for other in inside)
    return [date for date in dates if date.start < after and (first or date.start > trigger.start)]


def _dates_of(
    passage: Passage, dates: list[When], destinations: Sequence[Mention | None], trigger: Span
) -> list[When | None]:
    """Give each leg the date nearest to where it goes; one date before or after all of them counts for all."""
    spots = sorted({spot.start for spot in destinations if spot is not None})
    between = [date for date in dates if spots and spots[0] < date.start < spots[-1]]
    if not between:
        return [_nearest(dates, trigger)] * len(destinations)
    found: dict[int, When] = {}
    for date in dates:
        found.setdefault(min(spots, key=lambda spot: _apart(passage, date, spot)), date)
    return [found.get(spot.start) if spot is not None else None for spot in destinations]


def _apart(passage: Passage, date: When, spot: int) -> tuple[bool, int]:
    low, high = sorted((date.start, spot))
    return re.search(r",|\s(?:and|then)\s", passage.low[low:high]) is not None, high - low


def _nearest(dates: Sequence[When], trigger: Span) -> When | None:
    return min(dates, key=lambda date: away(date, trigger)[1:], default=None)


def _joined(passage: Passage, told: list[list[_Leg]]) -> list[list[Movement]]:
    """Make one movement of `left A on Monday` and `arrived in B on Tuesday`."""
    found: list[list[_Leg]] = []
    for legs in told:
        before = found[-1] if found else []
        if len(before) == len(legs) == 1 and (one := _one(before[0], legs[0])) is not None:
            found[-1] = [one]
        else:
            found.append(legs)
    return [[leg.movement for leg in legs] for legs in found]


def _one(first: _Leg, second: _Leg) -> _Leg | None:
    a, b = first.movement, second.movement
    if a.origin is None or a.destination is not None or b.destination is None or b.origin is not None:
        return None
    joined = replace(
        a,
        destination=b.destination,
        via=a.via + b.via,
        mode=a.mode or b.mode,
        cargo=a.cargo or b.cargo,
        quantity=a.quantity if a.quantity is not None else b.quantity,
        unit=a.unit or b.unit,
        carrier=a.carrier or b.carrier,
        depart=a.depart,
        arrive=b.arrive or (b.depart if b.depart != a.depart else None),
        stance=min(a.stance, b.stance, key=STRONGEST.index),
        confidence=round(min(a.confidence, b.confidence) / factors()["one end"] * factors()["both ends"], 3),
    )
    return _Leg(joined, second.arrives)
