"""What no reader of a text sees, taken out of it: control characters, soft hyphens, the line ends of other systems."""

from __future__ import annotations

import re

# Codes that no text uses, left where Windows' dashes and quotes were read as Latin-1.
_MISREAD = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)
}
# Letters that a typesetter joined; a search for the word would miss it.
_JOINED = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_HALVES = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Make every line end a newline and take out what cannot be seen.

    Args:
        text: A text as it was decoded.

    Returns:
        The text without characters that no reader sees and without blank lines at either end, and a note where
        characters were taken out.
    """
    text = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff").translate(_MISREAD | _JOINED)).replace("\u2029", "\n\n")
    text, removed = _UNSEEN.subn("", text)
    text = text.rstrip()
    text = text[text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1 :]
    return text, ((f"{removed} characters that cannot be seen were taken out.",) if removed else ())


def sound(text: str) -> str:
    """Put the sign for a letter that is lost in the place of halves of letters, which no file can hold.

    Args:
        text: Any text.

    Returns:
        A text as long.
    """
    return _HALVES.sub("\ufffd", text)
