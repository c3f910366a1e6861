"""A text read through: the places and dates it names, what it says happened, and what went where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.errors import DateError
from geo.news.dates import find_dates
from geo.news.events import find_happenings, find_movements
from geo.news.mentions.find import find_mentions
from geo.news.mentions.roles import role_of
from geo.news.sentences import split
from geo.news.types import Document, FindMentions, Gazetteer, Happening, Mention, Movement, When
from geo.timeline import parse_date
from geo.types import Interval

LEAST_SURE = 0.35
"""What is less likely than this to name that very place is listed as passed over, and nothing is built on it."""

_SCENE = 20_000  # characters: the names of a long text judge one another within such pieces
_AT_ONCE = 2_000_000  # characters read together, so that memory does not grow with the folder


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
    finding = find or _bundled(gazetteer)
    for batch in _batches(documents):
        found = finding([document.text for document in batch])
        for document, mentions in zip(batch, _resolved(batch, found, gazetteer), strict=True):
            yield _read(document, mentions)


def _bundled(gazetteer: Gazetteer) -> FindMentions:
    return lambda texts: find_mentions(texts, facts=gazetteer.facts)


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    size = 0
    for document in documents:
        if batch and size + len(document.text) > _AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += len(document.text)
    if batch:
        yield batch


def _resolved(
    documents: Sequence[Document], found: Sequence[Sequence[Mention]], gazetteer: Gazetteer
) -> Iterator[list[Mention]]:
    names = [mention.name or mention.surface for own in found for mention in own]
    scenes = [scene for document, own in zip(documents, found, strict=True) for scene in _scenes(document.text, own)]
    places = iter(gazetteer.in_texts(names, scenes))
    for document, own in zip(documents, found, strict=True):
        yield [
            replace(mention, place=place, role=role_of(document.text, mention.start, mention.end, place))
            for mention, place in zip(own, places, strict=False)
        ]


def _scenes(text: str, mentions: Sequence[Mention]) -> list[str]:
    """Give the piece of the text that each mention stands in."""
    pieces = [text[start : start + _SCENE] for start in range(0, len(text), _SCENE)]
    return [pieces[mention.start // _SCENE] for mention in mentions]


def _read(document: Document, mentions: Sequence[Mention]) -> Reading:
    text = document.text
    published = _published(document)
    kept = [mention for mention in mentions if sureness(mention) >= LEAST_SURE]
    sentences, dates = split(text), find_dates(text, published=published)
    return Reading(
        document=document,
        mentions=tuple(kept),
        passed_over=tuple(mention for mention in mentions if sureness(mention) < LEAST_SURE),
        dates=tuple(dates),
        happenings=tuple(find_happenings(text, sentences=sentences, mentions=kept, dates=dates, published=published)),
        movements=tuple(find_movements(text, sentences=sentences, mentions=kept, dates=dates, published=published)),
    )


def _published(document: Document) -> Interval | None:
    try:
        return parse_date(document.published) if document.published else None
    except DateError:
        return None
