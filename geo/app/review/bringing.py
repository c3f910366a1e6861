"""Bringing articles: files or pasted words, a bar while they are read, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.app import runs
from geo.app.places.keeping import Kept
from geo.app.review.desk import Desk, read_on, take_in
from geo.app.review.reading import KINDS_OF_FILE, Batch, open_articles, paste, unread
from geo.app.words import literally
from geo.errors import GeoError
from geo.news.types import Document
from geo.types import Fault

_FAULTS = "review-faults"
_TURN = "review-turn"


def bring_in(desk: Desk, kept: Kept) -> None:
    """Offer to bring articles, and read them.

    Args:
        desk: The review.
        kept: The corrections in force.
    """
    turn = st.session_state.setdefault(_TURN, 0)
    files, words = st.tabs(["Files", "Paste text"])
    with files, st.form(f"review-files-{turn}", border=False):
        brought = st.file_uploader(
            "Articles: text, Markdown, web page, PDF, Word, feed, or a zip of them",
            type=list(KINDS_OF_FILE),
            accept_multiple_files=True,
        )
        published, publisher = _said("For those that do not say so themselves")
        _offer("Read these files")
        if runs.pressed("Read these files"):
            with runs.unbroken():
                read = _read_files(desk, kept, [(one.name, one.getvalue()) for one in brought], published, publisher)
            if read:
                runs.again()
    with words, st.form(f"review-words-{turn}", border=False):
        text = st.text_area("The words of one article, or the source of its web page", height=160)
        title = st.text_input("Headline", placeholder="may be left out")
        published, publisher = _said("Words such as “Thursday” count from the day of publication")
        _offer("Read this text")
        if runs.pressed("Read this text"):
            with runs.unbroken():
                read = _read_words(desk, kept, text, {"title": title, "published": published, "publisher": publisher})
            if read:
                runs.again()


def _offer(label: str) -> None:
    st.form_submit_button(label, type="primary", icon=":material/auto_stories:", on_click=runs.press, args=(label,))


def _said(why: str) -> tuple[str, str]:
    with st.container(horizontal=True):
        published = st.text_input("Day of publication", placeholder="2024-03-24", help=why)
        publisher = st.text_input("Published by", placeholder="name of the paper", help=why)
    return published.strip(), publisher.strip()


def _read_files(desk: Desk, kept: Kept, files: list[tuple[str, bytes]], published: str, publisher: str) -> bool:
    if not files:
        st.error("No file is chosen yet. Choose files with Upload, or drop them there.")
        return False
    bar = st.progress(0.0, "Opening the files")
    try:
        documents, faults = open_articles(
            files, published=published, publisher=publisher, report=lambda share, doing: bar.progress(share / 2, doing)
        )
    except GeoError as error:
        bar.empty()
        st.error(literally(str(error)))
        return False
    return _take(desk, kept, documents, faults, bar)


def _read_words(desk: Desk, kept: Kept, text: str, said: dict[str, str]) -> bool:
    bar = st.progress(0.5, "Reading the text")
    try:
        document = paste(text, **said)
    except GeoError as error:
        bar.empty()
        st.error(literally(str(error)))
        return False
    return _take(desk, kept, [document], [], bar)


def _take(desk: Desk, kept: Kept, documents: Sequence[Document], faults: Sequence[Fault], bar: Any) -> bool:
    new = unread(documents, desk.batches)
    try:
        if new:
            take_in(desk, tuple(new))
            read_on(desk, kept, lambda share, doing: bar.progress(0.5 + share / 2, doing))
    except GeoError as error:
        bar.empty()
        st.error(literally(str(error)))
        return False
    desk.said = _told(desk, new, len(documents) - len(new))
    st.session_state[_FAULTS] = [str(fault) for fault in faults]
    st.session_state[_TURN] += 1
    return True


def _told(desk: Desk, new: Sequence[Document], repeated: int) -> str:
    again = f" {_many(repeated, 'article')} in the words of another, left out." if repeated else ""
    if not new:
        return f"Nothing new was read.{again}"
    part = desk.parts[-1]
    found = f"{_many(len(part.events), 'event')} and {_many(len(part.routes), 'route')} to review"
    return f"{_many(len(new), 'article')} read: {found}.{again}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def show_news() -> None:
    """Say which files could not be read, until that is closed."""
    faults: list[str] = st.session_state.get(_FAULTS, [])
    if not faults:
        return
    lines = "\n".join(f"- {literally(fault)}" for fault in faults)
    with st.container(horizontal=True, key="review-news"):
        st.warning(f"{_many(len(faults), 'file')} could not be read; the rest was.\n{lines}")
        st.button(
            "",
            key="review-news-read",
            type="tertiary",
            icon=":material/close:",
            help="Close",
            on_click=lambda: st.session_state.pop(_FAULTS, None),
        )


def read_again(desk: Desk, kept: Kept) -> None:
    """Read the articles that were kept, in a new visit.

    Args:
        desk: The review.
        kept: The corrections in force.
    """
    if len(desk.parts) < len(desk.batches):
        count = sum(map(len, desk.batches))
        bar = st.progress(0.0, f"Reading {_many(count, 'article')} again")
        read_on(desk, kept, bar.progress)
        bar.empty()


def articles_of(batches: Sequence[Batch]) -> int:
    """Count the articles.

    Args:
        batches: What was read.

    Returns:
        How many there are.
    """
    return sum(map(len, batches))
