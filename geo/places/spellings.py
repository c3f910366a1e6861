"""Which names of GeoNames are worth keeping, and how English writes them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

KOREA = {"KP", "KR"}
KOREAN_RANK = re.compile(
    r"[- ](?:si|gun|kun|gu|guy[oŏ]k|kuy[oŏ]k|up|ŭp|ri|ni|li|dong|tong|do|[nrl]odongjagu)$"
    r"|(?<=..)(?:시|군|구|구역|읍|리|동)$"
)
RUSSIAN_SPEAKING = {"RU", "BY", "KZ", "KG", "UA"}
RUSSIAN_ENDING = re.compile(r"[yi]y(?![a-z])")


def useful(name: str) -> bool:
    """Refuse the machine-made spellings, which are all in small Latin letters (`fu la di wo si tuo ke`).

    Args:
        name: One of GeoNames' other names of a place.

    Returns:
        Whether people write it so.
    """
    latin = [letter for letter in name if letter.isascii() and letter.isalpha()]
    return not latin or any(letter.isupper() for letter in name)


def respelt(name: str, country: str) -> Iterator[str]:
    """Give the other ways in which English writes a name: without the Korean word for its rank, `-sky` for `-skiy`.

    Args:
        name: A name as GeoNames writes it.
        country: ISO 3166-1 alpha-2 code of the country the place lies in.

    Yields:
        The other spellings.
    """
    if country in KOREA and (bare := KOREAN_RANK.sub("", name)) != name and len(bare) > 1:
        yield bare
    if country in RUSSIAN_SPEAKING and (short := RUSSIAN_ENDING.sub("y", name)) != name:
        yield short
