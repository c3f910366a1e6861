"""How a sentence puts what happened: as done, as claimed, as planned or urged, as not so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from geo.news.events.passages import Passage
from geo.news.events.tables import Lexicon, alternation, is_plain, lexicon, rows
from geo.news.types import Span, Stance

STRONGEST: tuple[Stance, ...] = ("denial", "intention", "claim", "fact")
_REACH, _REACH_AFTER = 70, 90  # characters
_BETWEEN = (
    r"(?:(?:\w+ly|be|been|being|have|has|had|not|also|soon|now|then|still|again|even|first|directly|ever|only)\s+)*"
)


class Cue(NamedTuple):
    """One word that tells how something is put.

    Args:
        stance: What it tells.
        scope: Over what: see `data/news/README.md`.
        factor: What it leaves of the confidence.
    """

    stance: Stance
    scope: str
    factor: float


class Reading(NamedTuple):
    """How an event is put, and what that leaves of the confidence."""

    stance: Stance
    factor: float


_FACT = Reading("fact", 1.0)


@cache
def _cues() -> list[tuple[str, Cue]]:
    return [
        (word, Cue(row["stance"], row["scope"], float(row["factor"])))  # type: ignore[arg-type]
        for row in rows("stance")
        for word in row["words"].split("|")
    ]


@cache
def _spoken() -> Lexicon[Cue]:
    return lexicon((word, cue) for word, cue in _cues() if cue.scope in ("over", "beside", "says"))


@cache
def _of_scope(scope: str) -> dict[str, Cue]:
    return {word: cue for word, cue in _cues() if cue.scope == scope}


@cache
def _before_verb() -> re.Pattern[str]:
    words = alternation(word for word in _of_scope("verb") if word[0].isalpha() and word != "n't")
    return re.compile(rf"(?:(?<![\w-])(?P<cue>{words})|(?P<short>n['’]t|['’]ll|['’]d))\s+{_BETWEEN}$")


_AND = re.compile(r"(?:^|\s)(?:and|or)\s+(?:\w+ly\s+)?$")
_TO_DO = re.compile(r"(?<!\w)(?:to|will|would|may|might|could|should|must)\s+(?!the|a|an|its|his|her|their)\w+")
_PARTS = re.compile(r"\b(?:was|were|is|are|has|had|in|at|on|from)\s")
_TO = re.compile(rf"(?P<cue>[\w’']+(?:\s+on)?)\s+(?:\w+ly\s+)?to\s+{_BETWEEN}$")


_MODAL = re.compile(
    rf"(?<!\w)(?:may|might|could|would|will|should|must)\s+{_BETWEEN}\w+\s+(?:(?:a|an|the|any|another|further|more|new|its|"
    r"their|such|fresh|\w+(?:al|ic|ous|ive|ed))\s+){0,4}$"
)


@cache
def _before_noun() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<cue>{alternation(_of_scope('noun'))})\s+(?:[\w'’-]+\s+){{0,3}}$")


@cache
def _carrying() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<verb>{alternation(_of_scope('light'))})\s+(?:out\s+)?(?:[\w'’-]+\s+){{0,5}}$")


@cache
def _after() -> re.Pattern[str]:
    done = alternation(word for word in _of_scope("past") if not word.startswith(("never", "not")))
    return re.compile(
        rf"(?<!\w)(?:(?:was|were|been|is|are|be|being|got)\s+(?:\w+ly\s+)?(?:{done})|did\s+not\s+take\s+place|"
        rf"(?:did\s+not|never)\s+(?:happen|happened|took\s+place))(?!\w)"
    )


@cache
def _own() -> re.Pattern[str]:
    return re.compile(rf"[\s,“\"]*(?:(?:even|only)\s+)?(?:{alternation(_of_scope('own'))})(?!\w)")


def stance_of(passage: Passage, trigger: Span, *, verb: bool) -> Reading:
    """Tell how a sentence puts the event a trigger names.

    Args:
        passage: The sentence.
        trigger: The words that name the event.
        verb: Whether they are a verb.

    Returns:
        The stance, the strongest of those that apply, and the smallest factor of that stance.
    """
    here = passage.clause_at(trigger.start)
    found = [Reading(cue.stance, cue.factor) for cue in _nearby(passage, trigger, here, verb=verb)]
    found += [Reading(cue.stance, cue.factor) for cue in _afar(passage, trigger, here)]
    if passage.low[slice(*passage.span)].rstrip(" \n”\"'").endswith("?"):
        found.append(Reading("claim", _signs()["question"]))
    if _quoted(passage, trigger):
        found.append(Reading("claim", _signs()["in quotation marks"]))
    for stance in STRONGEST:
        if factors := [reading.factor for reading in found if reading.stance == stance]:
            return Reading(stance, min(factors))
    return _FACT


@cache
def _signs() -> dict[str, float]:
    return {row["sign"]: float(row["factor"]) for row in rows("confidence")}


def _nearby(passage: Passage, trigger: Span, here: int, *, verb: bool) -> Iterator[Cue]:
    """Give the cues that stand right by the trigger: modals, `not`, `to`, `no`, `planned`, `was cancelled`, `if`."""
    low, clause = passage.low, passage.clauses[here]
    before = low[max(clause.start, trigger.start - _REACH) : trigger.start]
    carried = None if verb else _carrying().search(before)
    verbal = before[: carried.start("verb")] if carried else before
    if match := _before_verb().search(verbal):
        word = match["cue"]
        yield _of_scope("verb")[" ".join(word.split()) if word else match["short"].replace("’", "'")]
    if not verb and _MODAL.search(before):
        yield _of_scope("verb")["would"]
    if (verb or carried) and (match := _TO.search(verbal)):
        yield _governor(match["cue"])
    elif (
        verb
        and _AND.search(before)
        and is_plain(low[slice(*trigger)])
        and _TO_DO.search(low, clause.start, trigger.start)
    ):
        yield _of_scope("to")["*"]
    if (match := _before_noun().search(before)) and not _PARTS.search(match.group()):
        yield _of_scope("noun")[" ".join(match["cue"].split())]
    if _after().search(low, trigger.end, min(clause.end, trigger.end + _REACH_AFTER)):
        yield _of_scope("past")["cancelled"]
    if _own().match(low, clause.start, clause.end):
        yield _of_scope("own")["if"]


def _afar(passage: Passage, trigger: Span, here: int) -> Iterator[Cue]:
    """Give the cues that reach the trigger from farther off: `denied that`, `allegedly`, `officials said`."""
    for start, end, cues in _spoken().find(passage.low, *passage.span):
        if start < trigger.end and end > trigger.start:
            continue
        a_name = passage.text[start].isupper() and start > passage.span.start + 1
        for cue in cues:
            if not (a_name and cue.scope == "over") and _reaches(passage, cue, Span(start, end), here, trigger):
                yield cue


def _governor(words: str) -> Cue:
    known = _of_scope("to")
    plain = " ".join(words.split())
    return known.get(plain) or known.get(plain.split()[-1]) or known["*"]


def _reaches(passage: Passage, cue: Cue, at: Span, here: int, trigger: Span) -> bool:
    clauses = passage.clauses
    there = passage.clause_at(at.start)
    same = clauses[there].number == clauses[here].number
    if cue.scope == "beside":
        return same or clauses[there].opening == "aside"
    if cue.scope == "says" and clauses[there].opening == "aside":
        return True
    if at.end > trigger.start:
        return False
    path = [clause.opening for clause in clauses[there + 1 : here + 1]]
    if cue.scope == "says":
        closed = clauses[there].opening == "relative" and "back" in path
        return "break" not in path and not same and not closed
    if same and there == here:
        between = passage.low[at.end : trigger.start]
        passive = re.search(r"\s(?:was|were|is|has been|had been|have been)\s+(?:\w+ly\s+)?$", between)
        return not (passive and not re.search(r"\b(?:that|it|he|she|they|to)\b", between))
    return all(opening in ("that", "says") for opening in path)


def _quoted(passage: Passage, trigger: Span) -> bool:
    text = passage.text
    before, after = text[passage.span.start : trigger.start], text[trigger.end : passage.span.end]
    opened = before.rfind("“")
    if opened >= 0 and before.rfind("”") < opened:
        close = after.find("”")
        inside = before[opened + 1 :] + (after if close < 0 else after[:close])
        return len(inside.split()) >= 3
    if "”" in after and "“" not in after[: after.index("”")]:
        return True
    if before.count('"') % 2 == 1:
        inside = before[before.rfind('"') + 1 :] + after.partition('"')[0]
        return len(inside.split()) >= 3
    return False
