"""Names with a letter wrong: the known names that are one or two slips away."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from geo.places.gazetteer import ALTERNATE, Gazetteer
from geo.places.names import key
from geo.places.pool import Ints, Match, Pool, of_names
from geo.types import PlaceQuery

_LEAST_LETTERS = (5, 9)  # so many for one slip, so many for two: shorter names are a slip from too many others
_COST = (0.55, 0.3)  # what is left of the confidence after one slip, after two
_BIT_OF_BYTE = (np.uint32(1) << (np.arange(256, dtype=np.uint32) % 32)).astype(np.uint32)
_NAMES_AT_ONCE = 100_000
_KNOWN_PEOPLE = 1000  # a slip of a name of a smaller town is more often a name that nobody listed


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
    allowed = sum(len(wanted) >= least for least in _LEAST_LETTERS)
    if not allowed or any(letter.isdigit() for letter in wanted):
        return Pool.empty()
    names, letters, lengths = _spellings(gazetteer)
    data = np.frombuffer(wanted.encode(), np.uint8)
    own = np.bitwise_or.reduce(_BIT_OF_BYTE[data])
    per_letter = 1 if wanted.isascii() else 3
    close = np.abs(lengths - len(data)) <= allowed * per_letter
    close &= np.bitwise_count(letters ^ own) <= 2 * allowed * per_letter
    rows = names[close]
    texts = gazetteer.key_texts(rows)
    slips = (
        process.cdist([wanted], texts, scorer=OSA.distance, score_cutoff=allowed, dtype=np.int32)[0] if texts else []
    )
    least = min((int(slip) for slip in slips), default=allowed + 1)
    if least > allowed:
        return Pool.empty()
    found = of_names(rows[np.asarray(slips) == least], asked, gazetteer)
    return found.loosened(_COST[least - 1], Match.MISSPELLING)


@cache
def _spellings(gazetteer: Gazetteer) -> tuple[Ints, npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """Names that may have been meant, which bytes each has, one bit for several bytes, and how many."""
    known = (gazetteer.population >= _KNOWN_PEOPLE) | gazetteer.curated
    names = np.flatnonzero(known[gazetteer.place] & (gazetteer.sort <= ALTERNATE))
    offsets, data = gazetteer.keys.offsets, gazetteer.keys.data
    lengths = np.diff(offsets)
    parts = []
    for start in range(0, len(lengths), _NAMES_AT_ONCE):
        first, last = offsets[start], offsets[min(start + _NAMES_AT_ONCE, len(lengths))]
        bits = _BIT_OF_BYTE[data[first:last]]
        parts.append(
            np.bitwise_or.reduceat(bits, offsets[start : start + _NAMES_AT_ONCE][: len(lengths) - start] - first)
        )
    return names, np.concatenate(parts)[names], lengths[names]
