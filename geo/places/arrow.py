"""Columns of Arrow as NumPy has them and the other way round, without what Arrow would import on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class Labels:
    """A column of few different words.

    Args:
        parts: The column one batch after the other, encoded by one dictionary of fewer than 32,768 words; shape (n,).
    """

    def __init__(self, parts: Sequence[pa.DictionaryArray]) -> None:
        self.words: list[str] = parts[-1].dictionary.to_pylist()
        self.codes: npt.NDArray[np.int16] = np.concatenate([numbers_of(one.indices) for one in parts], dtype=np.int16)
        self._masks: dict[frozenset[str], npt.NDArray[np.bool_]] = {}

    def __getitem__(self, row: int) -> str:
        return self.words[int(self.codes[row])]

    def texts(self, rows: npt.NDArray[np.int64]) -> pa.Array:
        """Give the words of some rows.

        Args:
            rows: The rows, -1 for none; shape (n,).

        Returns:
            The words, missing where the row is; shape (n,).
        """
        code = np.where(rows < 0, -1, self.codes[rows])
        return pa.array([*self.words, None], pa.string()).take(positions(code % (len(self.words) + 1)))

    def are(self, rows: npt.NDArray[np.int64] | slice, words: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Tell for some rows whether their word is one of these.

        Args:
            rows: The rows; shape (n,).
            words: The words.

        Returns:
            The answers; shape (n,).
        """
        wanted = frozenset(words)
        mask = self._masks.get(wanted)
        if mask is None:
            mask = self._masks[wanted] = np.array([word in wanted for word in self.words])
        return mask[self.codes[rows]]


def numbers_of(column: pa.Array) -> npt.NDArray[Any]:
    """Give a column of numbers or truths as NumPy has them.

    Args:
        column: The column, without missing values; shape (n,).

    Returns:
        Its values; shape (n,).
    """
    # Arrow's own `to_numpy` imports pandas, which takes as long as all the rest before a first answer.
    if pa.types.is_boolean(column.type):
        bits = np.unpackbits(np.frombuffer(column.buffers()[1], np.uint8), bitorder="little")
        return bits[column.offset : column.offset + len(column)].astype(bool)
    values = np.frombuffer(column.buffers()[1], column.type.to_pandas_dtype())
    return values[column.offset : column.offset + len(column)]


def positions(rows: npt.NDArray[np.int64]) -> pa.Array:
    """Give positions as Arrow takes them.

    Args:
        rows: The positions, -1 for none; shape (n,).

    Returns:
        The same, missing for none; shape (n,).
    """
    # `pa.array` of anything but a list would first import pandas.
    valid = pa.py_buffer(np.packbits(rows >= 0, bitorder="little"))
    return pa.Array.from_buffers(pa.int64(), len(rows), [valid, pa.py_buffer(np.ascontiguousarray(rows, np.int64))])


def prefixed(prefix: str, texts: pa.Array) -> pa.Array:
    """Put the same words in front of texts.

    Args:
        prefix: The words.
        texts: The texts, some of which may be missing; shape (n,).

    Returns:
        The longer texts, missing where they were; shape (n,).
    """
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pa.scalar(prefix), texts, "")
