"""Why this place and not its namesake, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors
from geo.places.asked import Asked
from geo.places.gazetteer import Gazetteer
from geo.places.judge import Judged
from geo.places.names import keys
from geo.places.pool import Ints, Match, Pool
from geo.types import LonLat

_CLOSE_KM = 150.0
_AT_ONCE = 200  # candidates, each against all names of its text
_WIDE = ("country", "continent", "province")
_FIT = {
    Match.CODE: "short for {name}",
    Match.ABBREVIATION: "short for {name}",
    Match.DEMONYM: "said of {name} or its people",
    Match.LANGUAGE: "the language of {name}",
    Match.PART: "read by the part of the name that is known",
    Match.MISSPELLING: "a slip away from {matched}",
    Match.COORDINATES: "by its coordinates",
    Match.CORRECTION: "as you corrected it",
}
_KINDS = frozenset(
    ("country", "province", "district", "region", "continent", "sea", "port", "station", "airport", "island", "river")
)


def plain_reasons(judged: Judged, picks: Ints, asked: Asked, gazetteer: Gazetteer) -> list[tuple[str, ...]]:
    """Say what speaks for candidates by themselves.

    Args:
        judged: All candidates.
        picks: Positions of those to speak of; shape (n,).
        asked: The names they are for.
        gazetteer: Where they come from.

    Returns:
        A few words each; shape (n,).
    """
    words, which, more = _plain(judged, picks, asked, gazetteer)
    why = [words[one] for one in which.tolist()]
    for number, special in more.items():
        why[number] = (*special, *why[number])
    return why


def plain_texts(judged: Judged, picks: Ints, asked: Asked, gazetteer: Gazetteer) -> pa.Array:
    """Say the same as `plain_reasons` in one text each.

    Args:
        judged: All candidates.
        picks: Positions of those to speak of; shape (n,).
        asked: The names they are for.
        gazetteer: Where they come from.

    Returns:
        The texts; shape (n,).
    """
    words, which, more = _plain(judged, picks, asked, gazetteer)
    texts = ["; ".join(one) for one in words]
    texts += ["; ".join((*special, *words[which[number]])) for number, special in more.items()]
    which[list(more)] = np.arange(len(words), len(texts))
    return pa.array(texts, pa.string()).take(pa.array(which))


def _plain(
    judged: Judged, picks: Ints, asked: Asked, gazetteer: Gazetteer
) -> tuple[list[tuple[str, ...]], Ints, dict[int, tuple[str, ...]]]:
    """Give the words that many share, which of them are for each, and what a few have before them."""
    pool, row, match = judged.pool, judged.pool.row[picks], judged.pool.match[picks]
    sizes = np.bincount(pool.asked, minlength=len(asked))[pool.asked[picks]]
    town = gazetteer.kind.are(pool.row, ["city"])
    people = np.where(town, gazetteer.population[pool.row], 0)
    most = np.zeros(len(asked))
    np.maximum.at(most, pool.asked, people)
    towns = np.bincount(pool.asked[town], minlength=len(asked))[pool.asked[picks]]
    largest = town[picks] & (people[picks] == most[pool.asked[picks]]) & (towns > 1)
    kind = np.where(gazetteer.capital[row], len(gazetteer.kind.words), gazetteer.kind.codes[row])
    kind[match == Match.COORDINATES] = len(gazetteer.kind.words) + 1
    # Few combinations occur, so that each is put into words once.
    only = (sizes == 1) & (match <= Match.OTHER_NAME)
    said = (np.where(largest, towns, 0) * 2 + only) * (len(gazetteer.kind.words) + 2) + kind
    combinations, which = np.unique(said, return_inverse=True)
    words = [_in_words(one, gazetteer.kind.words) for one in combinations.tolist()]
    more: dict[int, tuple[str, ...]] = {
        number: (_fit(judged, int(picks[number]), gazetteer),)
        for number in np.flatnonzero(match > Match.OTHER_NAME).tolist()
    }
    unlike = np.flatnonzero((match == Match.OTHER_NAME) & gazetteer.unlike[pool.name[picks]])
    proper = gazetteer.place_names(row[unlike])
    more |= {number: (f"also a name of {name}",) for number, name in zip(unlike.tolist(), proper, strict=True)}
    for number in np.flatnonzero(judged.measures["hinted"][picks] > 0).tolist():
        near = asked[int(pool.asked[picks[number]])].near
        more[number] = (*_near_hint(pool, int(picks[number]), near), *more.get(number, ()))
    return words, which, more


def _in_words(combination: int, kinds: Sequence[str]) -> tuple[str, ...]:
    others, kind = divmod(combination, len(kinds) + 2)
    largest_of, only = divmod(others, 2)
    why = []
    if kind == len(kinds):
        why.append("a capital")
    elif kind < len(kinds) and kinds[kind] in _KINDS:
        why.append(f"{'an' if kinds[kind][0] in 'aeiou' else 'a'} {kinds[kind]}")
    if largest_of:
        why.append(f"the largest of {largest_of} towns of this name")
    if only:
        why.append("the only place it may mean")
    return tuple(why)


def _fit(judged: Judged, number: int, gazetteer: Gazetteer) -> str:
    place = judged.pool.take(np.array([number])).places(gazetteer)[0]
    return _FIT[Match(int(judged.pool.match[number]))].format(name=place.name, matched=place.matched)


def scene_reasons(
    judged: Judged, picks: Ints, asked: Asked, gazetteer: Gazetteer, *, texts: Ints
) -> list[tuple[str, ...]]:
    """Say what speaks for candidates among the other names of their text.

    Args:
        judged: All candidates.
        picks: Positions of those to speak of; shape (n,).
        asked: The names they are for.
        gazetteer: Where they come from.
        texts: Number of the text each name stands in.

    Returns:
        A few words each, what the surroundings say first; shape (n,).
    """
    pool, first = judged.pool, judged.first(len(asked))
    first = first[first >= 0]
    own_keys = keys(asked.names)
    # A name that the user corrected stands there once more, without its letters and as what they said.
    members: dict[int, dict[int, str]] = {}
    for one, number in zip(first.tolist(), pool.asked[first].tolist(), strict=True):
        if own_keys[number] not in gazetteer.corrected:
            members.setdefault(int(texts[number]), {})[one] = asked.names[number] or pool.moved[one].name
    around = {
        text: _Around(pool.take(np.array([*names], np.int64)), [*names.values()], gazetteer)
        for text, names in members.items()
    }
    plain = plain_reasons(judged, picks, asked, gazetteer)
    names = pool.asked[picks]
    said: list[list[str]] = [[] for _ in plain]
    for text in np.unique(texts[names]).tolist():
        own = np.flatnonzero(texts[names] == text)
        for start in range(0, len(own) if text in around else 0, _AT_ONCE):
            some = own[start : start + _AT_ONCE]
            for number, why in zip(some.tolist(), around[text].reasons(pool, picks[some], own_keys), strict=True):
                said[number] = why
    stated = judged.measures["stated"][picks] > 0
    ending = judged.measures["end of leg"][picks] > 0
    return [
        (
            *(("lies in the place stated after it",) if stated[number] else ()),
            *said[number],
            *((f"a leg by {asked[int(names[number])].mode} may end there",) if ending[number] else ()),
            *plain[number],
        )
        for number in range(len(plain))
    ]


def _near_hint(pool: Pool, number: int, near: LonLat | None) -> list[str]:
    if near is None:
        return []
    away = float(distances_km(near[0], near[1], pool.lon[number], pool.lat[number])[0])
    close = away <= max(_CLOSE_KM, float(pool.radius_km[number]))
    return [f"{away:.0f} km from where it is likely"] if close else []


class _Around:
    """What the other names of a text most likely mean."""

    def __init__(self, firsts: Pool, names: Sequence[str], gazetteer: Gazetteer) -> None:
        self._firsts, self._names, self._gazetteer = firsts, names, gazetteer
        self._keys = np.array(keys(names), object)
        self._units = unit_vectors(firsts.lon, firsts.lat)
        self._spot = ~gazetteer.kind.are(firsts.row, _WIDE) & (firsts.row >= 0)
        self._division = gazetteer.kind.are(firsts.row, ("province",))
        self._country = gazetteer.country.codes[firsts.row]
        self._admin1 = gazetteer.admin1.codes[firsts.row]

    def reasons(self, pool: Pool, picks: Ints, own_keys: Sequence[str]) -> list[list[str]]:
        """Say for some candidates of this text what stands around them; `own_keys` are those of all names."""
        row = pool.row[picks]
        kind = self._gazetteer.kind
        others = self._keys != np.array([own_keys[name] for name in pool.asked[picks].tolist()], object)[:, None]
        here = unit_vectors(pool.lon[picks], pool.lat[picks])
        away = EARTH_RADIUS_KM * np.arccos(np.clip(here @ self._units.T, -1, 1))
        away = np.where(others & self._spot, away, np.inf)
        nearest = away.argmin(axis=1)
        least = away[np.arange(len(picks)), nearest]
        known = self._gazetteer.country.codes[row]
        abroad = known == self._gazetteer.country.words.index("")
        country = others & (self._country == known[:, None]) & ~abroad[:, None]
        holding = country & self._division & (self._admin1 == self._gazetteer.admin1.codes[row][:, None])
        beside = np.where(country & self._spot, away, np.inf)
        silent = (row < 0) | kind.are(row, ("country", "continent")) | ~others.any(axis=1)
        near = ~kind.are(row, _WIDE) & (least <= _CLOSE_KM)
        within = ~kind.are(row, ("province",)) & holding.any(axis=1)
        same = np.isfinite(beside).any(axis=1) & ~(near & country[np.arange(len(picks)), nearest])
        found = []
        for number in range(len(picks)):
            why = []
            if near[number]:
                why.append(f"{least[number]:.0f} km from {self._names[nearest[number]]}")
            if within[number]:
                why.append(f"in {self._names[int(holding[number].argmax())]}")
            elif same[number]:
                why.append(f"same country as {self._names[int(beside[number].argmin())]}")
            found.append([] if silent[number] else why)
        return found
