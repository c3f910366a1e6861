"""From bytes to text: the encoding is found, and said where it was guessed."""

from __future__ import annotations

import codecs
import unicodedata

from geo.errors import FormatError
from geo.news.documents.latin import latin_page, latin_pages

# What pages declare and what browsers read it as: the wider set that contains the one named.
# Source: WHATWG Encoding Standard, section 4.2.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Fewer choices, fewer wrong guesses: what news is found in, not every code page there ever was.
_GUESSED = (
    *(f"cp{page}" for page in (1252, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 866, 874, 932, 949)),
    *("big5", "euc_jp", "gb18030", "iso8859_2", "iso8859_5", "koi8_r", "koi8_u"),
)
_HEAD_BYTES = 4000
_LEAST_ZEROS = 0.002  # UTF-16 has one for every space and line end; other encodings of text have none
_SAMPLE_BYTES = 50_000
_SOUND_PER_BROKEN = 20  # a UTF-8 text with a byte damaged here and there is still UTF-8


def decode(content: bytes, *, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """Turn the bytes of a text into characters.

    A byte order mark settles it; then UTF-8, which other encodings hardly ever look like; then what the file declares;
    then a guess by the letters and words that come out.

    Args:
        content: The bytes.
        declared: The encoding that the file itself names, or empty.

    Returns:
        The text, and a note where the encoding was guessed or bytes could not be read.

    Raises:
        FormatError: No encoding makes a text of these bytes.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _with_damage(content, encoding)
    for encoding in (*_unmarked(content), _known(declared)):
        text = _strictly(content, encoding)
        if text is not None:
            return text, ()
    if _is_damaged_utf8(content):
        return _with_damage(content, "utf-8")
    encoding = _guess(content)
    text, damage = _with_damage(content, encoding)
    return text, (f"The file does not say its encoding: read as {encoding}, by its letters and words.", *damage)


def wide(content: bytes) -> str:
    """Find UTF-16 that does not say so.

    Args:
        content: Any bytes.

    Returns:
        `utf-16-le` or `utf-16-be`, where these bytes make a text of letters, or empty.
    """
    head = content[:_HEAD_BYTES]
    if head.count(0) < _LEAST_ZEROS * len(head):
        return ""
    return next((encoding for encoding in ("utf-16-le", "utf-16-be") if _reads(head, encoding)), "")


def _reads(head: bytes, encoding: str) -> bool:
    text = head.decode(encoding, errors="replace")
    odd = sum(unicodedata.category(character) in ("Cc", "Cn", "Co") for character in text if not character.isspace())
    spaces = sum(character in " \n" for character in text)
    return not odd and spaces > _LEAST_ZEROS * len(text)


def _unmarked(content: bytes) -> tuple[str, ...]:
    return (wide(content), "iso2022_jp" if b"\x1b$" in content else "", "utf-8")


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
        "".encode(name)  # Python also knows codecs that make no text, such as zip
    except LookupError:
        return ""
    return "" if name == "utf-7" else _WIDER.get(name, name)  # utf-7: no browser reads it


def _strictly(content: bytes, encoding: str) -> str | None:
    if not encoding:
        return None
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _with_damage(content: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = content.decode(encoding, errors="replace")
    lost = text.count("\ufffd")
    return text, ((f"{lost} characters could not be read and stand as \ufffd.",) if lost else ())


def _is_damaged_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    return beyond_ascii - broken > _SOUND_PER_BROKEN * broken


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes

    telling = _telling(content)
    best = from_bytes(telling, cp_isolation=[*_GUESSED]).best()
    if best is None:
        raise FormatError("It is text in no encoding that is known. Open it in an editor and save it as UTF-8.")
    # Of pages that look equally sound it takes the first by name: Spanish would come out in Polish letters.
    return latin_page(telling) if best.encoding in latin_pages() else str(best.encoding)


def _telling(content: bytes) -> bytes:
    """Keep the lines that are not plain ASCII, up to a sample: the rest says nothing of the encoding."""
    kept, size = [], 0
    for line in content.splitlines(keepends=True):
        if not line.isascii():
            kept.append(line)
            size += len(line)
            if size > _SAMPLE_BYTES:
                break
    return b"".join(kept)[: 4 * _SAMPLE_BYTES]
