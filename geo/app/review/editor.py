"""Changing the candidate in hand: its date, kind, title and places, or merging it with what is there already."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.app.review.acts import Hand, columns_of, edit, merge
from geo.app.review.desk import standing
from geo.app.review.joining import accepted_atlas
from geo.app.review.likeness import alike, kinds_of_event
from geo.app.words import literally
from geo.atlas import Atlas
from geo.routing import MODES
from geo.schema import TIMES
from geo.timeline import DATE_FORMS, write_date
from geo.types import Interval

EDITING = "review-editing"
_WRONG = "review-wrong"
_LABELS = {"place": "Place, by name or coordinates", "origin": "From", "destination": "To"}


def start_editing() -> None:
    """Open the fields, and put the cursor into that of the date."""
    st.session_state[EDITING] = st.session_state.get("review-run", 0) + 1


def stop_editing() -> None:
    """Close the fields."""
    st.session_state.pop(EDITING, None)
    st.session_state.pop(_WRONG, None)


def show_editor(hand: Hand) -> None:
    """Show the fields of the candidate in hand.

    Args:
        hand: The candidate in hand.
    """
    was = _as_written(hand)
    own = f"{hand.item.id}-{len(hand.desk.past)}"

    def save() -> None:
        now = {column: st.session_state.get(f"review-{column}-{own}", was[column]) or "" for column in was}
        wrong = edit(hand, {column: text for column, text in now.items() if text.strip() != was[column]})
        if wrong or hand.desk.trouble:
            st.session_state[_WRONG] = wrong
        else:
            stop_editing()

    with st.container(border=True, key="review-editor"), st.form(f"review-form-{own}", border=False):
        with st.container(key="review-date"):
            st.text_input("Date", was["date"], key=f"review-date-{own}", help=f"Written as {DATE_FORMS}.")
        column = "kind" if hand.item.layer == "events" else "mode"
        words = [*kinds_of_event()] if column == "kind" else list(MODES)
        options = words if was[column] in words else [was[column], *words]
        st.selectbox(column.capitalize(), options, options.index(was[column]), key=f"review-{column}-{own}")
        st.text_input("Title", was["title"], key=f"review-title-{own}")
        for name in columns_of(hand.item.layer):
            st.text_input(_LABELS[name], was[name], key=f"review-{name}-{own}")
        if wrong := st.session_state.get(_WRONG):
            st.error(literally(wrong))
        with st.container(horizontal=True):
            st.form_submit_button("Save", type="primary", on_click=save)
            st.form_submit_button("Cancel", on_click=stop_editing)


def _as_written(hand: Hand) -> dict[str, str]:
    layer, row = hand.item.layer, hand.row
    first, last = TIMES[layer]
    dated = not pd.isna(row[first])
    date = write_date(Interval(row[first], row[last], row["precision"])) if dated else ""
    names = {name: row[name] for name in columns_of(layer)}
    column = "kind" if layer == "events" else "mode"
    return {"date": date, column: row[column], "title": row["title"], **names}


def show_merge(hand: Hand, atlas: Atlas) -> None:
    """Offer the rows that the candidate in hand may tell of again.

    Args:
        hand: The candidate in hand.
        atlas: The dossier, without what was accepted.
    """
    layer = hand.item.layer
    waiting = standing(hand.desk, hand.kept)[layer]
    waiting = waiting[[hand.desk.progress.verdict(name) == "open" for name in waiting["id"]]]
    there = [atlas.layer(layer), accepted_atlas(hand.desk.progress).layer(layer)]
    offered = {like.id: like for like in alike(layer, hand.row, there, waiting)}
    if not offered:
        return
    key = f"review-same-{hand.item.id}-{len(hand.desk.past)}"

    def chosen() -> None:
        if name := st.session_state[key]:
            merge(hand, offered[name])

    st.selectbox(
        "The same as",
        list(offered),
        None,
        format_func=lambda name: f"{offered[name].title} ({offered[name].said})",
        placeholder="Merge with: nearest in kind, time and place first",
        key=key,
        label_visibility="collapsed",
        on_change=chosen,
        help="Keeps both sources: this one's sentence goes into the note of the other.",
    )
