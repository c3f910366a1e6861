"""What people write around a name: coordinates, brackets, `near`, compass words, `A and B`, kinds of place."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import NamedTuple

from geo.config import PLACES
from geo.errors import CoordinateError
from geo.geodesy import KM_PER_DEGREE, check_lonlat
from geo.places.spellings import KOREA, KOREAN_RANK
from geo.types import LonLat


class Coordinates(NamedTuple):
    """A pair of coordinates found in a text.

    Args:
        lonlat: (longitude, latitude) in degrees, WGS 84.
        radius_km: Half the last decimal place that was written, in km.
        written: The part of the text that was read.
    """

    lonlat: LonLat
    radius_km: float
    written: str


class Qualified(NamedTuple):
    """A name with a word in front that says where the thing is in relation to it.

    Args:
        name: The name without the word.
        bearing: Which part or side is meant, degrees clockwise from north, or None.
        outside: True where the thing is not in the place but by it.
        bare: True where the word may as well be the first half of another name (`South Bend`).
    """

    name: str
    bearing: float | None
    outside: bool
    bare: bool = False


class Generic(NamedTuple):
    """A name without the word for its kind.

    Args:
        name: What remains.
        kinds: The kinds of place the word allows; empty for any.
        widen_km: How much farther off the point may be, because what the word names is not itself known.
        cost: What this reading leaves of the confidence.
        countries: ISO 3166-1 alpha-2 codes of the countries whose word it is; empty for any.
    """

    name: str
    kinds: frozenset[str]
    widen_km: float
    cost: float
    countries: frozenset[str] = frozenset()


_VALUE = r"\d{1,3}(?:[.,]\d+)?"
_NUMBER = rf"({_VALUE})(?:\s*[°º]\s*(?:({_VALUE})\s*['′’]\s*(?:({_VALUE})\s*[\"″”]\s*)?)?)?"
_LETTERS = rf"(?<![\w.]){_NUMBER}\s*([NS])\b\W{{0,4}}{_NUMBER}\s*([EW])\b"
_LETTERS_SWAPPED = rf"(?<![\w.]){_NUMBER}\s*([EW])\b\W{{0,4}}{_NUMBER}\s*([NS])\b"
_LETTERS_FIRST = rf"\b([NS])\s*{_NUMBER}\W{{0,4}}?\b([EW])\s*{_NUMBER}(?!\w)"
_SIGNED = r"(?<![\w.,])([-+−]?\d{1,3}\.\d+)\s*[,;]\s*([-+−]?\d{1,3}\.\d+)(?![\w.])"


def coordinates(text: str) -> Coordinates | None:
    """Find a pair of coordinates in a text.

    Reads `42.59 N 130.70 E`, `130.70 E, 42.59 N`, `42°35'24"N 130°42'E`, `N 42.59 E 130.70`, and the bare decimal pair
    `42.59, 130.70`, latitude first.

    Args:
        text: Any text.

    Returns:
        The first pair, or None where there is none.

    Raises:
        CoordinateError: The numbers are not on the Earth.
    """
    if match := re.search(_LETTERS, text):
        lat, lon = _angle(match.groups()[0:4]), _angle(match.groups()[4:8])
    elif match := re.search(_LETTERS_SWAPPED, text):
        lon, lat = _angle(match.groups()[0:4]), _angle(match.groups()[4:8])
    elif match := re.search(_LETTERS_FIRST, text):
        groups = match.groups()
        lat, lon = _angle((*groups[1:4], groups[0])), _angle((*groups[5:8], groups[4]))
    elif match := re.fullmatch(rf"\s*{_SIGNED}\s*", text) or re.search(rf"[(\[]\s*{_SIGNED}\s*[)\]]", text):
        lat, lon = (float(part.replace("−", "-")) for part in match.groups())
    else:
        return None
    decimals = min((len(part) for part in re.findall(r"[.,](\d+)", match.group())), default=0)
    seconds, minutes = re.search('["″”]', match.group()), re.search("['′’]", match.group())
    step = 1 / 3600 if seconds else 1 / 60 if minutes else 10.0**-decimals
    return Coordinates(check_lonlat(lon, lat), max(step * KM_PER_DEGREE / 2, 0.01), match.group().strip())


def _angle(parts: tuple[str | None, ...]) -> float:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in parts[:3])
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError(f"{minutes:g}' {seconds:g}\" are no minutes and seconds. Both go from 0 to below 60.")
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if parts[3] in ("S", "W") else 1)


def brackets(text: str) -> tuple[str, list[str]]:
    """Take the bracketed parts out of a text.

    Args:
        text: A place as written, such as `Russian Far East (remote logging areas)`.

    Returns:
        The text without them, and what stood in them.
    """
    inner = re.findall(r"[(\[（]([^()\[\]（）]*)[)\]）]", text)
    outer = re.sub(r"[(\[（][^()\[\]（）]*[)\]）]", " ", text)
    return " ".join(outer.split()), [part.strip() for part in inner if part.strip()]


_BEARINGS = {
    "north": 0.0,
    "northeast": 45.0,
    "east": 90.0,
    "southeast": 135.0,
    "south": 180.0,
    "southwest": 225.0,
    "west": 270.0,
    "northwest": 315.0,
}
_COMPASS = r"(north|south|east|west|north[- ]?east|north[- ]?west|south[- ]?east|south[- ]?west)"
_PART = re.compile(
    rf"^(?:the )?{_COMPASS}(ern(?:most)?)?(?: (?:part|end|side|tip|shore|edge) of)?(?: the)? (.+)$", re.IGNORECASE
)
_SIDE = re.compile(rf"^(?:just |far )?(?:to the )?{_COMPASS}(?:wards?)? of(?: the)? (.+)$", re.IGNORECASE)
_MIDDLE = re.compile(
    r"^(?:the )?(?:central|middle|inner|mid|downtown|centre of|center of|heart of)[ -](?:the )?(.+)$", re.IGNORECASE
)
_BESIDE = re.compile(
    r"^(?:in (?:the )?)?(?:(?:the )?(?:area|vicinity|outskirts|suburbs?|environs) (?:of|around|near)|near(?:by)?|"
    r"close to|next to|(?:just )?outside(?: of)?|around|off(?: the (?:\w+ )?coast(?: of)?)?|at|in|"
    r"(?:the )?(?:waters|coast|shores?) (?:off|of|around)|возле|около|близ|под|рядом с)(?: the)? (.+)$",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"^(?:at|in) ", re.IGNORECASE)


def qualified(text: str) -> Qualified | None:
    """Take off a word that says on which side of a name, or how near to it, the thing is.

    Args:
        text: A place as written, such as `western Bering Sea` or `near Rajin`.

    Returns:
        The name and what the word said, or None where no such word leads the text.
    """
    if match := _SIDE.match(text):
        return Qualified(match.group(2), _bearing(match.group(1)), True)
    if match := _PART.match(text):
        bare = match.group(2) is None
        return Qualified(match.group(3), _bearing(match.group(1)), False, bare)
    if match := _MIDDLE.match(text):
        return Qualified(match.group(1), None, False)
    if match := _BESIDE.match(text):
        return Qualified(match.group(1), None, _WITHIN.match(text) is None)
    return None


def _bearing(word: str) -> float:
    return _BEARINGS[re.sub(r"[- ]", "", word.casefold())]


_SHORT = {
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "no": "north",
    "so": "south",
    "twp": "township",
    "co": "county",
    "intl": "international",
    "natl": "national",
    "univ": "university",
    "gt": "great",
    "gtr": "greater",
    "hts": "heights",
    "pk": "park",
    "sq": "square",
    "jct": "junction",
    "r": "river",
    "pen": "peninsula",
    "rep": "republic",
    "dem": "democratic",
    "gov": "governorate",
    "prov": "province",
    "obl": "oblast",
}


def spelt_out(text: str) -> str:
    """Write the usual short forms within a name in full: `W. Columbia`, `Hamilton Twp.`, `Orange Co.`

    Args:
        text: A name as written.

    Returns:
        The name with those words in full, unchanged where it has none.
    """
    words = text.split()
    return " ".join(_SHORT.get(word.casefold().rstrip("."), word) for word in words) if len(words) > 1 else text


# In small letters, as within a sentence: `Das`, `El` and `La` begin names of their own. `the` is no part of a key.
_ARTICLES = frozenset(("das", "der", "die", "el", "gli", "i", "il", "la", "las", "le", "les", "lo", "los"))
_RANKED = frozenset({"city", "district", "province", "region", "neighbourhood", "island"})
_RANK_COST = 0.9


@cache
def _kind_words() -> dict[tuple[str, ...], tuple[frozenset[str], float, float]]:
    with (PLACES / "kind_words.csv").open(encoding="utf-8", newline="") as lines:
        return {
            tuple(word.split()): (
                frozenset(filter(None, row["kinds"].split("|"))),
                float(row["widen_km"]),
                float(row["cost"]),
            )
            for row in csv.DictReader(lines)
            for word in row["words"].split("|")
        }


def generic(text: str) -> list[Generic]:
    """Take the words for a kind of place off either end of a name.

    Args:
        text: A name as written, such as `Hwanghae province`, `port of Najin` or `Manila Cathedral`.

    Returns:
        One reading for each end that has such words, the longer words first; an article in front is such a word too.
    """
    words = text.split()
    plain = [word.casefold().strip(".,").replace("'", "").replace("’", "") for word in words]
    found = []
    for size in (2, 1):
        if len(words) > size and (meant := _kind_words().get(tuple(plain[-size:]))):
            found.append(Generic(" ".join(words[:-size]), *meant))
        # English puts the word in front only with `of`; `Port Arthur` is not the port of a town called Arthur.
        of = size + 1 if plain[size : size + 1] == ["of"] else size
        if (
            len(words) > of
            and (of > size or not words[0].isascii())
            and (meant := _kind_words().get(tuple(plain[:size])))
        ):
            found.append(Generic(" ".join(words[of:]), *meant))
    if words[0] in _ARTICLES and len(words) > 1:
        found.append(Generic(" ".join(words[1:]), frozenset(), 0.0, 1.0))
    if len(bare := KOREAN_RANK.sub("", text)) > 1 and bare != text:
        found.append(Generic(bare, _RANKED, 0.0, _RANK_COST, frozenset(KOREA)))
    return found


def joined(text: str) -> list[str]:
    """Split `A and B provinces` into `A province` and `B province`.

    Args:
        text: A place as written.

    Returns:
        The parts, each with the shared word for their kind in the singular; fewer than two where nothing is joined.
    """
    parts = [part.strip() for part in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|и|및)\s+|\s*&\s*", text) if part.strip()]
    if len(parts) < 2:
        return []
    *body, last = parts[-1].split()
    plural = last.casefold()
    shared = f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")
    if plural == shared or (shared,) not in _kind_words() or not body:
        return parts if "," not in text else []  # otherwise a comma says what lies in what
    return [f"{part} {shared}" for part in (*parts[:-1], " ".join(body))]
