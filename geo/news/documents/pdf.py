"""PDF files that hold text: their pages put together again as paragraphs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from geo.errors import ReadError
from geo.news.documents.cleaning import clean
from geo.news.documents.dates import published
from geo.news.documents.heads import headline
from geo.news.documents.limits import PDF_PAGES, TEXT_BYTES
from geo.news.documents.paper import joined
from geo.news.documents.quiet import quiet
from geo.news.documents.word import made_on
from geo.news.types import Document

if TYPE_CHECKING:
    from pypdf import PdfReader

_DAMAGED = "The PDF is damaged. Download it again, or open it and print it to a new PDF."
_NO_TITLE = ("microsoft word", "untitled", "powerpoint")
_FILE_ENDINGS = (".doc", ".docx", ".pdf", ".indd", ".rtf", ".odt", ".tex", ".dvi")


def read_pdf(content: bytes) -> list[Document]:
    """Read the text of a PDF.

    Args:
        content: The file's bytes.

    Returns:
        One document: paragraphs without hyphens of line ends, running heads and page numbers; the title it states.

    Raises:
        ReadError: It has a password, is a scan without text, is damaged, or is longer than is read.
    """
    with quiet("pypdf"):
        reader = _opened(content)
        pages, notes = _pages(reader)
        title, made = _properties(reader)
    text, furniture = joined(pages)
    text, cleaned = clean(text)
    if not text:
        raise ReadError("The PDF holds pictures of pages and no text. Run OCR on it first.")
    return [Document(text, title or headline(text), notes=(*notes, *furniture, *cleaned, *made_on(made)))]


def _opened(content: bytes) -> PdfReader:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except Exception as error:  # damage shows as whatever error it runs into
        raise ReadError(_DAMAGED) from error
    if locked:
        raise ReadError("The PDF has a password. Open it with the password and print it to a new PDF.")
    if count > PDF_PAGES:
        raise ReadError(f"The PDF has {count:,} pages; up to {PDF_PAGES:,} are read. Split it.")
    return reader


def _pages(reader: PdfReader) -> tuple[list[str], tuple[str, ...]]:
    pages: list[str] = []
    lost = []
    size = 0
    for number in range(len(reader.pages)):
        try:
            page, _ = clean(reader.pages[number].extract_text())
        except Exception:  # as above; one page does not take the others with it
            lost.append(str(number + 1))
            continue
        pages.append(page)
        size += len(page)
        if size > TEXT_BYTES:
            raise ReadError(f"The PDF holds more than {TEXT_BYTES:,} characters. Split it.")
    if lost and len(lost) == len(reader.pages):
        raise ReadError(_DAMAGED)
    empty = sum(not page.strip() for page in pages)
    return pages, (
        *((f"Pages that could not be read: {', '.join(lost)}.",) if lost else ()),
        *((f"Pages without text, perhaps scans: {empty} of {len(reader.pages)}.",) if 0 < empty < len(pages) else ()),
    )


def _properties(reader: PdfReader) -> tuple[str, str]:
    """Give the title that the file states, where it is one, and the day it was made."""
    try:
        stated: Mapping[str, object] = reader.metadata or {}
        title = " ".join(str(stated.get("/Title") or "").split())
        made = str(stated.get("/CreationDate") or "").removeprefix("D:")[:8]
    except Exception:  # as above
        return "", ""
    is_file = title.lower().startswith(_NO_TITLE) or title.lower().endswith(_FILE_ENDINGS)
    return "" if is_file else title, published(made)[0]
