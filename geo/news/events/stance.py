"""How a sentence puts what happened: as done, as claimed, as planned or urged, as not so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from geo.news.events.clauses import Clause
from geo.news.events.passages import Passage
from geo.news.events.quotes import quoted
from geo.news.events.tables import Lexicon, alternation, is_plain, lexicon, rows
from geo.news.types import Span, Stance, When
from geo.types import Interval

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
        rf"(?<!\w)(?:(?:was|were|been|is|are|be|being|got|proved|proven)\s+(?:\w+ly\s+)?(?:{done})|did\s+not\s+take\s+place|"
        rf"(?:did\s+not|never)\s+(?:happen|happened|took\s+place))(?!\w)"
    )


@cache
def _to_come() -> re.Pattern[str]:
    done, set_for = alternation(_of_scope("to come")), alternation(_of_scope("set for"))
    return re.compile(
        rf"(?<!\w)(?:(?:will|would|may|might|could|should|shall|to)\s+(?:\w+\s+)?(?:{done})|{set_for})(?!\w)"
    )


_MERELY = "doubt|fewer|less|more|longer|later|sooner|matter"  # after `no`, which then denies nothing


@cache
def _subject() -> re.Pattern[str]:
    return re.compile(
        rf"^[\s,“\"‘'—–:;]*(?:(?:and|but|that|said|says|while|as|because)\s+)?(?:[^,]{{1,60}},\s+)?"
        rf"(?P<cue>{alternation(_of_scope('subject'))})\s+(?!(?:{_MERELY})\b)[^,;:]*$"
    )


@cache
def _no_object() -> re.Pattern[str]:
    return re.compile(rf"\s+(?P<cue>{alternation(_of_scope('object'))})\s+(?!(?:{_MERELY})\b)")


@cache
def _at() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?P<cue>{alternation(_of_scope('at'))})\s+$")


_PURPOSE = re.compile(r"(?<!\w)(?:for|at)\s+(?:[\w'’-]+\s+){0,4}$")
_WILL = re.compile(r"(?<!\w)(?:(?P<not>not|never)|(?:will|would|may|might|could|should|shall))\s|['’]ll\s|n['’]t\s")


def _of_purpose(before: str) -> Iterator[Cue]:
    """Give the stance of the verb that a purpose hangs on: `will arrive for talks`, `did not stay for the summit`."""
    for match in _WILL.finditer(before):
        yield _of_scope("verb")["not" if match["not"] or match.group().startswith("n") else "would"]


@cache
def _opens() -> re.Pattern[str]:
    return re.compile(rf"[\s“\"]*(?:{alternation(_of_scope('opens'))})\s+(?!n['’]t)")


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
    if quoted(passage, trigger):
        found.append(Reading("claim", _signs()["in quotation marks"]))
    for stance in STRONGEST:
        if factors := [reading.factor for reading in found if reading.stance == stance]:
            return Reading(stance, min(factors))
    return _FACT


def not_yet(reading: Reading, when: When | None, published: Interval | None) -> Reading:
    """Put what is dated after the day of publication, or `next week`, as an intention at most.

    Args:
        reading: How the words put it.
        when: Its date, or None.
        published: When the text was published, UTC, or None.

    Returns:
        An intention where a fact or a claim lies in the future; else the reading as it was.
    """
    if when is None or reading.stance in ("denial", "intention"):
        return reading
    later = when.interval is not None and published is not None and when.interval.start >= published.end
    words = " ".join(when.words.lower().split())
    cue = next((cue for word, cue in _of_scope("date").items() if words.startswith(word)), None)
    if cue is None and later:
        cue = _of_scope("date")["tomorrow"]
    return Reading(cue.stance, cue.factor) if cue else reading


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
    if verb or carried:
        yield from _around_verb(passage, trigger, clause, verb=verb)
    if not verb:
        yield from _around_noun(passage, trigger, clause)
    if _own().match(low, clause.start, clause.end):
        yield _of_scope("own")["if"]
    if _opens().match(low, passage.span.start, trigger.start):
        yield _of_scope("opens")["had"]
    if _after().search(low, trigger.end, min(clause.end, trigger.end + _REACH_AFTER)):
        yield _of_scope("past")["cancelled"]


def _around_verb(passage: Passage, trigger: Span, clause: Clause, *, verb: bool) -> Iterator[Cue]:
    """Give the cues of the subject and the object: `no missiles were`, `fired no missiles`, `nearly`."""
    low = passage.low
    if match := _subject().search(low[clause.start : trigger.start]):
        yield _of_scope("subject")[" ".join(match["cue"].split())]
    if verb and (match := _no_object().match(low, trigger.end)):
        yield _of_scope("object")[" ".join(match["cue"].split())]
    if verb and (match := _at().search(low[max(clause.start, trigger.start - _REACH) : trigger.start])):
        yield _of_scope("at")[" ".join(match["cue"].split())]


def _around_noun(passage: Passage, trigger: Span, clause: Clause) -> Iterator[Cue]:
    """Give the cues of the verb that a noun hangs on or is subject of: `will arrive for talks`, `talks will begin`."""
    low = passage.low
    if _PURPOSE.search(low[max(clause.start, trigger.start - _REACH) : trigger.start]):
        yield from _of_purpose(low[clause.start : trigger.start])
    if _to_come().search(low, trigger.end, min(clause.end, trigger.end + _REACH_AFTER)):
        yield _of_scope("to come")["be held"]


def _afar(passage: Passage, trigger: Span, here: int) -> Iterator[Cue]:
    """Give the cues that reach the trigger from farther off: `denied that`, `allegedly`, `officials said`."""
    for start, end, cues in passage.once(_spoken_in):
        if start < trigger.end and end > trigger.start:
            continue
        a_name = passage.text[start].isupper() and start > passage.span.start + 1
        for cue in cues:
            if not (a_name and cue.scope == "over") and _reaches(passage, cue, Span(start, end), here, trigger):
                yield cue


def _spoken_in(passage: Passage) -> list[tuple[int, int, tuple[Cue, ...]]]:
    return list(_spoken().find(passage.low, *passage.span))


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
