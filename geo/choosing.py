"""Which rows are in a window, fit a filter, or are where: masks over whole tables, nothing copied."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import geodesy, schema, timeline
from geo.types import Layer

Masks: TypeAlias = dict[Layer, npt.NDArray[np.bool_]]
"""For each layer True for the rows that are meant, in the order of the table."""

SEARCHED = ("title", "place", "origin", "destination", "cargo", "carrier", "quote", "note")


@dataclass(frozen=True)
class Index:
    """What is asked of events and routes again and again; found when first asked.

    Args:
        events: Events, EPSG:4326.
        routes: Routes, EPSG:4326.
    """

    events: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame

    @property
    def _tables(self) -> dict[Layer, gpd.GeoDataFrame]:
        return {"events": self.events, "routes": self.routes}

    def in_window(self, t0: pd.Timestamp, t1: pd.Timestamp) -> Masks:
        """Tell what is in a window of time, by `geo.timeline.in_window`.

        Args:
            t0: First moment of the window, UTC.
            t1: First moment after the window, UTC.

        Returns:
            True for the rows whose time meets `[t0, t1)`.

        Raises:
            DateError: The window is empty, or a moment has no time zone.
        """
        timeline.check_window(t0, t1)
        times = {name: [table[column] for column in schema.TIMES[name]] for name, table in self._tables.items()}
        return {name: timeline.in_window(first, last, t0, t1) for name, (first, last) in times.items()}

    def fitting(
        self,
        *,
        kinds: Collection[str] | None = None,
        modes: Collection[str] | None = None,
        statuses: Collection[str] | None = None,
        confidence: float = 0.0,
        words: str = "",
    ) -> Masks:
        """Tell what fits a filter.

        Args:
            kinds: Kinds of event to keep; all when None.
            modes: Modes of route to keep; all when None.
            statuses: Statuses to keep; all when None.
            confidence: Least confidence to keep, 0 to 1; rows without one are kept at 0 only.
            words: Words that must all stand somewhere in a row's texts, upper and lower case alike.

        Returns:
            True for the rows that fit.
        """
        chosen: dict[Layer, tuple[str, Collection[str] | None]] = {"events": ("kind", kinds), "routes": ("mode", modes)}
        kept: Masks = {}
        for name, table in self._tables.items():
            mask = (table["confidence"].fillna(0.0) >= confidence).to_numpy()
            for key, allowed in (chosen[name], ("status", statuses)):
                if allowed is not None:
                    allowed = {allowed} if isinstance(allowed, str) else allowed
                    mask = mask & table[key].isin(list(allowed)).to_numpy()
            kept[name] = mask & _holds(self._texts[name], words) if words.strip() else mask
        return kept

    @cached_property
    def _texts(self) -> dict[Layer, pd.Series]:
        return {name: _searchable(table) for name, table in self._tables.items()}

    @cached_property
    def words(self) -> dict[Layer | Literal["statuses"], frozenset[str]]:
        """The kinds of the events, the modes of the routes, and the statuses of both, as far as there are such rows."""
        statuses = [table["status"].unique() for table in self._tables.values()]
        return {
            "events": frozenset(self.events["kind"].unique()),
            "routes": frozenset(self.routes["mode"].unique()),
            "statuses": frozenset(np.concatenate(statuses)),
        }

    @cached_property
    def by_date(self) -> npt.NDArray[np.int64]:
        """The rows of events and routes, counted through both, by their first moments; those without a date last."""
        firsts = [table[schema.TIMES[name][0]] for name, table in self._tables.items()]
        ordered = pd.concat(firsts, ignore_index=True).sort_values(kind="stable", na_position="last")
        return np.asarray(ordered.index, dtype=np.int64)

    @cached_property
    def boxes(self) -> dict[Layer, npt.NDArray[np.float64]]:
        """For each layer the box around each row, as `geodesy.bounds` gives it; shape (n, 4), NaN without a place."""
        return {name: _boxes(table.geometry.to_numpy()) for name, table in self._tables.items()}


def _boxes(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    found = np.asarray(shapely.bounds(shapes))
    for number in np.flatnonzero(shapely.get_num_geometries(shapes) > 1).tolist():
        found[number] = geodesy.bounds([shapes[number]]) or np.nan
    return found


def _holds(texts: pd.Series, words: str) -> npt.NDArray[np.bool_]:
    found = np.ones(len(texts), dtype=bool)
    for word in words.casefold().split():
        found = found & texts.str.contains(word, regex=False).to_numpy(dtype=bool)
    return found


def _searchable(table: pd.DataFrame) -> pd.Series:
    columns = [table[name].astype(object) for name in SEARCHED if name in table.columns]
    return pd.Series([" ".join(cells).casefold() for cells in zip(*columns, strict=True)], dtype=str)
