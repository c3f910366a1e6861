"""Known names in Cyrillic, hangul, Han and kana, found by the gazetteer and the endings of words alone.

The model of what stands around a name was fitted on English; in these scripts a name counts where many speak of the
place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from geo.config import NEWS
from geo.news.mentions.known import Facts

_RUNS = {
    "cyrillic": re.compile(
        r"(?=\b([\u0401\u0410-\u042f][\u0400-\u052f]+)((?:[ -]|-\u043d\u0430-)[\u0410-\u042f][\u0400-\u052f]+)?)"
    ),
    "hangul": re.compile(r"(?=(?<![\uac00-\ud7a3])([\uac00-\ud7a3]+))"),
    "han": re.compile(r"(?=(?<![\u3400-\u9fff\u30a0-\u30ff\u3005])([\u3400-\u9fff\u30a0-\u30ff\u3005]+))"),
}
_OTHER = re.compile(r"[\u0400-\u052f\u3005-\u9fff\uac00-\ud7a3]")
_SHORTEST, _LONGEST = 2, 8
_KNOWN_BY = 1.2  # the logarithm of the number of names that GeoNames lists for it: some fifteen
_PEOPLE = 4.0
_CERTAINTY = {True: 0.8, False: 0.5}


class Found(NamedTuple):
    """A known name in a text, and the form it is known by."""

    start: int
    end: int
    name: str
    certainty: float


def find_in_scripts(text: str, facts: Facts) -> list[Found]:
    """Find the names of well-known places that are not in Latin letters.

    Args:
        text: The text.
        facts: What is known of words as names of places.

    Returns:
        The names in the order of the text, apart from one another, the longest where several begin together.
    """
    if text.isascii() or not _OTHER.search(text):
        return []
    readings = [
        reading for script, runs in _RUNS.items() for run in runs.finditer(text) for reading in _read(script, run)
    ]
    names = list(dict.fromkeys(name for _, _, name in readings))
    known = facts(names)
    large = (known["country"] + known["province"] > 0) | (known["people"] >= _PEOPLE)
    sure = dict(zip(names, large.tolist(), strict=True))
    counts = known["places"] > 0
    wanted = {
        name
        for name, own in zip(names, (counts & (large | (known["known_by"] >= _KNOWN_BY))).tolist(), strict=True)
        if own
    }
    found: list[Found] = []
    for start, end, name in sorted(readings, key=lambda reading: (reading[0], -reading[1])):
        if name in wanted and (not found or start >= found[-1].end):
            found.append(Found(start, end, name, _CERTAINTY[sure[name]]))
    return found


def _read(script: str, run: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """List what a run of letters may name: without its ending, or any part of it where no space parts words."""
    word, start = run.group(1), run.start(1)
    if script == "han":
        for first in range(len(word) - _SHORTEST + 1):
            for size in range(_SHORTEST, min(_LONGEST, len(word) - first) + 1):
                yield start + first, start + first + size, word[first : first + size]
        return
    following = run.group(2) if script == "cyrillic" else None
    for stem, ending, instead in _stems(script, word):
        # `Владимир Путин` is nobody's town, but in `во Владимире Путин` the ending says that the name stands by itself.
        if ending or not following:
            # A particle does not belong to the name, the ending of a case does.
            yield start, start + (len(stem) if script == "hangul" else len(word)), stem + instead
        for more, _, more_instead in _stems(script, following or ""):
            yield start, run.end(2), stem + instead + more + more_instead


def _stems(script: str, word: str) -> Iterator[tuple[str, str, str]]:
    """Take each ending that fits off a word: what is left, the ending, and what stands in its place in a name."""
    for ending, instead in _endings()[script]:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield word.removesuffix(ending), ending, instead


@cache
def _endings() -> dict[str, list[tuple[str, str]]]:
    endings: dict[str, list[tuple[str, str]]] = {}
    with (NEWS / "mentions" / "endings.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            endings.setdefault(row["script"], []).append((row["ending"], row["instead"]))
    return endings
