"""Who took part: the names and the named groups next to the words for the event."""

from __future__ import annotations

import re

from geo.news.events.passages import Passage
from geo.news.events.prepositions import lead_ins
from geo.news.events.tables import rows
from geo.news.types import Span

MOST = 4
_WITHIN = frozenset({"in", "at", "near", "off", "from", "to", "into", "across", "around"})
_PASSIVE = re.compile(r"(?<!\w)(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?$")
_CONNECTORS = re.compile(r"(?:(?:of|the|for|and)\s+)+")
_GOODS = frozenset(word for row in rows("goods") for word in row["words"].split("|"))
_TAKES_PERSONS_AFTER = frozenset({"meeting", "arrest", "attack", "visit", "sanctions", "defection"})
_NAME = re.compile(
    r"(?:[A-Z][\w'’.-]*|[A-Z]\.)(?:\s+(?:(?:of|the|for|and|de|al|bin|von|van|del|la)\s+){0,2}[A-Z][\w'’-]*\.?)*"
)
_GROUP = re.compile(
    r"\s(?:(?!(?:and|or|in|on|at|to|of|by|for|with|from|the|a|an)\b)[a-z][a-z-]+\s+){0,2}?"
    r"(officials?|officers?|troops|soldiers?|forces|army|navy|police|government|authorities|military|ministers?|"
    r"presidents?|leaders?|ships?|vessels?|tankers?|freighters?|workers?|loggers?|diplomats?|envoys?|delegation|"
    r"companies|company|firms?|rebels|militants|fighters|gunmen|prosecutors|lawmakers|nationals|citizens|men|man|woman|"
    r"women|hackers|agents?|spies|spy|warships?|jets?|warplanes?|drones?|president|chancellor|premier|ambassador)\b"
)
_PLAIN_GROUP = re.compile(
    r"(?<![\w-])((?:(?:dock|factory|garment|coal|rebel|government|security|suicide|masked|armed|customs|riot|riot)\s+)?"
    r"(?:gunmen|militants|rebels|insurgents|soldiers|troops|police|officers|workers|miners|loggers|protesters|"
    r"demonstrators|pirates|prosecutors|rescuers|migrants|refugees|hijackers|bombers?|attackers?))(?![\w-])"
)
_NOT_NAMES = re.compile(
    r"(?:The|A|An|In|On|At|It|He|She|They|We|I|You|But|And|If|When|While|After|Before|As|For|From|Two|Three|Four|Five|"
    r"Six|Seven|Eight|Nine|Ten|Some|Many|Most|About|More|Several|One|No|This|That|These|Those|There|Their|His|Her|Its|"
    r"Our|My|By|With|Since|Last|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|"
    r"May|June|July|August|September|October|November|December|Both|All|Did|Does|Was|Were|Had|Has|Earlier|Later|Heavy|"
    r"According|Meanwhile|However|Also|Now|Then|Is|Are|To|Of|Or|So|Not|What|Who|Where|Why|How|Yesterday|Today|Mr|Mrs|Ms|"
    r"Dr|Officials|Gunmen|Police|Soldiers|Workers|Protesters|Authorities|Residents|Witnesses|North|South|East|West|Northern|Southern|Eastern|Western|Nobody|None|Neither|Nor|Nothing|Thousands|Hundreds|Dozens)"
)
_ACTS = re.compile(
    r"['’]s\s|\s+(?:\w+ly\s+)?(?:is|was|has|had|will|would|may|and|met|left|flew|sent|held|hit|shot|[a-z]+(?:ed|s))\s"
)
_ARTICLE = re.compile(rf"{_NOT_NAMES.pattern}\s+")


def who_in(passage: Passage, trigger: Span, kind: str) -> tuple[str, ...]:
    """Give those who took part in an event, as written.

    Args:
        passage: The sentence.
        trigger: The words that name the event.
        kind: What kind of event it is.

    Returns:
        At most four names, in the order of the text.
    """
    own = passage.clauses[passage.clause_at(trigger.start)].number
    stretches = [clause for clause in passage.clauses if clause.number == own]
    suffered = kind == "attack" and _PASSIVE.search(passage.low, passage.span.start, trigger.start)
    found: dict[int, str] = {}
    for clause in stretches:
        until = clause.end if kind in _TAKES_PERSONS_AFTER else min(clause.end, trigger.start)
        by = re.search(r"\sby\s", passage.low[trigger.end : clause.end])
        if until <= trigger.start and by and clause.start <= trigger.start < clause.end:
            found |= _named(passage, trigger.end + by.end(), clause.end)
        if clause.start < until:
            found |= _named(passage, clause.start, until)
            if suffered:  # what was bombed did not take part
                struck = {mention.start for mention in passage.mentions if mention.end <= trigger.start}
                found = {at: name for at, name in found.items() if at not in struck}
    return tuple(dict.fromkeys(name for _, name in sorted(found.items())))[:MOST]


def _named(passage: Passage, start: int, end: int) -> dict[int, str]:
    text = passage.text
    found: dict[int, str] = {}
    if passage.shouted:
        return found
    taken: list[tuple[int, int]] = [(date.start, date.end) for date in passage.dates]
    leads = passage.once(lead_ins)
    for number, mention in enumerate(passage.mentions):
        if mention.end <= start or mention.start >= end:
            continue
        if mention.role == "demonym" and (group := _GROUP.match(text, mention.end, end)):
            found[mention.start] = " ".join(text[mention.start : group.end()].split())
            taken.append((mention.start, group.end()))
            continue
        if mention.role == "metonym" and not _WITHIN.intersection(leads[number].words):
            found[mention.start] = mention.surface
        taken.append((mention.start, mention.end))
    for match in _NAME.finditer(text, start, end):
        begin, stop = match.start(), match.end()
        while article := _ARTICLE.match(text, begin, stop) or _CONNECTORS.match(text, begin, stop):
            begin = article.end()
        name = " ".join(text[begin:stop].split()).rstrip(".")
        if len(name) < 2 or _NOT_NAMES.fullmatch(name) or any(begin < e and stop > s for s, e in taken):
            continue
        if begin > passage.span.start and name.lower() in _GOODS:
            continue
        if begin == passage.span.start and " " not in name and not _ACTS.match(passage.low, stop):
            continue
        found[begin] = re.sub(r"['’]s$", "", name)
    for match in _PLAIN_GROUP.finditer(passage.low, start, end):
        if not any(match.start() < e and match.end() > s for s, e in taken):
            found[match.start()] = text[match.start() : match.end()]
    return found
