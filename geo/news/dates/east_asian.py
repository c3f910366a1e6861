"""Dates in Korean, and Chinese and Japanese dates in figures: `9월 13일`, `지난달`, `2023年9月13日`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from geo.news.dates import composed, plain
from geo.news.dates.at import At, Tense
from geo.news.dates.forms import named
from geo.news.dates.grammar import Form, Parts, Phrase, Reader
from geo.news.dates.stretches import Stretch
from geo.news.dates.words import table

_ANY = re.compile("[\uac00-\ud7a3年月]")
_FIGURES = re.compile(
    r"""(?:(?P<tense>지난|오는)\s{0,2})?(?<![\d.,/:~∼-])(?:
    (?P<year>[12]\d{3})\s?[년年](?:\s?(?P<month>1[0-2]|0?[1-9])\s?[월月](?:\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?[일日号號])?)?
    |(?P<month2>1[0-2]|0?[1-9])\s?[월月](?:\s?(?P<day2>3[01]|[12]\d|0?[1-9])\s?[일日号號])?
    |(?P<day3>3[01]|[12]\d|0?[1-9])일(?!\s?(?:간|동안|째|만에|정))
    )(?:\s?(?P<part>초순|초|중순|하순|말)(?![가-힣]{2}))?""",
    re.VERBOSE | re.ASCII,
)
_THIRDS = {"초": 1, "초순": 1, "중순": 2, "하순": 3, "말": 3}
_TENSES: dict[str, Tense] = {"지난": "past", "오는": "future"}
_TO = re.compile(r"\s?(?:부터|에서|[~∼–-])\s?")
_UNTIL = re.compile(r"\s?까지")


def east_asian(text: str) -> Iterator[Phrase]:
    """Find Korean dates, and Chinese and Japanese ones in figures.

    Args:
        text: Any text.

    Yields:
        Each with how it is read, in no order.
    """
    if not _ANY.search(text):
        return
    words = (_said(text, match) for match in _words().finditer(text))
    found = sorted([*map(_figured, _FIGURES.finditer(text)), *words], key=lambda phrase: phrase.start)
    yield from found
    for first, last in pairwise(found):
        if _TO.fullmatch(text, first.end, last.start):
            until = _UNTIL.match(text, last.end)
            yield Phrase(_RANGE, {"any": first, "any2": last}, first.start, until.end() if until else last.end)


def _tensed(read: Reader) -> Reader:
    def tensed(parts: Parts, at: At) -> Stretch:
        return read(parts, at.in_tense(_TENSES[parts["tense"]]) if "tense" in parts else at)

    return tensed


def _figured(match: re.Match[str]) -> Phrase:
    given = {name.rstrip("23"): value for name, value in match.groupdict().items() if value}
    parts: Parts = {name: int(value) if value.isdigit() else value for name, value in given.items()}
    part = parts.pop("part", None)
    whole = Phrase(_FORMS["year" in parts, "month" in parts, "day" in parts], parts, *match.span())
    return Phrase(_THIRD, {"any": whole, "part": _THIRDS[part]}, *match.span()) if part else whole


_DAY = Form("full_day", "", plain.day_of_month)
_YEARLESS = Form("yearless_day", "", _tensed(plain.day_of_month))
_FORMS = {
    (True, True, True): _DAY,
    (True, True, False): Form("full_month", "", plain.month),
    (True, False, False): Form("a_year", "", plain.year),
    (False, True, True): _YEARLESS,
    (False, True, False): Form("yearless_month", "", _tensed(plain.month)),
    (False, False, True): Form("yearless_day", "", _tensed(plain.day_of_some_month)),
}
_THIRD = Form("full_month", "", composed.third)
_RANGE = Form("stretch", "", composed.between)


def _said(text: str, match: re.Match[str]) -> Phrase:
    form, parts = _sayings()[match["word"]]
    tense = {"tense": match["tense"]} if match["tense"] and form.gives == "weekday_named" else {}
    return Phrase(form, parts | tense, match.start() if tense else match.start("word"), match.end())


@cache
def _sayings() -> dict[str, tuple[Form, Parts]]:
    sayings = {}
    for row in table("korean.csv"):
        pairs = (pair.split("=") for pair in row["parts"].split())
        parts = {name: int(value) if value.lstrip("-").isdigit() else value for name, value in pairs}
        form = Form(row["gives"], "", _tensed(named(row["read"])))
        sayings.update(dict.fromkeys(row["words"].split("|"), (form, parts)))
    return sayings


@cache
def _words() -> re.Pattern[str]:
    words = "|".join(sorted(_sayings(), key=len, reverse=True))
    return re.compile(rf"(?:(?P<tense>지난|오는)\s)?(?<![가-힣])(?P<word>{words})")
