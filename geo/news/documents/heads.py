"""The lines some texts begin with: `Title:`, `Date:`, `Source:`, `URL:`, bare or between the `---` of front matter."""

from __future__ import annotations

import re

from geo.news.documents.dates import published
from geo.news.types import Document

_FIELDS = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "source": "publisher",
    "publisher": "publisher",
    "url": "url",
    "link": "url",
}
_LINE = re.compile(r"([A-Za-z][\w -]{0,30}):[ \t]*(.*)")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST_HEADLINE = 200
_ENDS_SENTENCE = (".", "。", ":", ";", ",")


def headed(text: str) -> Document:
    """Take the head off a text whose first lines say what it is.

    Args:
        text: A clean text.

    Returns:
        The text after its head, with the title, day, publisher and address the head states; the text itself where it
        has none.
    """
    return _document(*_plain_head(text))


def front_matter(text: str) -> Document:
    """Take the front matter off a Markdown text.

    Args:
        text: A clean text.

    Returns:
        The text after its front matter, with what that states; where it has none, what `headed` makes of it.
    """
    match = _FRONT_MATTER.match(text)
    return _document(match.group(1).split("\n"), text[match.end() :].strip("\n")) if match else headed(text)


def headline(text: str) -> str:
    """Find the headline that a text has over its first paragraph.

    Args:
        text: A clean text.

    Returns:
        Its first line, where that is short, ends no sentence and stands alone; else empty.
    """
    first, _, rest = text.partition("\n\n")
    first = first.strip()
    alone = rest and "\n" not in first and len(first) <= _LONGEST_HEADLINE
    return first if alone and not first.endswith(_ENDS_SENTENCE) else ""


def _plain_head(text: str) -> tuple[list[str], str]:
    head, _, body = text.partition("\n\n")
    lines = head.split("\n")
    matches = [_LINE.fullmatch(line) for line in lines]
    known = all(
        match and match.group(1).strip().lower() in _FIELDS and len(match.group(2)) <= _LONGEST_HEADLINE
        for match in matches
    )
    return (lines, body.strip("\n")) if known and body.strip() else ([], text)


def _document(lines: list[str], body: str) -> Document:
    stated: dict[str, str] = {}
    unused = []
    for line in filter(str.strip, lines):
        match = _LINE.fullmatch(line)
        field = _FIELDS.get(match.group(1).strip().lower()) if match else None
        if match and field and field not in stated:
            stated[field] = match.group(2).strip().strip("\"'")
        else:
            unused.append(line.strip())
    day, notes = published(stated.pop("published", ""))
    if unused:
        notes += (f"Lines of its head that are not used: {'; '.join(unused)[:200]}",)
    return Document(body, **stated, published=day, notes=notes)
