"""Which of the code pages of Latin letters a text is in, by how often its languages use each letter."""

from __future__ import annotations

import csv
import math
import unicodedata
from functools import cache

from geo.config import DATA

_NEVER = 1e-4
"""The share of a letter that a language does not have: a name from elsewhere may hold it."""

_ENOUGH_BYTES = 8000
_PUNCTUATION = frozenset("¿¡«»‹›‘’‚“”„–—…·•\xa0€")


@cache
def _languages() -> list[tuple[tuple[str, ...], dict[str, float]]]:
    """For each language the pages it is written in, and the share of each letter among those beyond ASCII."""
    with (DATA / "news" / "latin_letters.csv").open(encoding="utf-8", newline="") as file:
        rows = [(tuple(row["pages"].split("|")), row["letters"].split()) for row in csv.DictReader(file)]
    told = [(pages, {letter: float(n) for letter, n in zip(w[::2], w[1::2], strict=True)}) for pages, w in rows]
    return [(pages, {letter: n / sum(shares.values()) for letter, n in shares.items()}) for pages, shares in told]


def latin_pages() -> frozenset[str]:
    """Name the code pages that can be told apart.

    Returns:
        Their names, as Python has them.
    """
    return frozenset(page for pages, _ in _languages() for page in pages)


def latin_page(content: bytes) -> str:
    """Tell which code page makes the likeliest letters of some bytes.

    Args:
        content: Text in some Latin script.

    Returns:
        The name of the page; of several that are as likely, the one that comes first in `data/news/latin_letters.csv`.

    Source:
        `data/news/latin_letters.csv`, curated for this project.
    """
    best, page = -math.inf, ""
    for pages, shares in _languages():
        for one in pages:
            found = content[:_ENOUGH_BYTES].decode(one, errors="replace").lower()
            # What touches a letter is taken for one, unless it belongs there: `Pożar` in other pages is `Po¿ar`.
            letters = [sign for at, sign in enumerate(found) if not sign.isascii() and _in_word(found, at)]
            likely = sum(math.log(shares.get(letter, _NEVER)) for letter in letters)
            if likely > best:
                best, page = likely, one
    return page


def _in_word(text: str, at: int) -> bool:
    sign, beside = text[at], text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    if sign.isalpha() or unicodedata.category(sign) in ("Cc", "So"):  # also C1, and what is no character at all
        return True
    return sign not in _PUNCTUATION and any(map(str.isalpha, beside))
