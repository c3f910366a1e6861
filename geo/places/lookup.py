"""Many names at once: each distinct name is looked up once, together with the others of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.places.arrow import filled, picked, positions
from geo.places.asked import Asked
from geo.places.gazetteer import Gazetteer
from geo.places.judge import Judged, judge, judge_scene
from geo.places.pool import Ints, Match
from geo.places.reasons import plain_reasons, plain_texts, scene_reasons
from geo.places.scene import read_scene
from geo.types import Place, PlaceQuery

_NAMES_IN_TEXTS = 1_500
_NAMES_AT_ONCE = 10_000  # a hundred numbers for each candidate would fill the memory if all stood at once
_NAMES_WRITTEN = 25_000


@dataclass(frozen=True)
class _Part:
    """Names that were judged together.

    Args:
        asked: The names, those overheard in the text last.
        numbers: Which of all the distinct names the first of them are; shape (n,).
        judged: Their candidates, by position in `asked`.
        stands_in: Number of the text of each; None where each was judged without regard to the others.
    """

    asked: Asked
    numbers: Ints
    judged: Judged
    stands_in: Ints | None

    def reasons(self, picks: Ints, gazetteer: Gazetteer) -> list[tuple[str, ...]]:
        """Say what spoke for some of the candidates."""
        if self.stands_in is None:
            return plain_reasons(self.judged, picks, self.asked, gazetteer)
        return scene_reasons(self.judged, picks, self.asked, gazetteer, texts=self.stands_in)

    def texts(self, picks: Ints, gazetteer: Gazetteer) -> pa.Array:
        """Say the same in one text each."""
        if self.stands_in is None:
            return plain_texts(self.judged, picks, self.asked, gazetteer)
        return pa.array(["; ".join(why) for why in self.reasons(picks, gazetteer)], pa.string())


def _alone(asked: Asked, numbers: Ints, gazetteer: Gazetteer) -> Iterator[_Part]:
    asked = replace(asked, spans=gazetteer.keys.spans_of(asked.names))
    pa.default_memory_pool().release_unused()
    for start in range(0, len(asked), _NAMES_AT_ONCE):
        own = slice(start, start + _NAMES_AT_ONCE)
        yield _Part(asked[own], numbers[own], judge(asked[own], gazetteer), None)


class Answers:
    """What the gazetteer answers to a column of names.

    Args:
        asked: The names; shape (n,).
        texts: The text each stands in, names of one text judging one another; None where there is no text at all.
        gazetteer: Where to look.
        overhear: Whether other names in the texts count too; not where all of them are asked for.

    Raises:
        CoordinateError: A name holds coordinates that are not on the Earth.
    """

    def __init__(
        self,
        asked: Sequence[PlaceQuery],
        texts: Sequence[str | None] | None,
        gazetteer: Gazetteer,
        *,
        overhear: bool = True,
    ) -> None:
        self._gazetteer, self._overhear = gazetteer, overhear
        if texts is None:
            self._groups: dict[str | None, Ints] = {None: np.arange(len(asked))}
            self._asked, self._numbers, self._told = Asked.of(asked), self._groups[None], np.ones(len(asked))
            return
        told = Counter(zip(asked, texts, strict=True))
        pairs = {pair: number for number, pair in enumerate(told)}
        members: dict[str | None, list[int]] = {}
        for (_, text), number in pairs.items():
            members.setdefault(text or None, []).append(number)
        self._groups = {text: np.array(numbers) for text, numbers in members.items()}
        self._asked, self._told = Asked.of([query for query, _ in told]), np.array(list(told.values()), float)
        self._numbers = np.array([pairs[pair] for pair in zip(asked, texts, strict=True)], np.int64)

    def _parts(self) -> Iterator[_Part]:
        """Judge the names of each text, a few texts at a time, so that not all of them stand in memory."""
        if None in self._groups:
            numbers = self._groups[None]
            yield from _alone(self._asked.take(numbers), numbers, self._gazetteer)
        for groups in self._batches():
            numbers = np.concatenate(list(groups.values()))
            scene = read_scene(
                self._asked.take(numbers),
                self._told[numbers],
                list(groups),
                self._gazetteer,
                of=np.repeat(np.arange(len(groups)), [len(own) for own in groups.values()]),
                overhear=self._overhear,
            )
            yield _Part(scene.asked, numbers, judge_scene(scene, self._gazetteer), scene.texts)

    def _batches(self) -> Iterator[dict[str, Ints]]:
        batch: dict[str, Ints] = {}
        for text, numbers in self._groups.items():
            if text is None:
                continue
            if batch and sum(map(len, batch.values())) + len(numbers) > _NAMES_IN_TEXTS:
                yield batch
                batch = {}
            batch[text] = numbers
        if batch:
            yield batch

    def places(self, limit: int) -> list[list[Place]]:
        """Write out the likeliest places of each name.

        Args:
            limit: At most so many for each.

        Returns:
            Places with confidence and reasons; an empty list for a name that is unknown; shape (n,).
        """
        found: dict[int, list[Place]] = {}
        for part in self._parts():
            starts = np.searchsorted(part.judged.pool.asked, np.arange(len(part.numbers) + 1))
            ends = np.minimum(starts[1:], starts[:-1] + limit)
            picks = np.concatenate([np.arange(*span) for span in zip(starts[:-1], ends, strict=True)])
            written = iter(self._written(part, picks.astype(np.int64)))
            counts = (ends - starts[:-1]).tolist()
            found |= {
                number: [next(written) for _ in range(count)]
                for number, count in zip(part.numbers.tolist(), counts, strict=True)
            }
        return [found[number] for number in self._numbers.tolist()]

    def _written(self, part: _Part, picks: Ints) -> list[Place]:
        places = part.judged.pool.take(picks).places(self._gazetteer)
        sure = part.judged.confidence[picks].round(3).tolist()
        why = part.reasons(picks, self._gazetteer)
        return [replace(place, confidence=one, reasons=two) for place, one, two in zip(places, sure, why, strict=True)]

    def table(self) -> dict[str, pa.Array | npt.NDArray[np.float64]]:
        """Write the likeliest place of each name as columns.

        Returns:
            Texts and numbers by column, each of shape (n,); an unknown name has empty texts and missing numbers.
        """
        whole = _Columns(len(self._asked))
        for part in self._parts():
            whole.fill(part, self._gazetteer)
        return whole.table(self._numbers, self._gazetteer)


class _Columns:
    """The likeliest place of each distinct name, column by column."""

    def __init__(self, count: int) -> None:
        self.rows, self.names, self.match, self.reasons = np.full((4, count), -1)
        self.numbers = {column: np.full(count, np.nan) for column in ("lon", "lat", "radius_km", "confidence")}
        self.texts: list[pa.Array] = []
        self.moved: dict[int, Place] = {}

    def fill(self, part: _Part, gazetteer: Gazetteer) -> None:
        first = part.judged.first(len(part.asked))[: len(part.numbers)]
        known = first >= 0
        numbers, picks = part.numbers[known], first[known]
        pool = part.judged.pool.take(picks)
        self.rows[numbers], self.names[numbers], self.match[numbers] = pool.row, pool.name, pool.match
        for column, values in (("lon", pool.lon), ("lat", pool.lat), ("radius_km", pool.radius_km)):
            self.numbers[column][numbers] = values
        self.numbers["confidence"][numbers] = part.judged.confidence[picks].round(3)
        self.reasons[numbers] = sum(map(len, self.texts)) + np.arange(len(numbers))
        self.texts.append(part.texts(picks, gazetteer))
        self.moved |= {int(numbers[n]): pool.moved[n] for n in np.flatnonzero(pool.moved.astype(bool)).tolist()}

    def table(self, order: Ints, gazetteer: Gazetteer) -> dict[str, pa.Array | npt.NDArray[np.float64]]:
        parts = [np.s_[start : start + _NAMES_WRITTEN] for start in range(0, max(len(self.rows), 1), _NAMES_WRITTEN)]
        written = [gazetteer.columns(self.rows[part], self.names[part]) for part in parts]
        texts = {column: pa.concat_arrays([part.pop(column) for part in written]) for column in [*written[0]]}
        words = pa.array([*(match.word for match in Match), ""])
        texts["match"] = words.take(pa.array(np.where(self.match < 0, len(Match), self.match)))
        pa.default_memory_pool().release_unused()
        reasons = pa.chunked_array(self.texts, pa.string()).combine_chunks()
        texts["reasons"] = filled(reasons.take(positions(self.reasons)))
        if self.moved:
            import pyarrow.compute as pc

            mask = pa.array(np.isin(np.arange(len(self.rows)), list(self.moved)))
            places = [self.moved[number] for number in sorted(self.moved)]
            for column, attribute in _OF_PLACE.items():
                own = pa.array([getattr(place, attribute) for place in places], pa.string())
                texts[column] = pc.replace_with_mask(texts[column], mask, own)
        return picked(texts | self.numbers, order)


_OF_PLACE = {"place": "name", "place_id": "place_id", "kind": "kind", "country": "country", "matched": "matched"}
