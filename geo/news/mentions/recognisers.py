"""Other finders of place names that a user has: a pipeline of spaCy's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.errors import OptionError
from geo.news.types import FindMentions, Mention

SPACY = "spacy"
_LABELS = {"GPE": 0.9, "LOC": 0.9, "FAC": 0.7, "NORP": 0.5}
"""The labels of spaCy's pipelines that name places, and how sure each is taken to be."""


def recogniser(wanted: str) -> FindMentions:
    """Load what finds place names.

    Args:
        wanted: `spacy:NAME`, with the name of an installed pipeline or the folder of one.

    Returns:
        What finds mentions in texts.

    Raises:
        OptionError: It is of another sort, spaCy is not installed, or has no such pipeline.
    """
    sort, _, name = wanted.partition(":")
    if sort != SPACY or not name:
        raise OptionError(f"{wanted!r} finds no place names. Give spacy:NAME, such as spacy:en_core_web_sm.")
    return _Spacy(name)


class _Spacy:
    def __init__(self, name: str) -> None:
        try:
            import spacy
        except ImportError as error:
            raise OptionError("spaCy is not installed. Run python -m pip install spacy.") from error
        try:
            self._pipeline: Any = spacy.load(name)
        except (OSError, ValueError) as error:
            advice = f"Run python -m spacy download {name}, or give the folder of a pipeline."
            raise OptionError(f"spaCy cannot load the pipeline {name!r}. {advice}") from error

    def __call__(self, texts: Sequence[str], /) -> list[list[Mention]]:
        return [
            [
                Mention(entity.start_char, entity.end_char, entity.text, _LABELS[entity.label_])
                for entity in document.ents
                if entity.label_ in _LABELS
            ]
            for document in self._pipeline.pipe(texts)
        ]
