"""Rows that may tell the same: same kind, near in time and place, alike in words. They are offered, never merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process
from scipy.spatial import cKDTree

from geo.geodesy import EARTH_RADIUS_KM, distances_km, unit_vectors

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
    """Rows that can be compared: placed and dated."""

    ids: npt.NDArray[np.object_]
    kinds: npt.NDArray[np.object_]
    titles: list[str]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
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
    """List the pairs of events that may be one.

    Args:
        existing: Events that are there; columns as in `geo.schema.EVENTS`.
        new: Events that are brought in.
        km: How far apart in km they may lie.
        days: How many days may lie between their stretches of time.
        likeness: How alike their titles must be, 0 to 1, whatever the order of the words.

    Returns:
        A row a pair, the likeliest first: `existing` and `new` (ids), `score` (0 to 1), `km`, `days`, `likeness` and
        `reason`, a sentence. Rows of the same id are a pair too. Rows without a place or a date are compared by
        nothing but their id.
    """
    found = [_same_ids(existing, new)]
    if len(existing) and len(new):
        kinds = {kind: number for number, kind in enumerate(pd.unique(pd.concat([existing["kind"], new["kind"]])))}
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
    known = table[(table.geometry.notna() & table["start"].notna()).to_numpy()]
    start, end = (known[name].to_numpy(dtype="datetime64[ms]").astype("int64") for name in ("start", "end"))
    lon, lat = known.geometry.x.to_numpy(), known.geometry.y.to_numpy()
    space = unit_vectors(lon, lat) * (EARTH_RADIUS_KM / limits.km) if len(known) else np.empty((0, 3))
    middle = (start + end) / 2 / _MS_PER_DAY / limits.days
    kind = known["kind"].map(kinds).to_numpy(dtype=float) * _APART
    ids, named = (known[name].to_numpy(dtype=object) for name in ("id", "kind"))
    titles = [default_process(title) for title in known["title"]]
    return _Rows(ids, named, titles, lon, lat, start, end, np.column_stack([space, middle, kind]))


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
            squeezed = np.array([1.0, 1.0, 1.0, 1.0 / most, 1.0])
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
    km = distances_km(old.lon[a], old.lat[a], young.lon[b], young.lat[b])
    near = (gap <= limits.days) & (km <= limits.km)
    a, b, gap, km = a[near], b[near], gap[near], km[near]
    likeness = process.cpdist(
        [old.titles[row] for row in a],
        [young.titles[row] for row in b],
        scorer=fuzz.token_sort_ratio,
        score_cutoff=100 * limits.likeness,
        workers=-1,
    )
    alike = likeness.astype(float) / 100
    kept = alike >= max(limits.likeness, _LEAST_LIKENESS)
    a, b, gap, km, alike = a[kept], b[kept], gap[kept], km[kept], alike[kept]
    score = _WORDS * alike + _NEAR * (1 - km / limits.km) + _SOON * (1 - gap / limits.days)
    reasons = [
        f"Both {kind}, {far:.1f} km and {_days(late)} apart, titles {like:.0%} alike."
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


def _days(days: float) -> str:
    return "no time" if not days else "1 day" if days == 1 else f"{days:.1f} days"
