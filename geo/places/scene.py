"""The text or table a name stands in: which other places it names, and what it says right after the name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from geo.places.asked import Asked
from geo.places.gazetteer import ALTERNATE, LANGUAGE, Gazetteer
from geo.places.names import keys
from geo.places.pool import Floats, Ints, Pool, corrected, join, literal
from geo.places.resolve import within
from geo.types import PlaceQuery

_LONGEST_NAME = 4
_KNOWN_PEOPLE = 100_000  # a name of a smaller town is more often a person's or a firm's
_WORD = r"[^\W\d_a-z][\w'’.-]*"
_RUNS = re.compile(rf"{_WORD}(?:[ \u00a0](?:of |and |the |de |la |el )?{_WORD})*")
_STATED = rf"(?:,\s*|\s+\()((?:{_WORD}\s?){{1,3}})"
_OVERHEARD = 0.5  # a name found by the way counts half of one that was asked for


@dataclass(frozen=True)
class Scene:
    """Names that stand in one text or table.

    Args:
        asked: The names asked for, then those found by the way, then those that the user corrected, once more.
        told: How often each is told; shape (n,).
        anchors: What the user said that those last ones mean.
        stated: What is stated right after a name (`Alexandria, La.`), by the name's number.
    """

    asked: Asked
    told: Floats
    anchors: Pool = field(default_factory=Pool.empty)
    stated: dict[int, str] = field(default_factory=dict)

    def measures(self, pool: Pool, gazetteer: Gazetteer) -> dict[str, Floats]:
        """Measure which candidates lie in what is stated right after their name.

        Args:
            pool: The candidates; shape (n,).
            gazetteer: Where they come from.

        Returns:
            The measures by name, each of shape (n,).
        """
        inside, outside = np.zeros(len(pool)), np.zeros(len(pool))
        for number, words in self.stated.items():
            own = np.flatnonzero(pool.asked == number)
            containers = _containers(words, gazetteer)
            kept = within(pool.take(own), containers, gazetteer)
            held = np.isin(pool.row[own], kept.row)
            if held.any():
                inside[own[held]], outside[own[~held]] = 1.0, 1.0
        holding = {" ".join(words.split()) for words in self.stated.values()}
        stating = [number for number, name in enumerate(self.asked.names) if name in holding]
        divisions = gazetteer.kind.are(pool.row, ("country", "province"))
        states = np.where(np.isin(pool.asked, stating) & divisions, 1.0, 0.0)
        return {"stated": inside, "stated elsewhere": outside, "states": states}


def read_scene(asked: Sequence[PlaceQuery], told: npt.ArrayLike, text: str, gazetteer: Gazetteer) -> Scene:
    """Look around names in the text they stand in.

    Args:
        asked: The names, each once; shape (n,).
        told: How often each was asked for; shape (n,).
        text: The text, or what stands for it.
        gazetteer: Which places are known.

    Returns:
        The scene.
    """
    names = {one.name for one in asked}
    heard = {name: count for name, count in _told_in(text, gazetteer).items() if name not in names}
    told_after = enumerate(asked) if text.strip() else ()
    stated = {number: words for number, one in told_after if (words := _stated_after(one.name, text))}
    counts = np.concatenate([np.asarray(told, float), _OVERHEARD * np.array(list(heard.values()), float)])
    around = [*asked, *map(PlaceQuery, heard)]
    said = {number: pool for number, one in enumerate(around) if (pool := corrected(one.name, gazetteer)) is not None}
    anchors = [replace(pool, asked=pool.asked + len(around) + place) for place, pool in enumerate(said.values())]
    numbers = list(said)
    # What a corrected name meant before says nothing of its neighbours; what the user said it means does.
    weights = np.concatenate([counts, counts[numbers]])
    weights[numbers] = 0.0
    return Scene(Asked.of([*around, *(PlaceQuery("") for _ in said)]), weights, join([Pool.empty(), *anchors]), stated)


def _stated_after(name: str, text: str) -> str:
    match = re.search(rf"(?<!\w){re.escape(name)}{_STATED}", text)
    return match.group(1).strip() if match else ""


def _containers(words: str, gazetteer: Gazetteer) -> Pool:
    """Read the longest run of the words that names something which holds towns."""
    parts = words.removesuffix("’s").removesuffix("'s").split()
    for size in range(len(parts), 0, -1):
        found = literal(Asked.of([PlaceQuery(" ".join(parts[:size]).rstrip(","))]), gazetteer)
        found = found.take(gazetteer.kind.are(found.row, ["country", "province", "district", "island"]))
        if len(found):
            return found
    return Pool.empty()


def _told_in(text: str, gazetteer: Gazetteer) -> Counter[str]:
    """Find the countries, divisions and large towns that a text names, by their capitals and the gazetteer."""
    wanted = Counter(part for run in _RUNS.findall(text) for part in _parts(run))
    names = list(wanted)
    spans = gazetteer.keys.spans(keys(names)).tolist()
    return Counter(
        {
            name: wanted[name]
            for name, span in zip(names, spans, strict=True)
            if _well_known(np.arange(*span), gazetteer) or corrected(name, gazetteer)
        }
    )


def _parts(run: str) -> list[str]:
    words = run.split()
    sizes = range(1, _LONGEST_NAME + 1)
    runs = [words[start : start + size] for size in sizes for start in range(len(words) - size + 1)]
    return [" ".join(words).rstrip(".,'’-") for words in runs]


def _well_known(names: Ints, gazetteer: Gazetteer) -> bool:
    names = names[~np.isin(gazetteer.sort[names], (ALTERNATE, LANGUAGE))]
    rows = gazetteer.place[names].astype(np.int64)
    return bool(
        (gazetteer.kind.are(rows, ("country", "province")) | (gazetteer.population[rows] >= _KNOWN_PEOPLE)).any()
    )
