"""RSS and Atom feeds: an entry is a document."""

from __future__ import annotations

import io
from typing import Any

from geo.errors import FormatError
from geo.news.documents import blocks
from geo.news.documents.cleaning import clean
from geo.news.documents.dates import published
from geo.news.types import Document


def read_feed(content: bytes) -> list[Document]:
    """Read a feed; nothing it points to is fetched.

    Args:
        content: The file's bytes.

    Returns:
        One document an entry, in the feed's order, with headline, day, publisher and address as the feed states them.

    Raises:
        FormatError: No entry holds any text, or entities are declared, with which a small file can fill the memory.
    """
    import feedparser

    if b"<!ENTITY" in content.replace(b"\x00", b""):
        raise FormatError("The feed declares entities of its own, which are not read. Save the articles themselves.")
    # As a stream: what is handed over as a string, feedparser may take for an address and fetch.
    feed = feedparser.parse(io.BytesIO(content))
    damage = ("The feed is not well-formed XML: entries may be missing.",) if feed.bozo and _is_broken(feed) else ()
    documents = [_document(entry, feed.feed.get("title", ""), damage) for entry in feed.entries]
    kept = [document for document in documents if document.text]
    if not kept:
        raise FormatError("The feed has no entry with text. Save the feed again, or the articles themselves.")
    return kept


def _is_broken(feed: Any) -> bool:
    from feedparser import CharacterEncodingOverride

    return not isinstance(feed.bozo_exception, CharacterEncodingOverride)


def _document(entry: Any, feed_title: str, damage: tuple[str, ...]) -> Document:
    title = " ".join(blocks.of_html(entry.get("title", "")).split())
    bodies = [part.get("value", "") for part in entry.get("content", ())] or [entry.get("summary", "")]
    text, cleaned = clean("\n\n".join(filter(None, map(_text, bodies))))
    stated = entry.get("published", "")
    day, notes = published(stated or entry.get("updated", ""))
    if day and not stated:
        notes = ("The feed states no day of publication, only one of change: that was taken.",)
    if not text and title:
        text, notes = title, (*notes, "The feed holds the headline only.")
    publisher = blocks.of_html(entry.get("source", {}).get("title", "") or feed_title)
    return Document(text, title, day, publisher, entry.get("link", ""), notes=(*damage, *cleaned, *notes))


def _text(body: str) -> str:
    # A plain text keeps its lines; `<` of a tag tells the two apart as feed readers do.
    return blocks.of_html(body) if "<" in body or "&" in body else body.strip()
