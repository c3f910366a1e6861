"""Which of several places of one name is meant, and how sure that is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

import numpy as np

from geo.config import PLACES
from geo.places.features import of_itself
from geo.places.gazetteer import Gazetteer
from geo.places.pool import Floats, Ints, Pool


def plain_score(pool: Pool, gazetteer: Gazetteer) -> Floats:
    """Score candidates by what they are, with nothing known of what surrounds them.

    Args:
        pool: The candidates; shape (n,).
        gazetteer: Where they come from.

    Returns:
        Scores whose differences are logarithms of how much likelier one is than another; shape (n,).
    """
    return weighed(of_itself(pool, gazetteer), weights("alone"), len(pool))


def weighed(measures: Mapping[str, Floats], by: Mapping[str, float], count: int) -> Floats:
    """Sum the measures by their weights.

    Args:
        measures: Each of shape (n,).
        by: The weight of each measure; those without one count nothing.
        count: How many candidates there are.

    Returns:
        The sums; shape (n,).
    """
    total = np.zeros(count)
    for name, measure in measures.items():
        if weight := by.get(name, 0.0):
            total += weight * measure
    return total


def weights(model: str) -> Mapping[str, float]:
    """Read the weights of one model.

    Args:
        model: Its name in `data/places/weights.csv`.

    Returns:
        The weight of each measure.
    """
    return _models()[model]


@cache
def _models() -> Mapping[str, Mapping[str, float]]:
    models: dict[str, dict[str, float]] = {}
    with (PLACES / "weights.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            models.setdefault(row["model"], {})[row["measure"]] = float(row["weight"])
    return models


def soft(asked: Ints, score: Floats) -> Floats:
    """Turn scores into chances that sum to one for each name.

    Args:
        asked: Number of the name each score is for; shape (n,), never falling.
        score: The scores; shape (n,).

    Returns:
        The chances; shape (n,).
    """
    if not len(score):
        return score
    starts = np.flatnonzero(np.r_[True, asked[1:] != asked[:-1]])
    sizes = np.diff(np.r_[starts, len(asked)])
    odds = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), sizes))
    chances: Floats = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
    return chances


def best_first(pool: Pool, gazetteer: Gazetteer) -> Pool:
    """Put the likeliest first.

    Args:
        pool: Candidates for one name.
        gazetteer: Where they come from.

    Returns:
        The candidates in falling order of their plain score, always the same.
    """
    return pool.take(np.lexsort((pool.row, -plain_score(pool, gazetteer))))
