"""The day a web page says its article was published: stated outright or not at all, for a wrong day is worse than none.

Looked at in this order: what the page states for machines (JSON-LD, meta elements, marked elements), what stands at the
headline, the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from geo.news.documents.dates import published

if TYPE_CHECKING:
    from lxml.etree import _Element

# Source: schema.org, Open Graph, Dublin Core, and what large publishers write besides.
_META = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "publication_date",
    "publish-date",
    "publish_date",
    "published_time",
    "pubdate",
    "sailthru.date",
    "date",
)
_MARKED = "//*[@itemprop='datePublished' or (self::time and @pubdate)]"
_FURNITURE = (
    "ancestor-or-self::*[self::aside or self::nav or self::footer or @itemprop='dateModified'"
    " or contains(@class, 'update') or contains(@class, 'modif') or contains(@class, 'related')]"
)
_AT_HEADLINE = (
    "(//article[.//h1] | //main[.//h1] | //h1/..)//*[self::time or contains(@class, 'date')"
    " or contains(@class, 'publish') or contains(@class, 'byline') or contains(@class, 'timestamp')]"
    f"[not({_FURNITURE})]"
)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?:/|$)")
_LONGEST = 200  # characters; what is longer is no line with a date


def page_date(tree: _Element, *, title: str, url: str) -> tuple[str, tuple[str, ...]]:
    """Find the day of publication that a page states.

    Args:
        tree: The page.
        title: The article's headline, which tells it from others that the page describes.
        url: The page's address.

    Returns:
        The day or month, in the words of `published`; empty where the page states none. And what to say of it.
    """
    for stated in (_json_ld(tree, title), _metas(tree), _elements(tree, _MARKED), _elements(tree, _AT_HEADLINE)):
        days = {day for text in stated if (day := published(text)[0])}
        if len(days) == 1:
            return days.pop(), ()
        if days:
            return "", (f"The page states several days for the article, {', '.join(sorted(days))}: none was used.",)
    in_address = _IN_ADDRESS.search(url)
    if in_address and (day := published(".".join(in_address.groups()))[0]):
        return day, ("The day of publication was read from the page's address.",)
    return "", ()


def _json_ld(tree: _Element, title: str) -> list[str]:
    articles = [
        thing
        for script in tree.xpath("//script[@type='application/ld+json']")
        for thing in _things(script.text or "")
        if _is_article(thing)
    ]
    own = [thing for thing in articles if title and str(thing.get("headline", "")).strip() == title]
    return [str(thing["datePublished"]) for thing in own or articles]


def _things(script: str) -> Iterator[dict[str, Any]]:
    try:
        left = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        return
    while left:
        thing = left.pop()
        if isinstance(thing, dict):
            yield thing
            left += thing.values()
        elif isinstance(thing, list):
            left += thing


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return bool(thing.get("datePublished")) and any(
        str(kind).endswith(("Article", "Posting", "Report")) for kind in named
    )


def _metas(tree: _Element) -> list[str]:
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        stated.setdefault(name.lower(), meta.get("content") or "")
    return next(([stated[name]] for name in _META if published(stated.get(name, ""))[0]), [])


def _elements(tree: _Element, path: str) -> list[str]:
    found = []
    for element in tree.xpath(path):
        stated = element.get("datetime") or element.get("content") or " ".join("".join(element.itertext()).split())
        if len(stated) <= _LONGEST:
            found.append(stated)
    return found
