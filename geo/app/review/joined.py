"""The dossier in hand with what was accepted in its review."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from geo.app.dossier import Dossier, fingerprint
from geo.app.editing import acts
from geo.app.review.desk import desk_of
from geo.app.review.joining import join
from geo.app.review.progress import Progress
from geo.app.workspaces import workspace_at
from geo.atlas import LAYERS
from geo.correcting import changes_between

_JOINED = "review-joined"


def with_accepted(dossier: Dossier) -> Dossier:
    """Join what was accepted to the dossier in hand.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        The dossier with the accepted rows; its name is another one whenever other rows are on its map. A workspace is
        returned as it is: accepted rows are put into it by `put_in`.
    """
    if dossier.workspace:
        return dossier
    desk = desk_of(dossier.kept)
    made_from = (desk.map_turn, dossier.kept.state)
    known: tuple[Any, ...] = st.session_state.get(_JOINED, (None, None, None))
    if known[0] is not dossier.atlas or known[1] != made_from:
        known = (dossier.atlas, made_from, join(dossier.atlas, desk.progress, dossier.kept.corrections))
        st.session_state[_JOINED] = known
    name = fingerprint([dossier.name, str(desk.map_turn)]) if desk.map_turn else dossier.name
    return replace(dossier, atlas=known[2], name=name)


def waiting(dossier: Dossier, progress: Progress) -> Progress:
    """Keep of a review what was accepted or merged and is not in the dossier yet.

    Args:
        dossier: The dossier in hand, kept in a workspace.
        progress: Where the review stands.

    Returns:
        The same with those rows alone.
    """
    tables = {layer: dossier.atlas.layer(layer).set_index("id")["note"] for layer in LAYERS}
    accepted = {name: row for name, row in progress.accepted.items() if name not in tables[row[0]].index}
    merged = {
        name: telling
        for name, telling in progress.merged.items()
        if telling.into in accepted or telling.note not in tables[telling.layer].get(telling.into, telling.note)
    }
    return replace(progress, accepted=accepted, merged=merged)


def put_in(dossier: Dossier) -> None:
    """Put what was accepted into the workspace in hand, with its sources, as one change.

    Args:
        dossier: The dossier in hand, kept in a workspace.
    """
    dossier = replace(dossier, atlas=workspace_at(dossier.address).atlas)
    more = waiting(dossier, desk_of(dossier.kept).progress)
    joined = join(dossier.atlas, more, dossier.kept.corrections)
    count = len(more.accepted) + len(more.merged)
    what = f"accepted {count} find{'s' if count != 1 else ''} from articles"
    acts.apply(dossier.address, changes_between(dossier.atlas, joined), what=what)
