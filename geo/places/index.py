"""Where each key stands in the table of names: one by bisection, thousands at a time by their hashes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.places.arrow import numbers_of, positions, text_array
from geo.places.names import keys
from geo.places.not_places import no_places, says_no_place
from geo.places.table import Table

_FEW = 20  # more keys than these are looked up in the whole column, not batch by batch
_WORTH_HASHING = 2000
_KEYS_AT_ONCE = 1 << 13
_BASE = 0x9E3779B97F4A7C15  # odd, with bits all over: 2 ** 64 divided by the golden ratio
_LONGEST = 1 << 12
_NUMBER = np.uint64(0xFFFFFFFF)  # the half of a hash that gives way to the number of its key, so that both are one

Spans = npt.NDArray[np.int64]


class SortedKeys:
    """Keys in the order of their bytes, of which several may be equal.

    Args:
        texts: The keys; shape (n,).
    """

    def __init__(self, texts: pa.StringArray) -> None:
        self.texts = texts
        self.offsets, self.data = _bytes_of(texts)
        self._bounds, self._bytes = self.offsets.data, self.data.data

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> bytes:
        return self._bytes[self._bounds[number] : self._bounds[number + 1]].tobytes()

    def span(self, wanted: bytes, first: int = 0, last: int | None = None) -> tuple[int, int]:
        """Find one key.

        Args:
            wanted: The key.
            first: Where to begin to look.
            last: Where to end; at the end of all when left out.

        Returns:
            Where its first is and where those after its last begin; equal where there is none.
        """
        start = stop = bisect_left(self, wanted, first, last)
        while stop < len(self) and self[stop] == wanted:
            stop += 1
        return start, stop


class KeyIndex:
    """The keys of a table that stands in their order.

    Args:
        table: The table; equal keys are in one batch, and a large file tells the first key of each.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def whole(self) -> SortedKeys:
        """All the keys; shape (n,)."""
        return SortedKeys(self._table.column("key"))

    def __len__(self) -> int:
        return len(self._table)

    def texts(self, rows: npt.NDArray[np.int64]) -> pa.Array:
        """Give some of the keys.

        Args:
            rows: Their rows; shape (n,).

        Returns:
            The keys; shape (n,).
        """
        if len(rows) > _FEW:
            _ = self.whole
        return self._table.texts("key", rows)

    def span(self, key: str) -> tuple[int, int]:
        """Find one key.

        Args:
            key: The key.

        Returns:
            Where its first is and where those after its last begin; equal where there is none.
        """
        wanted = key.encode()
        if not wanted:
            return 0, 0
        if not self._table.firsts:
            return self.whole.span(wanted)
        batch = max(bisect_right(self._table.firsts, wanted) - 1, 0)
        start, stop = self._table.starts[batch], self._table.starts[batch + 1]
        if "whole" in self.__dict__:
            return self.whole.span(wanted, start, stop)
        first, last = SortedKeys(self._table.part("key", batch)).span(wanted)
        return start + first, start + last

    def spans_of(self, names: Sequence[str]) -> Spans:
        """Find many names; a word that names no place is not found.

        Args:
            names: The names as written; shape (n,).

        Returns:
            What `span` gives for the key of each; shape (n, 2).
        """
        if len(names) < _WORTH_HASHING:
            return self.spans(["" if says_no_place(found) else found for found in keys(names)])
        import pyarrow.compute as pc

        from geo.places.name_columns import key_column

        wanted = key_column(text_array(names))
        found = self._hashed_spans(wanted)
        found[numbers_of(pc.is_in(wanted, text_array(sorted(no_places()))))] = 0
        return found

    def spans(self, keys: Sequence[str]) -> Spans:
        """Find many keys.

        Args:
            keys: The keys; shape (n,).

        Returns:
            What `span` gives for each; shape (n, 2).
        """
        if len(keys) < (_FEW if "_hashes" in self.__dict__ else _WORTH_HASHING):
            if len(keys) > _FEW:
                _ = self.whole
            return np.array([self.span(key) for key in keys], np.int64).reshape(-1, 2)
        return self._hashed_spans(text_array(keys))

    def _hashed_spans(self, asked: pa.Array) -> Spans:
        import pyarrow.compute as pc

        hashes, starts = self._hashes
        wanted = _hash(*_bytes_of(asked)) & ~_NUMBER
        # In rising order the bisections follow one another through the table instead of jumping about in it.
        rising = np.argsort(wanted)
        at = np.empty(len(wanted), np.int64)
        at[rising] = np.minimum(np.searchsorted(hashes, wanted[rising]), len(hashes) - 1)
        first = (hashes[at] & _NUMBER).astype(np.int64)
        found = np.column_stack([starts[first], starts[first + 1]]).astype(np.int64)
        same = numbers_of(pc.equal(self.whole.texts.take(positions(found[:, 0])), asked))
        found[~same] = 0
        # Two keys with one hash: the table knows only where the first of them stands.
        for number in np.flatnonzero(~same & (hashes[at] & ~_NUMBER == wanted)).tolist():
            found[number] = self.span(asked[number].as_py())
        return found

    @cached_property
    def _hashes(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
        """The hashes of the distinct keys, rising, with their numbers in them, and where each key has its names."""
        hashes = _hash(self.whole.offsets, self.whole.data)
        starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1], True]).astype(np.int32)
        hashes = hashes[starts[:-1]] & ~_NUMBER | np.arange(len(starts) - 1, dtype=np.uint64)
        hashes.sort()
        return hashes, starts


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Give where each text begins and ends, and the bytes of all of them."""
    _, offsets, data = texts.buffers()
    own = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return own, np.frombuffer(data if data is not None else b"", np.uint8)


def _hash(offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Sum the bytes of each key, each times the base to the power of its place, modulo 2 ** 64."""
    powers = np.multiply.accumulate(np.full(_LONGEST, _BASE, np.uint64))
    hashes = np.zeros(len(offsets) - 1, np.uint64)
    lengths = np.diff(offsets)
    for first in range(0, len(hashes), _KEYS_AT_ONCE):
        last = min(first + _KEYS_AT_ONCE, len(hashes))
        size = lengths[first:last]
        place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        value = (data[offsets[first] : offsets[last]] + np.uint64(1)) * powers[place % _LONGEST]
        full = np.flatnonzero(size)
        hashes[first + full] = np.add.reduceat(value, (np.cumsum(size) - size)[full]) if len(full) else 0
    return hashes
