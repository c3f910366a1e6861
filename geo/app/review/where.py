"""Where the candidate in hand may be: the small map, and the numbered places beside it."""

from __future__ import annotations

from html import escape

import streamlit as st

from geo.app import bridge
from geo.app.review.acts import Hand, choose, columns_of, point_here, teach
from geo.app.review.places import Choice, choice_of, messages, small_map
from geo.app.words import label, literally, surety, why

MAP_KEY = "review-map"
PAGE = "review"
HEIGHT_PX = 250
_ROLES = {"origin": "From", "destination": "To"}
_END = "review-end"
_SEEN = "review-map-seen"


def show_where(hand: Hand, text: str) -> None:
    """Show where the candidate in hand may be.

    Args:
        hand: The candidate in hand.
        text: Its article.
    """
    columns = columns_of(hand.item.layer)
    column = columns[0]
    if len(columns) > 1:
        column = st.segmented_control(
            "Which end",
            columns,
            default=columns[0],
            required=True,
            key=f"{_END}-{hand.item.id}",
            format_func=lambda end: f"{_ROLES[end]} {hand.row[end] or '?'}",
            label_visibility="collapsed",
            width="stretch",
        )
    choice = choice_of(hand.item.layer, hand.row, column, text, hand.kept.corrections)
    told = messages(choice, hand.row, st.context.theme.type or "light")
    bridge.mount(
        small_map(),
        name=PAGE,
        title="Small map: where it may be",
        key=MAP_KEY,
        height=HEIGHT_PX,
        on_change=lambda: _map_spoke(hand, choice, str(told[-1]["set"])),
    )
    bridge.send(told, page=PAGE, key="review-messages")
    _show_choices(hand, choice)


def _map_spoke(hand: Hand, choice: Choice, shown: str) -> None:
    report = (st.session_state.get(MAP_KEY) or {}).get("state") or {}
    seen = st.session_state.get(_SEEN, {})
    st.session_state[_SEEN] = {"picked": report.get("picked"), "point": report.get("point")}
    picked, point = report.get("picked"), report.get("point")
    if picked and picked != seen.get("picked") and picked["set"] == shown:
        _take(hand, choice, picked["number"])
    elif point and point != seen.get("point") and point["set"] == shown:
        point_here(hand, choice.column, point["lon"], point["lat"])


def _take(hand: Hand, choice: Choice, number: int) -> None:
    if 0 < number <= len(choice.places) and number - 1 != choice.current:
        choose(hand, choice.column, choice.places[number - 1])


def _show_choices(hand: Hand, choice: Choice) -> None:
    edit = hand.desk.progress.edits.get(hand.item.id, {}).get(choice.column)
    corrected = hand.kept.corrections.find(choice.name) if choice.name else None
    by_hand = edit is not None and (corrected is None or corrected.place_id != edit["place_id"])
    name = literally(choice.name)
    if not choice.name:
        st.caption(
            "The text does not say where. Click a place in the text or a point on the map, or press e to write it."
        )
    elif by_hand:
        st.caption(f"Put here by hand, this one only. “{name}” elsewhere stays as it is.")
        st.button(
            f"Every “{name}” is here",
            key="review-teach",
            icon=":material/push_pin:",
            on_click=teach,
            args=(hand, choice.column),
        )
    elif not choice.places:
        st.caption(f"No place called “{name}” is known. Click a point on the map, or press e to write another.")
    elif len(choice.places) > 1:
        st.caption(f"“{name}” may mean these. One that you choose holds for every row that writes it.")
    for number, place in enumerate(choice.places, start=1):
        current = number - 1 == choice.current
        with st.container(key=f"review-use-{number}"):
            st.button(
                f"`{number}` {literally(label(place))}",
                key=f"review-place-{number}",
                disabled=current,
                type="tertiary",
                width="stretch",
                help=None if current else f"Read “{name}” as this place",
                on_click=_take,
                args=(hand, choice, number),
            )
            small = " · ".join(filter(None, ("as it is now" if current else "", place.kind, surety(place), why(place))))
            st.html(f'<p class="rutter-small">{escape(small)}</p>')
