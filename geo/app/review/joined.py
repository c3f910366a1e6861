"""The dossier in hand with what was accepted in its review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from geo.app.dossier import Dossier, fingerprint
from geo.app.review.desk import desk_of
from geo.app.review.joining import join

_JOINED = "review-joined"


def with_accepted(dossier: Dossier) -> Dossier:
    """Join what was accepted to the dossier in hand.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        The dossier with the accepted rows; its name is another one whenever other rows are on its map.
    """
    desk = desk_of(dossier.kept)
    made_from = (desk.map_turn, dossier.kept.state)
    known: tuple[Any, ...] = st.session_state.get(_JOINED, (None, None, None))
    if known[0] is not dossier.atlas or known[1] != made_from:
        known = (dossier.atlas, made_from, join(dossier.atlas, desk.progress, dossier.kept.corrections))
        st.session_state[_JOINED] = known
    name = fingerprint([dossier.name, str(desk.map_turn)]) if desk.map_turn else dossier.name
    return replace(dossier, atlas=known[2], name=name)
