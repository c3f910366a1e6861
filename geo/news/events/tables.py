"""The tables under `data/news/`, and one pattern for all the words of a table."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from geo.config import DATA

Row = TypeVar("Row")


def rows(name: str) -> list[dict[str, str]]:
    """Read a table of the news room.

    Args:
        name: The file's name without its ending.

    Returns:
        Its rows, in order.
    """
    with (DATA / "news" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def lowered(text: str) -> str:
    """Write a text in small letters, every letter staying where it was.

    Args:
        text: Any text.

    Returns:
        The text in small letters, as long as before.
    """
    return text.replace("İ", "i").lower()  # the only letter whose small form is two characters


def forms(verb: str) -> tuple[str, ...]:
    """Inflect an English verb, of which the first word is the verb proper.

    Args:
        verb: In its plain form: `arrest`, `blow up`.

    Returns:
        All its forms, the plain one first.
    """
    if verb in _irregular():
        return (verb, *_irregular()[verb])
    stem, space, rest = verb.partition(" ")
    if stem.endswith("e"):
        endings = (f"{stem}s", f"{stem}d", f"{stem[:-1]}ing")
    elif re.search(r"[^aeiou]y$", stem):
        endings = (f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing")
    else:
        endings = (stem + ("es" if re.search(r"(?:s|x|z|ch|sh)$", stem) else "s"), f"{stem}ed", f"{stem}ing")
    return (verb, *(f"{form}{space}{rest}" for form in endings))


@cache
def _irregular() -> Mapping[str, tuple[str, ...]]:
    return {row["verb"]: tuple(row["forms"].split("|")) for row in rows("verbs")}


def is_plain(word: str) -> bool:
    """Tell whether a word may be a verb's plain form.

    Args:
        word: A word or a verb of several, in small letters.

    Returns:
        False for `arrested`, `arresting`, `flown`.
    """
    first = word.split(maxsplit=1)[0]
    return not first.endswith(("ed", "ing", "s")) and first not in _inflected()


@cache
def _inflected() -> frozenset[str]:
    every = {form.split()[0] for told in _irregular().values() for form in told}
    return frozenset(every - {verb.split()[0] for verb in _irregular()})


_NOUN_BEFORE = re.compile(
    r"(?:(?<!\w)(?:the|a|an|this|these|those|his|its|their|our|my|your|of|in|on|for|by|from|no|any|another|each|every|first|"
    r"last|second|new|recent|deadly)|['’]s)\s+$"
)
_VERB_BEFORE = re.compile(
    r"(?<!\w)(?:to|will|would|may|might|could|should|must|can|not|never|and|or|they|we|it|he|she|who|which|also|did|does|"
    r"do|\w+ly|n['’]t|(?:did|does|do|will|would|could|can)\s+\w+)\s+$"
)
_MOSTLY_NOUNS = frozenset({"ship", "ships", "land", "lands", "transports", "test", "tests", "shells"})


def reads_as_noun(low: str, start: int, end: int) -> bool:
    """Tell whether a word that may be a verb is a noun by the word before it: `the attack`, `a Russian ship`.

    Args:
        low: The text in small letters.
        start: Offset of the word.
        end: Offset after it.

    Returns:
        True for a plain form or one in `s` that follows an article or the like.
    """
    word = low[start:end]
    if not is_plain(word) and not word.split()[0].endswith("s"):
        return False
    before = low[max(0, start - 25) : start]
    return bool(_NOUN_BEFORE.search(before)) or (word in _MOSTLY_NOUNS and not _VERB_BEFORE.search(before))


@cache
def any_of(words: str) -> re.Pattern[str]:
    """Make a pattern of the words of one cell, when it is first asked for: a text needs few of them.

    Args:
        words: Words with a bar between them, in small letters; `*` stands for the rest of a word, the rest is a regular
            expression.

    Returns:
        A pattern that finds them as whole words.
    """
    starts = {part[0] for part in re.split(r"\|(?![^()]*\))", words)}
    begins = f"[{''.join(sorted(starts))}]" if all(letter.isalpha() for letter in starts) else ""
    written = words.replace("*", r"\w*").replace(" ", r"\s+")
    return re.compile(rf"{begins and f'(?={begins})'}(?<!\w)(?:{written})(?!\w)")


def alternation(words: Iterable[str]) -> str:
    """Write many words as one regular expression that looks at the first letter, then the second, first.

    Args:
        words: Words in small letters.

    Returns:
        The expression, longer words before shorter ones.
    """
    by_start: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        by_start[word[0]][word[1:2]].append(re.escape(word[2:]).replace(r"\ ", r"\s+"))
    starts = {
        start: "|".join(
            f"{re.escape(second)}(?:{'|'.join(rest)})" for second, rest in sorted(seconds.items(), reverse=True)
        )
        for start, seconds in sorted(by_start.items())
    }
    return "|".join(f"{re.escape(start)}(?:{seconds})" for start, seconds in starts.items())


@dataclass(frozen=True)
class Lexicon(Generic[Row]):
    """Words, what the table says of each, and one pattern that finds them all.

    Args:
        pattern: What finds any of the words in a text of small letters.
        told: The rows of each word.
    """

    pattern: re.Pattern[str]
    told: Mapping[str, tuple[Row, ...]]

    def find(self, low: str, start: int, end: int) -> Iterator[tuple[int, int, tuple[Row, ...]]]:
        """Find the words in a stretch of text.

        Args:
            low: A text of small letters.
            start: Where to begin, in characters.
            end: Where to stop, in characters.

        Yields:
            Where each stands, and its rows.
        """
        for match in self.pattern.finditer(low, start, end):
            yield match.start(), match.end(), self.told[" ".join(match.group().split())]


def lexicon(told: Iterable[tuple[str, Row]]) -> Lexicon[Row]:
    """Gather words with what is told of them.

    Args:
        told: Each word with one of its rows.

    Returns:
        The words with all their rows, in the order given.
    """
    gathered: dict[str, list[Row]] = defaultdict(list)
    for word, row in told:
        if row not in gathered[word]:
            gathered[word].append(row)
    pattern = re.compile(rf"(?<![\w-])(?:{alternation(gathered)})(?![\w-])")
    return Lexicon(pattern, {word: tuple(rows) for word, rows in gathered.items()})
