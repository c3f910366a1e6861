"""Many names at once: each distinct name is looked up once, together with the others of its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.places.gazetteer import Gazetteer
from geo.places.judge import Judged, judge, judge_scene
from geo.places.pool import Ints, Match
from geo.places.reasons import plain_reasons, scene_reasons
from geo.places.scene import read_scene
from geo.types import Place, PlaceQuery

_NAMES_AT_ONCE = 20_000  # a hundred numbers for each candidate would fill the memory if all stood at once


@dataclass(frozen=True)
class _Part:
    """Names that were judged together.

    Args:
        asked: The names, those overheard in the text last.
        numbers: Which of all the distinct names the first of them are; shape (n,).
        judged: Their candidates, by position in `asked`.
        alone: Whether each was judged without regard to the others.
    """

    asked: Sequence[PlaceQuery]
    numbers: Ints
    judged: Judged
    alone: bool

    def reasons(self, picks: Ints, gazetteer: Gazetteer) -> list[tuple[str, ...]]:
        """Say what spoke for some of the candidates."""
        said = plain_reasons if self.alone else scene_reasons
        return said(self.judged, picks, self.asked, gazetteer)


def _alone(names: Sequence[PlaceQuery], first: int, gazetteer: Gazetteer) -> _Part:
    return _Part(names, np.arange(first, first + len(names)), judge(names, gazetteer), True)


class Answers:
    """What the gazetteer answers to a column of names.

    Args:
        asked: The names; shape (n,).
        texts: The text each stands in, names of one text judging one another; None where there is no text at all.
        gazetteer: Where to look.

    Raises:
        CoordinateError: A name holds coordinates that are not on the Earth.
    """

    def __init__(self, asked: Sequence[PlaceQuery], texts: Sequence[str | None] | None, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        if texts is None:
            self._numbers = np.arange(len(asked))
            starts = range(0, len(asked), _NAMES_AT_ONCE)
            self._parts = [_alone(asked[start : start + _NAMES_AT_ONCE], start, gazetteer) for start in starts]
        else:
            told = Counter(zip(asked, texts, strict=True))
            numbers = {pair: number for number, pair in enumerate(told)}
            self._numbers = np.array([numbers[pair] for pair in zip(asked, texts, strict=True)], np.int64)
            self._parts = self._by_text(told)

    def _by_text(self, told: Counter[tuple[PlaceQuery, str | None]]) -> list[_Part]:
        groups: dict[str | None, list[int]] = {}
        pairs = list(told)
        for number, (_, text) in enumerate(pairs):
            groups.setdefault(text or None, []).append(number)
        parts = []
        for group, members in groups.items():
            names, numbers = [pairs[number][0] for number in members], np.array(members)
            if group is None:
                parts.append(_Part(names, numbers, judge(names, self._gazetteer), True))
                continue
            counts = [told[pairs[number]] for number in members]
            scene = read_scene(names, counts, group, self._gazetteer)
            parts.append(_Part(scene.asked, numbers, judge_scene(scene, self._gazetteer), False))
        return parts

    def places(self, limit: int) -> list[list[Place]]:
        """Write out the likeliest places of each name.

        Args:
            limit: At most so many for each.

        Returns:
            Places with confidence and reasons; an empty list for a name that is unknown; shape (n,).
        """
        found: dict[int, list[Place]] = {}
        for part in self._parts:
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
        first = [part.judged.first(len(part.asked))[: len(part.numbers)] for part in self._parts]
        whole = _Columns(sum(len(part.numbers) for part in self._parts))
        for part, picks in zip(self._parts, first, strict=True):
            whole.fill(part, picks, self._gazetteer)
        return whole.table(self._numbers, self._gazetteer)


class _Columns:
    """The likeliest place of each distinct name, column by column."""

    def __init__(self, count: int) -> None:
        self.rows, self.names, self.match = np.full((3, count), -1)
        self.numbers = {column: np.full(count, np.nan) for column in ("lon", "lat", "radius_km", "confidence")}
        self.reasons = np.full(count, "", object)
        self.moved: dict[int, Place] = {}

    def fill(self, part: _Part, first: Ints, gazetteer: Gazetteer) -> None:
        known = first >= 0
        numbers, picks = part.numbers[known], first[known]
        pool = part.judged.pool.take(picks)
        self.rows[numbers], self.names[numbers], self.match[numbers] = pool.row, pool.name, pool.match
        for column, values in (("lon", pool.lon), ("lat", pool.lat), ("radius_km", pool.radius_km)):
            self.numbers[column][numbers] = values
        self.numbers["confidence"][numbers] = part.judged.confidence[picks].round(3)
        why = part.reasons(picks, gazetteer)
        self.reasons[numbers] = ["; ".join(one) for one in why]
        self.moved |= {int(numbers[n]): pool.moved[n] for n in np.flatnonzero(pool.moved.astype(bool)).tolist()}

    def table(self, order: Ints, gazetteer: Gazetteer) -> dict[str, pa.Array | npt.NDArray[np.float64]]:
        texts = gazetteer.columns(self.rows, self.names)
        words = pa.array([*(match.word for match in Match), ""])
        texts["match"] = words.take(pa.array(np.where(self.match < 0, len(Match), self.match)))
        texts["reasons"] = pa.array(self.reasons, pa.string())
        if self.moved:
            mask = pa.array(np.isin(np.arange(len(self.rows)), list(self.moved)))
            places = [self.moved[number] for number in sorted(self.moved)]
            for column, attribute in _OF_PLACE.items():
                own = pa.array([getattr(place, attribute) for place in places], pa.string())
                texts[column] = pc.replace_with_mask(texts[column], mask, own)
        taken = pa.array(order)
        return {column: values.take(taken) for column, values in texts.items()} | {
            column: values[order] for column, values in self.numbers.items()
        }


_OF_PLACE = {"place": "name", "place_id": "place_id", "kind": "kind", "country": "country", "matched": "matched"}
