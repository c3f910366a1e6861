"""The texts or tables that names stand in: which other places each names, and what it says right after a name."""

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
from geo.places.resolve import chances, share_within
from geo.types import PlaceQuery

_LONGEST_NAME = 4
_KNOWN_PEOPLE = 100_000  # a name of a smaller town is more often a person's or a firm's
_WORD = r"[^\W\d_a-z][\w'’.-]*"
_RUNS = re.compile(rf"{_WORD}(?:[ \u00a0](?:of |and |the |de |la |el )?{_WORD})*")
_STATED = re.compile(rf"(?:,\s*|\s+\()((?:{_WORD}\s?){{1,3}})")
_OVERHEARD = 0.5  # a name found by the way counts half of one that was asked for


@dataclass(frozen=True)
class Scene:
    """Names that stand in texts or tables; those of one text judge one another.

    Args:
        asked: The names asked for, then those found by the way, then those that the user corrected, once more.
        told: How often each is told; shape (n,).
        texts: Number of the text each stands in; shape (n,).
        anchors: What the user said that those last ones mean.
        stated: What is stated right after a name (`Alexandria, La.`), by the name's number.
    """

    asked: Asked
    told: Floats
    texts: Ints
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
        starts = np.searchsorted(pool.asked, np.arange(len(self.asked) + 1)).tolist()
        numbers_of: dict[str, list[int]] = {}
        for number, words in self.stated.items():
            numbers_of.setdefault(words, []).append(number)
        containers = _containers(list(numbers_of), gazetteer)
        likely = chances(containers, gazetteer)
        bounds = np.searchsorted(containers.asked, np.arange(len(numbers_of) + 1)).tolist()
        for first, last, numbers in zip(bounds[:-1], bounds[1:], numbers_of.values(), strict=True):
            spans = [np.arange(starts[number], starts[number + 1]) for number in numbers]
            outer = np.s_[first:last]
            own = pool.take(np.concatenate(spans))
            held = share_within(own, containers.take(outer), likely[outer], gazetteer) > 0
            for rows, there in zip(spans, np.split(held, np.cumsum([len(rows) for rows in spans])[:-1]), strict=True):
                if there.any():
                    inside[rows[there]], outside[rows[~there]] = 1.0, 1.0
        holding = {(int(self.texts[number]), " ".join(words.split())) for number, words in self.stated.items()}
        pairs = enumerate(zip(self.texts.tolist(), self.asked.names, strict=True))
        stating = np.zeros(len(self.asked), bool)
        stating[[number for number, pair in pairs if pair in holding]] = True
        divisions = gazetteer.kind.are(pool.row, ("country", "province"))
        states = np.where(stating[pool.asked] & divisions, 1.0, 0.0)
        return {"stated": inside, "stated elsewhere": outside, "states": states}


def read_scene(
    asked: Sequence[PlaceQuery],
    told: npt.ArrayLike,
    texts: Sequence[str],
    gazetteer: Gazetteer,
    *,
    of: npt.ArrayLike | None = None,
    overhear: bool = True,
) -> Scene:
    """Look around names in the texts they stand in.

    Args:
        asked: The names, each once in a text; shape (n,).
        told: How often each was asked for; shape (n,).
        texts: The texts, or what stands for them; shape (m,).
        gazetteer: Which places are known.
        of: Number of the text each name stands in; all in the first when left out; shape (n,).
        overhear: Whether other names in the texts count too; not where all of them are asked for.

    Returns:
        The scene.
    """
    of = np.zeros(len(asked), np.int64) if of is None else np.asarray(of, np.int64)
    pairs = list(zip(of.tolist(), (one.name for one in asked), strict=True))
    heard = _overheard(texts, set(pairs), gazetteer) if overhear else {}
    stated = {
        number: words
        for number, (text, name) in enumerate(pairs)
        if texts[text].strip() and (words := _stated_after(name, texts[text]))
    }
    counts = np.concatenate([np.asarray(told, float), _OVERHEARD * np.array(list(heard.values()), float)])
    around = [*asked, *(PlaceQuery(name) for _, name in heard)]
    within_texts = np.concatenate([of, np.array([text for text, _ in heard], np.int64)])
    said = {number: pool for number, one in enumerate(around) if (pool := corrected(one.name, gazetteer)) is not None}
    anchors = [replace(pool, asked=pool.asked + len(around) + place) for place, pool in enumerate(said.values())]
    numbers = list(said)
    # What a corrected name meant before says nothing of its neighbours; what the user said it means does.
    weights = np.concatenate([counts, counts[numbers]])
    weights[numbers] = 0.0
    return Scene(
        Asked.of([*around, *(PlaceQuery("") for _ in said)]),
        weights,
        np.concatenate([within_texts, within_texts[numbers]]),
        join([Pool.empty(), *anchors]),
        stated,
    )


