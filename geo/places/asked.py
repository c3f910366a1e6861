"""Names asked for together: a sequence of queries that is kept column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from geo.types import LonLat, Mode, PlaceQuery

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked(Sequence[PlaceQuery]):
    """Names, with what is known of each. A column that says nothing is left out.

    Args:
        names: Places as written; shape (n,).
        countries: ISO 3166-1 alpha-2 codes they must lie in, empty for any; shape (n,).
        near: Longitudes and latitudes in degrees of what they are likely to be close to, NaN for none; shape (n, 2).
        modes: How goods arrive or leave there, empty for not said; shape (n,).
        spans: Where the names stand in the table of names, if they were looked up already; shape (n, 2).
    """

    names: Sequence[str]
    countries: Sequence[str] | None = None
    near: Points | None = None
    modes: Sequence[Mode | Literal[""]] | None = None
    spans: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, queries: Sequence[PlaceQuery]) -> Asked:
        """Put queries into columns.

        Args:
            queries: The queries; shape (n,).

        Returns:
            The same; what is in columns already is not copied.
        """
        if isinstance(queries, Asked):
            return queries
        names, countries, nears, modes = zip(*queries, strict=True) if queries else ((), (), (), ())
        return cls(names, countries if any(countries) else None, points(nears), modes if any(modes) else None)

    def take(self, numbers: npt.NDArray[np.int64]) -> Asked:
        """Keep some of the names.

        Args:
            numbers: Which, in the wanted order; shape (m,).

        Returns:
            Those.
        """
        if len(numbers) == len(self) and (numbers == np.arange(len(self))).all():
            return self
        one_by_one = numbers.tolist()
        return Asked(
            [self.names[number] for number in one_by_one],
            self.countries and [self.countries[number] for number in one_by_one],
            None if self.near is None else self.near[numbers],
            self.modes and [self.modes[number] for number in one_by_one],
            None if self.spans is None else self.spans[numbers],
        )

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[PlaceQuery]:
        return map(self._query, range(len(self)))

    @overload
    def __getitem__(self, number: int) -> PlaceQuery: ...
    @overload
    def __getitem__(self, number: slice) -> Asked: ...
    def __getitem__(self, number: int | slice) -> PlaceQuery | Asked:
        if isinstance(number, int):
            return self._query(number)
        columns = {"countries": self.countries, "near": self.near, "modes": self.modes, "spans": self.spans}
        cut = {name: None if column is None else column[number] for name, column in columns.items()}
        return replace(self, names=self.names[number], **cut)  # type: ignore[arg-type]

    def _query(self, number: int) -> PlaceQuery:
        near = None if self.near is None or np.isnan(self.near[number, 0]) else self.near[number].tolist()
        return PlaceQuery(
            self.names[number],
            self.countries[number] if self.countries else "",
            (near[0], near[1]) if near else None,
            self.modes[number] if self.modes else "",
        )


def points(nears: Sequence[LonLat | None]) -> Points | None:
    """Put points into a column.

    Args:
        nears: (longitude, latitude) in degrees each, or None; shape (n,).

    Returns:
        The points, NaN for None; shape (n, 2). None where there is none at all.
    """
    if all(near is None for near in nears):
        return None
    return np.array([(np.nan, np.nan) if near is None else near for near in nears], float)
