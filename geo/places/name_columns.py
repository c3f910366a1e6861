"""The keys and the capitals of many names at once, by Arrow's kernels."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from geo.places.arrow import text_array
from geo.places.names import FOLD, MARKS, QUOTES, WORDS, key, titled

# What `key` does more to than fold, lower and space: initials, letters whose lower case is not all that counts as the
# same, short words and the article.
_ODD_AS_WRITTEN = (
    r"[.ßẞſςΣ\x{0345}\x{037a}\x{03f2}\x{03f9}\x{0530}-\x{058f}\x{13a0}-\x{13ff}\x{1c80}-\x{1cff}\x{1f80}-\x{1fff}"
    r"\x{2c00}-\x{2dff}\x{a640}-\x{abff}\x{10000}-\x{10ffff}]"
)
_ODD_FOLDED = rf"(?:^| )(?:{'|'.join(WORDS)})(?: |$)|^the "
_FOLDED_LETTERS = f"[{''.join(map(chr, FOLD))}]"
_ODD_SPACING = r"[^\pL\pM\pN ]|  "
_SIGNS = {"'": "", "`": "", '"': "", "&": " and ", "-": " "}  # without a pattern, which takes ten times as long
# Arrow begins a new word at every sign that is no letter, and has other capitals for some scripts.
_ODD_TITLE = r"[^\p{Lu}\p{Ll}\p{Lo} ]|\p{Georgian}|\p{Greek}|\p{Cherokee}|\p{Lo}[^ ]*\p{Ll}"


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
    return text_array([key(text) for text in texts.to_pylist()])


def _changed(texts: pa.Array, which: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Change those texts that need it, which are few."""
    part = texts.filter(which)
    return pc.replace_with_mask(texts, which, change(part)) if len(part) else texts


def _folded(texts: pa.Array) -> pa.Array:
    folded = _changed(texts, pc.invert(pc.string_is_ascii(texts)), _unaccented)
    bare = _changed(folded, pc.match_substring_regex(folded, _ODD_SPACING), _only_words)
    odd = pc.match_substring_regex(texts, _ODD_AS_WRITTEN)
    return pc.replace_with_mask(bare, odd, _one_by_one(texts.filter(odd)))


def _only_words(texts: pa.Array) -> pa.Array:
    for sign, instead in _SIGNS.items():
        texts = pc.replace_substring(texts, sign, instead)
    return _changed(texts, pc.match_substring_regex(texts, _ODD_SPACING), _spaced)


def _spaced(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"[^\pL\pM\pN]+", " ")


def _unaccented(texts: pa.Array) -> pa.Array:
    folded = pc.utf8_lower(pc.utf8_normalize(texts, "NFKD"))
    folded = _changed(folded, pc.match_substring_regex(folded, _FOLDED_LETTERS), _folded_letters)
    return pc.utf8_normalize(pc.replace_substring_regex(folded, f"{MARKS.pattern}|{QUOTES.pattern}", ""), "NFC")


def _folded_letters(texts: pa.Array) -> pa.Array:
    for letter, other in FOLD.items():
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
    slow = text_array([titled(found) for found in keys_.filter(odd).to_pylist()])
    return pc.replace_with_mask(pc.utf8_title(keys_), odd, slow)
