"""What the other places of the same text or table say about a candidate."""

from __future__ import annotations

import numpy as np

from geo.geodesy import EARTH_RADIUS_KM, unit_vectors
from geo.places.gazetteer import Gazetteer
from geo.places.pool import Floats, Ints, Pool
from geo.places.scene import Scene

NEAR_KM = (30.0, 120.0, 500.0)
_ANCHORS = 1500  # the likeliest candidates of a text; the rest weigh next to nothing
_LEAST_MASS = 0.01  # nor does what is as unlikely as this
_LEAST_SHARE = 0.01
_ROWS_AT_ONCE = 100
_MOST_TOLD = 40.0  # as many names as a long article has: in a table of thousands, many of them are near to anything


def of_others(pool: Pool, gazetteer: Gazetteer, chance: Floats, scene: Scene) -> dict[str, Floats]:
    """Measure how well each candidate goes with the other names of one text.

    Args:
        pool: The candidates of all names of the text; shape (n,).
        gazetteer: Where they come from.
        chance: How likely each is so far, summing to 1 for each name; shape (n,).
        scene: The names, and how often each is told.

    Returns:
        The measures by name, each of shape (n,).
    """
    text = scene.texts[pool.asked]
    total = np.bincount(scene.texts, scene.told)
    told = scene.told * np.minimum(1.0, _MOST_TOLD / np.maximum(total, 1e-9))[scene.texts]
    mass = chance * told[pool.asked]
    country = gazetteer.country.codes[pool.row].astype(np.int64)
    admin = gazetteer.admin1.codes[pool.row].astype(np.int64)
    nowhere, no_admin = gazetteer.country.words.index(""), gazetteer.admin1.words.index("")
    all_others = np.bincount(scene.texts, told)[text] - told[pool.asked]
    countries, admins = (text * (unit.max(initial=0) + 1) + unit for unit in (country, admin))
    measures = {}
    for name, unit, nothing in (
        ("same country", countries, country == nowhere),
        ("same division", admins, admin == no_admin),
    ):
        share = _shared(pool.asked, unit, mass) / np.maximum(all_others, 1.0)
        share[nothing] = 0.0
        measures[name] = share
        measures[f"{name} log"] = np.log(share + _LEAST_SHARE) - np.log(_LEAST_SHARE)
    is_country = gazetteer.kind.are(pool.row, ["country"])
    is_province = gazetteer.kind.are(pool.row, ["province"])
    small = ~is_country
    measures["country named"] = np.where(small, _named(pool.asked, countries, np.where(is_country, chance, 0.0)), 0.0)
    measures["division named"] = np.where(
        ~is_province & (admin != no_admin), _named(pool.asked, admins, np.where(is_province, chance, 0.0)), 0.0
    )
    return measures | _nearby(pool, mass, text)


def _shared(asked: Ints, unit: Ints, mass: Floats) -> Floats:
    """Sum what the other names put into the same unit."""
    _, unit = np.unique(unit, return_inverse=True)
    units = unit.max(initial=0) + 1
    total = np.bincount(unit, mass, minlength=units)[unit]
    both = asked * units + unit
    _, inverse = np.unique(both, return_inverse=True)
    own = np.bincount(inverse, mass)[inverse]
    others: Floats = np.maximum(total - own, 0.0)
    return others


def _named(asked: Ints, unit: Ints, chance: Floats) -> Floats:
    """Give the chance that another name means the unit itself."""
    named: Floats = np.minimum(_shared(asked, unit, chance), 1.0)
    return named


def _nearby(pool: Pool, mass: Floats, text: Ints) -> dict[str, Floats]:
    units = unit_vectors(pool.lon, pool.lat)
    sums = np.zeros((len(NEAR_KM), len(pool)))
    by_text = np.argsort(text, kind="stable")
    for own in np.split(by_text, np.flatnonzero(np.diff(text[by_text])) + 1):
        anchors = own[np.argsort(-mass[own], kind="stable")[:_ANCHORS]]
        anchors = anchors[mass[anchors] >= _LEAST_MASS]
        for start in range(0, len(own), _ROWS_AT_ONCE):
            rows = own[start : start + _ROWS_AT_ONCE]
            cosine = np.clip(units[rows] @ units[anchors].T, -1.0, 1.0)
            away = np.arccos(cosine) * EARTH_RADIUS_KM
            away -= pool.radius_km[rows, None] + pool.radius_km[anchors]
            np.maximum(away, 0.0, out=away)
            weight = np.where(pool.asked[rows, None] == pool.asked[anchors], 0.0, mass[anchors])
            for number, scale in enumerate(NEAR_KM):
                sums[number, rows] = (weight * np.exp(-away / scale)).sum(axis=1)
    return {f"near {scale:g} km": np.log1p(total) for scale, total in zip(NEAR_KM, sums, strict=True)}
