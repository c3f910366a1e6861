"""JSON lines: a text a line, as corpora and programs hand texts on; offsets stay those of the text as given."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from geo.errors import FormatError
from geo.news.documents.cleaning import sound
from geo.news.documents.dates import published
from geo.news.types import Document

_FIELDS = {"title": "title", "publisher": "publisher", "source": "publisher", "url": "url", "link": "url", "id": "id"}
_DAYS = ("published", "date")
_SHOWN = 10


def read_lines(content: bytes) -> list[Document]:
    """Read texts from JSON lines.

    Args:
        content: The bytes of the file, UTF-8: an object a line, with `text` and, where they are known, `id`, `title`,
            `published` or `date`, `publisher` or `source`, `url` or `link`.

    Returns:
        A document a line, its text as it stands.

    Raises:
        FormatError: No line is such an object.
    """
    documents: list[Document] = []
    wrong: list[str] = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").split("\n"), 1):
        try:
            documents += [_document(line, number)] if line.strip() else []
        except FormatError as error:
            wrong.append(str(error))
    if wrong and not documents:
        raise FormatError(wrong[0])
    if wrong:
        more = f" And {len(wrong) - _SHOWN:,} more." if len(wrong) > _SHOWN else ""
        note = f"Lines left out: {' '.join(wrong[:_SHOWN])}{more}"
        documents[0] = replace(documents[0], notes=(*documents[0].notes, note))
    return documents


def _document(line: str, number: int) -> Document:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise FormatError(f"Line {number} is no JSON: {error}. Give one object a line.") from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise FormatError(f'Line {number} has no text. Give objects such as {{"id": "1", "text": "…"}}.')
    stated: dict[str, Any] = {}
    for name, field in _FIELDS.items():
        value = given.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and field not in stated:
            stated[field] = sound(str(value))
    day, notes = published(str(next((given[name] for name in _DAYS if given.get(name)), "")))
    return Document(sound(given["text"]), published=day, notes=notes, **stated)
