"""What stands in quotation marks."""

from __future__ import annotations

from geo.news.events.passages import Passage
from geo.news.types import Span


def quoted(passage: Passage, trigger: Span) -> bool:
    """Tell whether a word stands in a quotation of three words or more.

    Args:
        passage: The sentence.
        trigger: The word.

    Returns:
        True as well where the quotation began in a sentence before or ends in a later one.
    """
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
