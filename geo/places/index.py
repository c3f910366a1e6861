"""Where each key stands in the table of names: one by bisection, thousands at a time by their hashes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_WORTH_HASHING = 2000
_BYTES_AT_ONCE = 1 << 20
_BASE = 0x9E3779B97F4A7C15  # odd, with bits all over: 2 ** 64 divided by the golden ratio
_LONGEST = 1 << 12

Spans = npt.NDArray[np.int64]


class KeyIndex:
    """Sorted keys, of which several may be equal.

    Args:
        keys: The keys in the order of their bytes; shape (n,).
    """

    def __init__(self, keys: pa.StringArray) -> None:
        self.keys = keys
        _, offsets, data = keys.buffers()
        self.offsets = np.frombuffer(offsets, np.int32)[keys.offset : keys.offset + len(keys) + 1]
        self.data = np.frombuffer(data if data is not None else b"", np.uint8)

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, number: int) -> bytes:
        return self.data[self.offsets[number] : self.offsets[number + 1]].tobytes()

    def span(self, key: str) -> tuple[int, int]:
        """Find one key.

        Args:
            key: The key.

        Returns:
            Where its first is and where those after its last begin; equal where there is none.
        """
        wanted = key.encode()
        start = stop = bisect_left(self, wanted) if wanted else 0
        while wanted and stop < len(self) and self[stop] == wanted:
            stop += 1
        return start, stop

    def spans(self, keys: Sequence[str]) -> Spans:
        """Find many keys.

        Args:
            keys: The keys; shape (n,).

        Returns:
            What `span` gives for each; shape (n, 2).
        """
        if len(keys) < _WORTH_HASHING:
            return np.array([self.span(key) for key in keys], np.int64).reshape(-1, 2)
        asked = pa.array(keys, pa.string())
        _, offsets, data = asked.buffers()
        hashes, starts = self._table
        wanted = _hash(np.frombuffer(offsets, np.int32)[: len(keys) + 1], np.frombuffer(data or b"", np.uint8))
        at = np.minimum(np.searchsorted(hashes, wanted), len(hashes) - 1)
        found = starts[at]
        same = pc.equal(self.keys.take(pa.array(found[:, 0])), asked).to_numpy(zero_copy_only=False)
        found[~same] = 0
        # Two keys with one hash: the table knows only where the first of them stands.
        for number in np.flatnonzero(~same & (hashes[at] == wanted)).tolist():
            found[number] = self.span(keys[number])
        return found

    @cached_property
    def _table(self) -> tuple[npt.NDArray[np.uint64], Spans]:
        """The hash of each distinct key, rising, with where its names start and stop."""
        hashes = _hash(self.offsets, self.data)
        first = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
        order = np.argsort(hashes[first], kind="stable")
        starts = np.column_stack([first, np.r_[first[1:], len(hashes)]])
        return hashes[first][order], starts[order]


def _hash(offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Sum the bytes of each key, each times the base to the power of its place, modulo 2 ** 64."""
    powers = np.multiply.accumulate(np.full(_LONGEST, _BASE, np.uint64))
    hashes = np.zeros(len(offsets) - 1, np.uint64)
    lengths = np.diff(offsets)
    for first in range(0, len(hashes), _BYTES_AT_ONCE // 16):
        last = min(first + _BYTES_AT_ONCE // 16, len(hashes))
        size = lengths[first:last]
        place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        value = (data[offsets[first] : offsets[last]] + np.uint64(1)) * powers[place % _LONGEST]
        full = np.flatnonzero(size)
        hashes[first + full] = np.add.reduceat(value, (np.cumsum(size) - size)[full]) if len(full) else 0
    return hashes
