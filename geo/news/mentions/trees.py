"""The fitted model: many small decision trees whose answers are summed, as boosting builds them.

A tree is not walked from its root. All its questions are asked of all names at once, and each that is answered with
`more` strikes out the leaves to its left; the first leaf that is left is the one a walk would end at.

Source:
    Lucchese et al., QuickScorer: a fast algorithm to rank documents with additive ensembles of regression trees, 2015.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.config import NEWS
from geo.news.mentions.words import Floats

FILE = NEWS / "mentions" / "trees.csv"
_Leaves = np.uint16  # a bit for each leaf of a tree, the leftmost the lowest
MOST_LEAVES = 16


class Question(NamedTuple):
    """What a tree asks at one of its nodes.

    Args:
        measure: Number of the measure that it asks for.
        limit: A value up to which one goes left.
        left: The leaves to the left, as bits.
    """

    measure: int
    limit: np.float32
    left: np.uint16


class Tree(NamedTuple):
    """One tree.

    Args:
        questions: What its nodes ask, in any order.
        values: What its leaves add to the log-odds, from left to right; shape (leaves,).
    """

    questions: tuple[Question, ...]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """Decision trees.

    Args:
        names: The measures that the trees ask for; shape (m,).
        trees: The trees.
        base: The log-odds before any tree.
    """

    names: tuple[str, ...]
    trees: tuple[Tree, ...]
    base: float

    def chance(self, measures: Mapping[str, Floats], count: int) -> Floats:
        """Ask the trees.

        Args:
            measures: The measures by name, each of shape (n,).
            count: How many things were measured.

        Returns:
            How likely each is what the trees were fitted to tell, 0 to 1; shape (n,).
        """
        table = [np.asarray(measures[name], np.float32) for name in self.names] if count else []
        odds = np.full(count, self.base)
        for tree in self.trees if count else ():
            struck = np.zeros(count, _Leaves)
            for measure, limit, left in tree.questions:
                struck |= (table[measure] > limit) * left
            first_left = np.bitwise_count(struck & ~(struck + _Leaves(1)))  # so many are struck before it
            odds += tree.values[first_left]
        sure: Floats = 1.0 / (1.0 + np.exp(-odds))
        return sure


@cache
def read_trees(path: Path = FILE) -> Trees:
    """Read the bundled trees.

    Args:
        path: A CSV of nodes: tree, measure, limit, left, right, value; a node stands before those to its left, and they
            before those to its right; the root of tree -1 holds the base.

    Returns:
        The trees, read once.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        base, *rows = csv.DictReader(lines)
    names = sorted({row["measure"] for row in rows if row["measure"]})
    number = {name: n for n, name in enumerate(names)}
    trees = tuple(_tree(list(nodes), number) for _, nodes in groupby(rows, key=lambda row: row["tree"]))
    return Trees(tuple(names), trees, float(base["value"]))


def _tree(nodes: Sequence[Mapping[str, str]], number: Mapping[str, int]) -> Tree:
    leaves_before = np.cumsum([0, *(not node["measure"] for node in nodes)]).tolist()
    assert leaves_before[-1] <= MOST_LEAVES
    questions = []
    for node in nodes:
        if node["measure"]:
            first, after = (leaves_before[int(node[side])] for side in ("left", "right"))
            left = _Leaves((1 << after) - (1 << first))
            questions.append(Question(number[node["measure"]], np.float32(node["limit"]), left))
    return Tree(tuple(questions), np.array([float(node["value"]) for node in nodes if not node["measure"]]))
