"""From one file to its documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from geo.errors import FormatError, GeoError, MissingFileError, ReadError
from geo.news.documents.cleaning import clean
from geo.news.documents.encoding import decode
from geo.news.documents.feeds import read_feed
from geo.news.documents.heads import front_matter, headed, headline
from geo.news.documents.kinds import Kind, is_page, kind_of
from geo.news.documents.limits import FEED_BYTES, FILE_BYTES, MARKDOWN_BYTES, MB, PAGE_BYTES, TEXT_BYTES
from geo.news.documents.lines import read_lines
from geo.news.documents.markdown import words_of
from geo.news.documents.packed import is_office, is_word, opened
from geo.news.documents.pages import page, read_page
from geo.news.documents.pdf import read_pdf
from geo.news.documents.told import told
from geo.news.documents.word import read_word
from geo.news.types import Document

_NO_TEXT = "There is no text in it. Give a file with words."


def read_document(path: str | Path) -> list[Document]:
    """Read the article of a file, or the entries of a feed.

    Args:
        path: A `.txt`, `.md`, `.html`, `.pdf`, `.docx` or `.jsonl` file, or an RSS or Atom feed.

    Returns:
        Its documents: one, or as many as a feed has entries or a `.jsonl` lines.

    Raises:
        MissingFileError: There is no file at this path.
        FormatError: The file is empty, of a kind that is not read, or not what its name promises.
        ReadError: The file has a password, is damaged, too large, or may not be read.
    """
    path = Path(path)
    try:
        return documents_of(path.name, load(path))
    except GeoError as error:
        raise type(error)(f"{path}: {error}") from error


def read_bytes(name: str, content: bytes) -> list[Document]:
    """Read a file that is already in memory, as `read_document` reads one from disk.

    Args:
        name: Its name.
        content: Its bytes.

    Returns:
        Its documents.

    Raises:
        FormatError: It is empty, of a kind that is not read, or not what its name promises.
        ReadError: It has a password, is damaged or too large.
    """
    try:
        return documents_of(name, content)
    except GeoError as error:
        raise type(error)(f"{name}: {error}") from error


def pasted(text: str, *, title: str = "") -> Document:
    """Make a document of text that somebody pasted: words, or the source of a web page.

    Args:
        text: What was pasted.
        title: Its headline, where it is known.

    Returns:
        The document; where it begins with lines such as `Title:` and `Date:`, with what they state.

    Raises:
        FormatError: There is no text in it.
        ReadError: It is too long.
    """
    if len(text) > TEXT_BYTES:
        raise ReadError(f"Pasted text: it is longer than {TEXT_BYTES:,} characters. Paste an article at a time.")
    document = page(text) if is_page(text) else _plain(text)
    if not document.text.strip():
        raise FormatError("Pasted text: there is none. Paste the words of an article.")
    return replace(document, title=title or document.title)


def load(path: Path) -> bytes:
    """Take a file into memory, if it is no larger than is read.

    Args:
        path: The file.

    Returns:
        Its bytes.

    Raises:
        MissingFileError: There is no file at this path.
        ReadError: It is no file, is too large, or may not be read.
    """
    if not path.exists():
        raise MissingFileError("There is no such file. Check the path.")
    if not path.is_file():
        raise ReadError("It is not a file. Give a file, or read the folder with `read_documents`.")
    _fitting(path.stat().st_size, FILE_BYTES)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"It cannot be read: {error.strerror}. Check who may read it.") from error


def documents_of(name: str, content: bytes) -> list[Document]:
    """Read one file; the messages of its errors do not name it.

    Args:
        name: Its name.
        content: Its bytes.

    Returns:
        Its documents.

    Raises:
        FormatError: It is empty, of a kind that is not read, or not what its name promises.
        ReadError: It has a password, is damaged or too large.
    """
    kind = kind_of(name, content)
    limit, read = _READERS[kind]
    _fitting(len(content), limit)
    try:
        documents = read(content)
    except GeoError:
        raise
    except Exception as error:  # a file that its library trips over does not stop the others
        raise ReadError(
            f"It cannot be read ({type(error).__name__}). Save it again, or give its text as .txt."
        ) from error
    if not any(document.text.strip() for document in documents):
        raise FormatError(_NO_TEXT)
    return [told(replace(document, file=name)) for document in documents]


def _fitting(size: int, limit: int) -> None:
    if size > limit:
        raise ReadError(
            f"It is larger than {limit // MB} MB, the most that is read at once. Split it, an article each."
        )


def _text(content: bytes) -> list[Document]:
    text, notes = decode(content)
    document = _plain(text)
    return [replace(document, notes=(*notes, *document.notes))]


def _plain(text: str) -> Document:
    text, notes = clean(text)
    document = headed(text)
    return replace(document, title=document.title or headline(document.text), notes=(*notes, *document.notes))


def _markdown(content: bytes) -> list[Document]:
    text, notes = decode(content)
    text, cleaned = clean(text)
    document = front_matter(text)
    words, title = words_of(document.text)
    return [replace(document, text=words, title=document.title or title, notes=(*notes, *cleaned, *document.notes))]


def _zipped(content: bytes) -> list[Document]:
    with opened(content) as packed:
        if is_word(packed):
            return read_word(packed)
        if is_office(packed):
            raise FormatError("It is an Office file or an e-book, but no Word file. Save its text as .docx or .txt.")
        if not packed.namelist():
            raise FormatError("The zip is empty. Pack it again with the files in it.")
    raise FormatError("It is a zip, which may hold many files. Read it with `read_documents`.")


_READERS: dict[Kind, tuple[int, Callable[[bytes], list[Document]]]] = {
    "text": (TEXT_BYTES, _text),
    "markdown": (MARKDOWN_BYTES, _markdown),
    "page": (PAGE_BYTES, read_page),
    "feed": (FEED_BYTES, read_feed),
    "lines": (FILE_BYTES, read_lines),
    "pdf": (FILE_BYTES, read_pdf),
    "zip": (FILE_BYTES, _zipped),
}
