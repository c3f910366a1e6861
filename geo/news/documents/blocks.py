"""Paragraphs of a marked-up text: what stands in one block is one paragraph, a blank line between two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.errors import ReadError
from geo.news.documents.limits import PAGE_CHARACTERS

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCK = re.compile(
    "address|article|aside|blockquote|body|caption|center|d[dlt]|details|div|fieldset|figcaption|figure|footer|form|h[1-6r]"
    "|head|header|html|item|li|list|main|nav|[ou]l|p|pre|quote|row|section|summary|table|tbody|tfoot|thead|tr"
)
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_UNREAD = re.compile(
    "audio|button|canvas|datalist|embed|iframe|input|link|map|math|meta|noembed|noframes|noscript|object|script|select"
    "|style|svg|template|textarea|title|video"
)
_ROWS = frozenset({"tr", "row"})
_EMBEDDED = re.compile(r"data:[\w/+.-]*;base64,[A-Za-z0-9+/=]+")
_CELL_END, _ROW_END = "\x01", "\x02"


def paragraphs(tree: _Element) -> str:
    """Give the words of a tree as paragraphs.

    Args:
        tree: Elements named as in HTML or as trafilatura names them.

    Returns:
        The text: a blank line between blocks, a newline for a line break, ` | ` between the cells of a row; without
        scripts, styles and forms.
    """
    from lxml.etree import Comment, Entity, ProcessingInstruction, iterwalk

    parts: list[str] = []
    walk = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("comment", "pi") or element.tag in (Comment, Entity, ProcessingInstruction):
            parts.append(_words(element.tail))
            continue
        name = _name(element)
        if event == "start" and _UNREAD.fullmatch(name):
            walk.skip_subtree()
            continue
        if event == "start":
            parts += (_mark(name, opening=True), _words(element.text))
        else:
            tail = _words(element.tail) if element is not tree else ""
            parts += (_mark(name, opening=False) if not _UNREAD.fullmatch(name) else "", tail)
    return _tidy("".join(parts))


def of_html(html: str) -> str:
    """Give the words of a piece of HTML as paragraphs.

    Args:
        html: A page or a part of one, decoded.

    Returns:
        Its text, as `paragraphs` gives it; empty where it holds none.
    """
    tree = parsed(html)
    return "" if tree is None else paragraphs(tree)


def parsed(html: str) -> _Element | None:
    """Read HTML, however broken.

    Args:
        html: A page or a part of one, decoded.

    Returns:
        The tree; None where there is nothing in it. Nothing is fetched.

    Raises:
        ReadError: It is too long, or its elements nest too deep to be read whole.
    """
    from lxml import etree

    html = _EMBEDDED.sub("", html)
    if len(html) > PAGE_CHARACTERS:
        raise ReadError(f"The page is longer than {PAGE_CHARACTERS:,} characters. Give its text as .txt, in parts.")
    # Bytes, because lxml refuses characters that come with a declaration of bytes.
    content = html.encode("utf-8", errors="replace")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise ReadError("The page nests too deep to be read whole. Give its text as .txt.")
    return tree


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _mark(name: str, *, opening: bool) -> str:
    if name in _CELLS:
        return "" if opening else _CELL_END
    if name in _ROWS and not opening:
        return _ROW_END
    if name in _BREAKS:
        return "\n" if opening else ""
    return "\n\n" if _BLOCK.fullmatch(name) else ""


def _words(text: str | None) -> str:
    return re.sub(r"[\s\x01\x02]+", " ", text) if text else ""


def _tidy(text: str) -> str:
    rows = (filter(None, map(str.strip, row.split(_CELL_END))) for row in text.split(_ROW_END))
    text = re.sub(" {2,}", " ", "\n\n".join(map(" | ".join, rows)))
    return re.sub(r"[ \n]*\n[ \n]*", _line_ends, text).strip()


def _line_ends(found: re.Match[str]) -> str:
    return "\n\n" if found.group().count("\n") > 1 else "\n"
