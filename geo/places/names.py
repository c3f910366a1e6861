"""One spelling for many: the key under which a name is stored and looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Letters that no decomposition opens, and pairs of letters that writers use for the same sound or shape.
FOLD = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ə": "a",
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ـ": "",
        "&": " and ",
    }
)
WORDS = {
    "st": "saint",
    "ste": "sainte",
    "mt": "mount",
    "mtn": "mountain",
    "ft": "fort",
    "pt": "point",
    "is": "island",
}
_ARTICLE = "the "
# Only the marks of alphabets: the vowel signs of Indic scripts and the voicing marks of kana tell words apart.
MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u0652\u0670]")
QUOTES = re.compile("['`´‘’‚‛′ʹʺʻʼʽʾʿˈˊˋ\"“”„\u00ad\u200b-\u200f\u2060\ufeff]")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?)+[^\W\d_](?![^\W_])\.?")
_WORTH_COLUMNS = 200
_BREAKS = re.compile(r"[\W_]+")


def key(name: str) -> str:
    """Give the form in which two spellings of one name are equal.

    Case, diacritics, apostrophes, hyphens, full stops and a leading article do not matter; `St.` is `Saint`, `Mt.` is
    `Mount`, `U. S.` is `US`. Hangul syllables, kana and Han characters stay whole.

    Args:
        name: A name in any script, as somebody wrote it.

    Returns:
        The key, in lower case with single spaces; empty where the name holds no letter and no digit.
    """
    text = unicodedata.normalize("NFKD", name).casefold()
    text = unicodedata.normalize("NFKD", text).translate(FOLD)
    text = unicodedata.normalize("NFC", MARKS.sub("", QUOTES.sub("", text)))
    text = _INITIALS.sub(lambda match: re.sub(r"[.\s]", "", match.group()), text)
    words = _marks_kept_split(text)
    while len(words) > 1 and words[0] == _ARTICLE.strip():
        words = words[1:]
    return " ".join(WORDS.get(word, word) for word in words)


def keys(names: Sequence[str]) -> list[str]:
    """Give the keys of many names, as `key` gives them one by one.

    Args:
        names: Names in any script; shape (n,).

    Returns:
        Their keys; shape (n,).
    """
    if len(names) < _WORTH_COLUMNS:
        return [key(name) for name in names]
    from geo.places.arrow import text_array
    from geo.places.name_columns import key_column

    found: list[str] = key_column(text_array(names)).to_pylist()
    return found


def _marks_kept_split(text: str) -> list[str]:
    # `\W` counts the vowel signs of Indic and South-East Asian scripts as breaks, so split by category instead.
    if text.isascii():
        return _BREAKS.sub(" ", text).split()
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text).split()


def is_code(name: str) -> bool:
    """Tell whether a name is a code or an abbreviation, which only counts when written in capitals.

    Args:
        name: A name as written, such as `DPRK`, `U.S.` or `VVO`.

    Returns:
        True for up to five Latin capitals or digits, with or without full stops, at least one of them a letter.
    """
    bare = name.replace(".", "").replace(" ", "")
    return bare.isascii() and bare.isalnum() and bare.isupper() and len(bare) <= 5


def titled(found: str) -> str:
    """Write a key with capitals, the way most names look.

    Args:
        found: A key as `key` gives it.

    Returns:
        The key with a capital at the start of each word, in scripts that have capitals.
    """
    return " ".join(word[:1].upper() + word[1:] for word in found.split(" "))
