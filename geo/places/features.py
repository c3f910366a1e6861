"""What speaks for one candidate against another: of itself, and by what surrounds it."""

from __future__ import annotations

import numpy as np

from geo.geodesy import distances_km
from geo.places.asked import Asked
from geo.places.gazetteer import ABBREVIATION, ALIAS, ALTERNATE, CODE, DEMONYM, LANGUAGE, Gazetteer
from geo.places.pool import Floats, Pool

KINDS = {
    "country": ("country",),
    "province": ("province",),
    "district": ("district",),
    "region": ("region", "continent", "former country", "former province"),
    "water": ("sea", "ocean", "gulf", "bay", "strait", "canal", "channel", "sound", "passage"),
    "river": ("river", "lake", "reservoir", "waterfall", "dam"),
    "land": (
        *("mountain", "mountain range", "volcano", "pass", "canyon", "glacier", "valley", "plain", "desert", "forest"),
        *("island", "peninsula", "cape"),
    ),
    "town": ("city",),
    "port": ("port",),
    "quarter": ("neighbourhood", "square", "street"),
}
"""Groups of kinds that are written about alike; every other kind is a site."""

WITH_SIDES = ("country", "province", "region", "continent", "ocean", "sea", "gulf", "bay", "strait", "island", "desert")
"""Kinds of which one speaks as `the south of`."""

SORTS = {
    "alias": ALIAS,
    "alternate": ALTERNATE,
    "code": CODE,
    "demonym": DEMONYM,
    "language": LANGUAGE,
    "abbreviation": ABBREVIATION,
}


def of_itself(pool: Pool, gazetteer: Gazetteer) -> dict[str, Floats]:
    """Measure each candidate without looking at anything else.

    Args:
        pool: The candidates; shape (n,).
        gazetteer: Where they come from.

    Returns:
        The measures by name, each of shape (n,).
    """
    row = pool.row
    kind = {name: gazetteer.kind.are(row, words) for name, words in KINDS.items()}
    kind["site"] = ~np.any(list(kind.values()), axis=0)
    counted = gazetteer.population[row] > 0
    people = np.log10(np.maximum(gazetteer.population[row], 100.0)) - 4.0
    # A town that we listed ourselves is one that reports name, as often as one of a hundred thousand.
    people = np.where(gazetteer.curated[row] & ~counted, 1.0, people)
    # GeoNames lists more names for what more people speak of; how many spellings we listed ourselves says nothing.
    fame = np.where(gazetteer.curated[row], 0.0, np.log2(1.0 + gazetteer.names_of[row]) - 2.0)
    sort = gazetteer.sort[pool.name]
    measures = {name: one.astype(float) for name, one in kind.items() if name != "town"}
    for name in ("town", "country", "province", "district"):
        measures[f"{name} people"] = np.where(kind[name] & (counted | (name == "town")), people, 0.0)
    for name in ("province", "district"):
        measures[f"{name} not counted"] = (kind[name] & ~counted).astype(float)
    for name in ("town", "country", "province", "district"):
        measures[f"{name} fame"] = np.where(kind[name], fame, 0.0)
    capital = gazetteer.capital[row]
    nation = np.log10(np.maximum(gazetteer.nation_people[gazetteer.country.codes[row]], 1e4)) - 7.0
    measures["capital"] = capital.astype(float)
    measures["capital people"] = np.where(capital, nation, 0.0)
    nations = np.isin(pool.asked, pool.asked[kind["country"]])
    measures["capital of a namesake"] = (capital & nations).astype(float)
    largest = np.zeros(pool.asked.max(initial=0) + 1)
    np.maximum.at(largest, pool.asked, np.where(kind["town"], people + 2.0, 0.0))
    seats = np.isin(pool.asked, pool.asked[capital])
    measures["province of a capital"] = (kind["province"] & seats).astype(float)
    divided = np.isin(pool.asked, pool.asked[kind["province"] | kind["district"]])
    measures["city of a division"] = (kind["town"] & divided & (people > 2.0)).astype(float)
    for name in ("province", "district"):
        measures[f"{name} of a town"] = np.where(kind[name], largest[pool.asked], 0.0)
    measures |= {name: (sort == number).astype(float) for name, number in SORTS.items()}
    own = np.isin(pool.asked, pool.asked[sort <= ALIAS])
    measures["alternate beside an own name"] = ((sort == ALTERNATE) & own).astype(float)
    return measures


HINT_KM = 40.0  # who says where a place is likely to be knows it to within an hour's drive
REGION_KM = 300.0  # or knows the region: what is there goes before a namesake on another continent
ENDS = {"sea": ("port",), "rail": ("station", "border crossing"), "air": ("airport",), "road": ("border crossing",)}
"""Where a leg of each mode begins and ends."""


def of_purpose(pool: Pool, asked: Asked, gazetteer: Gazetteer) -> dict[str, Floats]:
    """Measure which candidates are fit to be an end of the leg that a name is for.

    Args:
        pool: The candidates; shape (n,).
        asked: What is known of each name.
        gazetteer: Where the candidates come from.

    Returns:
        The measures by name, each of shape (n,).
    """
    fit = np.zeros(len(pool))
    if asked.modes:
        mode = np.array(asked.modes)[pool.asked]
        for one, kinds in ENDS.items():
            fit[(mode == one) & gazetteer.kind.are(pool.row, kinds)] = 1.0
    hinted = np.zeros(len(pool))
    if asked.near is not None:
        lon, lat = asked.near[pool.asked].T
        told = ~np.isnan(lon)
        away = distances_km(lon[told], lat[told], pool.lon[told], pool.lat[told])
        away = np.maximum(away - pool.radius_km[told], 0.0)
        hinted[told] = np.maximum(np.exp(-away / HINT_KM), 0.6 / (1 + away / REGION_KM))
    return {"end of leg": fit, "hinted": hinted}
