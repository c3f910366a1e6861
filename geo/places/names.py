"""One spelling for many: the key under which a name is stored and looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

# Letters that no decomposition opens, and pairs of letters that writers use for the same sound or shape.
_FOLD = str.maketrans(
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
_WORDS = {
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
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u0652\u0670]")
_QUOTES = re.compile("['`´‘’‚‛′ʹʺʻʼʽʾʿˈˊˋ\"“”„\u00ad\u200b-\u200f\u2060\ufeff]")
_INITIALS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?)+[^\W\d_](?![^\W_])\.?")
# What `key` does more to than fold, lower and space: initials, letters whose lower case is not all that counts as the
# same, short words and the article.
_ODD_AS_WRITTEN = (
    r"[.ßẞſςΣ\x{0345}\x{037a}\x{03f2}\x{03f9}\x{0530}-\x{058f}\x{13a0}-\x{13ff}\x{1c80}-\x{1cff}\x{1f80}-\x{1fff}"
    r"\x{2c00}-\x{2dff}\x{a640}-\x{abff}\x{10000}-\x{10ffff}]"
)
_ODD_FOLDED = rf"(?:^| )(?:{'|'.join(_WORDS)})(?: |$)|^the "
_FOLDED_LETTERS = f"[{''.join(map(chr, _FOLD))}]"
_WORTH_COLUMNS = 200  # and the first array that Arrow is handed makes it import pandas, a third of a second
# Arrow begins a new word at every sign that is no letter, and has other capitals for some scripts.
_ODD_TITLE = r"[^\p{Lu}\p{Ll}\p{Lo} ]|\p{Georgian}|\p{Greek}|\p{Cherokee}|\p{Lo}[^ ]*\p{Ll}"
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
    text = unicodedata.normalize("NFKD", text).translate(_FOLD)
    text = unicodedata.normalize("NFC", _MARKS.sub("", _QUOTES.sub("", text)))
    text = _INITIALS.sub(lambda match: re.sub(r"[.\s]", "", match.group()), text)
    words = _marks_kept_split(text)
    while len(words) > 1 and words[0] == _ARTICLE.strip():
        words = words[1:]
    return " ".join(_WORDS.get(word, word) for word in words)


def keys(names: Sequence[str]) -> list[str]:
    """Give the keys of many names, as `key` gives them one by one.

    Args:
        names: Names in any script; shape (n,).

    Returns:
        Their keys; shape (n,).
    """
    if len(names) < _WORTH_COLUMNS:
        return [key(name) for name in names]
    found: list[str] = key_column(pa.array(names, pa.string())).to_pylist()
    return found


def key_column(written: pa.Array) -> pa.Array:
    """Give the keys of a column of names, as `key` gives them one by one, many times as fast.

    Args:
        written: Names in any script, none missing; shape (n,).

    Returns:
        Their keys; shape (n,).
    """
    lower = pc.ascii_lower(written)
    folded = pc.ascii_trim(_changed(lower, pc.match_substring_regex(lower, "[^a-z0-9 ]|  "), _folded), " ")
    return _changed(folded, pc.match_substring_regex(folded, _ODD_FOLDED), _one_by_one)


def _one_by_one(texts: pa.Array) -> pa.Array:
    return pa.array(map(key, texts.to_pylist()), pa.string())


def _changed(texts: pa.Array, which: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change those texts that need it, which are few."""
    part = texts.filter(which)
    return pc.replace_with_mask(texts, which, change(part)) if len(part) else texts


def _folded(texts: pa.Array) -> pa.Array:
    folded = _changed(texts, pc.invert(pc.string_is_ascii(texts)), _unaccented)
    bare = pc.replace_substring_regex(folded, "['`\"]", "")
    bare = pc.replace_substring_regex(pc.replace_substring(bare, "&", " and "), r"[^\pL\pM\pN]+", " ")
    odd = pc.match_substring_regex(texts, _ODD_AS_WRITTEN)
    return pc.replace_with_mask(bare, odd, _one_by_one(texts.filter(odd)))


def _unaccented(texts: pa.Array) -> pa.Array:
    folded = pc.utf8_lower(pc.utf8_normalize(texts, "NFKD"))
    folded = _changed(folded, pc.match_substring_regex(folded, _FOLDED_LETTERS), _folded_letters)
    return pc.utf8_normalize(pc.replace_substring_regex(folded, f"{_MARKS.pattern}|{_QUOTES.pattern}", ""), "NFC")


def _folded_letters(texts: pa.Array) -> pa.Array:
    for letter, other in _FOLD.items():
        texts = pc.replace_substring(texts, chr(letter), other)
    return texts


def titles(keys_: pa.Array) -> pa.Array:
    """Write many keys with capitals, as `titled` does one by one.

    Args:
        keys_: Keys as `key` gives them, none missing; shape (n,).

    Returns:
        The keys with capitals; shape (n,).
    """
    more = pc.match_substring_regex(keys_, "[^a-z ]")
    return pc.replace_with_mask(pc.ascii_title(keys_), more, _other_titles(keys_.filter(more)))


def _other_titles(keys_: pa.Array) -> pa.Array:
    odd = pc.match_substring_regex(keys_, _ODD_TITLE)
    slow = pa.array(map(titled, keys_.filter(odd).to_pylist()), pa.string())
    return pc.replace_with_mask(pc.utf8_title(keys_), odd, slow)


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
