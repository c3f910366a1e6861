"""The bar of the review: how many wait, the buttons with their keys, the filter, and accepting many at once."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from geo.app.places.keeping import Kept
from geo.app.review.acts import Hand, accept, accept_all, move, reject
from geo.app.review.bringing import bring_in
from geo.app.review.desk import Desk, undo
from geo.app.review.editor import EDITING, start_editing, stop_editing
from geo.app.review.progress import Verdict
from geo.app.review.queue import ORDERS, ROUTE, Item, Wanted, beside
from geo.app.words import literally

KEYS = {
    **{"a": "review-accept", "r": "review-reject", "n": "review-next", "p": "review-previous", "u": "review-undo"},
    "e": "review-edit",
    **{str(number): f"review-use-{number}" for number in range(1, 10)},
}
"""Key -> the button it presses."""
_VERDICTS: dict[Verdict, str] = {"open": "Waiting", "accepted": "Accepted", "rejected": "Rejected", "merged": "Merged"}
_FIRST_LEAST = 80


def wanted_now() -> Wanted:
    """Say what the queue shows, by the fields under Filter."""
    chosen = st.session_state
    return Wanted(
        chosen.get("review-verdict", "open"),
        tuple(chosen.get("review-kinds", ())),
        tuple(chosen.get("review-articles", ())),
        chosen.get("review-least", 0) / 100,
        chosen.get("review-order", ORDERS[0]),
    )


def show_bar(desk: Desk, kept: Kept, hand: Hand | None, wanted: Wanted) -> None:
    """Show the bar.

    Args:
        desk: The review.
        kept: The corrections in force.
        hand: The candidate in hand, or None where the queue is empty.
        wanted: What the queue shows.
    """
    items = hand.items if hand else []
    with st.container(horizontal=True, vertical_alignment="center", key="review-buttons"):
        _show_count(desk, hand, items, wanted)
        none = hand is None
        editing = bool(st.session_state.get(EDITING))  # what is typed and not yet saved would be lost
        verdict = desk.progress.verdict(hand.item.id) if hand else "open"

        def act(do: Callable[[Hand], None]) -> Callable[[], None]:
            def done() -> None:
                stop_editing()
                if hand:
                    do(hand)

            return done

        def step(by: int) -> Callable[[], None]:
            return act(lambda held: move(desk, beside(items, held.item.id, by)))

        st.button(
            "Accept `a`",
            key="review-accept",
            type="primary",
            icon=":material/check:",
            disabled=none or editing or verdict == "accepted",
            on_click=act(accept),
        )
        st.button(
            "Reject `r`",
            key="review-reject",
            icon=":material/close:",
            disabled=none or editing or verdict == "rejected",
            on_click=act(reject),
        )
        st.button("Edit `e`", key="review-edit", disabled=none, on_click=start_editing)
        st.button("Back `p`", key="review-previous", disabled=none or editing, on_click=step(-1))
        st.button("Next `n`", key="review-next", disabled=none or editing, on_click=step(1))
        st.button(
            "Undo `u`",
            key="review-undo",
            help=f"Undo: {literally(desk.past[-1].said)}" if desk.past else None,
            disabled=not desk.past,
            on_click=undo,
            args=(desk, kept),
        )
        with st.popover("Accept many", icon=":material/done_all:", disabled=none, key=f"review-many-{len(desk.past)}"):
            if hand:
                _show_accept_all(hand)
        with st.popover("Filter", icon=":material/filter_list:"):
            _show_wanted(desk)
        more = f"review-more-{len(desk.batches)}"  # closes once something was read
        with st.popover("More articles", icon=":material/note_add:", key=more), st.container(key="review-bring"):
            bring_in(desk, kept)
    if desk.trouble:
        st.error(literally(desk.trouble))


def said_last(desk: Desk, items: list[Item], wanted: Wanted) -> str:
    """Say what was last done, and how many wait.

    Args:
        desk: The review.
        items: The queue.
        wanted: What the queue shows.

    Returns:
        A sentence or two.
    """
    left = f"{len(items)} left." if wanted.verdict == "open" else ""
    return " ".join(filter(None, (desk.said, left)))


def _show_count(desk: Desk, hand: Hand | None, items: list[Item], wanted: Wanted) -> None:
    number = items.index(hand.item) + 1 if hand else 0
    counts = {"accepted": len(desk.progress.accepted), "rejected": len(desk.progress.rejected)}
    done = " · ".join(f"{count} {word}" for word, count in counts.items() if count)
    what = _VERDICTS[wanted.verdict].lower()
    st.html(
        f'<div class="rutter-progress"><b>{number} of {len(items)}</b> {escape(what)}<span>{escape(done)}</span></div>'
        f'<p class="rutter-said">{escape(said_last(desk, items, wanted))}</p>'
    )


def _show_accept_all(hand: Hand) -> None:
    assert hand.desk.candidates is not None
    least = st.slider("At least this sure", 50, 100, _FIRST_LEAST, 5, format="%d%%", key="review-least-accepted")
    sure = hand.desk.candidates.at_least(least / 100)
    names = {item.id for item in hand.items if item.id in sure and hand.desk.progress.verdict(item.id) == "open"}
    st.caption("Of those in the queue. Nothing that is only planned or denied is among them. One undo takes all back.")
    st.button(
        f"Accept {len(names)}",
        key="review-accept-all",
        type="primary",
        icon=":material/done_all:",
        disabled=not names,
        on_click=accept_all,
        args=(hand, names),
    )


def _show_wanted(desk: Desk) -> None:
    assert desk.candidates is not None
    candidates = desk.candidates
    titles = dict(zip(candidates.sources["id"], candidates.sources["title"], strict=True))
    kinds = [*sorted(candidates.events["kind"].unique()), *([ROUTE] if len(candidates.routes) else [])]
    st.segmented_control(
        "Which", list(_VERDICTS), default="open", required=True, format_func=_VERDICTS.__getitem__, key="review-verdict"
    )
    st.multiselect("Kinds", kinds, placeholder="All kinds", key="review-kinds")
    st.multiselect(
        "Articles", list(titles), placeholder="All articles", format_func=titles.__getitem__, key="review-articles"
    )
    st.slider("At least this sure", 0, 100, 0, 5, format="%d%%", key="review-least")
    st.segmented_control("Order", ORDERS, default=ORDERS[0], required=True, key="review-order")
