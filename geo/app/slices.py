"""Which rows pass the filters and are in the window, and a page of them; big tables are looked at, never copied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import streamlit as st

from geo.atlas import LAYERS, Atlas
from geo.choosing import Masks
from geo.types import Layer

_KNOWN = "slices"
Some = frozenset[str] | None
Filter = tuple[Some, Some, Some, float, str]
"""Kinds, modes, statuses (None for all), least confidence 0 to 1, and words."""


@dataclass(frozen=True)
class Slice:
    """Some rows of a dossier.

    Args:
        whole: The dossier.
        masks: For each layer True for its rows.
    """

    whole: Atlas
    masks: Masks

    def among(self, masks: Masks) -> Slice:
        """Keep the rows that are among others too.

        Args:
            masks: For each layer True for those; shape (n,).

        Returns:
            What both hold.
        """
        return Slice(self.whole, {name: self.masks[name] & masks[name] for name in LAYERS})

    @cached_property
    def counts(self) -> dict[Layer, int]:
        """How many rows of each layer."""
        return {name: int(np.count_nonzero(self.masks[name])) for name in LAYERS}

    @property
    def size(self) -> int:
        """How many rows."""
        return sum(self.counts.values())

    @cached_property
    def atlas(self) -> Atlas:
        """The rows as a dossier; the dossier itself where all are in it."""
        return self.whole.keep(self.masks)

    @cached_property
    def token(self) -> str:
        """What tells these rows from others of the same dossier."""
        return "-".join(str(hash(np.packbits(self.masks[name]).tobytes())) for name in LAYERS)

    @cached_property
    def _by_date(self) -> npt.NDArray[np.int64]:
        kept = np.concatenate([self.masks[name] for name in LAYERS])
        dated: npt.NDArray[np.int64] = self.whole.index.by_date
        rows: npt.NDArray[np.int64] = dated[kept[dated]]
        return rows

    def page(self, first: int, count: int) -> list[tuple[Layer, int]]:
        """List rows in the order of their dates, those without a date last.

        Args:
            first: How many to pass over.
            count: How many at most.

        Returns:
            Layer and position in its table.
        """
        events = len(self.whole.events)
        rows = self._by_date[first : first + count].tolist()
        return [("events", row) if row < events else ("routes", row - events) for row in rows]


def part(current: Slice, first: int, count: int) -> Slice:
    """Keep a page of rows.

    Args:
        current: The rows.
        first: How many to pass over, in the order of their dates.
        count: How many at most.

    Returns:
        Those rows.
    """
    masks: Masks = {name: np.zeros(len(current.masks[name]), dtype=bool) for name in LAYERS}
    for layer, row in current.page(first, count):
        masks[layer][row] = True
    return Slice(current.whole, masks)


def fitting(atlas: Atlas, wanted: Filter, *, known_as: str) -> Slice:
    """Take the rows that fit a filter; the same filter is not asked twice.

    Args:
        atlas: A dossier.
        wanted: The filter.
        known_as: Where what was asked last is kept in the session state.

    Returns:
        Those rows.
    """
    known: dict[str, tuple[Filter, Slice]] = st.session_state.setdefault(_KNOWN, {})
    last = known.get(known_as)
    if last is None or last[1].whole is not atlas or last[0] != wanted:
        kinds, modes, statuses, least, words = wanted
        masks = atlas.index.fitting(kinds=kinds, modes=modes, statuses=statuses, confidence=least, words=words)
        last = known[known_as] = (wanted, Slice(atlas, masks))
    return last[1]
