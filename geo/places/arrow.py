"""Columns of Arrow as NumPy has them and the other way round, without what Arrow would import on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
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
    # Arrow's own `to_numpy` would import pandas, as `pa.array` would.
    if pa.types.is_boolean(column.type):
        bits = np.unpackbits(np.frombuffer(column.buffers()[1], np.uint8), bitorder="little")
        return bits[column.offset : column.offset + len(column)].astype(bool)
    values = np.frombuffer(column.buffers()[1], column.type.to_pandas_dtype())
    return values[column.offset : column.offset + len(column)]


def text_array(texts: Sequence[str | None]) -> pa.StringArray:
    """Give texts as Arrow has them.

    Args:
        texts: The texts, None where one is missing; shape (n,).

    Returns:
        The same; shape (n,).
    """
    if "pandas" in sys.modules:
        return pa.array(texts, pa.string())
    # `pa.array` would first import it, which takes 50 MB and as long as all the rest before a first answer.
    encoded = [(text or "").encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    known = np.packbits(np.array([text is not None for text in texts], bool), bitorder="little")
    return pa.StringArray.from_buffers(len(encoded), *map(pa.py_buffer, (ends, b"".join(encoded), known)))


def positions(rows: npt.NDArray[np.int64]) -> pa.Array:
    """Give positions as Arrow takes them.

    Args:
        rows: The positions, -1 for none; shape (n,).

    Returns:
        The same, missing for none; shape (n,).
    """
    valid = pa.py_buffer(np.packbits(rows >= 0, bitorder="little"))
    return pa.Array.from_buffers(pa.int64(), len(rows), [valid, pa.py_buffer(np.ascontiguousarray(rows, np.int64))])


def picked(columns: Mapping[str, Any], rows: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Give some rows of columns.

    Args:
        columns: Arrays of Arrow or NumPy by name, each of shape (n,).
        rows: Which rows, in the wanted order; shape (m,).

    Returns:
        Those rows, each column of shape (m,); the same arrays where it is all rows as they are.
    """
    if all(len(column) == len(rows) for column in columns.values()) and (rows == np.arange(len(rows))).all():
        return dict(columns)
    taken = positions(rows)
    return {
        name: column.take(taken) if isinstance(column, pa.Array) else column[rows] for name, column in columns.items()
    }


def filled(texts: pa.Array) -> pa.Array:
    """Put empty texts where they are missing.

    Args:
        texts: The texts; shape (n,).

    Returns:
        The texts, none missing; shape (n,).
    """
    if not texts.null_count:
        return texts
    import pyarrow.compute as pc

    return pc.fill_null(texts, "")


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