def _stated_after(name: str, text: str) -> str:
    at = text.find(name) if name else -1
    while at >= 0:
        match = _STATED.match(text, at + len(name))
        if match and not (at and (text[at - 1].isalnum() or text[at - 1] == "_")):
            return match.group(1).strip()
        at = text.find(name, at + 1)
    return ""


def _containers(stated: Sequence[str], gazetteer: Gazetteer) -> Pool:
    """Read the longest run of each of the words that names something which holds towns."""
    runs = [(number, run) for number, words in enumerate(stated) for run in _runs(words)]
    found = literal(Asked.of([PlaceQuery(run) for _, run in runs]), gazetteer)
    found = found.take(gazetteer.kind.are(found.row, ["country", "province", "district", "island"]))
    of = np.array([number for number, _ in runs], np.int64)[found.asked]
    longest = np.full(len(stated), len(runs), np.int64)
    np.minimum.at(longest, of, found.asked)
    kept = found.asked == longest[of]
    return replace(found, asked=of).take(kept)


def _runs(words: str) -> list[str]:
    parts = words.removesuffix("’s").removesuffix("'s").split()
    return [" ".join(parts[:size]).rstrip(",") for size in range(len(parts), 0, -1)]


def _overheard(texts: Sequence[str], asked: set[tuple[int, str]], gazetteer: Gazetteer) -> dict[tuple[int, str], int]:
    """Find the countries, divisions and large towns that each text names, by their capitals and the gazetteer."""
    told = Counter(
        (number, part) for number, text in enumerate(texts) for run in _RUNS.findall(text) for part in _parts(run)
    )
    names = list(dict.fromkeys(name for _, name in told))
    known = {
        name
        for name, fits in zip(names, _well_known(gazetteer.keys.spans(keys(names)), gazetteer), strict=True)
        if fits or corrected(name, gazetteer)
    }
    return {pair: count for pair, count in told.items() if pair[1] in known and pair not in asked}


def _parts(run: str) -> list[str]:
    words = run.split()
    sizes = range(1, _LONGEST_NAME + 1)
    runs = [words[start : start + size] for size in sizes for start in range(len(words) - size + 1)]
    return [" ".join(words).rstrip(".,'’-") for words in runs]


def _well_known(spans: Ints, gazetteer: Gazetteer) -> list[bool]:
    counts = spans[:, 1] - spans[:, 0]
    owner = np.repeat(np.arange(len(spans)), counts)
    names = np.arange(len(owner)) + np.repeat(spans[:, 0] - np.cumsum(counts) + counts, counts)
    rows = gazetteer.place[names].astype(np.int64)
    large = gazetteer.kind.are(rows, ("country", "province")) | (gazetteer.population[rows] >= _KNOWN_PEOPLE)
    large &= ~np.isin(gazetteer.sort[names], (ALTERNATE, LANGUAGE))
    fits: list[bool] = (np.bincount(owner, large, minlength=len(spans)) > 0).tolist()
    return fits
