"""The candidates of many names at once, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from geo.places.asked import Asked
from geo.places.gazetteer import ABBREVIATION, ALIAS, ALTERNATE, CODE, DEMONYM, LANGUAGE, MAIN, Gazetteer
from geo.places.names import is_code, key
from geo.types import Place, PlaceQuery

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Picks = npt.NDArray[np.bool_] | Ints | slice

_SHORT = 3
_AS_A_WORD = 0.5  # `us` and `of` are towns in France and Turkey, but hardly ever meant
_UNLIKE = 0.45  # another name of a town, of which nothing is like its own, is hardly meant every other time
_UNTOLD_RADIUS_KM = 1.0  # who corrected a place and gave no radius meant a spot
_WITH_CAPITAL = (DEMONYM, LANGUAGE, ABBREVIATION)


class Match(IntEnum):
    """How what was asked fits the place that answers; the first seven are the sorts of names in the gazetteer."""

    NAME = MAIN
    SPELLING = ALIAS
    OTHER_NAME = ALTERNATE
    CODE = CODE
    DEMONYM = DEMONYM
    LANGUAGE = LANGUAGE
    ABBREVIATION = ABBREVIATION
    PART = 7
    MISSPELLING = 8
    COORDINATES = 9
    CORRECTION = 10

    @property
    def word(self) -> str:
        """The word for it in tables and files."""
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True)
class Pool:
    """Candidates in the order of the names they are for.

    Args:
        asked: Number of the name each is for; shape (n,), never falling.
        row: Its row in the gazetteer's places, -1 for a bare point; shape (n,).
        name: The row of the matching name in the table of names; shape (n,).
        match: How the name fits, as `Match`; shape (n,).
        loose: What loosening the reading cost, natural logarithm, 0 for a literal match; shape (n,).
        lon: Longitudes in degrees; shape (n,).
        lat: Latitudes in degrees; shape (n,).
        radius_km: How far the place reaches, in km; shape (n,).
        moved: What stands for the gazetteer's own place where a part, a sum or a point was asked for; shape (n,).
    """

    asked: Ints
    row: Ints
    name: Ints
    match: Ints
    loose: Floats
    lon: Floats
    lat: Floats
    radius_km: Floats
    moved: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.asked)

    @classmethod
    def empty(cls) -> Pool:
        """Give a pool without candidates."""
        return cls.point().take(np.s_[:0])

    @classmethod
    def point(cls) -> Pool:
        """Give a pool of one candidate that is no place of the gazetteer."""
        first, none = np.zeros(1, np.int64), np.full(1, -1)
        zero = np.zeros(1)
        return cls(first, none, none, np.full(1, Match.COORDINATES), zero, zero, zero, zero, np.full(1, None, object))

    def columns(self) -> tuple[npt.NDArray[Any], ...]:
        """Give the columns in the order of the arguments."""
        return tuple(getattr(self, one.name) for one in fields(self))

    def take(self, picks: Picks) -> Pool:
        """Keep some of the candidates.

        Args:
            picks: A mask, a slice, or positions in the wanted order.

        Returns:
            Those candidates.
        """
        return Pool(*(column[picks] for column in self.columns()))

    def loosened(self, by: float | Floats, match: Match | None = None) -> Pool:
        """Charge every candidate for a looser reading.

        Args:
            by: The cost, a share below 1, for all or for each; shape (n,).
            match: How they fit from now on, or None to leave that as it is.

        Returns:
            The candidates at their new cost.
        """
        return replace(self, loose=self.loose + np.log(by), match=self._fitting(match))

    def widened(self, by_km: float) -> Pool:
        """Let every candidate reach farther.

        Args:
            by_km: How much, in km.

        Returns:
            The candidates with their new radius.
        """
        return replace(self, radius_km=self.radius_km + by_km)

    def moved_to(self, places: Sequence[Place], match: Match) -> Pool:
        """Put other places in the stead of the candidates.

        Args:
            places: The places; shape (n,).
            match: How they fit.

        Returns:
            The candidates as those places.
        """
        moved = np.empty(len(places), object)
        moved[:] = places
        lon, lat, radius = np.reshape([(one.lon, one.lat, one.radius_km) for one in places], (-1, 3)).T
        return replace(self, lon=lon, lat=lat, radius_km=radius, moved=moved, match=self._fitting(match))

    def _fitting(self, match: Match | None) -> Ints:
        # A slip in the spelling is said whatever else the reading took.
        return self.match if match is None else np.where(self.match == Match.MISSPELLING, self.match, match)

    def places(self, gazetteer: Gazetteer) -> list[Place]:
        """Write the candidates out, with a confidence of 1 that nobody has judged yet.

        Args:
            gazetteer: Where they come from.

        Returns:
            The places; shape (n,).
        """
        return [self._place(number, gazetteer) for number in range(len(self))]

    def _place(self, number: int, gazetteer: Gazetteer) -> Place:
        match, radius = Match(int(self.match[number])).word, float(self.radius_km[number])
        if moved := cast("Place | None", self.moved[number]):
            return replace(moved, match=match, radius_km=radius)
        entry = gazetteer.entry(int(self.row[number]))
        return entry.as_place(matched=gazetteer.written(int(self.name[number])), match=match, radius_km=radius)


def join(pools: Sequence[Pool]) -> Pool:
    """Put candidates together, in the order of the names they are for.

    Args:
        pools: Any number of pools.

    Returns:
        One pool.
    """
    columns = [np.concatenate(parts) for parts in zip(*(pool.columns() for pool in pools), strict=True)]
    whole = Pool(*columns)
    return whole.take(np.argsort(whole.asked, kind="stable"))


def literal(asked: Asked, gazetteer: Gazetteer) -> Pool:
    """Find the places that bear each name as it stands.

    Args:
        asked: The names; shape (n,).
        gazetteer: Where to look.

    Returns:
        Every place that has the name and lies in the country asked for; seas lie in all of them.
    """
    spans = gazetteer.keys.spans_of(asked.names) if asked.spans is None else asked.spans
    counts = spans[:, 1] - spans[:, 0]
    number = np.repeat(np.arange(len(asked)), counts)
    name = np.arange(len(number)) + np.repeat(spans[:, 0] - np.cumsum(counts) + counts, counts)
    kept = _worn_rightly(asked, number, gazetteer.sort[name])
    found = _in_country(number[kept], name[kept], asked, gazetteer)
    short = np.flatnonzero(np.fromiter(map(len, asked.names), int) <= _SHORT)
    found = found.loosened(np.where(gazetteer.unlike[found.name], _UNLIKE, 1.0)) if len(found) else found
    words = [number for number in short.tolist() if asked.names[number].islower()]
    return found.loosened(np.where(np.isin(found.asked, words), _AS_A_WORD, 1.0)) if words else found


def corrected(text: str, gazetteer: Gazetteer) -> Pool | None:
    """Find what the user said that a name means.

    Args:
        text: The name.
        gazetteer: The gazetteer with the corrections.

    Returns:
        That place alone, nothing where it is no place, or None where the name was not corrected.
    """
    if not gazetteer.corrected or (found := key(text)) not in gazetteer.corrected:
        return None
    place = gazetteer.corrected[found]
    if place is None:
        return Pool.empty()
    reach = place.radius_km if place.radius_km >= 0 else _UNTOLD_RADIUS_KM
    here = replace(Pool.point(), row=np.array([gazetteer.row_for(place)]))
    return here.moved_to([replace(place, radius_km=reach)], Match.CORRECTION)


def of_names(name: Ints, asked: PlaceQuery, gazetteer: Gazetteer) -> Pool:
    """Make candidates of names of the gazetteer, for one name asked for.

    Args:
        name: Rows in the table of names; shape (n,).
        asked: What they are for.
        gazetteer: Where they come from.

    Returns:
        Each place once, where it lies in the country asked for.
    """
    _, first = np.unique(gazetteer.place[name], return_index=True)  # the first of the names of each place
    name = name[np.sort(first)]
    return _in_country(np.zeros(len(name), np.int64), name, Asked.of([asked]), gazetteer)


def _in_country(number: Ints, name: Ints, asked: Asked, gazetteer: Gazetteer) -> Pool:
    row = gazetteer.place[name].astype(np.int64)
    if asked.countries:
        codes = {word: code for code, word in enumerate(gazetteer.country.words)}
        wanted = np.array([codes.get(country, -1) if country else -2 for country in asked.countries])[number]
        has = gazetteer.country.codes[row]
        kept = (wanted == -2) | (has == wanted) | (has == codes.get("", -1))
        number, name, row = number[kept], name[kept], row[kept]
    return Pool(
        asked=number,
        row=row,
        name=name,
        match=gazetteer.sort[name].astype(np.int64),
        loose=np.zeros(len(row)),
        lon=gazetteer.lon[row],
        lat=gazetteer.lat[row],
        radius_km=gazetteer.radius_km[row],
        moved=np.full(len(row), None, object),
    )


def _worn_rightly(asked: Asked, number: Ints, sort: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    # A code counts only in capitals; a demonym and an abbreviation with theirs: `Polish` and `polish` differ.
    kept = np.ones(len(number), bool)
    for special, holds in ((sort == CODE, is_code), (np.isin(sort, _WITH_CAPITAL), _begins_with_a_capital)):
        wrong = [n for n in set(number[special].tolist()) if not holds(asked.names[n])]
        kept &= ~(special & np.isin(number, wrong))
    return kept


def _begins_with_a_capital(name: str) -> bool:
    first = name.lstrip()[:1]
    return first.upper() == first
