"""Texts in, candidates out: one call for a text, one for many documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from geo import routing
from geo.candidates import Candidates
from geo.geodesy import distance_km
from geo.news.documents.cleaning import sound
from geo.news.documents.told import day_of_publication, told
from geo.news.read import read_through
from geo.news.types import Document, FindMentions, Gazetteer, Mention
from geo.places import PlaceFinder, default_finder
from geo.places.online.reply import Reply, place_of
from geo.proposing import propose
from geo.types import Geocode, Mode, Place

_AT_THE_PLACE_KM = 40.0  # a port or station this near to the place named is where the leg begins or ends


def extract(
    text: str,
    *,
    published: str | None = None,
    source: str | None = None,
    geocode: PlaceFinder | Geocode | None = None,
    ner: FindMentions | None = None,
) -> Candidates:
    """Read a text: the places and dates it names, what it says happened, and what went from where to where.

    Args:
        text: The text, in English; in Korean, Russian, Chinese and Japanese places and dates are found, but no events.
        published: When it was published, as people write dates; words such as `Thursday` count from it. Left out, the
            day that a dateline or a line of its head states.
        source: Who published it, or any name for it.
        geocode: What turns names into places, also a `geocode` of geopy's; the offline gazetteer when left out.
        ner: What finds mentions of places in texts; the bundled model when left out.

    Returns:
        Candidates, for somebody to review: nothing of it is a fact yet.

    Raises:
        DateError: The date of publication cannot be read.
    """
    day = day_of_publication(published or "")
    document = told(Document(sound(text), published=day, publisher=sound(source or "")))
    return extract_documents([document], geocode=geocode, ner=ner)


def extract_documents(
    documents: Sequence[Document],
    *,
    geocode: PlaceFinder | Geocode | None = None,
    ner: FindMentions | None = None,
    progress: bool = False,
) -> Candidates:
    """Read documents together, so that an event that several tell is one candidate.

    Args:
        documents: The documents; shape (n,).
        geocode: What turns names into places; the offline gazetteer when left out.
        ner: What finds mentions of places in texts; the bundled model when left out.
        progress: Show a bar on standard error.

    Returns:
        Candidates, for somebody to review.
    """
    finder = geocode if isinstance(geocode, PlaceFinder) else default_finder()
    gazetteer: Gazetteer = finder if geocode is None or isinstance(geocode, PlaceFinder) else _OneByOne(geocode, finder)
    readings = read_through(documents, gazetteer=gazetteer, find=ner)
    bar = tqdm(readings, total=len(documents), desc="Reading", unit="text", disable=not progress)

    def end_of_leg(mention: Mention, mode: Mode) -> Place:
        place = mention.place
        assert place is not None
        found = finder.place(mention.name or mention.surface, near=place.lonlat, mode=mode)
        near = found is not None and distance_km(found.lonlat, place.lonlat) <= _AT_THE_PLACE_KM
        return found if found is not None and near else place

    return propose(list(bar), leg=routing.leg, end_of_leg=end_of_leg)


@dataclass(frozen=True)
class _OneByOne:
    """A geocoder that answers one name at a time, with the bundled gazetteer to tell what may be a name."""

    geocode: Geocode
    finder: PlaceFinder

    def facts(self, names: Sequence[str]) -> Mapping[str, npt.NDArray[np.floating]]:
        known: Mapping[str, npt.NDArray[np.floating]] = self.finder.facts(names)
        return known

    def in_texts(self, names: Sequence[str], texts: Sequence[str]) -> list[Place | None]:
        del texts
        found = {name: _place(name, self.geocode(name)) for name in dict.fromkeys(names)}
        return [found[name] for name in names]


def _place(name: str, found: Any) -> Place | None:
    """Take a place as it is, and what a function of geopy's gives for one."""
    if found is None or isinstance(found, Place):
        return found
    reply = Reply(found.address, found.longitude, found.latitude, found.raw or {})
    return place_of(reply, name=name, service="geocode", asked_at=datetime.now(UTC).isoformat())
