"""What the gazetteer knows of words before anybody asks which place they mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo.places.gazetteer import ABBREVIATION, ALIAS, CODE, DEMONYM, LANGUAGE, MAIN, Gazetteer
from geo.places.names import is_code, keys

KINDS = {
    "country": ("country", "former country", "continent"),
    "province": ("province", "former province"),
    "district": ("district",),
    "city": ("city", "capital"),
}


def facts(names: Sequence[str], gazetteer: Gazetteer) -> dict[str, npt.NDArray[np.floating]]:
    """Say of words whether they name places, and what kind of.

    Args:
        names: Words as written; shape (n,).
        gazetteer: Where to look.

    Returns:
        Columns of shape (n,): `places`, how many are so named, `people`, the logarithm to the base 10 of the
        inhabitants of the largest of those whose usual name it is, `known_by`, that of the number of names of the best
        known, and as 0 or 1 `own`, whether any is usually so named, `code`, `demonym`, whether nothing else fits, and
        the kinds `country`, `province`, `district`, `city` and `feature`, what else there is.
    """
    spans = gazetteer.keys.spans(keys(names))
    sizes = spans[:, 1] - spans[:, 0]
    owner = np.repeat(np.arange(len(names)), sizes)
    hits = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(spans[:, 0], sizes)
    sort = gazetteer.sort[hits]
    capitals = np.array([is_code(name) for name in names], bool)
    capital = np.array([name[:1].isupper() for name in names], bool)
    fits = ((sort != CODE) | capitals[owner]) & ((sort != ABBREVIATION) | capital[owner])
    owner, hits, sort = owner[fits], hits[fits], sort[fits]
    rows = gazetteer.place[hits].astype(np.int64)

    def most(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        best = np.zeros(len(names))
        np.maximum.at(best, owner, values)
        return best

    own = (sort == MAIN) | (sort == ALIAS)
    people_word = np.isin(sort, (DEMONYM, LANGUAGE))
    code = np.isin(sort, (CODE, ABBREVIATION))
    plain = ~people_word & ~code
    columns = {
        "places": np.bincount(owner, minlength=len(names)).astype(float),
        "people": most(np.where(own, np.log10(gazetteer.population[rows] + 1.0), 0.0)),
        "known_by": most(np.where(plain, np.log10(gazetteer.names_of[rows] + 1.0), 0.0)),
        "own": most(own.astype(float)),
        "code": most(code.astype(float)) * (1 - most((~code).astype(float))),
        "demonym": most(people_word.astype(float)) * (1 - most(plain.astype(float))),
    }
    named = np.zeros(len(rows), bool)
    for column, kinds in KINDS.items():
        of_kind = gazetteer.kind.are(rows, kinds)
        named |= of_kind
        columns[column] = most((of_kind & (own | code)).astype(float))
    return columns | {"feature": most((~named & own).astype(float))}
