"""The fitted model: many small decision trees whose answers are summed, as boosting builds them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.config import NEWS
from geo.news.mentions.words import Floats

FILE = NEWS / "mentions" / "trees.csv"


@dataclass(frozen=True)
class Trees:
    """Decision trees, node by node, those of one tree after one another and its root first.

    Args:
        names: The measures that the trees ask for; shape (m,).
        measure: Number of the measure that each node asks for; shape (nodes,).
        limit: A value up to which one goes left; shape (nodes,).
        left: The node to go on at there; a leaf leads to itself; shape (nodes,).
        right: The node to go on at else; shape (nodes,).
        value: What each leaf adds to the log-odds, 0 elsewhere; shape (nodes,).
        roots: The first node of each tree; shape (trees,).
        depth: Steps from a root to the farthest leaf.
        base: The log-odds before any tree.
    """

    names: tuple[str, ...]
    measure: npt.NDArray[np.int32]
    limit: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: Floats
    roots: npt.NDArray[np.int32]
    depth: int
    base: float

    def chance(self, measures: Mapping[str, Floats], count: int) -> Floats:
        """Ask the trees.

        Args:
            measures: The measures by name, each of shape (n,).
            count: How many things were measured.

        Returns:
            How likely each is what the trees were fitted to tell, 0 to 1; shape (n,).
        """
        table = np.stack([measures[name] for name in self.names], dtype=np.float32).ravel() if count else np.zeros(0)
        odds = np.full(count, self.base)
        own = np.arange(count, dtype=np.int32)
        offset = self.measure * np.int32(count)
        for root in self.roots:
            node = np.full(count, root)
            for _ in range(self.depth):
                node = np.where(table[offset[node] + own] <= self.limit[node], self.left[node], self.right[node])
            odds += self.value[node]
        sure: Floats = 1.0 / (1.0 + np.exp(-odds))
        return sure


@cache
def read_trees(path: Path = FILE) -> Trees:
    """Read the bundled trees.

    Args:
        path: A CSV of nodes: tree, measure, limit, left, right, value; the root of tree -1 holds the base.

    Returns:
        The trees, read once.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    base, rows = float(rows[0]["value"]), rows[1:]
    names = sorted({row["measure"] for row in rows if row["measure"]})
    number = {name: n for n, name in enumerate(names)}
    tree = np.array([int(row["tree"]) for row in rows])
    roots = np.flatnonzero(np.r_[True, tree[1:] != tree[:-1]]).astype(np.int32)
    start = roots[np.cumsum(np.r_[False, tree[1:] != tree[:-1]])]
    here = np.arange(len(rows)) - start
    left, right = (np.array([int(row[side] or 0) for row in rows]) for side in ("left", "right"))
    leaf = np.array([not row["measure"] for row in rows])
    return Trees(
        names=tuple(names),
        measure=np.array([number.get(row["measure"], 0) for row in rows], np.int32),
        limit=np.array([float(row["limit"] or 0) for row in rows], np.float32),
        left=(start + np.where(leaf, here, left)).astype(np.int32),
        right=(start + np.where(leaf, here, right)).astype(np.int32),
        value=np.array([float(row["value"] or 0) for row in rows]),
        roots=roots,
        depth=_depth(left, right, leaf, roots),
        base=base,
    )


def _depth(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], leaf: npt.NDArray[np.bool_], roots: npt.NDArray[np.int32]
) -> int:
    deepest, at = 0, [(int(root), int(root), 0) for root in roots]
    while at:
        root, node, steps = at.pop()
        deepest = max(deepest, steps)
        if not leaf[node]:
            at += [(root, root + int(side[node]), steps + 1) for side in (left, right)]
    return deepest
