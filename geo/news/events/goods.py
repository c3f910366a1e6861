"""What is carried, how much of it, in what, and how."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from geo.news.events.passages import Passage
from geo.news.events.tables import Lexicon, alternation, lexicon, rows
from geo.news.types import Span
from geo.types import Mode

_WORDS_FOR_NUMBERS = {row["means"]: int(row["words"]) for row in rows("grammar") if row["sort"] == "number"}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_CARGO_STOPS = (
    r"(?:in|on|at|to|from|for|by|with|and|or|via|through|into|was|were|is|are|has|have|had|that|which|who|aboard|onto|off|"
    r"between|as|during|after|before|bound|under|using|worth|the|since|over|near|across|of|shipped|sent|sailed|carried|drove|went|left|arrived|flew|reached|crossed|came)"
)


class Goods(NamedTuple):
    """What is carried.

    Args:
        cargo: As written, or empty.
        quantity: How much, or None.
        unit: Its unit, or empty.
    """

    cargo: str
    quantity: float | None
    unit: str


NOTHING = Goods("", None, "")


_ABOUT_GOODS = (
    r"(?:embargo|bans?|deals?|dealers?|sanctions|talks|prices?|industry|giant|firms?|compan(?:y|ies)|makers?)"
)


@cache
def _sort(sort: str) -> str:
    return alternation(row for line in rows("goods") if line["sort"] == sort for row in line["words"].split("|"))


@cache
def _amount() -> re.Pattern[str]:
    number = rf"(?P<number>\d[\d,]*(?:\.\d+)?|{alternation(_WORDS_FOR_NUMBERS)})"
    scale = rf"(?:\s+(?P<scale>{'|'.join(_SCALES)}))?"
    what = rf"(?:(?P<unit>{_sort('unit')})|(?:[a-z-]+\s+){{0,2}}?(?P<counted>{_sort('counted')}))"
    of = rf"(?:\s+of\s+(?P<cargo>(?!{_CARGO_STOPS}\b)[\w-]+(?:\s+(?!{_CARGO_STOPS}\b)[\w-]+){{0,3}}))?"
    return re.compile(rf"(?<![\w.,-]){number}{scale}[\s-]+{what}(?![\w-]){of}")


@cache
def _goods() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_sort('goods')})(?![\w-])(?!\s+{_ABOUT_GOODS}\b)")


@cache
def _vehicles() -> Lexicon[Mode]:
    return lexicon(
        (word, row["mode"])  # type: ignore[misc]
        for row in rows("vehicles")
        for word in row["words"].split("|")
    )


def goods_in(passage: Passage, start: int, end: int) -> Goods:
    """Read what is carried, and how much.

    Args:
        passage: A sentence.
        start: Where to begin, in characters of the text.
        end: Where to stop.

    Returns:
        The goods, all empty where none are named.
    """
    text, low = passage.text, passage.low
    named = _goods().search(low, start, end)
    cargo = text[named.start() : named.end()] if named else ""
    amounts = (match for match in _amount().finditer(low, start, end) if not _dates(passage, match.start("number")))
    match = next(amounts, None)
    if match is None:
        return Goods(" ".join(cargo.split()), None, "")
    digits = match["number"].replace(",", "")
    number = float(digits) if digits[0].isdigit() else float(_WORDS_FOR_NUMBERS[" ".join(digits.split())])
    quantity = number * _SCALES.get(match["scale"] or "", 1.0)
    if match["counted"]:
        cargo = text[match.start("counted") : match.end("counted")]
    elif match["cargo"]:
        inside = _goods().search(low, match.start("cargo"), match.end("cargo"))
        cargo = text[match.start("cargo") : inside.end() if inside else match.end("cargo")]
    unit = match["unit"] or match["counted"]
    return Goods(" ".join(cargo.split()), quantity, " ".join(unit.split()))


def _dates(passage: Passage, at: int) -> bool:
    return any(date.start <= at < date.end for date in passage.dates)


def mode_in(passage: Passage, trigger: Span, start: int, end: int) -> Mode | None:
    """Tell how something went.

    Args:
        passage: A sentence.
        trigger: The words that say it moved.
        start: Where to begin, in characters of the text.
        end: Where to stop.

    Returns:
        The mode whose word stands nearest to the trigger; `by train` wins; None where none is named.
    """
    found = []
    if _PREFIXED.search(passage.text, start, end):
        return "sea"
    for at, until, modes in _vehicles().find(passage.low, start, end):
        if at < trigger.end and until > trigger.start:
            continue
        says_by = passage.low[at : at + 3] == "by " or passage.low[max(at - 3, 0) : at] == "by "
        found.append((not says_by, min(abs(at - trigger.end), abs(trigger.start - until)), at, modes[0]))
    return min(found)[3] if found else None


_KINDS = (
    r"(?:vessels?|ships?|tankers?|freighters?|ferry|trawler|bulk carrier|submarine|yacht|boats?|destroyer|frigate|"
    r"cruiser|warships?|planes?|aircraft|airliner|jet|helicopter|train|steamer|barge|lorry|trucks?|convoy)"
)
_PREFIXED = re.compile(r"(?<!\w)(?:MV|M/V|M/T|MT|SS|USS|HMS|USNS)\s+[“\"‘]?[A-Z]")
_CALLED = re.compile(
    rf"(?:\b(?i:{_KINDS}),?\s+(?:called\s+|named\s+|the\s+)?|(?:\b(?:MV|M/V|MT|SS|USS|HMS|USNS)\s+))"
    r"[“\"'‘*_]?(?P<name>[A-Z][\w-]+(?:\s+(?:[A-Z][\w-]*|\d+)){0,2})"
)
_VEHICLE = re.compile(
    rf"(?<![\w-])(?P<made>(?:[\w-]+\s+){{0,3}}?){_KINDS}(?![\w-])",
)
_NOT_PART = re.compile(
    r"(?:.*\s)?(?:the|a|an|two|three|four|five|its|their|his|her|this|that|another|by|in|on|of|and|with|from|to|one|first|"
    r"some|several|many|for|at|aboard|was|were|said|as|which|who|had|has|been|\d+)\s+"
)


def carrier_in(passage: Passage, start: int, end: int) -> str:
    """Name what carried it.

    Args:
        passage: A sentence.
        start: Where to begin, in characters of the text.
        end: Where to stop.

    Returns:
        The name of the ship or the like as written, else what it is called (`Russian ship`), or empty; in a headline of
        capitals always empty.
    """
    text = passage.text
    if passage.shouted:
        return ""
    if called := _CALLED.search(text, start, end):
        return " ".join(called["name"].split())
    for vehicle in _VEHICLE.finditer(passage.low, start, end):
        if re.search(r"(?<!\w)by\s+$", passage.low[max(start, vehicle.start() - 5) : vehicle.start()]):
            continue
        made = vehicle["made"]
        drop = _NOT_PART.match(made)
        begin = vehicle.start() + (drop.end() if drop else 0)
        name = " ".join(text[begin : vehicle.end()].split())
        if not re.match(rf"by\s+{_KINDS}$", passage.low[max(start, begin - 3) : vehicle.end()]):
            return name
    return ""
