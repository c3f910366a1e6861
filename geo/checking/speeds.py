"""Speeds implied by departure, arrival and length, held against what vehicles can do."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.config import NETWORKS
from geo.geodesy import length_km
from geo.timeline import describe
from geo.types import KM_PER_NAUTICAL_MILE, Notice

Floats = npt.NDArray[np.float64]

UNITS = {"kn": (KM_PER_NAUTICAL_MILE, "knots"), "km/h": (1.0, "km/h")}
END_DAYS: Mapping[str, float] = {"exact": 0, "day": 1, "month": 31, "quarter": 92, "year": 366}
"""How long each end of a leg may be uncertain; a range may be uncertain as a whole."""

GROUND_HOURS = 6.0  # between the times given and those in the air
TOLD_BY = ("title", "carrier", "cargo")


class Vehicles(NamedTuple):
    """What one kind of vehicle can do.

    Args:
        name: What a sentence calls them.
        told: What a row says of them, or None for the usual kind of their mode.
        slowest_kmh: Least mean speed.
        fastest_kmh: Greatest mean speed.
        unit: How their speeds are told, `kn` or `km/h`.
    """

    name: str
    told: re.Pattern[str] | None
    slowest_kmh: float
    fastest_kmh: float
    unit: str


@cache
def vehicles() -> dict[str, list[Vehicles]]:
    """Read the limits, once.

    Returns:
        Kinds of vehicle by mode, in the order of the file.

    Source:
        `data/networks/speeds.csv`, curated for this project.
    """
    kinds: dict[str, list[Vehicles]] = {}
    with (NETWORKS / "speeds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            told = re.compile(rf"\b(?:{row['words']})s?\b", re.IGNORECASE) if row["words"] else None
            slowest, fastest = (float(row[name]) * UNITS[row["unit"]][0] for name in ("slowest", "fastest"))
            kinds.setdefault(row["mode"], []).append(Vehicles(row["vehicles"], told, slowest, fastest, row["unit"]))
    return kinds


def odd_speeds(routes: gpd.GeoDataFrame) -> list[Notice]:
    """List the legs whose dates and length do not go together.

    Args:
        routes: Routes, EPSG:4326, as `geo.plausibility` takes them.

    Returns:
        Notices about arrivals before the departure and speeds outside what the mode can do.
    """
    longest = (routes["arrive"] - routes["depart"]).dt.total_seconds().to_numpy(dtype=float) / 3600
    precision = _column(routes, "precision", "exact")
    ends = np.array([END_DAYS.get(str(word), np.inf) for word in precision]) * 24
    shortest = np.maximum(0.0, longest - 2 * ends)
    km = _lengths_km(routes)
    with np.errstate(invalid="ignore", divide="ignore"):
        least_kmh, greatest_kmh = km / longest, km / np.maximum(0.0, shortest - GROUND_HOURS)
    kinds = vehicles()
    slowest = (
        routes["mode"].map({mode: max(kind.slowest_kmh for kind in kinds[mode]) for mode in kinds}).to_numpy(float)
    )
    fastest = (
        routes["mode"].map({mode: min(kind.fastest_kmh for kind in kinds[mode]) for mode in kinds}).to_numpy(float)
    )
    doubtful = (longest < 0) | ((km > 0) & ((least_kmh > fastest) | (greatest_kmh < slowest)))
    doubtful &= (_column(routes, "dated_by", "").fillna("") == "").to_numpy()
    return [
        Notice("routes", str(row["id"]), "arrive", describe(row["depart"], row["arrive"], precision.iloc[at]), message)
        for at, row in zip(np.flatnonzero(doubtful), routes[doubtful].to_dict("records"), strict=True)
        for message in _messages(row, km[at], longest[at], shortest[at], exact=precision.iloc[at] == "exact")
    ]


def _column(table: pd.DataFrame, name: str, default: str) -> pd.Series:
    return table[name] if name in table.columns else pd.Series(default, index=table.index)


def _lengths_km(routes: gpd.GeoDataFrame) -> Floats:
    km = np.full(len(routes), np.nan)
    if "length_km" in routes.columns:
        km = pd.to_numeric(routes["length_km"], errors="coerce").to_numpy(dtype=float, copy=True)
    drawn = routes.geometry.notna().to_numpy() & ~routes.geometry.is_empty.to_numpy()
    for at in np.flatnonzero(np.isnan(km) & drawn):
        km[at] = length_km(routes.geometry.iloc[at])
    return km


def _messages(row: Mapping[Any, Any], km: float, longest: float, shortest: float, *, exact: bool) -> Iterator[str]:
    if longest < 0:
        depart, arrive = (describe(row[name], row[name], "exact") for name in ("depart", "arrive"))
        yield f"Arrives before it departs: {arrive} is before {depart}. Check both dates."
        return
    told = " ".join(str(row.get(name) or "") for name in TOLD_BY)
    kind = next(kind for kind in vehicles()[row["mode"]] if kind.told is None or kind.told.search(told))
    way = f"{km:,.0f} km" if km >= 10 else f"{km:.1f} km"
    if km > kind.fastest_kmh * longest:
        needs = (
            f"{'' if exact else 'at most '}{_hours(longest)} would need {_speed(km / longest, kind.fastest_kmh, kind)}"
            if longest
            else "no time is more than any speed"
        )
        yield (
            f"Too fast: {way} in {needs}; {kind.name} make up to {_speed(kind.fastest_kmh, 0, kind)}. "
            "Check the dates, the places and the mode."
        )
    elif shortest > GROUND_HOURS and km < kind.slowest_kmh * (shortest - GROUND_HOURS):
        yield (
            f"Too slow: {way} in {'' if exact else 'at least '}{_hours(shortest)} would be "
            f"{_speed(km / shortest, 0, kind)}; {kind.name} make at least {_speed(kind.slowest_kmh, 0, kind)}. "
            "Check the dates and the mode, or give the stops between as legs of their own."
        )


def _speed(kmh: float, limit: float, kind: Vehicles) -> str:
    per, unit = UNITS[kind.unit]
    digits = 1 if limit < kmh < 1.1 * limit else 0  # 30 knots above 30 would not be understood
    return f"{kmh / per:,.{digits}f} {unit}"


def _hours(hours: float) -> str:
    count, unit = (hours * 60, "minute") if hours < 1 else (hours, "hour") if hours <= 48 else (hours / 24, "day")
    number = f"{count:,.1f}".removesuffix(".0")
    return f"{number} {unit}{'' if number == '1' else 's'}"
