"""The card of the candidate in hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.app.evidence import card
from geo.app.review.acts import Hand
from geo.app.words import literally
from geo.maps.style import Theme

STANCES = {
    "fact": "told as done",
    "claim": "somebody says so",
    "intention": "planned or asked for, not done",
    "denial": "denied",
}
VERDICTS = {
    "accepted": "You accepted this.",
    "rejected": "You rejected this.",
    "merged": "You merged this with another.",
}


def show_card(hand: Hand, source: Mapping[Any, Any]) -> None:
    """Show all that is known of the candidate in hand.

    Args:
        hand: The candidate in hand.
        source: Its article.
    """
    row = hand.row
    assert hand.desk.candidates is not None
    noticed = [notice.message for notice in hand.desk.candidates.notices if notice.id == hand.item.id]
    more = {
        "Put as": STANCES.get(row["stance"], row["stance"]),
        "Who": row.get("who", ""),
        "In its words": f"“{row['when_words']}”" if row["when_words"] else "",
        "Noticed": " ".join(noticed),
        "Told by": f"{1 + len(row['also'].split('; '))} articles" if row["also"] else "",
    }
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    shown = {**row, "status": "to be reviewed"} if row["status"] == "candidate" else row
    verdict = hand.desk.progress.verdict(hand.item.id)
    if verdict in VERDICTS:
        st.info(literally(VERDICTS[verdict]))
    st.html(card(hand.item.layer, shown, source, theme=theme, more=more))
