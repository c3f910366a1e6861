"""Names with a letter wrong: the known names that are one or two slips away."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.places.gazetteer import ALTERNATE, Gazetteer
from geo.places.index import SortedKeys
from geo.places.names import key
from geo.places.pool import Ints, Match, Pool, of_names
from geo.types import PlaceQuery

_LEAST_LETTERS = (5, 9)  # so many for one slip, so many for two: shorter names are a slip from too many others
_COST = (0.4, 0.2)  # what is left of the confidence after one slip, after two: never more than doubtful
_BIT_OF_BYTE = (np.uint32(1) << (np.arange(256, dtype=np.uint32) % 32)).astype(np.uint32)
_NAMES_AT_ONCE = 10_000
_KNOWN_PEOPLE = 1000  # a slip of a name of a smaller town is more often a name that nobody listed
_SHORT = 7  # a slip of so short a name is only read as that of a town that many speak of
_FAMOUS_PEOPLE = 50_000


def misspelt(text: str, asked: PlaceQuery, gazetteer: Gazetteer, depth: int) -> Pool:
    """List the places whose name is one or two letters off: left out, put in, changed, or two swapped.

    Args:
        text: A name that is not known as it stands.
        asked: What is known besides.
        gazetteer: Where to look.
        depth: How many readings may still follow; not used, as a slip is the last one.

    Returns:
        The candidates, those with fewer slips first and only those; none where the name is too short to tell.
    """
    wanted = key(text)
    if any(letter.isdigit() for letter in wanted):
        return Pool.empty()
    for slips, least in enumerate(_LEAST_LETTERS, 1):
        names = _slipped(wanted, slips, gazetteer) if len(wanted) >= least else np.zeros(0, np.int64)
        if len(names):
            return of_names(names, asked, gazetteer).loosened(_COST[slips - 1], Match.MISSPELLING)
    return Pool.empty()


def _slipped(wanted: str, slips: int, gazetteer: Gazetteer) -> Ints:
    """Find the names that are so many slips away, first by length and letters, then letter by letter."""
    spellings = _spellings(gazetteer.original)
    data = np.frombuffer(wanted.encode(), np.uint8)
    bytes_off = slips * (1 if wanted.isascii() else 3)
    first, last = np.searchsorted(spellings.lengths, [len(data) - bytes_off, len(data) + bytes_off + 1])
    own = np.bitwise_or.reduce(_BIT_OF_BYTE[data])
    close = first + np.flatnonzero(np.bitwise_count(spellings.letters[first:last] ^ own) <= 2 * bytes_off)
    if len(wanted) < _SHORT:
        close = close[spellings.famous[close]]
    names: Ints = spellings.names[close].astype(np.int64)
    parts = [names[start : start + _NAMES_AT_ONCE] for start in range(0, len(names), _NAMES_AT_ONCE)]
    found: Ints = np.concatenate([names[:0], *(_as_close(part, wanted, slips, gazetteer) for part in parts)])
    return found[np.argsort(gazetteer.sort[found], kind="stable")]  # a place's own name before its others


def _as_close(names: Ints, wanted: str, slips: int, gazetteer: Gazetteer) -> Ints:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    texts = gazetteer.key_texts(names)
    away = process.cdist([wanted], texts, scorer=OSA.distance, score_cutoff=slips, dtype=np.int32)[0]
    found: Ints = names[away <= slips]
    return found


class _Spellings(NamedTuple):
    """Names that may have been meant, the shortest first.

    `letters` has one bit for several bytes that occur in the name, `lengths` is in bytes, UTF-8.
    """

    names: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint32]
    lengths: npt.NDArray[np.int16]
    famous: npt.NDArray[np.bool_]


@cache
def _spellings(gazetteer: Gazetteer) -> _Spellings:
    known = gazetteer.curated | (gazetteer.population >= _KNOWN_PEOPLE)
    famous = gazetteer.curated | (gazetteer.population >= _FAMOUS_PEOPLE)
    place, keys = gazetteer.place.whole, gazetteer.keys.whole
    parts = [
        _read(np.flatnonzero(known[place[part]] & (gazetteer.sort.whole[part] <= ALTERNATE)), part.start, keys)
        for part in (np.s_[start : start + _NAMES_AT_ONCE] for start in range(0, len(place), _NAMES_AT_ONCE))
    ]
    names, letters, lengths = map(np.concatenate, zip(*parts, strict=True))
    shortest_first = np.argsort(lengths, kind="stable").astype(np.int32)
    names = names[shortest_first]
    return _Spellings(names, letters[shortest_first], lengths[shortest_first], famous[place[names]])


def _read(
    own: Ints, start: int, keys: SortedKeys
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint32], npt.NDArray[np.int16]]:
    """Give some of the names from a row on, their letters and their lengths."""
    stop = min(start + _NAMES_AT_ONCE, len(keys))
    bits = _BIT_OF_BYTE[keys.data[keys.offsets[start] : keys.offsets[stop]]]
    letters = np.bitwise_or.reduceat(bits, keys.offsets[start:stop] - keys.offsets[start])
    lengths = np.diff(keys.offsets[start : stop + 1])
    return (own + start).astype(np.int32), letters[own], lengths[own].astype(np.int16)
