"""A text read through: the places and dates it names, what it says happened, and what went where."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from geo.errors import DateError
from geo.garbage import uncollected
from geo.news.dates import find_dates_in
from geo.news.events import Passages, find_happenings, find_movements
from geo.news.events.happenings import factors
from geo.news.mentions.find import find_mentions
from geo.news.mentions.roles import role_of
from geo.news.sentences import split
from geo.news.types import Document, FindMentions, Gazetteer, Happening, Mention, Movement, Span, When
from geo.timeline import parse_date
from geo.types import Interval

LEAST_SURE = 0.35
"""What is less likely than this to name that very place is listed as passed over, and nothing is built on it."""

LEAST_AS_END = 0.12
"""What is at least as likely as this counts where a movement lacks an end, and the name stands where that end would."""

_PIECE = 20_000  # characters, some ten pages: the names of a longer text judge one another within as much
_CUTS = ("\n\n", "\n", ". ", " ")
_AT_ONCE = 250_000  # characters read together, so that memory does not grow with the folder


@dataclass(frozen=True)
class Reading:
    """What was found in a document.

    Args:
        document: The document.
        mentions: The places it names, in order, as far as they are sure enough.
        passed_over: Names that may be places, but are not sure enough.
        dates: The dates it gives, in order.
        happenings: What it says happened.
        movements: What it says went from where to where.
    """

    document: Document
    mentions: tuple[Mention, ...]
    passed_over: tuple[Mention, ...]
    dates: tuple[When, ...]
    happenings: tuple[Happening, ...]
    movements: tuple[Movement, ...]


def sureness(mention: Mention) -> float:
    """Say how likely a mention names that very place.

    Args:
        mention: The mention.

    Returns:
        The chance that it names a place times that of the place, 0 to 1; 0 where no place is known.
    """
    return mention.certainty * mention.place.confidence if mention.place else 0.0


def read_through(
    documents: Sequence[Document], *, gazetteer: Gazetteer, find: FindMentions | None = None
) -> Iterator[Reading]:
    """Read documents.

    Args:
        documents: The documents; shape (n,).
        gazetteer: What knows names of places.
        find: What finds mentions of places; the bundled model when left out.

    Yields:
        What was found in each, in their order.
    """
    mentions: list[Mention] = []
    for batch in _batches(documents):
        with uncollected():
            sentences = [split(piece.text) for piece in batch]
            whole: list[_Whole] = []
            for piece, spans, own in zip(batch, sentences, _resolved(batch, sentences, find, gazetteer), strict=True):
                mentions += own
                if piece.last:
                    document = documents[piece.document]
                    whole.append(_Whole(document, mentions, split(document.text) if piece.start else spans))
                    mentions = []
            readings = list(_read(whole))
        yield from readings


class _Piece(NamedTuple):
    """As much of a text as is read at once: an article, or some pages of what is longer."""

    document: int
    start: int
    text: str
    last: bool


class _Whole(NamedTuple):
    """A document with the places it names and its sentences."""

    document: Document
    mentions: list[Mention]
    sentences: list[Span]


def _pieces(number: int, text: str) -> Iterator[_Piece]:
    start = 0
    while len(text) - start > _PIECE:
        end = start + _PIECE
        cut = next((at for mark in _CUTS if (at := text.rfind(mark, start + _PIECE // 2, end)) > 0), end)
        yield _Piece(number, start, text[start:cut], False)
        start = cut
    yield _Piece(number, start, text[start:], True)


def _batches(documents: Sequence[Document]) -> Iterator[list[_Piece]]:
    batch: list[_Piece] = []
    size = 0
    for number, document in enumerate(documents):
        for piece in _pieces(number, document.text):
            if batch and size + len(piece.text) > _AT_ONCE:
                yield batch
                batch, size = [], 0
            batch.append(piece)
            size += len(piece.text)
    if batch:
        yield batch


def _resolved(
    pieces: Sequence[_Piece], sentences: Sequence[list[Span]], find: FindMentions | None, gazetteer: Gazetteer
) -> Iterator[list[Mention]]:
    """Find the mentions of each piece and the places they name, the names of one piece judging one another."""
    texts = [piece.text for piece in pieces]
    found = find(texts) if find else find_mentions(texts, facts=gazetteer.facts, sentences=sentences)
    names = [mention.name or mention.surface for own in found for mention in own]
    around = [text for text, own in zip(texts, found, strict=True) for _ in own]
    places = iter(gazetteer.in_texts(names, around))
    for piece, own in zip(pieces, found, strict=True):
        yield [
            Mention(
                piece.start + mention.start,
                piece.start + mention.end,
                mention.surface,
                mention.certainty,
                role_of(piece.text, mention.start, mention.end, place),
                place,
                mention.name,
            )
            for mention, place in zip(own, places, strict=False)
        ]


def _read(found: Sequence[_Whole]) -> Iterator[Reading]:
    published = [_published(document.published) for document, _, _ in found]
    dates_of = find_dates_in([document.text for document, _, _ in found], published=published)
    for (document, mentions, sentences), dates, day in zip(found, dates_of, published, strict=True):
        sure = _sure(mentions)
        passages = Passages(document.text, sentences=sentences, mentions=sure, dates=dates)
        movements = find_movements(passages, published=day)
        if doubtful := _ends_lacked(movements, mentions):
            tried = Passages(document.text, sentences=sentences, mentions=_in_order(sure, doubtful), dates=dates)
            ends = {end.start for one in find_movements(tried, published=day) for end in _ends(one)}
            ends &= {mention.start for mention in doubtful}
            sure = _in_order(sure, [mention for mention in doubtful if mention.start in ends])
            passages = Passages(document.text, sentences=sentences, mentions=sure, dates=dates)
            movements = [_less_sure(one, ends) for one in find_movements(passages, published=day)]
        kept = {mention.start for mention in sure}
        yield Reading(
            document=document,
            mentions=tuple(sure),
            passed_over=tuple(mention for mention in mentions if mention.start not in kept),
            dates=tuple(dates),
            happenings=tuple(find_happenings(passages, published=day)),
            movements=tuple(movements),
        )


def _in_order(*mentions: Sequence[Mention]) -> list[Mention]:
    return sorted(chain.from_iterable(mentions), key=attrgetter("start"))


def _ends(movement: Movement) -> Iterator[Mention]:
    return (end for end in (movement.origin, movement.destination) if end is not None)


def _sure(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if sureness(mention) >= LEAST_SURE]


def _ends_lacked(movements: Sequence[Movement], mentions: Sequence[Mention]) -> list[Mention]:
    """Give the less sure names in sentences whose movement has one end: `left Najin for Dunay`."""
    lacking = sorted({one.sentence for one in movements if one.origin is None or one.destination is None})
    starts = [mention.start for mention in mentions]
    inside = (mentions[bisect_left(starts, start) : bisect_left(starts, end)] for start, end in lacking)
    return [mention for own in inside for mention in own if LEAST_AS_END <= sureness(mention) < LEAST_SURE]


def _less_sure(movement: Movement, doubtful: Set[int]) -> Movement:
    if not any(end.start in doubtful for end in _ends(movement)):
        return movement
    return replace(movement, confidence=round(movement.confidence * factors()["an end that may be no place"], 3))


@lru_cache(maxsize=1 << 10)
def _published(written: str) -> Interval | None:
    try:
        return parse_date(written) if written else None
    except DateError:
        return None
