"""Under the evidence of a row: what its names are read as, what else they may mean, and one click to say which."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier, fingerprint
from geo.app.places.candidates import Reading, by_coordinates, readings, rows_that_say
from geo.app.places.correcting import correct
from geo.app.places.finder import mark
from geo.app.places.keeping import Kept
from geo.app.words import label, literally, reach, surety, whereabouts, why
from geo.errors import CoordinateError
from geo.types import Layer, Place

_WRONG = "wrong-coordinates"


def show_whereabouts(dossier: Dossier, layer: Layer, row: Mapping[Any, Any]) -> None:
    """Show what the names of a row are read as, and let the reader correct it.

    Args:
        dossier: The dossier in hand.
        layer: The table the row is in.
        row: The row.
    """
    found = _readings(dossier, layer, row)
    for number, reading in enumerate(found):
        asked = state.asking() == number
        st.html(_said(reading))
        if _fixed(dossier, reading, layer, row):
            st.caption("Its position is written in the file itself. To move it, change it there.")
            continue
        st.button(
            "Close the list" if asked else "Not this place?" if reading.place else "Which place is it?",
            key=f"ask-{number}",
            icon=":material/close:" if asked else ":material/wrong_location:",
            on_click=state.ask,
            args=(None if asked else number,),
        )
        if asked:
            _choose(dossier, reading)


def _readings(dossier: Dossier, layer: Layer, row: Mapping[Any, Any]) -> list[Reading]:
    asked = (dossier.name, dossier.kept.state, layer, row["id"])
    known: tuple[Any, list[Reading]] | None = st.session_state.get("readings")
    if known is None or known[0] != asked:
        known = (asked, readings(dossier.atlas, layer, row, dossier.kept.corrections))
        st.session_state["readings"] = known
    return known[1]


def _fixed(dossier: Dossier, reading: Reading, layer: Layer, row: Mapping[Any, Any]) -> bool:
    """Tell whether the row brings a position of its own, which a correction of its name would not move."""
    if not dossier.by_name:
        return layer == "routes" and row["basis"] != "inferred"
    mention = reading.mention
    unread = reading.place is None and not reading.refused
    return unread and bool(mention.place_id) and mention.role == "Where"


def _said(reading: Reading) -> str:
    mention, place = reading.mention, reading.place
    name = f"“{escape(mention.query.name)}”"
    more = ""
    if place is not None:
        what = ", ".join([place.name or place.matched, *filter(None, [whereabouts(place)])])
        doubt = ' <mark class="rutter-doubtful">doubtful</mark>' if place.doubtful else ""
        text = f"{name} read as <b>{escape(what)}</b>{doubt}"
        more = " · ".join(filter(None, (surety(place), why(place), reach(place))))
    elif reading.refused:
        text = f"{name} is no place: your correction"
    elif mention.lonlat:
        text = f"{name} at {mention.lonlat[1]:.4f}, {mention.lonlat[0]:.4f}"
    elif reading.choices:
        text = f"{name} is placed nowhere"
    else:
        text = f"{name}: no place of this name is known"
    small = f"<p>{escape(more)}</p>" if more else ""
    return f'<section class="rutter-where"><h3>{escape(mention.role)}</h3><div><p>{text}</p>{small}</div></section>'


def _choose(dossier: Dossier, reading: Reading) -> None:
    name, kept = reading.mention.query.name, dossier.kept
    rows = rows_that_say(dossier.atlas, name)

    def take(number: int) -> None:
        if 0 < number <= len(reading.choices) and number - 1 != reading.current:
            correct(kept, name, reading.choices[number - 1], rows)

    state.offer(_offer(reading, take))
    with st.container(border=True, key="candidates"):
        if reading.choices:
            st.caption("The numbers are on the map. Choose here or there; every row that writes the name so follows.")
        else:
            st.caption("Nothing is known by this name. Say where it is, or that it is no place.")
        for number, place in enumerate(reading.choices, start=1):
            current = number - 1 == reading.current
            with st.container(horizontal=True, vertical_alignment="center", key=f"choice-{number}"):
                st.html(_choice(place, number, current=current))
                if current:
                    st.html('<p class="rutter-current">as it is now</p>', width="content")
                    continue
                st.button(
                    "Use this",
                    key=f"use-{number}",
                    help=f"Read “{literally(name)}” as {literally(label(place))}",
                    on_click=take,
                    args=(number,),
                )
        _by_hand(dossier, name, rows, refused=reading.refused)
        st.caption(literally(kept.where.replace(" below", " under Notes")))


def _choice(place: Place, number: int, *, current: bool) -> str:
    doubt = ' <mark class="rutter-doubtful">doubtful</mark>' if place.doubtful else ""
    small = " · ".join(filter(None, (whereabouts(place), surety(place), why(place), reach(place))))
    badge = f"<i{' class=now' if current else ''}>{number}</i>"
    name = f"<b>{escape(place.name or place.matched)}</b>{doubt}"
    return f'<div class="rutter-choice">{badge}<div>{name}<p>{escape(small)}</p></div></div>'


def _by_hand(dossier: Dossier, name: str, rows: int, *, refused: bool) -> None:
    field = f"coordinates-{fingerprint([name])}"
    with (
        st.form(f"by-{field}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", key="choice-0"),
    ):
        st.text_input("By coordinates", placeholder="42.4 N 130.6 E", key=field)
        st.form_submit_button("Use these", on_click=_use_coordinates, args=(dossier.kept, name, field, rows))
    text, wrong = st.session_state.get(_WRONG, ("", ""))
    if wrong and text == st.session_state[field]:
        st.error(literally(wrong))
    st.button(
        "This is no place",
        key="no-place",
        icon=":material/location_off:",
        disabled=refused,
        on_click=correct,
        args=(dossier.kept, name, None, rows),
    )


def _use_coordinates(kept: Kept, name: str, field: str, rows: int) -> None:
    text = st.session_state[field]
    try:
        place = by_coordinates(text, name)
    except CoordinateError as error:
        st.session_state[_WRONG] = text, str(error)
        return
    if place is None:
        advice = "Write latitude and longitude, as in 42.4 N 130.6 E or 42.4, 130.6."
        st.session_state[_WRONG] = text, f"These are no coordinates. {advice}"
        return
    correct(kept, name, place, rows)


def _offer(reading: Reading, take: Any) -> state.Offer:
    name = reading.mention.query.name
    message = {
        "rutter": "places",
        "list": [
            mark(place, number=number, current=number - 1 == reading.current)
            for number, place in enumerate(reading.choices, start=1)
        ],
        "set": fingerprint([name, *(place.place_id for place in reading.choices), str(reading.current)]),
        "turn": f"{state.selected()} {name}",
        "said": f"{len(reading.choices)} places that {name} may mean are on the map.",
        "fly": {"bounds": list(reading.bounds), "always": False} if reading.bounds else None,
    }
    return state.Offer(str(message["set"]), message, take)
