"""Whether the words around a date say that it has been or is to come."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from geo.news.dates.at import Tense
from geo.news.dates.stream import OTHER, Words
from geo.news.dates.words import letters

_BACK, _ON = 30, 15
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\b[A-Z][a-z]{1,3})\.\s*$")


class Tenses:
    """The tense around any place of one text."""

    def __init__(self, text: str, words: Words) -> None:
        self._text = text
        self._words = words

    def at(self, start: int, end: int) -> Tense:
        """Judge by the verbs of the sentence: the nearest before the date, else the first after it.

        Args:
            start: Offset of the first character of the date.
            end: Offset after its last character.

        Returns:
            The tense.
        """
        first, after = bisect_left(self._words.starts, start), bisect_left(self._words.starts, end)
        before, behind = self._before(first), self._behind(after)
        of = _letters()
        if of["anniversary"] in before + behind:
            return "anniversary"
        before = _to_be_done().sub(of["will"], before)
        verbs = _verbs().findall(before)[::-1] or _verbs().findall(behind)
        if not verbs:
            done = re.search(f"(?<!{of['is']}){of['some_did']}", f"{before} {behind}")
            return "past" if done else "unmarked"
        if re.fullmatch(f"{of['did']}.?{of['planned']}", verbs[0]):
            return "unmarked"
        return "future" if verbs[0] in of["will"] + of["planned"] else "past"

    def _before(self, first: int) -> str:
        found = self._words.letters[max(0, first - _BACK) : first]
        stop, paragraph = _letters()["stop"], _letters()["break"]
        for place in range(len(found) - 1, -1, -1):
            if found[place] == paragraph:
                return found[place + 1 :]
            offset = self._words.end(first - len(found) + place)
            if found[place] == stop and not _ABBREVIATION.search(self._text, max(0, offset - 6), offset):
                return found[place + 1 :]
        return found

    def _behind(self, after: int) -> str:
        found = self._words.letters[after : after + _ON]
        cut = re.search(f"[{_letters()['stop']}{_letters()['break']}]", found)
        return found[: cut.start()] if cut else found


_KINDS = ("anniversary", "some_did", "stop", "break", "did", "will", "planned", "is")
_AFTER_VERBS = ("the", "a", "in", "on", "at", "to", "by", "from", "of", "until", "before", "after", "name")


@cache
def _letters() -> dict[str, str]:
    return {kind: letters()[kind] for kind in _KINDS}


@cache
def _verbs() -> re.Pattern[str]:
    """What says when something is; `was expected` leaves it open, and `armed groups` says nothing."""
    of = _letters()
    behind = "".join(letters()[kind] for kind in _AFTER_VERBS)
    did = f"(?<!{of['is']}){of['some_did']}(?=[{behind}]|$)"
    return re.compile(f"{of['did']}.?{of['planned']}|[{of['will']}{of['planned']}{of['did']}]|{did}")


@cache
def _to_be_done() -> re.Pattern[str]:
    """`will be opened` is yet to come, though `opened` alone has been."""
    of = _letters()
    done = f"[{of['did']}{of['some_did']}]"
    return re.compile(f"{of['will']}(?:{OTHER}?{of['is']}|{of['did']})(?:{OTHER}?{done})?")
