"""Words for places that stand elsewhere: more spellings, demonyms, languages, abbreviations."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geo.places.gazetteer import ABBREVIATION, ALIAS, DEMONYM, LANGUAGE, MAIN
from geo.places.rows import Row
from sources.tables import BuildError, listed, our_sort, table

SORT_OF_WORD = {"demonym": DEMONYM, "people": DEMONYM, "language": LANGUAGE}


def add_words(rows: Iterable[Row]) -> None:
    """Add our own spellings to places of GeoNames, our usual name where theirs is not in use, and the other words.

    Raises:
        BuildError: A target that no place has, or a sort of word that is none.
    """
    places = _by_target(rows)
    for number, line in enumerate(table("aliases.csv"), 2):
        row = _look_up(places, f"geonames:{line['geonameid']}", f"aliases.csv, row {number}")
        if line["name"]:
            row.name = line["name"]
            row.call(line["name"], MAIN)
        for alias in listed(line["aliases"]):
            row.call(alias, ALIAS)
    for number, line in enumerate(table("demonyms.csv"), 2):
        here = f"demonyms.csv, row {number}"
        if line["sort"] not in SORT_OF_WORD:
            raise BuildError(f"{here}: sort is {line['sort']!r}; it must be one of {', '.join(SORT_OF_WORD)}.")
        _call_all(_look_up(places, line["target"], here), line["word"], lambda _, s=SORT_OF_WORD[line["sort"]]: s)
    for number, line in enumerate(table("abbreviations.csv"), 2):
        _call_all(_look_up(places, line["target"], f"abbreviations.csv, row {number}"), line["written"], _short_sort)


def _short_sort(written: str) -> int:
    return ABBREVIATION if our_sort(written) == ALIAS else our_sort(written)


def _call_all(row: Row, words: str, sort_of: Callable[[str], int]) -> None:
    for word in listed(words):
        row.call(word, sort_of(word))


def _by_target(rows: Iterable[Row]) -> dict[str, Row]:
    places: dict[str, Row] = {}
    for row in rows:
        places[f"rutter:{row.slug}" if row.slug else f"geonames:{row.gid}"] = row
        if row.kind == "country":
            places[f"country:{row.country}"] = row
        elif row.kind == "province":
            places.setdefault(f"admin1:{row.admin1}", row)
    return places


def _look_up(places: dict[str, Row], target: str, here: str) -> Row:
    if target not in places:
        raise BuildError(
            f"{here}: no place has the target {target!r}. Write country:RU, admin1:US.KS, geonames:1 or rutter:ID."
        )
    return places[target]
