"""Several tellings of one event: which candidates of one or many texts are the same.

Two tellings are of one event when nothing speaks against it and enough speaks for it. Against it: another kind, dates
more than a day apart, different days that both stand in the text, places farther apart than their radii and 25 km
allow or outside the country the other names, another named carrier, another amount, and a denial against what is told
as so. For it: points for the date, the places and the words they share, and for being the headline of what its text
tells; `ENOUGH` of them are needed. Of a group every two tellings are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

import pandas as pd

from geo.geodesy import distance_km
from geo.news.events.tables import rows
from geo.news.types import Happening, Mention, Movement, When
from geo.types import Interval, Place

ENOUGH = 4.0
NEAR_DAYS = DAY = pd.Timedelta(days=1)
SHORT = pd.Timedelta(days=4)
LOOSE = pd.Timedelta(days=40)
NEAR_KM = 25.0
WIDE_KM = 100.0
HEADLINE = 2.0  # points for the headline and what its text tells of its day
ROUNDED = 1.25  # how far two round figures of one amount may lie apart, as a ratio
_DAY_OF_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+\d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_STOPS = frozenset(word for row in rows("grammar") if row["sort"] == "in no title" for word in row["words"].split("|"))


class Told(NamedTuple):
    """One telling of an event or a movement, as little of it as tells it from others.

    Args:
        kind: Kind of event, or `movement`.
        places: Its scene, or its two ends; None where unknown. As many for every telling of a kind.
        interval: When, UTC, or None.
        words: What it is told with: stems of the words of its title and of those who took part.
        document: Which text tells it.
        denied: Whether it tells that this did not happen.
        anchored: Whether its date was counted from the day of publication.
        by_month: Whether its date names a month and a day: then only its year was counted.
        carrier: The name of the ship or the like, or empty; what has no name of its own is left empty.
        amount: How much was carried, and in what unit, or None.
        headline: Whether it is the headline of its text, which tells in brief what the text tells.
    """

    kind: str
    places: tuple[Place | None, ...]
    interval: Interval | None
    words: frozenset[str]
    document: str
    denied: bool = False
    anchored: bool = False
    by_month: bool = False
    carrier: str = ""
    amount: tuple[float, str] | None = None
    headline: bool = False


def told_happening(happening: Happening, document: str, *, headline: bool = False) -> Told:
    """Note an event as one telling.

    Args:
        happening: The event.
        document: Which text tells it: any name that is its own.
        headline: Whether its headline tells it.

    Returns:
        The telling.
    """
    when = happening.when.interval if happening.when else None
    words = _stems((happening.title, *happening.who))
    manner = _manner(happening, happening.when)
    return Told(happening.kind, (_place(happening.scene),), when, words, document, *manner, headline=headline)


def told_movement(movement: Movement, document: str, *, headline: bool = False) -> Told:
    """Note a movement as one telling.

    Args:
        movement: The movement.
        document: Which text tells it: any name that is its own.
        headline: Whether its headline tells it.

    Returns:
        The telling.
    """
    when = movement.depart or movement.arrive
    words = _stems((movement.title, movement.cargo, movement.carrier))
    ends = (_place(movement.origin), _place(movement.destination))
    named = "" if re.search(r"(?:^|\s)[a-z]", movement.carrier) else movement.carrier
    amount = (movement.quantity, movement.unit.removesuffix("s")) if movement.quantity is not None else None
    return Told(
        "movement",
        ends,
        when.interval if when else None,
        words,
        document,
        *_manner(movement, when),
        carrier=named,
        amount=amount,
        headline=headline,
    )


def _manner(told: Happening | Movement, when: When | None) -> tuple[bool, bool, bool]:
    by_month = when is not None and _DAY_OF_MONTH.search(when.words) is not None
    return told.stance == "denial", when is not None and when.anchored, by_month


def _place(mention: Mention | None) -> Place | None:
    return mention.place if mention else None


def _stems(texts: Iterable[str]) -> frozenset[str]:
    words = re.findall(r"\w+", " ".join(texts).casefold())
    return frozenset(re.sub(r"(?:ings?|ed|es|s)$", "", word)[:6] for word in words if word not in _STOPS)


def same_events(told: Sequence[Told]) -> list[list[int]]:
    """Group the tellings that are of one event.

    Args:
        told: The tellings, in any order; shape (n,).

    Returns:
        The groups, each the numbers of its tellings in rising order, by their first; every telling is in one group. The
        order of the tellings makes no difference to who is with whom.
    """
    copies: dict[tuple[Told, int], list[int]] = defaultdict(list)
    for number, one in enumerate(told):
        with_itself = agree(one, one)
        stands_alone = with_itself is None or with_itself < ENOUGH
        copies[one, number if stands_alone else -1].append(number)
    numbers = list(copies.values())
    groups = _groups([one for one, _ in copies])
    return sorted(sorted(number for one in group for number in numbers[one]) for group in groups)


def _groups(told: Sequence[Told]) -> Iterable[list[int]]:
    group_of = list(range(len(told)))
    members = {number: [number] for number in group_of}
    agreement = {}
    for a, b in _comparable(told):
        points = agree(told[a], told[b])
        if points is not None and points >= ENOUGH:
            agreement[a, b] = points
    keys = [_key(one) for one in told]
    rank_of = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    ranks = [rank_of[key] for key in keys]
    by_agreement = sorted(agreement, key=lambda pair: (-agreement[pair], *sorted(ranks[n] for n in pair)))
    for a, b in by_agreement:
        one, two = group_of[a], group_of[b]
        if one != two and all((min(x, y), max(x, y)) in agreement for x in members[one] for y in members[two]):
            members[one] += members.pop(two)
            for number in members[one]:
                group_of[number] = one
    return members.values()


def _key(told: Told) -> tuple[Any, ...]:
    places = tuple("" if place is None else f"{place.place_id} {place.lon} {place.lat}" for place in told.places)
    when = "" if told.interval is None else f"{told.interval.start} {told.interval.end}"
    rest = (told.denied, told.anchored, told.by_month, told.carrier, str(told.amount), told.headline)
    return (told.kind, places, when, tuple(sorted(told.words)), told.document, *rest)


def _comparable(told: Sequence[Told]) -> Iterable[tuple[int, int]]:
    """Give the pairs worth a look: a day in common, or a word where one of the two is dated loosely or not at all."""
    by_day: dict[tuple[str, pd.Timestamp], list[int]] = defaultdict(list)
    by_word: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for number, one in enumerate(told):
        days = _days(one.interval)
        for day in days:
            by_day[one.kind, day].append(number)
        for word in one.words:
            by_word[one.kind, word][bool(days)].append(number)
    pairs = {pair for numbers in by_day.values() for pair in combinations(numbers, 2)}
    for loose, dated in by_word.values():
        pairs.update(combinations(loose, 2))
        pairs.update((min(pair), max(pair)) for pair in product(loose, dated))
    return sorted(pairs)


def _days(interval: Interval | None) -> list[pd.Timestamp]:
    if interval is None or interval.end - interval.start > LOOSE:
        return []
    first = interval.start.normalize()
    return [first + pd.Timedelta(days=n) for n in range((interval.end - first).days + 2)]


def agree(a: Told, b: Told) -> float | None:
    """Count what speaks for two tellings being of one event.

    Args:
        a: One telling.
        b: Another.

    Returns:
        Points: up to 2 for the date, 2 for the places, 4 for the words, and `HEADLINE` for a headline and its text;
        None where something speaks against it.
    """
    when = None if a.kind != b.kind or _at_odds(a, b) else _dates_agree(a, b)
    where = None if when is None else _places_agree(a, b)
    if when is None or where is None:
        return None
    shared = len(a.words & b.words) / max(min(len(a.words), len(b.words)), 1)
    return when + where + 4.0 * shared + (HEADLINE if _is_headline_of(a, b) or _is_headline_of(b, a) else 0.0)


def _is_headline_of(a: Told, b: Told) -> bool:
    """Tell whether one is the headline, the other what its text tells of its day or without a date."""
    fresh = b.interval is None or b.anchored
    return a.headline and not b.headline and a.interval is None and a.document == b.document and fresh


def _at_odds(a: Told, b: Told) -> bool:
    """Tell whether one denies what the other tells, or another ship went, or with much more or less."""
    if a.denied != b.denied:
        return True
    if a.carrier and b.carrier and not _stems([a.carrier]) & _stems([b.carrier]):
        return True
    if a.amount is None or b.amount is None or a.amount[1] != b.amount[1]:
        return False
    less, more = sorted((a.amount[0], b.amount[0]))
    return more > ROUNDED * less


def _dates_agree(a: Told, b: Told) -> float | None:
    one_text = a.document == b.document
    if a.interval is None and b.interval is None:
        return 1.0 if one_text else 0.0
    if a.interval is None or b.interval is None:
        return 0.5 if one_text else -0.5
    gap = max(a.interval.start, b.interval.start) - min(a.interval.end, b.interval.end)
    lengths = [one.end - one.start for one in (a.interval, b.interval)]
    one_report = one_text or not any(one.anchored and not one.by_month for one in (a, b))
    if gap > NEAR_DAYS or (gap >= pd.Timedelta(0) and max(lengths) <= DAY and all(lengths) and one_report):
        return None
    if gap > pd.Timedelta(0) or (gap == pd.Timedelta(0) and all(lengths)):
        return 0.5  # neighbouring days, of which one may be counted from the day of the report
    return 2.0 if max(lengths) <= SHORT else 1.0


def _places_agree(a: Told, b: Told) -> float | None:
    points = []
    for one, two in zip(a.places, b.places, strict=True):
        if one is None or two is None:
            points.append(0.0)
            continue
        if _apart(one, two):
            return None
        points.append(2.0 if max(one.radius_km, two.radius_km) <= WIDE_KM else 1.0)
    return sum(points) / len(points)


def _apart(one: Place, two: Place) -> bool:
    if "country" in (one.kind, two.kind) and one.country and two.country:
        return one.country != two.country
    return distance_km(one.lonlat, two.lonlat) > NEAR_KM + max(one.radius_km, two.radius_km)
