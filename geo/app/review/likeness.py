"""Which rows a candidate may tell of again: of its kind, near in time and place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.atlas import where
from geo.config import NEWS
from geo.geodesy import distances_km
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer

OFFERED = 8
_KM_LIKE_A_DAY = 50.0  # so far apart counts like one day apart
_UNKNOWN_DAYS = 30.0  # what a missing date or place counts like
_OTHER_KIND_DAYS = 3650.0


@dataclass(frozen=True)
class Like:
    """A row that a candidate may tell of.

    Args:
        id: Its id.
        title: What it is called.
        said: When and where it is, and whether it waits too.
    """

    id: str
    title: str
    said: str


@cache
def _broader() -> dict[str, str]:
    kinds = pd.read_csv(NEWS / "kinds.csv", keep_default_na=False)
    return dict(zip(kinds["kind"], kinds["broader"], strict=True))


def kinds_of_event() -> list[str]:
    """List the kinds that candidates have.

    Returns:
        The words of `data/news/kinds.csv`, in its order.
    """
    return list(_broader())


def alike(
    layer: Layer, row: Mapping[Any, Any], there: Sequence[gpd.GeoDataFrame], waiting: gpd.GeoDataFrame
) -> list[Like]:
    """Offer the rows that a candidate may tell of, likeliest first.

    Args:
        layer: The table of all of them.
        row: The candidate.
        there: The rows of the dossier, and those accepted before, in tables.
        waiting: The other candidates that are not decided.

    Returns:
        A few rows.
    """
    near: list[tuple[float, pd.DataFrame, int, str]] = []
    for table, word in [*((table, "") for table in there), (waiting, "waits too")]:
        others = table[table["id"] != row["id"]]
        apart = _days_apart(layer, row, others)
        told = others.drop(columns="geometry")
        near += [(float(apart[number]), told, number, word) for number in np.argsort(apart, kind="stable")[:OFFERED]]
    nearest = sorted(near, key=lambda entry: entry[0])[:OFFERED]
    return [_like(layer, told.iloc[number].to_dict(), word) for _, told, number, word in nearest]


def _days_apart(layer: Layer, row: Mapping[Any, Any], others: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    column = "kind" if layer == "events" else "mode"
    broad = others[column].map(lambda word: _broader().get(word, word))
    same = (others[column] == row[column]) | (broad == _broader().get(row[column], row[column]))
    kilometres = _km(row["geometry"], others.geometry) / _KM_LIKE_A_DAY
    return np.asarray(np.where(same, 0.0, _OTHER_KIND_DAYS) + _days(layer, row, others) + kilometres, dtype=float)


def _days(layer: Layer, row: Mapping[Any, Any], others: pd.DataFrame) -> npt.NDArray[np.float64]:
    first, last = TIMES[layer]
    if pd.isna(row[first]):
        return np.full(len(others), _UNKNOWN_DAYS)
    day = pd.Timedelta(days=1)
    before, after = (row[first] - others[last]) / day, (others[first] - row[last]) / day
    gap = np.maximum(np.maximum(before.to_numpy(float), after.to_numpy(float)), 0.0)
    days: npt.NDArray[np.float64] = np.nan_to_num(gap, nan=_UNKNOWN_DAYS)
    return days


def _km(shape: Any, others: gpd.GeoSeries) -> npt.NDArray[np.float64]:
    lon, lat = _beginning(np.array([shape], dtype=object))
    lons, lats = _beginning(others.to_numpy())
    far = distances_km(np.full(len(lons), lon[0]), np.full(len(lats), lat[0]), lons, lats)
    known: npt.NDArray[np.float64] = np.nan_to_num(far, nan=_UNKNOWN_DAYS * _KM_LIKE_A_DAY)
    return known


def _beginning(shapes: npt.NDArray[Any]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Where an event is, and where a route begins; NaN where that is not known."""
    first = shapely.get_geometry(shapes, 0)
    points = np.where(shapely.get_type_id(first) == shapely.GeometryType.LINESTRING, shapely.get_point(first, 0), first)
    return shapely.get_x(points), shapely.get_y(points)


def _like(layer: Layer, row: Mapping[Any, Any], word: str) -> Like:
    first, last = TIMES[layer]
    when = describe(row[first], row[last], row["precision"], short=True)
    return Like(row["id"], row["title"], " · ".join(part for part in (when, where(layer, row), word) if part))
