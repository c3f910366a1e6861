"""A Parquet file of which only what is asked for is read."""

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
import pyarrow.parquet as pq

from geo.errors import ReadError
from geo.places.arrow import numbers_of, positions

# As many are read row group by row group; who asks for more is given the whole column.
_FEW_TEXTS, _FEW_NUMBERS, _FEW_GROUPS = 20, 1000, 4


class Table:
    """A Parquet file, read column by column and, where few rows are asked for, row group by row group.

    Args:
        path: The file.
        columns: The columns it must have.
        advice: What to do where it cannot be read.

    Raises:
        ReadError: The file is damaged or lacks a column.
    """

    def __init__(self, path: Path, columns: Iterable[str], advice: str) -> None:
        self._path, self._advice, self._lock = path, advice, Lock()
        self._wholes: dict[str, pa.ChunkedArray] = {}
        self._parts: dict[tuple[str, int], pa.Array] = {}
        try:
            self._file = pq.ParquetFile(pa.memory_map(str(path)))
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        missing = set(columns) - set(self._file.schema_arrow.names)
        if missing:
            raise self._unreadable(f"it has no column {min(missing)}.")
        sizes = [self._file.metadata.row_group(group).num_rows for group in range(self._file.num_row_groups)]
        self.starts: list[int] = np.cumsum([0, *sizes]).tolist()

    def __len__(self) -> int:
        return self.starts[-1]

    def group_of(self, row: int) -> int:
        """Tell in which row group a row is.

        Args:
            row: The row.

        Returns:
            The number of the group.
        """
        return bisect_right(self.starts, row) - 1

    def firsts(self, name: str) -> list[Any] | None:
        """Give the least value of a column in each row group, as the file itself tells it.

        Args:
            name: The column.

        Returns:
            The values, or None where the file does not tell; shape (groups,).
        """
        number = self._file.schema_arrow.names.index(name)
        groups = (self._file.metadata.row_group(group) for group in range(self._file.num_row_groups))
        told = [group.column(number).statistics for group in groups]
        return [one.min for one in told] if all(one is not None and one.has_min_max for one in told) else None

    def groups(self, names: Sequence[str]) -> Iterator[list[pa.Array]]:
        """Read columns one row group after the other, so that what decompression takes stays small.

        Args:
            names: The columns.

        Yields:
            Their values in one row group, each of shape (m,).

        Raises:
            ReadError: The file is damaged.
        """
        for group in range(self._file.num_row_groups):
            with self._lock:
                yield self._read(names, group)

    def numbers(self, *names: str) -> list[npt.NDArray[Any]]:
        """Give columns of numbers.

        Args:
            names: The columns.

        Returns:
            Their values, each of shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        kinds = [self._file.schema_arrow.field(name).type.to_pandas_dtype() for name in names]
        wholes = [np.empty(len(self), kind) for kind in kinds]
        for start, parts in zip(self.starts, self.groups(names), strict=False):
            for whole, part in zip(wholes, parts, strict=True):
                whole[start : start + len(part)] = numbers_of(part)
        return wholes

    def column(self, name: str, *, merged: bool = False) -> pa.ChunkedArray:
        """Give a column, which is kept.

        Args:
            name: Which one.
            merged: Whether it must be in one chunk.

        Returns:
            Its values; shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        if name not in self._wholes:
            parts = [part for (part,) in self.groups([name])]
            self._wholes[name] = pa.chunked_array([pa.concat_arrays(parts)] if merged else parts)
            parts.clear()
            pa.default_memory_pool().release_unused()
            self._parts = {(one, group): part for (one, group), part in self._parts.items() if one != name}
        return self._wholes[name]

    def part(self, name: str, group: int) -> pa.Array:
        """Give one row group of a column, which is kept.

        Args:
            name: Which column.
            group: Which row group.

        Returns:
            Its values; shape (m,).

        Raises:
            ReadError: The file is damaged.
        """
        with self._lock:
            if (name, group) not in self._parts:
                self._parts[name, group] = self._read([name], group)[0]
            return self._parts[name, group]

    def texts(self, name: str, rows: npt.NDArray[np.int64]) -> pa.Array:
        """Give some texts of a column.

        Args:
            name: Its name.
            rows: The rows, -1 for none; shape (n,).

        Returns:
            The texts, missing where there is none; shape (n,).
        """
        if len(rows) <= _FEW_TEXTS:
            return pa.array([None if row < 0 else self.text(name, row) for row in rows.tolist()], pa.string())
        return self.column(name).take(positions(rows)).combine_chunks()

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
            group = self.group_of(row)
            found = self.part(name, group)[row - self.starts[group]].as_py()
        return found

    def _read(self, names: Sequence[str], group: int) -> list[pa.Array]:
        try:
            read = self._file.read_row_group(group, list(names), use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        return [read.column(name).combine_chunks() for name in names]

    def _unreadable(self, why: object) -> ReadError:
        return ReadError(
            f"The gazetteer in {self._path.parent} cannot be read: {self._path.name}: {why} {self._advice}"
        )


class Numbers:
    """A column of numbers, of which single ones are read by their row group.

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
        group = np.searchsorted(self._table.starts, wanted, side="right") - 1
        groups = set(np.ravel(group).tolist())
        if not 0 < len(groups) <= _FEW_GROUPS:
            return self.whole[rows]
        parts = {one: numbers_of(self._table.part(self._name, one)) for one in groups}
        found = np.empty(wanted.shape, next(iter(parts.values())).dtype)
        for one, part in parts.items():
            own = group == one
            found[own] = part[wanted[own] - self._table.starts[one]]
        return found[()]
