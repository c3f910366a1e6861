"""From printed pages back to a running text: heads and page numbers dropped, broken words and paragraphs joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_EDGE_LINES = 3  # heads and feet are no taller
_REPEATED = 0.5  # on this share of the pages or more; left and right pages often differ
_SHORT = 0.75  # of the usual length; a shorter line that ends a sentence ends its paragraph
_VERY_SHORT = 0.5  # whatever it ends with, as headlines do
_SENTENCE_END = re.compile(r"[.!?:。！？…][\"'”’»)\]]*$")
_BULLET = re.compile(r"(?:[•◦▪–—*]|\(?(?:\d{1,3}|[a-z]|[ivx]+)[.)])\s")
_BROKEN = re.compile(r"([^\W\d_]+)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def joined(pages: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Make one text of the pages of a print.

    Args:
        pages: The text of each page, a line a printed line.

    Returns:
        The text, a blank line between paragraphs, and a note of what was dropped.
    """
    bodies, dropped = _without_furniture([[line.strip() for line in page.split("\n")] for page in pages])
    words = Counter(_WORD.findall("\n".join(pages)))
    lines = [line for body in bodies for line in body]
    usual = _usual_length(lines)
    parts: list[str] = []
    fresh = True
    for line in filter(None, lines):
        if fresh or _BULLET.match(line):
            parts += ("\n\n", line)
        else:
            parts[-1], seam = _seam(parts[-1], line, words)
            parts += (seam, line)
        fresh = _ends_paragraph(line, usual)
    notes: tuple[str, ...] = ()
    if dropped:
        shown = "; ".join(repr(line) for line in list(dropped)[:3])
        notes = (f"Heads, feet and page numbers were dropped, {sum(dropped.values())} lines: {shown}.",)
    return "".join(parts).strip(), notes


def _without_furniture(pages: Sequence[list[str]]) -> tuple[list[list[str]], Counter[str]]:
    filled = [_trimmed(page) for page in pages if any(page)]
    seen = Counter(
        shape for page in filled for shape in {_shape(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}
    )
    running = {shape for shape, count in seen.items() if shape and count >= max(2, _REPEATED * len(filled))}
    dropped: Counter[str] = Counter()
    bodies = []
    for page in filled:
        start, end = 0, len(page)
        while start < min(end, _EDGE_LINES) and (not page[start] or _shape(page[start]) in running):
            start += 1
        while end > max(start, len(page) - _EDGE_LINES) and (not page[end - 1] or _shape(page[end - 1]) in running):
            end -= 1
        dropped.update(line for line in (*page[:start], *page[end:]) if line)
        bodies.append(page[start:end])
    return bodies, dropped


def _trimmed(page: list[str]) -> list[str]:
    filled = [number for number, line in enumerate(page) if line]
    return page[filled[0] : filled[-1] + 1]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).lower()


def _usual_length(lines: Sequence[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0


def _ends_paragraph(line: str, usual: int) -> bool:
    short = _SHORT if _SENTENCE_END.search(line) else _VERY_SHORT
    return len(line) < short * usual and not line.endswith("-")


def _seam(before: str, line: str, words: Counter[str]) -> tuple[str, str]:
    """Give what is left of the line before, and what stands between it and the next."""
    if before.endswith("\u00ad"):
        return before[:-1], ""
    broken, after = _BROKEN.search(before), _WORD.match(line)
    if broken and after:
        hyphened = f"{broken.group(1)}-{after.group()}"
        keeps = after.group()[0].isupper() or (words[hyphened] and not words[hyphened.replace("-", "")])
        return before if keeps else before[:-1], ""
    return before, "" if _HAN_OR_KANA.match(before[-1]) and _HAN_OR_KANA.match(line[0]) else " "
