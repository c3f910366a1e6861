"""The word for its rank in the name of a division: taken off, or put on in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from geo.places.names import key, titled

BEFORE = (
    "amphoe|capital|cercle d[eu]|circunscricao d[aeo]s?|commune d[eu]|comuna|concelho d[aeo]s?|"
    "daira d[eu]|departament[eo]? d[eu]l?|distri[ck]to? d[aeo]s?|gorod|huyen|khet|markaz|muang|municipio d[aeo]l?|"
    "okrug|prefecture d[eu]|province of|provincia d[aeio]s?l?|quan|qism|qesm|region d[eu]|regiao d[eo]|rayon|"
    "rural municipality of|shahrestan e|thi xa|thanh pho|wilaya d[eu]|xa|zona"
)
AFTER = (
    "audany|auyldyq okrugi|barrio(?: pueblo)?|borough|census area|city and borough|city|county|department|distri[ck]t|"
    "division|governorate|gun|guyok|i|jaras|jarasa|kommun|krai|kray|lan|municipality|novads|oblast|oblysy|pagasts|"
    "parish|pilseta|prefecture|province|raion|rajon|rayon|rayonu|region|respublika|republic|sum|tumani|viloyati|zone|"
    "no \\d+"
)
RANK = re.compile(f"^(?:{BEFORE}) | (?:{AFTER})$")
HUNGARIAN = re.compile("i jarasa?$")
FRENCH_ELISION = re.compile("^daira d(?=[aeiouh])")
TOO_PLAIN = re.compile(
    "(?:(?:north|south|east|west|centr|middle|mid|upper|lower|inner|outer|far|capital|federal|metropolitan|national|"
    "nord|sud|est|ouest|centre|norte|sur|sul|este|oeste|central)\\w* ?)+"
)
WORDS_OF_TYPE = {
    "Administrative region": ("Oblast", "Region"),
    "Administrative territory": ("Krai", "Territory"),
    "Autonomous community": ("Region",),
    "Autonomous region": ("Autonomous Region", "Region"),
    "Canton": ("Canton",),
    "County": ("County",),
    "Department": ("Department", "Province"),
    "District": ("District",),
    "Division": ("Division",),
    "Emirate": ("Emirate",),
    "Governorate": ("Governorate", "Province"),
    "Land": ("State",),
    "Metropolitan region": ("Region",),
    "Oblast": ("Oblast", "Region"),
    "Prefecture": ("Prefecture",),
    "Province": ("Province",),
    "Rayon": ("District", "Rayon"),
    "Region": ("Region", "Province"),
    "Regional state": ("Region", "State"),
    "Republic": ("Republic",),
    "State": ("State",),
    "Union territory": ("Union Territory",),
    "Voivodship": ("Voivodeship", "Province"),
}
BEFORE_TOO = {"Province", "State", "Republic", "Emirate", "Governorate", "Region", "Department", "County"}


def bare_names(written: str) -> Iterator[str]:
    """Give the keys of a name without the word for its rank."""
    found = key(written)
    for bare in (RANK.sub("", found), FRENCH_ELISION.sub("", found), HUNGARIAN.sub("", found)):
        if bare != found and len(bare) > 2:
            yield bare


def english_forms(unit: Any) -> Iterator[str]:
    """Give a division's bare name, and that with the English words for its rank (`Aleppo Governorate`)."""
    found = key(unit.name)
    bare = next(bare_names(unit.name), found)
    if bare != found and not TOO_PLAIN.fullmatch(bare):
        yield titled(bare)
    for word in WORDS_OF_TYPE.get(unit.type, ()):
        yield titled(f"{bare} {word.lower()}")
        if word in BEFORE_TOO and not TOO_PLAIN.fullmatch(bare):
            yield titled(f"{word.lower()} of {bare}")
