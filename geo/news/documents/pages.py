"""Web pages: the article without what stands round it, and what the page states of it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from geo.errors import FormatError
from geo.news.documents import blocks
from geo.news.documents.cleaning import clean
from geo.news.documents.encoding import decode
from geo.news.documents.limits import PAGE_ELEMENTS
from geo.news.documents.page_dates import page_date
from geo.news.documents.quiet import quiet
from geo.news.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = re.compile(
    rb"""<\?xml[^>]*?encoding\s*=\s*["']?([\w.:-]+)|<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_HEAD = 4096  # bytes; where the HTML standard has a declaration stand, and some more
_NOT_OF_THE_ARTICLE = (
    "//nav | //figcaption | //*[contains(concat(' ', normalize-space(@class), ' '), ' caption ')]"
    " | //*[contains(@class, 'photo-credit') or contains(@class, 'image-credit')]"
)


def read_page(content: bytes) -> list[Document]:
    """Read a saved web page.

    Args:
        content: The file's bytes.

    Returns:
        One document: the article, its headline, and day, publisher and address as the page states them.

    Raises:
        FormatError: There is no text in the page.
    """
    declared = _DECLARED.search(content[:_HEAD])
    name = next(filter(None, declared.groups())).decode("ascii") if declared else ""
    text, notes = decode(content, declared=name)
    return [page(text, notes=notes)]


def page(html: str, *, notes: tuple[str, ...] = ()) -> Document:
    """Make a document of a web page.

    Args:
        html: The page, decoded.
        notes: What is already known of how it was read.

    Returns:
        The article, its headline, and day, publisher and address as the page states them.

    Raises:
        FormatError: There is no text in the page.
    """
    html, cleaned = clean(html)
    tree = blocks.parsed(html)
    if tree is None:
        raise FormatError("There is no text in the page. Save it again once the article is shown, or paste its text.")
    title, publisher, url = _facts(tree)
    published, dated = page_date(tree, title=title, url=url)
    article, extracted = _article(tree)
    if not article:
        raise FormatError("There is no text in the page. Save it again once the article is shown, or paste its text.")
    body = _without_headline(article, title)
    return Document(body, title, published, publisher, url, notes=(*notes, *cleaned, *extracted, *dated))


def _facts(tree: _Element) -> tuple[str, str, str]:
    from trafilatura.metadata import extract_metadata

    if _too_large(tree):
        return "", "", ""
    with quiet("trafilatura", "htmldate", "courlan"):
        facts = extract_metadata(_copy(tree), None, {"extensive_search": False, "original_date": True})
    # Its date is not used: it takes a day of change, a copyright year or a neighbour's day for that of the article.
    return facts.title or "", facts.sitename or "", facts.url or ""


def _article(tree: _Element) -> tuple[str, tuple[str, ...]]:
    from trafilatura import bare_extraction

    if _too_large(tree):
        whole = "The page is too large to find the article in it: all its text was taken."
        return blocks.paragraphs(tree), (whole,)
    pruned = _copy(tree)
    for furniture in pruned.xpath(_NOT_OF_THE_ARTICLE):
        if furniture.getparent() is not None:
            furniture.drop_tree()
    with quiet("trafilatura", "htmldate", "courlan"):
        found: Any = bare_extraction(pruned, include_comments=False, with_metadata=False)
    if found is not None and found.body is not None and (article := blocks.paragraphs(found.body)):
        return article, ()
    return blocks.paragraphs(tree), ("No article was found in the page: all its text was taken.",)


def _copy(tree: _Element) -> _Element:
    from lxml import etree, html

    return html.document_fromstring(etree.tostring(tree, encoding="unicode", method="html"))


def _too_large(tree: _Element) -> bool:
    return next(islice(tree.iter(), PAGE_ELEMENTS, None), None) is not None


def _without_headline(text: str, title: str) -> str:
    first, _, rest = text.partition("\n\n")
    return rest if rest and title and " ".join(first.split()) == " ".join(title.split()) else text
