"""Rows that may tell the same: same kind, near in time and place, alike in words. They are offered, never merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process
from scipy.spatial import cKDTree

from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors
from geo.schema import TIMES

COLUMNS = ("existing", "new", "score", "km", "days", "likeness", "reason")
_APART = 10.0  # between kinds, in units of the greatest distance
_ROWS_AT_ONCE = 2_000
_MS_PER_DAY = 86_400_000
_LEAST_LIKENESS = 1e-9
_WORDS, _NEAR, _SOON = 0.6, 0.2, 0.2
"""What likeness, nearness in space and nearness in time weigh in the score."""

Ints = npt.NDArray[np.int64]


class _Limits(NamedTuple):
    """How far two rows may differ: in km, in days, and how alike their titles must be."""

    km: float
    days: float
    likeness: float


class _Rows(NamedTuple):
    """Rows that can be compared: placed and dated.

    Args:
        ids: Their ids; shape (n,).
        kinds: Kinds of events, modes of routes; shape (n,).
        texts: What is held against one another: titles, and of routes what they carry; each of length n.
        words: What the texts are called.
        ends: Longitude and latitude in degrees, of routes those of both ends; shape (n, 1 or 2, 2).
        start: First moments in ms; shape (n,).
        end: First moments after in ms; shape (n,).
        points: The same in units of the limits, to be searched; shape (n, dimensions).
    """

    ids: npt.NDArray[np.object_]
    kinds: npt.NDArray[np.object_]
    texts: list[list[str]]
    words: str
    ends: npt.NDArray[np.float64]
    start: Ints
    end: Ints
    points: npt.NDArray[np.float64]


def duplicates(
    existing: gpd.GeoDataFrame,
    new: gpd.GeoDataFrame,
    *,
    km: float = 25.0,
    days: float = 3.0,
    likeness: float = 0.6,
) -> pd.DataFrame:
    """List the pairs of rows that may be one: events of one kind, or routes by one mode.

    Args:
        existing: Events, or routes, that are there; columns as in `geo.schema.EVENTS` or `geo.schema.ROUTES`.
        new: Those that are brought in, of the same table.
        km: How far apart in km they may lie, routes at either end.
        days: How many days may lie between their stretches of time.
        likeness: How alike their titles must be, or what routes carry, 0 to 1, whatever the order of the words.

    Returns:
        A row a pair, the likeliest first: `existing` and `new` (ids), `score` (0 to 1), `km`, `days`, `likeness` and
        `reason`, a sentence. Rows of the same id are a pair too. Rows without a place or a date are compared by
        nothing but their id.
    """
    found = [_same_ids(existing, new)]
    if len(existing) and len(new):
        name = _layer(existing).kind
        kinds = {kind: number for number, kind in enumerate(pd.unique(pd.concat([existing[name], new[name]])))}
        limits = _Limits(km, days, likeness)
        old, young = (_rows(table, kinds, limits) for table in (existing, new))
        found += [_judged(old, young, *pair, limits=limits) for pair in _candidates(old, young, days)]
    pairs = pd.concat(found, ignore_index=True).drop_duplicates(["existing", "new"])
    return pairs.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _same_ids(existing: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    ids = new["id"][new["id"].isin(existing["id"])]
    return pd.DataFrame(
        {
            **dict.fromkeys(("existing", "new"), ids),
            "score": 1.0,
            "km": np.nan,
            "days": np.nan,
            "likeness": np.nan,
            "reason": "The same id.",
        },
        columns=COLUMNS,
    )


def _rows(table: gpd.GeoDataFrame, kinds: dict[str, int], limits: _Limits) -> _Rows:
    layer = _layer(table)
    first, last = TIMES[layer.name]
    known = table[(table.geometry.notna() & table[first].notna()).to_numpy()]
    start, end = (known[name].to_numpy(dtype="datetime64[ms]").astype("int64") for name in (first, last))
    ends = _ends(known)[:, [0] if layer.name == "events" else [0, 1]]
    space = unit_vectors(ends[..., 0].ravel(), ends[..., 1].ravel()) * (EARTH_RADIUS_KM / limits.km)
    middle = (start + end) / 2 / _MS_PER_DAY / limits.days
    kind = known[layer.kind].map(kinds).to_numpy(dtype=float) * _APART
    ids, named = (known[name].to_numpy(dtype=object) for name in ("id", layer.kind))
    texts = [[default_process(text) for text in known[name]] for name in layer.texts]
    points = np.column_stack([space.reshape(len(known), -1), kind, middle])
    return _Rows(ids, named, texts, layer.words, ends, start, end, points)


class _Compared(NamedTuple):
    """What of the rows of a table is held against one another."""

    name: str
    kind: str
    texts: tuple[str, ...]
    words: str


_EVENTS = _Compared("events", "kind", ("title",), "titles")
_ROUTES = _Compared("routes", "mode", ("title", "cargo"), "titles or cargoes")


def _layer(table: gpd.GeoDataFrame) -> _Compared:
    return _ROUTES if "mode" in table.columns and "depart" in table.columns else _EVENTS


def _ends(table: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Give the first and the last position of each shape; shape (n, 2, 2)."""
    shapes = table.geometry.to_numpy()
    last = np.cumsum(shapely.get_num_coordinates(shapes))
    xy = shapely.get_coordinates(shapes)
    return (
        np.stack([xy[np.append(0, last[:-1]).astype(int)], xy[last - 1]], axis=1) if len(last) else np.empty((0, 2, 2))
    )


