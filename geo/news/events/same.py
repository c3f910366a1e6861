"""Several tellings of one event: which candidates of one or many texts are the same.

Two tellings are of one event when nothing speaks against it and enough speaks for it. Against it: another kind, dates
more than a day apart, places farther apart than their radii and 25 km allow. For it: points for the date, the places
and the words they share; `ENOUGH` of them are needed. Of a group every two tellings are the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import NamedTuple

import pandas as pd

from geo.geodesy import distance_km
from geo.news.events.tables import rows
from geo.news.types import Happening, Mention, Movement
from geo.types import Interval, Place

ENOUGH = 4.0
NEAR_DAYS = pd.Timedelta(days=1)
SHORT = pd.Timedelta(days=4)
LOOSE = pd.Timedelta(days=40)
NEAR_KM = 25.0
WIDE_KM = 100.0
_STOPS = frozenset(word for row in rows("grammar") if row["sort"] == "in no title" for word in row["words"].split("|"))


class Told(NamedTuple):
    """One telling of an event or a movement, as little of it as tells it from others.

    Args:
        kind: Kind of event, or `movement`.
        places: Its scene, or its two ends; None where unknown. As many for every telling of a kind.
        interval: When, UTC, or None.
        words: What it is told with: stems of the words of its title and of those who took part.
        document: Which text tells it.
    """

    kind: str
    places: tuple[Place | None, ...]
    interval: Interval | None
    words: frozenset[str]
    document: str


def told_happening(happening: Happening, document: str) -> Told:
    """Note an event as one telling.

    Args:
        happening: The event.
        document: Which text tells it: any name that is its own.

    Returns:
        The telling.
    """
    when = happening.when.interval if happening.when else None
    words = _stems((happening.title, *happening.who))
    return Told(happening.kind, (_place(happening.scene),), when, words, document)


def told_movement(movement: Movement, document: str) -> Told:
    """Note a movement as one telling.

    Args:
        movement: The movement.
        document: Which text tells it: any name that is its own.

    Returns:
        The telling.
    """
    when = movement.depart or movement.arrive
    words = _stems((movement.title, movement.cargo, movement.carrier))
    ends = (_place(movement.origin), _place(movement.destination))
    return Told("movement", ends, when.interval if when else None, words, document)


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
    group_of = list(range(len(told)))
    members = {number: [number] for number in group_of}
    agreement = {}
    for a, b in _comparable(told):
        points = agree(told[a], told[b])
        if points is not None and points >= ENOUGH:
            agreement[a, b] = points
    by_agreement = sorted(agreement, key=lambda pair: (-agreement[pair], *sorted(_key(told[n]) for n in pair)))
    for a, b in by_agreement:
        one, two = group_of[a], group_of[b]
        if one != two and all((min(x, y), max(x, y)) in agreement for x in members[one] for y in members[two]):
            members[one] += members.pop(two)
            for number in members[one]:
                group_of[number] = one
    return sorted(sorted(group) for group in members.values())


def _key(told: Told) -> tuple[object, ...]:
    places = tuple("" if place is None else f"{place.place_id} {place.lon} {place.lat}" for place in told.places)
    when = "" if told.interval is None else f"{told.interval.start} {told.interval.end}"
    return (told.kind, places, when, sorted(told.words), told.document)


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
        Points: up to 2 for the date, 2 for the places, 4 for the words; None where something speaks against it.
    """
    when = _dates_agree(a, b) if a.kind == b.kind else None
    where = None if when is None else _places_agree(a, b)
    if when is None or where is None:
        return None
    shared = len(a.words & b.words) / max(min(len(a.words), len(b.words)), 1)
    return when + where + 4.0 * shared


def _dates_agree(a: Told, b: Told) -> float | None:
    one_text = a.document == b.document
    if a.interval is None and b.interval is None:
        return 1.0 if one_text else 0.0
    if a.interval is None or b.interval is None:
        return 0.5 if one_text else -0.5
    gap = max(a.interval.start, b.interval.start) - min(a.interval.end, b.interval.end)
    lengths = [one.end - one.start for one in (a.interval, b.interval)]
    if gap > NEAR_DAYS:
        return None
    if gap > pd.Timedelta(0) or (gap == pd.Timedelta(0) and all(lengths)):
        return 0.5  # neighbouring days, of which one may be the day of the report
    return 2.0 if max(lengths) <= SHORT else 1.0


def _places_agree(a: Told, b: Told) -> float | None:
    points = []
    for one, two in zip(a.places, b.places, strict=True):
        if one is None or two is None:
            points.append(0.0)
            continue
        apart = distance_km(one.lonlat, two.lonlat)
        if apart > NEAR_KM + max(one.radius_km, two.radius_km):
            return None
        points.append(2.0 if max(one.radius_km, two.radius_km) <= WIDE_KM else 1.0)
    return sum(points) / len(points)
