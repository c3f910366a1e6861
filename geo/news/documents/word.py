"""Word files: their paragraphs, tables, notes and inserted text, read from the XML inside.

python-docx leaves out what stands in insertions, content controls, text boxes and footnotes: its text has gaps.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from geo.errors import FormatError, ReadError
from geo.news.documents.cleaning import clean
from geo.news.documents.dates import published
from geo.news.documents.heads import headed, headline
from geo.news.documents.limits import FILE_BYTES, TEXT_BYTES
from geo.news.documents.packed import member
from geo.news.types import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

# Source: ECMA-376, Part 1, section 17 (WordprocessingML).
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SAID = {"t": None, "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "p": "\n\n", "tc": " | "}
_UNREAD = frozenset({"del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "tblPr", "sectPr"})
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


def read_word(packed: zipfile.ZipFile) -> list[Document]:
    """Read a Word file.

    Args:
        packed: The file, open as the zip that it is.

    Returns:
        One document: paragraphs, rows of tables with ` | ` between the cells, then footnotes; its title where it states
        one.

    Raises:
        FormatError: There is no text in it.
        ReadError: It is damaged, or larger than is read.
    """
    parts = ["word/document.xml", *(name for name in _NOTES if name in packed.namelist())]
    text, cleaned = clean("\n\n".join(filter(None, (_text(packed, part) for part in parts))))
    if not text:
        raise FormatError("There is no text in the Word file. If it holds pictures of text, run OCR on it first.")
    if len(text) > TEXT_BYTES:
        raise ReadError(f"It holds more than {TEXT_BYTES:,} characters. Split it, an article each.")
    document = headed(text)
    title, dated = _properties(packed)
    return [
        Document(
            document.text,
            document.title or title or headline(document.text),
            document.published,
            document.publisher,
            document.url,
            notes=(*cleaned, *document.notes, *(() if document.published else dated)),
        )
    ]


def _text(packed: zipfile.ZipFile, part: str) -> str:
    tree = _parsed(member(packed, part, limit=FILE_BYTES))
    said = "".join(_words(tree))
    paragraphs = (block.strip("\n ") for block in said.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())


def _words(tree: _Element) -> list[str]:
    from lxml.etree import iterwalk

    parts: list[str] = []
    cells = 0
    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name in _UNREAD:
                walk.skip_subtree()
            elif name == "tc":
                cells += 1
            elif name != "p" and name in _SAID:
                parts.append(_SAID[name] or element.text or "")
        elif name == "tc":
            cells -= 1
            if parts and parts[-1] == " ":
                parts.pop()
            parts.append(_SAID["tc"] or "")
        elif name == "tr":
            if parts and parts[-1] == _SAID["tc"]:
                parts.pop()
            parts.append("\n\n")
        elif name == "p":
            parts.append(" " if cells else "\n\n")
    return parts


def _parsed(content: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("The Word file is damaged. Open it in Word and save it again.") from error
    if tree.getroottree().docinfo.internalDTD is not None:
        raise ReadError("The Word file declares entities, which no Word file needs. Save it again from Word.")
    return tree


def _properties(packed: zipfile.ZipFile) -> tuple[str, tuple[str, ...]]:
    if "docProps/core.xml" not in packed.namelist():
        return "", ()
    tree = _parsed(member(packed, "docProps/core.xml", limit=FILE_BYTES))
    stated = {element.tag.rpartition("}")[2]: element.text or "" for element in tree}
    made, _ = published(stated.get("created", ""))
    return stated.get("title", "").strip(), made_on(made)


def made_on(day: str) -> tuple[str, ...]:
    """Say what a file's own date is worth.

    Args:
        day: The day the file says it was made, or empty.

    Returns:
        The note, where there is a day.
    """
    return (f"The file was made on {day}; that is not taken for the day of publication.",) if day else ()
