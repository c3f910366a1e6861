"""Articles in, candidates out: files and pasted words, each read once, told apart from what was read before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import overload

import geopandas as gpd
import pandas as pd

from geo.app.review.joining import apart
from geo.candidates import Candidates
from geo.news.documents import pasted, read_uploads
from geo.news.documents.told import day_of_publication, told
from geo.news.types import Document
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.types import Fault

KINDS_OF_FILE = ("txt", "md", "html", "htm", "pdf", "docx", "xml", "rss", "atom", "zip")
Report = Callable[[float, str], object]
Batch = tuple[Document, ...]


def open_articles(
    files: Sequence[tuple[str, bytes]], *, published: str, publisher: str, report: Report
) -> tuple[list[Document], list[Fault]]:
    """Open files.

    Args:
        files: Name and content of each.
        published: Day of publication of those that do not say it, as people write dates; may be empty.
        publisher: Who published those that do not say it; may be empty.
        report: Told how far it is, 0 to 1, and with what.

    Returns:
        The documents, and what could not be read and why.

    Raises:
        DateError: The day cannot be read.
    """
    published = day_of_publication(published)
    documents: list[Document] = []
    faults: list[Fault] = []
    for number, (name, content) in enumerate(files):
        report(number / len(files), f"Opening {name}")
        read, wrong = read_uploads([(name, content)])
        documents += [
            replace(one, published=one.published or published, publisher=one.publisher or publisher) for one in read
        ]
        faults += wrong
    return documents, faults


def paste(text: str, *, title: str, published: str, publisher: str) -> Document:
    """Make a document of pasted words.

    Args:
        text: The words.
        title: The headline; may be empty.
        published: Day of publication, as people write dates; may be empty.
        publisher: Who published it; may be empty.

    Returns:
        The document.

    Raises:
        DateError: The day cannot be read.
        GeoError: There are no words, or too many.
    """
    published = day_of_publication(published)
    document = pasted(text, title=title)
    published, publisher = published or document.published, publisher or document.publisher
    return told(replace(document, published=published, publisher=publisher))


def unread(documents: Sequence[Document], batches: Sequence[Batch]) -> list[Document]:
    """Leave out what was read before.

    Args:
        documents: Documents that come in.
        batches: What was read before.

    Returns:
        Those whose words are new, each once.
    """
    known = {document.text for batch in batches for document in batch}
    return [one for one in {one.text: one for one in documents}.values() if one.text not in known]


class _Counted(Sequence[Document]):
    """Documents that say how far they were gone through."""

    def __init__(self, documents: Sequence[Document], report: Report) -> None:
        self.documents = documents
        self.report = report

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Document]: ...
    def __getitem__(self, at: int | slice) -> Document | Sequence[Document]:
        return self.documents[at]

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        for number, document in enumerate(self.documents):
            self.report(number / len(self), "Finding places, dates and events")
            yield document


def read(batch: Batch, corrections: Corrections, report: Report) -> Candidates:
    """Read articles together, so that what several of them tell is one candidate.

    Args:
        batch: The articles.
        corrections: What names were corrected to.
        report: Told how far it is, 0 to 1, and with what.

    Returns:
        The candidates.
    """
    from geo.extracting import extract_documents  # what only a reader needs is loaded when somebody reads

    return extract_documents(_Counted(batch, report), geocode=PlaceFinder(corrections=corrections))


def together(parts: Sequence[Candidates]) -> Candidates:
    """Put the candidates of several readings into one, every id its own.

    Args:
        parts: The readings, in order; one at least.

    Returns:
        All of them; ids of earlier readings stay as they are.
    """
    whole, *rest = parts
    for part in rest:
        whole = _both(whole, part)
    return whole


def _both(one: Candidates, other: Candidates) -> Candidates:
    texts = apart(other.sources["id"], one.sources["id"])
    taken = [*one.events["id"], *one.routes["id"]]
    rows = apart([*other.events["id"], *other.routes["id"]], taken)

    def renamed(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        also = table["also"].map(lambda told: "; ".join(texts.get(name, name) for name in told.split("; ")))
        return table.assign(id=table["id"].map(rows), source_id=table["source_id"].map(texts), also=also)

    routes = renamed(other.routes)
    return Candidates(
        _stacked(one.events, renamed(other.events)),
        _stacked(one.routes, routes.assign(shipment=routes["id"])),
        _stacked(one.mentions, other.mentions.assign(source_id=other.mentions["source_id"].map(texts))),
        _stacked(one.sources, other.sources.assign(id=other.sources["id"].map(texts))),
        (*one.notices, *(replace(note, id=texts.get(note.id, rows.get(note.id, note.id))) for note in other.notices)),
    )


def _stacked(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    if one.empty or other.empty:
        return other if one.empty else one
    return pd.concat([one, other], ignore_index=True)