def _candidates(old: _Rows, young: _Rows, days: float) -> Iterator[tuple[Ints, Ints]]:
    """Pair what lies near one another in space and time; long stretches of time are looked at apart from short ones."""
    reach = {name: _half_days(rows) / days for name, rows in (("old", old), ("young", young))}
    longest = 1.0
    for wide_old in (False, True):
        for wide_young in (False, True):
            a = np.flatnonzero((reach["old"] > longest) == wide_old)
            b = np.flatnonzero((reach["young"] > longest) == wide_young)
            if not len(a) or not len(b):
                continue
            most = 1.0 + reach["old"][a].max() + reach["young"][b].max()
            squeezed = np.append(np.ones(old.points.shape[1] - 1), 1.0 / most)
            tree = cKDTree(old.points[a] * squeezed)
            for at in range(0, len(b), _ROWS_AT_ONCE):
                rows = b[at : at + _ROWS_AT_ONCE]
                near = tree.query_ball_point(young.points[rows] * squeezed, 1.0, p=np.inf, return_sorted=False)
                counts = np.fromiter(map(len, near), dtype=np.int64, count=len(near))
                if counts.sum():
                    yield a[np.concatenate([np.asarray(one, dtype=np.int64) for one in near])], np.repeat(rows, counts)


def _half_days(rows: _Rows) -> npt.NDArray[np.float64]:
    return np.asarray((rows.end - rows.start) / 2 / _MS_PER_DAY, dtype=float)


def _judged(old: _Rows, young: _Rows, a: Ints, b: Ints, *, limits: _Limits) -> pd.DataFrame:
    gap = np.maximum(0, np.maximum(old.start[a] - young.end[b], young.start[b] - old.end[a])) / _MS_PER_DAY
    km = _km_apart(old.ends[a], young.ends[b])
    near = (gap <= limits.days) & (km <= limits.km)
    a, b, gap, km = a[near], b[near], gap[near], km[near]
    each = [_alike(mine, theirs, a, b, limits) for mine, theirs in zip(old.texts, young.texts, strict=True)]
    alike = np.max(each, axis=0)
    kept = alike >= max(limits.likeness, _LEAST_LIKENESS)
    a, b, gap, km, alike = a[kept], b[kept], gap[kept], km[kept], alike[kept]
    score = _WORDS * alike + _NEAR * (1 - km / limits.km) + _SOON * (1 - gap / limits.days)
    reasons = [
        f"Both {kind}, {far:.1f} km and {_days(late)} apart, {old.words} {like:.0%} alike."
        for kind, far, late, like in zip(old.kinds[a], km, gap, alike, strict=True)
    ]
    return pd.DataFrame(
        {
            "existing": old.ids[a],
            "new": young.ids[b],
            "score": score.round(3),
            "km": km.round(3),
            "days": gap.round(3),
            "likeness": alike.round(3),
            "reason": reasons,
        },
        columns=COLUMNS,
    )


def _km_apart(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Measure how far rows lie apart, at the end where that is farther; shape (n,)."""
    lines = zip(a.transpose(1, 2, 0), b.transpose(1, 2, 0), strict=True)
    return np.asarray(np.max([distances_km(*mine, *theirs) for mine, theirs in lines], axis=0))


def _alike(mine: list[str], theirs: list[str], a: Ints, b: Ints, limits: _Limits) -> npt.NDArray[np.float64]:
    """Say how alike texts are, 0 to 1; an empty one is like none."""
    first, second = [mine[row] for row in a], [theirs[row] for row in b]
    alike = process.cpdist(first, second, scorer=fuzz.token_sort_ratio, score_cutoff=100 * limits.likeness, workers=-1)
    both = [bool(one and other) for one, other in zip(first, second, strict=True)]
    return np.where(np.array(both, dtype=bool), alike.astype(float) / 100, 0.0)


def _days(days: float) -> str:
    return "no time" if not days else "1 day" if days == 1 else f"{days:.1f} days"
