"""The room of the review: the text and the queue, the candidate in hand, and where it may be."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.places.keeping import Kept
from geo.app.review import components
from geo.app.review.acts import Hand
from geo.app.review.bar import KEYS, said_last, show_bar, wanted_now
from geo.app.review.bringing import articles_of, bring_in, read_again, show_news
from geo.app.review.desk import Desk, desk_of, standing
from geo.app.review.editor import EDITING, show_editor, show_merge
from geo.app.review.hand_card import show_card
from geo.app.review.joined import put_in, waiting
from geo.app.review.joining import accepted_atlas
from geo.app.review.keeping import ACCEPTED, said_where
from geo.app.review.queue import Item, Wanted, queue
from geo.app.review.where import show_where
from geo.app.rooms import MAP, ROOM_KEY
from geo.app.words import literally

_TO_MAP = "review-to-map"


def show_review(dossier: Dossier) -> None:
    """Show the room.

    Args:
        dossier: The dossier in hand, without what was accepted.
    """
    desk = desk_of(dossier.kept)
    if desk.broken:
        st.error(f"{literally(desk.broken)}\n\nNothing in it was changed.", icon=":material/error:")
        return
    with st.container(key="review"):
        _room(dossier, desk)


@st.fragment
def _room(dossier: Dossier, desk: Desk) -> None:
    if st.session_state.pop(_TO_MAP, False):
        st.rerun(scope="app")
    kept = dossier.kept.again()
    st.session_state["review-run"] = st.session_state.get("review-run", 0) + 1
    read_again(desk, kept)
    show_news()
    if desk.candidates is None:
        _show_empty(desk, kept, edited=dossier.workspace is not None)
        return
    tables = standing(desk, kept)
    wanted = wanted_now()
    items = queue(tables, desk.candidates, desk.progress, wanted)
    hand = _hand(desk, kept, items, tables)
    with st.container(key="review-bar"):
        show_bar(desk, kept, hand, wanted)
    if hand:
        _show_hand(dossier, hand)
    else:
        _show_done(dossier, desk, wanted)
    _show_kept(dossier, desk)
    components.listen(
        KEYS,
        run=st.session_state["review-run"],
        step=f"{desk.at} {len(desk.past)}",
        focus=st.session_state.get(EDITING),
        said=desk.trouble or said_last(desk, items, wanted),
    )


def _show_empty(desk: Desk, kept: Kept, *, edited: bool) -> None:
    with st.container(key="review-empty"):
        st.html(
            "<h2>Read articles</h2><p>Bring news articles or reports. Rutter looks in them for what happened, where "
            "and when, and for what went from where to where. You then accept or reject each find; only what you "
            "accept goes on the map. Nothing leaves this computer.</p>"
        )
        bring_in(desk, kept)
        st.caption(literally(said_where(lasting=desk.lasting, edited=edited)))


def _hand(desk: Desk, kept: Kept, items: list[Item], tables: Any) -> Hand | None:
    if not items:
        return None
    item = next((item for item in items if item.id == desk.at), items[0])
    desk.at = item.id
    return Hand(desk, kept, item, tables[item.layer].iloc[item.number].to_dict(), items)


def _show_hand(dossier: Dossier, hand: Hand) -> None:
    text_side, card_side, map_side = st.columns([44, 28, 28], gap="small")
    assert hand.desk.candidates is not None
    sources = hand.desk.candidates.sources
    source = sources[sources["id"] == hand.row["source_id"]].iloc[0].to_dict()
    with text_side:
        _show_text(hand, source)
        components.show_queue(hand, st.context.theme.type or "light")
    with card_side, st.container(key="review-card"):
        with st.container():  # always there, so that the fields do not draw the card anew
            if st.session_state.get(EDITING):
                show_editor(hand)
        show_card(hand, source)
        show_merge(hand, dossier.atlas)
    with map_side, st.container(key="review-where"):
        show_where(hand, source["text"])


def _show_text(hand: Hand, source: dict[str, Any]) -> None:
    details = " · ".join(part for part in (source["publisher"], source["published"], source["note"]) if part)
    st.html(f'<div class="rutter-article"><h2>{escape(source["title"])}</h2><p>{escape(details)}</p></div>')
    components.show_text(hand, source)
    st.html(
        '<p class="rutter-legend-line">Places: <u class="sure">very likely</u>, <u class="likely">likely</u>, '
        '<u class="doubtful">doubtful</u>. Filled: <mark class="place">where</mark> <mark class="when">when</mark>. '
        "Click a place in the text to put it there.</p>"
    )


def _show_done(dossier: Dossier, desk: Desk, wanted: Wanted) -> None:
    assert desk.candidates is not None
    with st.container(key="review-done"):
        found = len(desk.candidates.events) + len(desk.candidates.routes)
        if not found:
            st.info("No events and no routes were found in these articles. What was noticed stands below.")
        elif wanted == Wanted(order=wanted.order):
            st.success("Nothing waits any more.", icon=":material/done_all:")
        else:
            st.info("Nothing here fits the filter. Others may wait: clear it under Filter.")
        if desk.progress.accepted and not dossier.workspace:
            st.button(
                f"Show the {len(desk.progress.accepted)} accepted on the map",
                key="review-show",
                icon=":material/map:",
                type="primary",
                on_click=_to_map,
            )
        _show_notices(desk)


def _to_map() -> None:
    st.session_state[ROOM_KEY] = MAP
    st.session_state[_TO_MAP] = True


def _noticed(desk: Desk) -> dict[str, str]:
    """What was noticed in the articles, by their titles; an article in which nothing was found is among them."""
    assert desk.candidates is not None
    told = {*desk.candidates.events["source_id"], *desk.candidates.routes["source_id"]}
    found: dict[str, list[str]] = {
        name: ["Nothing to review in it."] for name in desk.candidates.sources["id"] if name not in told
    }
    for notice in desk.candidates.notices:
        if notice.layer == "sources":
            found.setdefault(notice.id, []).append(notice.message)
    titles = dict(zip(desk.candidates.sources["id"], desk.candidates.sources["title"], strict=True))
    return {f"{titles[name]} ({name})": " ".join(messages) for name, messages in found.items()}


def _show_notices(desk: Desk) -> None:
    lines = "".join(f"<li><b>{escape(name)}</b>: {escape(said)}</li>" for name, said in _noticed(desk).items())
    if lines:
        st.html(f'<section class="rutter-noticed"><h3>What was noticed in the articles</h3><ul>{lines}</ul></section>')


def _add(dossier: Dossier) -> None:
    put_in(dossier)
    _to_map()


def _show_kept(dossier: Dossier, desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="review-kept"):
        count = articles_of(desk.batches)
        where = said_where(lasting=desk.lasting, edited=dossier.workspace is not None)
        st.caption(literally(f"{count} article{'s' if count != 1 else ''}. {where}"))
        if dossier.workspace:
            more = waiting(dossier, desk.progress)
            finds = len(more.accepted) + len(more.merged)
            st.button(
                f"Add {finds} to the dossier",
                key="review-add",
                icon=":material/playlist_add_check:",
                type="primary",
                disabled=not finds,
                help="What you accepted, with its sources, as one change that can be undone",
                on_click=_add,
                args=(dossier,),
            )
        if noticed := _noticed(desk):
            with st.popover(f"Noticed in {len(noticed)}", icon=":material/info:", key="review-noticed"):
                _show_notices(desk)
        if desk.progress.accepted:
            st.download_button(
                f"Download the accepted rows ({len(desk.progress.accepted)})",
                data=lambda: accepted_atlas(desk.progress).to_geojson(),
                file_name=ACCEPTED,
                mime="application/geo+json",
                icon=":material/download:",
                key="review-download",
                on_click="ignore",
            )
