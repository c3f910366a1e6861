"""A Parquet file of which only what is asked for is read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import ReadError
from geo.places.arrow import numbers_of

_FEW_ROWS, _FEW_GROUPS = 1000, 4  # as many are read group by group; who asks for more is given the whole column


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
        self._read: dict[tuple[str, int | None], pa.Array] = {}
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

    def columns(self, names: Iterable[str]) -> list[pa.Array]:
        """Give several columns at once, which are not kept here.

        Args:
            names: Which ones.

        Returns:
            Their values, each of shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        with self._lock:
            return self._values(tuple(names), None)

    def column(self, name: str, group: int | None = None) -> pa.Array:
        """Give a column.

        Args:
            name: Which one.
            group: The row group, or None for all of them.

        Returns:
            Its values; shape (n,).

        Raises:
            ReadError: The file is damaged.
        """
        with self._lock:
            wanted = (name, group)
            if wanted not in self._read:
                self._read[wanted] = self._values((name,), group)[0]
                if group is None:
                    self._read = {
                        (one, part): v for (one, part), v in self._read.items() if one != name or part is None
                    }
            return self._read[wanted]

    def _values(self, names: Sequence[str], group: int | None) -> list[pa.Array]:
        groups = range(self._file.num_row_groups) if group is None else [group]
        try:
            read = self._file.read_row_groups(groups, list(names), use_threads=len(names) > 1)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        values = [read.column(name).unify_dictionaries().combine_chunks() for name in names]
        pa.default_memory_pool().release_unused()
        return values

    def text(self, name: str, row: int) -> str | None:
        """Give one text.

        Args:
            name: Its column.
            row: Its row.

        Returns:
            The text, or None where it is missing.
        """
        if (name, None) in self._read:
            whole: str | None = self._read[name, None][row].as_py()
            return whole
        group = self.group_of(row)
        found: str | None = self.column(name, group)[row - self.starts[group]].as_py()
        return found

    def _unreadable(self, why: object) -> ReadError:
        return ReadError(f"{self._path} cannot be read: {why} {self._advice}")


class Numbers:
    """A column of numbers.

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
        return numbers_of(self._table.column(self._name))

    def __getitem__(self, rows: Any) -> Any:
        if "whole" in self.__dict__ or isinstance(rows, slice) or np.size(rows) > _FEW_ROWS:
            return self.whole[rows]
        wanted = np.asarray(rows, np.int64) % len(self)
        group = np.searchsorted(self._table.starts, wanted, side="right") - 1
        groups = set(np.ravel(group).tolist())
        if not 0 < len(groups) <= _FEW_GROUPS:
            return self.whole[rows]
        parts = {one: numbers_of(self._table.column(self._name, one)) for one in groups}
        found = np.empty(wanted.shape, next(iter(parts.values())).dtype)
        for one, part in parts.items():
            own = group == one
            found[own] = part[wanted[own] - self._table.starts[one]]
        return found[()]
