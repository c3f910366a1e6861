"""An Arrow file of which only what is asked for is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.errors import ReadError
from geo.places.arrow import numbers_of, positions, text_array

FIRST = "first"
"""Where a batch of a file that is in the order of its first column tells the least value of it."""

# As many are read batch by batch; who asks for more is given the whole column.
_FEW_TEXTS, _FEW_NUMBERS, _FEW_BATCHES = 20, 1000, 4


class Table:
    """An Arrow file, read column by column and, where few rows are asked for, batch by batch.

    Args:
        path: The file.
        columns: The columns it must have.
        advice: What to do where it cannot be read.

    Raises:
        ReadError: The file is damaged or lacks a column.

    Attributes:
        starts: The row that each batch begins with, and how many rows there are; shape (batches + 1,).
        firsts: The least value of the first column in each batch, where the file tells it; shape (batches,).
    """

    def __init__(self, path: Path, columns: Iterable[str], advice: str) -> None:
        self._path, self._advice, self._lock = path, advice, Lock()
        self._wholes: dict[str, pa.Array] = {}
        self._parts: dict[tuple[str, int], pa.Array] = {}
        try:
            self._file = pa.OSFile(str(path))  # a map of it would stay in memory
            schema = pa.ipc.open_file(self._file).schema
            self._numbers = {name: number for number, name in enumerate(schema.names)}
            # How long a batch is stands beside its columns, and of those a column of truths is the least to read.
            least = next((field.name for field in schema if pa.types.is_boolean(field.type)), schema.names[0])
            reader = self._reader([least])
            heads = [reader.get_batch_with_custom_metadata(batch) for batch in range(reader.num_record_batches)]
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        missing = set(columns) - set(schema.names)
        if missing:
            raise self._unreadable(f"it has no column {min(missing)}.")
        self.starts: list[int] = np.cumsum([0, *(head.batch.num_rows for head in heads)]).tolist()
        told = [head.custom_metadata for head in heads]
        self.firsts: list[bytes] = [one[FIRST] for one in told if one and FIRST in one]

    def __len__(self) -> int:
        return self.starts[-1]

    def batch_of(self, row: int) -> int:
        """Tell in which batch a row is.

        Args:
            row: The row.

        Returns:
            The number of the batch.
        """
        return bisect_right(self.starts, row) - 1

    def batches(self, names: Sequence[str]) -> Iterator[list[pa.Array]]:
        """Read columns one batch after the other, so that what decompression takes stays small.

        Args:
            names: The columns.

        Yields:
            Their values in one batch, each of shape (m,).

        Raises:
            ReadError: The file is damaged.
        """
        reader = self._reader(names)
        for batch in range(len(self.starts) - 1):
            yield self._read(reader, names, batch)
        pa.default_memory_pool().release_unused()

    def numbers(self, *names: str) -> list[npt.NDArray[Any]]:
        """Give columns of numbers.

        Args:
            names: The columns.

        Returns:
            Their values, each of shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        wholes: list[npt.NDArray[Any]] = []
        for start, parts in zip(self.starts, self.batches(names), strict=False):
            values = [numbers_of(part) for part in parts]
            wholes = wholes or [np.empty(len(self), one.dtype) for one in values]
            for whole, one in zip(wholes, values, strict=True):
                whole[start : start + len(one)] = one
        return wholes

    def column(self, name: str) -> pa.Array:
        """Give a column, which is kept.

        Args:
            name: Which one.

        Returns:
            Its values; shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        if name not in self._wholes:
            self._wholes[name] = pa.concat_arrays([part for (part,) in self.batches([name])])
            self._parts = {(one, batch): part for (one, batch), part in self._parts.items() if one != name}
            pa.default_memory_pool().release_unused()
        return self._wholes[name]

    def part(self, name: str, batch: int) -> pa.Array:
        """Give one batch of a column, which is kept.

        Args:
            name: Which column.
            batch: Which batch.

        Returns:
            Its values; shape (m,).

        Raises:
            ReadError: The file is damaged.
        """
        with self._lock:
            if (name, batch) not in self._parts:
                self._parts[name, batch] = self._read(self._reader([name]), [name], batch)[0]
            return self._parts[name, batch]

    def texts(self, name: str, rows: npt.NDArray[np.int64]) -> pa.Array:
        """Give some texts of a column.

        Args:
            name: Its name.
            rows: The rows, -1 for none; shape (n,).

        Returns:
            The texts, missing where there is none; shape (n,).
        """
        if len(rows) <= _FEW_TEXTS:
            return text_array([None if row < 0 else self.text(name, row) for row in rows.tolist()])
        return self.column(name).take(positions(rows))

    def text(self, name: str, row: int) -> str | None:
        """Give one text.

        Args:
            name: Its column.
            row: Its row.

        Returns:
            The text, or None where it is missing.
        """
        found: str | None
        if name in self._wholes:
            found = self._wholes[name][row].as_py()
        else:
            batch = self.batch_of(row)
            found = self.part(name, batch)[row - self.starts[batch]].as_py()
        return found

    def _reader(self, names: Sequence[str]) -> pa.RecordBatchFileReader:
        numbers = [self._numbers[name] for name in names]
        options = pa.ipc.IpcReadOptions(included_fields=numbers, use_threads=False)
        return pa.ipc.open_file(self._file, options=options)

    def _read(self, reader: pa.RecordBatchFileReader, names: Sequence[str], batch: int) -> list[pa.Array]:
        try:
            read = reader.get_batch(batch)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        return [read.column(name) for name in names]

    def _unreadable(self, why: object) -> ReadError:
        return ReadError(
            f"The gazetteer in {self._path.parent} cannot be read: {self._path.name}: {why} {self._advice}"
        )


class Numbers:
    """A column of numbers, of which single ones are read by their batch.

    Args:
        table: The table it is in.
        name: Its name.
    """

    def __init__(self, table: Table, name: str) -> None:
        self._table, self._name = table, name

    def __len__(self) -> int:
        return len(self._table)

    @cached_property
    def whole(self) -> npt.NDArray[Any]:
        """All the numbers; shape (n,)."""
        return self._table.numbers(self._name)[0]

    def __getitem__(self, rows: Any) -> Any:
        if "whole" in self.__dict__ or isinstance(rows, slice) or np.size(rows) > _FEW_NUMBERS:
            return self.whole[rows]
        wanted = np.asarray(rows, np.int64) % len(self)
        batch = np.searchsorted(self._table.starts, wanted, side="right") - 1
        batches = set(np.ravel(batch).tolist())
        if not 0 < len(batches) <= _FEW_BATCHES:
            return self.whole[rows]
        parts = {one: numbers_of(self._table.part(self._name, one)) for one in batches}
        found = np.empty(wanted.shape, next(iter(parts.values())).dtype)
        for one, part in parts.items():
            own = batch == one
            found[own] = part[wanted[own] - self._table.starts[one]]
        return found[()]
