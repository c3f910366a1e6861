"""The words of the news room: documents, mentions, dates, happenings and movements, all with their offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from geo.types import Interval, Mode, Place

Role = Literal["place", "metonym", "demonym"]
"""A place that is meant as such, one that stands for its government or people, or a word made from one."""

Stance = Literal["fact", "claim", "intention", "denial"]
"""How a text puts something: as done, as somebody's claim, as planned or urged, as not so."""


class Span(NamedTuple):
    """A stretch of a text, half-open, in characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A text somebody brought, and what is known of it.

    Args:
        text: The text to read, without page furniture.
        title: Its headline, or empty.
        published: The day it was published, `2024-03-24`, or as exactly as is known; empty where it is not.
        publisher: Who published it, or empty.
        url: Where it stands, or empty.
        file: The file it came from, or empty.
        notes: What a reader should know of how it was read.
        id: What whoever handed it on calls it, or empty.
    """

    text: str
    title: str = ""
    published: str = ""
    publisher: str = ""
    url: str = ""
    file: str = ""
    notes: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True)
class Mention:
    """A place named in a text.

    Args:
        start: Offset of its first character.
        end: Offset after its last character.
        surface: The words themselves.
        certainty: How sure it is that they name a place, 0 to 1.
        role: Whether the place itself is meant.
        place: What it most likely is, or None where that is unknown.
        name: The name it is looked up by, where that is not the words themselves: `Москва` for `Москве`; else empty.
    """

    start: int
    end: int
    surface: str
    certainty: float
    role: Role = "place"
    place: Place | None = None
    name: str = ""


@dataclass(frozen=True)
class When:
    """A date a text gives.

    Args:
        start: Offset of its first character.
        end: Offset after its last character.
        words: The words themselves.
        interval: When that is, UTC, half-open; None where the text alone does not tell.
        known: What is known besides, in words: `a Thursday` where the interval is not, `4 March or 3 April` where the
            words fit two dates; else empty.
        anchored: Whether it was counted from the day of publication.
    """

    start: int
    end: int
    words: str
    interval: Interval | None
    known: str = ""
    anchored: bool = False


@dataclass(frozen=True)
class Happening:
    """Something a sentence says happened.

    Args:
        kind: What kind of thing, a word of `data/news/kinds.csv`.
        title: It in a few words of the text.
        sentence: The sentence that says so.
        trigger: The words that gave the kind away.
        scene: Where it happened, or None where the text does not say.
        when: When, or None where the text does not say.
        who: Those who took part, as written.
        stance: How the text puts it.
        confidence: How sure it is that this happened so, 0 to 1.
    """

    kind: str
    title: str
    sentence: Span
    trigger: Span
    scene: Mention | None
    when: When | None
    who: tuple[str, ...]
    stance: Stance
    confidence: float


@dataclass(frozen=True)
class Movement:
    """Something or somebody a sentence says went from one place to another.

    Args:
        title: It in a few words of the text.
        sentence: The sentence that says so.
        trigger: The words that gave it away.
        origin: Where from, or None where the text does not say.
        destination: Where to, or None where the text does not say.
        via: What it passed, in order.
        mode: How, where the text says or the goods tell; empty where not.
        cargo: What was carried, as written, or empty.
        quantity: How much, or None.
        unit: The unit of the quantity, or empty.
        carrier: The ship, train, aircraft or company, as written, or empty.
        depart: When it left, or None.
        arrive: When it came, or None.
        stance: How the text puts it.
        confidence: How sure it is that this happened so, 0 to 1.
    """

    title: str
    sentence: Span
    trigger: Span
    origin: Mention | None
    destination: Mention | None
    via: tuple[Mention, ...]
    mode: Mode | Literal[""]
    cargo: str
    quantity: float | None
    unit: str
    carrier: str
    depart: When | None
    arrive: When | None
    stance: Stance
    confidence: float


class Gazetteer(Protocol):
    """What knows names of places."""

    def facts(self, names: Sequence[str]) -> Mapping[str, npt.NDArray[np.floating]]:
        """Say of words whether they name places, and what kind of.

        Args:
            names: Words as written; shape (n,).

        Returns:
            Columns of shape (n,).
        """

    def in_texts(self, names: Sequence[str], texts: Sequence[str]) -> Sequence[Place | None]:
        """Find places by the texts that name them.

        Args:
            names: Names as written; shape (n,).
            texts: The text each stands in; shape (n,).

        Returns:
            The likeliest place of each, or None; shape (n,).
        """


class FindMentions(Protocol):
    """Anything that finds which words of texts name places."""

    def __call__(self, texts: Sequence[str], /) -> Sequence[Sequence[Mention]]:
        """Find the places that texts name.

        Args:
            texts: The texts; shape (n,).

        Returns:
            The mentions of each, not yet resolved; shape (n,).
        """
