"""Candidates weighed against one another: alone, or by what the text or table around them says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.geodesy import KM_PER_DEGREE
from geo.places.asked import Asked
from geo.places.context import of_others
from geo.places.features import of_itself, of_purpose
from geo.places.gazetteer import Gazetteer
from geo.places.pool import Floats, Ints, Match, Pool, join
from geo.places.rank import soft, weighed, weights
from geo.places.resolve import gather
from geo.places.scene import Scene

_ALONE = ("alone", "asked alone", "purpose")
_TOLD = ("stated", "end of leg", "hinted")
_FEW_AROUND = 0.5  # so many other names in the text weigh as much as what a name is by itself
_FIRST = 10  # beyond the tenth nobody looks, and a thousand places may share a name
_BEFORE_ITS_TOWN = 0.5
_SAME_SPOT_KM = 40.0  # two candidates as near as this do not compete: a town and the district around it


@dataclass(frozen=True)
class Judged:
    """Candidates with what is thought of them.

    Args:
        pool: The candidates, for each name the likeliest first; shape (n,).
        chance: How likely each is against the others of its name; shape (n,).
        confidence: How sure it is that each is meant, 0 to 1; shape (n,).
        measures: What spoke for each and is told, by name; each of shape (n,).
    """

    pool: Pool
    chance: Floats
    confidence: Floats
    measures: dict[str, Floats]

    def take(self, picks: Ints) -> Judged:
        """Keep some of the candidates.

        Args:
            picks: Positions in the wanted order.

        Returns:
            Those candidates.
        """
        measures = {name: measure[picks] for name, measure in self.measures.items()}
        return Judged(self.pool.take(picks), self.chance[picks], self.confidence[picks], measures)

    def first(self, count: int) -> Ints:
        """Find the likeliest candidate of each name.

        Args:
            count: How many names were asked for.

        Returns:
            Its position, or -1 for a name that is unknown; shape (count,).
        """
        position = np.full(count, -1)
        position[self.pool.asked[::-1]] = np.arange(len(self.pool))[::-1]
        return position


def judge(asked: Asked, gazetteer: Gazetteer) -> Judged:
    """Weigh the candidates of names that have nothing to do with one another.

    Args:
        asked: The names; shape (n,).
        gazetteer: Where to look.

    Returns:
        The candidates of each name.

    Raises:
        CoordinateError: A text holds coordinates that are not on the Earth.
    """
    pool = gather(asked, gazetteer)
    measures = of_itself(pool, gazetteer) | of_purpose(pool, asked, gazetteer)
    score = np.sum([weighed(measures, weights(model), len(pool)) for model in _ALONE], axis=0)
    return _decided(pool, score, measures, "alone confidence")


def judge_scene(scene: Scene, gazetteer: Gazetteer) -> Judged:
    """Weigh the candidates of names that stand in one text or table.

    Args:
        scene: The names, and what the text says around them.
        gazetteer: Where to look.

    Returns:
        The candidates of each name of the scene.

    Raises:
        CoordinateError: A text holds coordinates that are not on the Earth.
    """
    pool = join([gather(scene.asked, gazetteer), scene.anchors])
    alone = of_itself(pool, gazetteer) | of_purpose(pool, scene.asked, gazetteer)
    purpose = weighed(alone, weights("purpose"), len(pool))
    chance = soft(pool.asked, weighed(alone, weights("alone"), len(pool)) + purpose)
    measures = alone | scene.measures(pool, gazetteer) | of_others(pool, gazetteer, chance, scene)
    score = weighed(measures, weights("scene"), len(pool)) + purpose
    # With few others around, a name is judged much as it would be alone.
    alone_score = np.sum([weighed(alone, weights(model), len(pool)) for model in _ALONE], axis=0)
    around = np.bincount(scene.texts)[scene.texts][pool.asked] - 1.0
    trust = around / (around + _FEW_AROUND)
    return _decided(pool, trust * score + (1 - trust) * alone_score, measures, "scene confidence")


def _decided(pool: Pool, score: Floats, measures: dict[str, Floats], scale: str) -> Judged:
    score = _ending_there(pool, score, measures["end of leg"])
    order = _within_names(pool.asked, -score, pool.row)
    pool, chance = pool.take(order), soft(pool.asked, score)[order]
    confidence = np.exp(pool.loose) * _right_of(at_one_spot(pool, chance), scale)
    said = np.isin(pool.match, (Match.COORDINATES, Match.CORRECTION))
    confidence[said] = np.exp(pool.loose[said])
    # Those at one spot are equally sure, and follow one another.
    shown = _within_names(pool.asked, -confidence.round(6), -chance)
    told = {name: measures[name][order] for name in _TOLD if name in measures}
    return Judged(pool, chance, confidence, told).take(shown)


def _within_names(asked: Ints, *by: Floats | Ints) -> Ints:
    """Order the candidates of each name by some columns, the first of them first."""
    order = np.arange(len(asked))
    next_is_same = asked[1:] == asked[:-1]
    several = np.flatnonzero(np.r_[next_is_same, False] | np.r_[False, next_is_same])
    order[several] = several[np.lexsort((*(column[several] for column in reversed(by)), asked[several]))]
    return order


def _ending_there(pool: Pool, score: Floats, fit: Floats) -> Floats:
    """Let a port or station stand before the town it is in, where a leg is to end."""
    score = score.copy()
    for number in np.flatnonzero(fit).tolist():
        first, last = np.searchsorted(pool.asked, [pool.asked[number], pool.asked[number] + 1])
        same = np.arange(first, last)
        town = same[_apart_km(pool, same, np.full(len(same), number)) <= _SAME_SPOT_KM]
        score[number] = max(score[number], score[town].max() + _BEFORE_ITS_TOWN)
    return score


def _right_of(chance: Floats, scale: str) -> Floats:
    """Read off how often candidates of such a chance were right in the texts that the scale was fitted on."""
    steps = {float(at): right for at, right in weights(scale).items()}
    odds, right = list(steps), list(steps.values())
    least = 1 / (1 + np.exp(-odds[0]))
    # No first candidate was ever below the first step, but others are: they share what it leaves.
    return np.where(chance < least, right[0] * chance / least, np.interp(log_odds(chance), odds, right))


def log_odds(chance: Floats) -> Floats:
    """Turn chances into odds.

    Args:
        chance: Chances, 0 to 1; shape (n,).

    Returns:
        Natural logarithms of the odds, at most 14 either way; shape (n,).
    """
    sure = np.clip(chance, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(sure / (1 - sure))
    return odds


def at_one_spot(pool: Pool, chance: Floats) -> Floats:
    """Add to the chance of each of the first candidates that of those of its name that lie at the same spot.

    Args:
        pool: The candidates, for each name the likeliest first; shape (n,).
        chance: How likely each is; shape (n,).

    Returns:
        How likely it is that the name means something at that spot; shape (n,).
    """
    total = chance.copy()
    starts = np.flatnonzero(np.r_[True, pool.asked[1:] != pool.asked[:-1]]) if len(pool) else np.zeros(0, int)
    sizes = np.diff(np.r_[starts, len(pool)])
    for rank in range(min(_FIRST, int(sizes.max(initial=0)))):
        several = sizes > max(rank, 1)
        one = np.repeat(starts[several] + rank, sizes[several])
        other = np.flatnonzero(np.repeat(several, sizes))
        near = (one != other) & (_apart_km(pool, one, other) <= _SAME_SPOT_KM)
        np.add.at(total, one[near], chance[other[near]])
    return total


def _apart_km(pool: Pool, one: Ints, other: Ints) -> Floats:
    """Measure short distances on a plane, which is a few parts in a thousand off at 40 km."""
    east = (pool.lon[one] - pool.lon[other] + 180) % 360 - 180
    return KM_PER_DEGREE * np.hypot(east * np.cos(np.radians(pool.lat[one])), pool.lat[one] - pool.lat[other])
