"""What kind of file something is: by its content first, by its name where the content leaves it open."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from geo.errors import FormatError
from geo.news.documents.encoding import wide
from geo.news.documents.limits import MB
from geo.news.documents.packed import is_zip

Kind = Literal["text", "markdown", "page", "feed", "lines", "pdf", "zip"]

READ = ".txt, .md, .html, .pdf, .docx, .jsonl, an RSS or Atom feed, or a .zip of them"

_BY_SUFFIX: dict[str, Kind] = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".jsonl": "lines",
    ".pdf": "pdf",
    ".docx": "zip",
    ".zip": "zip",
}
_PROMISED = {".pdf": "a PDF", ".docx": "a Word file", ".zip": "a zip"}

# Source: the first bytes that the formats' own specifications give.
_NOT_READ = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file, or one with a password", "Save it as .docx without one"),
    (b"{\\rtf", "a rich text file", "Save it as .docx or .txt"),
    (b"\x89PNG", "a PNG picture", "Give its text: pictures need OCR first"),
    (b"\xff\xd8\xff", "a JPEG picture", "Give its text: pictures need OCR first"),
    (b"GIF8", "a GIF picture", "Give its text: pictures need OCR first"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first, or pack it as .zip"),
    (b"Rar!", "a RAR archive", "Unpack it first, or pack it as .zip"),
)
_ROOTS: tuple[tuple[Kind, re.Pattern[bytes]], ...] = (
    ("feed", re.compile(rb"<(?:rss|(?:\w+:)?feed|rdf:RDF)[\s>]")),
    ("page", re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)),
)
_BEFORE_ROOT = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?!\s+html)[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_HEAD = 65_536
_CONTROLS = bytes({*range(32)} - set(b"\t\n\v\f\r\x1b"))
_MOST_CONTROLS = 0.01  # of the bytes; bytes at random have a tenth
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def kind_of(name: str, content: bytes) -> Kind:
    """Tell what kind of file this is.

    Args:
        name: Its name, for the ending.
        content: Its bytes.

    Returns:
        The kind that reads it.

    Raises:
        FormatError: It is empty, is of a kind that is not read, or is not what its name promises.
    """
    if not content.strip(b"\x00\t\n\v\f\r "):
        raise FormatError("The file is empty. Give one with text in it.")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if is_zip(content):
        return "zip"
    for start, what, remedy in _NOT_READ:
        if content.startswith(start):
            raise FormatError(f"It is {what}, which is not read. {remedy}.")
    suffix = PurePath(name).suffix.lower()
    kind = _BY_SUFFIX.get(suffix)
    if suffix in _PROMISED:
        raise FormatError(
            f"Its name says it is {_PROMISED[suffix]}, its content is not. Check that it was saved whole."
        )
    if is_binary(content):
        raise FormatError(f"It holds no text but binary data. Give {READ}.")
    found = _root(content)
    if found is None and kind is None:
        raise FormatError(f"{suffix} is a kind of file that is not read. Give {READ}.")
    if found is None and kind == "feed":
        raise FormatError("It is XML but neither RSS nor Atom. Give a feed, or save the text as .txt.")
    return found or kind or "text"


def is_page(text: str) -> bool:
    """Tell whether a text is a whole web page.

    Args:
        text: A text that somebody pasted.

    Returns:
        True where it begins as an HTML document.
    """
    return _root(text[:_HEAD].encode(errors="replace")) == "page"


def is_binary(content: bytes) -> bool:
    """Tell data from text.

    Args:
        content: Any bytes.

    Returns:
        True where too many of the first million are control codes for a text in any encoding.
    """
    content = content[:MB]
    if content.startswith(_WIDE_MARKS) or wide(content):
        return False
    return len(content) - len(content.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(content)


def _root(content: bytes) -> Kind | None:
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(_WIDE_MARKS):
        head = head.replace(b"\x00", b"")[2:]
    start = _BEFORE_ROOT.match(head)
    at = start.end() if start else 0
    return next((kind for kind, pattern in _ROOTS if pattern.match(head, at)), None)
