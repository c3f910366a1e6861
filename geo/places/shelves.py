"""More names than memory holds, put in order: onto shelves on disk by their keys, and each shelf sorted by itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.places.index import SortedKeys
from geo.places.rows import NAME_COLUMNS, NAME_ORDER

SHELVES = 64
_PLACE = NAME_COLUMNS.get_field_index("place")


class Shelves:
    """Names on disk, parted by their keys.

    Args:
        folder: Where to put them; it is there, and whoever made it clears it away.
        keys: Keys in their order that are spread as those to come: each shelf takes as many of them.
    """

    def __init__(self, folder: Path, keys: pa.StringArray) -> None:
        self._bounds = [keys[len(keys) * shelf // SHELVES].as_py().encode() for shelf in range(1, SHELVES)]
        self._paths = [folder / f"shelf-{shelf}.arrows" for shelf in range(SHELVES)]
        self._writers = [pa.ipc.new_stream(str(path), NAME_COLUMNS) for path in self._paths]
        self.count = 0

    def __enter__(self) -> Shelves:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers:
            writer.close()

    def add(self, names: pa.Table) -> None:
        """Put names on their shelves.

        Args:
            names: A table with `NAME_COLUMNS`, in any order. A `place` below zero counts back from -1 and stands for
                one of the places whose first number is told to `sorted_parts`.
        """
        names = names.combine_chunks()
        names = names.take(pc.sort_indices(names, [("key", "ascending")])).combine_chunks()
        self.count += len(names)
        keys = SortedKeys(names["key"].chunk(0)) if len(names) else ()
        stops = [0, *(bisect_left(keys, bound) for bound in self._bounds), len(names)]
        for writer, start, stop in zip(self._writers, stops[:-1], stops[1:], strict=True):
            writer.write_table(names.slice(start, stop - start))

    def sorted_parts(self, first: int) -> Iterator[pa.Table]:
        """Give back all the names in the order of their keys, when no more will be added.

        Args:
            first: The number of the first of the places that were told below zero.

        Yields:
            Tables with `NAME_COLUMNS`; names of one key are in one of them.
        """
        self.__exit__(None, None, None)
        for path in self._paths:
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                names = reader.read_all().combine_chunks()
            path.unlink()
            place = names["place"].to_numpy()
            numbers = pa.array(np.where(place < 0, first - 1 - place, place), pa.int32())
            names = names.set_column(_PLACE, NAME_COLUMNS.field(_PLACE), numbers)
            yield names.take(pc.sort_indices(names, NAME_ORDER))
