"""Where a row is: by the name of a place with what it may mean, by coordinates, or by a click on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from shapely.geometry import Point

from geo.app import aiming, state
from geo.app.dossier import fingerprint
from geo.app.editing.cells import point_place
from geo.app.places.candidates import by_coordinates
from geo.app.places.finder import caption_of, mark, title_of
from geo.app.words import label, literally
from geo.errors import CoordinateError
from geo.geodesy import bounds
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder
from geo.types import Mode, Place

LIMIT = 5
_HAND = "edit-by-hand"


@dataclass(frozen=True)
class Spot:
    """One place of a row as it stands in the form.

    Args:
        name: The name as written.
        place: What it means, or None where that is not known.
        changed: Whether it is another than the row has.
        open: Whether there are several of that name and none is chosen yet.
    """

    name: str
    place: Place | None
    changed: bool
    open: bool = False


@dataclass(frozen=True)
class Reading:
    """What the fields of a place say.

    Args:
        spot: The place.
        found: What its name may mean, where that is looked for; likeliest first.
        trouble: Why it cannot be looked for, in words.
    """

    spot: Spot
    found: tuple[Place, ...] = ()
    trouble: str = ""


def read_spot(key: str, now: Spot, corrections: Corrections, *, mode: Mode | None = None) -> Reading:
    """Read the fields of one place.

    Args:
        key: What tells these fields from others.
        now: The place that the row has.
        corrections: What names were corrected to.
        mode: How goods arrive or leave there.

    Returns:
        The place as it is written now.
    """
    name = " ".join(str(st.session_state.get(key, now.name) or "").split())
    hand = _by_hand(key)
    if hand is not None:
        return Reading(Spot(name, point_place(name, *hand), True))
    if name == now.name:
        return Reading(now)
    if not name:
        return Reading(Spot("", None, True))
    try:
        found = PlaceFinder(corrections=corrections).candidates(name, mode=mode, limit=LIMIT)
    except CoordinateError as error:
        return Reading(Spot(name, None, True), (), str(error))
    if not found:
        return Reading(Spot(name, None, True))
    chosen = st.session_state.get(_choice(key, name, mode), None if found[0].doubtful else 0)
    place = None if chosen is None else found[chosen]
    return Reading(Spot(name, place, True, open=place is None), tuple(found))


def _choice(key: str, name: str, mode: Mode | None) -> str:
    return f"{key}-{fingerprint([name, mode or ''])}"


def show_spot(key: str, title: str, now: Spot, corrections: Corrections, *, mode: Mode | None = None) -> None:
    """Show the fields of one place.

    Args:
        key: What tells these fields from others.
        title: What they are called.
        now: The place that the row has.
        corrections: What names were corrected to.
        mode: How goods arrive or leave there.
    """
    with st.container(key=f"spot-{key}"):
        st.text_input(title, now.name, key=key, placeholder="As it is written: Najin, 나진 ...")
        if point := aiming.given(key):
            put_by_hand(key, point)
            st.session_state[f"{key}-at"] = f"{point[1]:.5f}, {point[0]:.5f}"
        reading = read_spot(key, now, corrections, mode=mode)
        if not reading.spot.changed and now.name:
            at = f"{now.place.lat:.4f}, {now.place.lon:.4f}" if now.place else "no position"
            st.caption(literally(f"As it is: {at}"))
        elif _by_hand(key) is None and reading.spot.name:
            _show_found(_choice(key, reading.spot.name, mode), reading)
        _show_by_hand(key, title, _by_hand(key))


def _by_hand(key: str) -> tuple[float, float] | None:
    put: dict[str, tuple[float, float]] = st.session_state.setdefault(_HAND, {})
    return put.get(key)


def put_by_hand(key: str, lonlat: tuple[float, float] | None) -> None:
    """Put a place at a point, or let its name say where it is.

    Args:
        key: What tells its fields from others.
        lonlat: (longitude, latitude) in degrees; None to go by the name again.
    """
    put: dict[str, tuple[float, float]] = st.session_state.setdefault(_HAND, {})
    if lonlat is None:
        put.pop(key, None)
        st.session_state[f"{key}-at"] = ""
    else:
        put[key] = lonlat


def is_by_hand(key: str) -> bool:
    """Tell whether a place was put at a point.

    Args:
        key: What tells its fields from others.

    Returns:
        Whether coordinates or a click say where it is.
    """
    return _by_hand(key) is not None


def _show_by_hand(key: str, title: str, hand: tuple[float, float] | None) -> None:
    field = f"{key}-at"
    asked = aiming.aims(key)

    def written() -> None:
        st.session_state.pop(f"{field}-wrong", None)
        try:
            place = by_coordinates(st.session_state[field], "")
        except CoordinateError as error:
            st.session_state[f"{field}-wrong"] = str(error)
            return
        if place is not None:
            put_by_hand(key, place.lonlat)
        elif st.session_state[field].strip():
            st.session_state[f"{field}-wrong"] = "These are no coordinates. Write them as in 42.4 N 130.6 E."
        else:
            put_by_hand(key, None)

    if hand:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(literally(f"Put at {hand[1]:.4f}, {hand[0]:.4f}, this row only."), width="content")
            st.button("Go by the name", key=f"{key}-name", type="tertiary", on_click=put_by_hand, args=(key, None))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            f"{title}, by coordinates",
            key=field,
            placeholder="or 42°24′N 130°36′E",
            on_change=written,
            label_visibility="collapsed",
        )
        st.button(
            "Click there ..." if asked else "On the map",
            key=f"{key}-aim",
            icon=":material/close:" if asked else ":material/add_location_alt:",
            help="Take the next click on the map for it",
            on_click=aiming.aim,
            args=(None if asked else key,),
        )
    if wrong := st.session_state.get(f"{field}-wrong"):
        st.error(literally(wrong))


def _show_found(choice: str, reading: Reading) -> None:
    name, found = reading.spot.name, reading.found
    if reading.trouble:
        st.error(literally(reading.trouble))
    elif not found:
        st.caption(
            f"No place called “{literally(name)}” is known. Say where it is by coordinates or on the map, or leave it "
            "without a position."
        )
    elif len(found) == 1 and not found[0].doubtful:
        st.caption(f"Read as {literally(label(found[0]))}: {caption_of(found[0])}")
    else:
        chosen: int | None = st.radio(
            f"What “{literally(name)}” means",
            range(len(found)),
            index=None if found[0].doubtful else 0,
            format_func=lambda number: f"{number + 1}. {title_of(found[number])}",
            captions=[caption_of(place) for place in found],
            key=choice,
        )

        def take(number: int) -> None:
            if 0 < number <= len(found):
                st.session_state[choice] = number - 1

        state.offer(state.Offer(choice, _marks(name, found, chosen, choice), take))


def _marks(name: str, found: Sequence[Place], chosen: int | None, turn: str) -> dict[str, Any]:
    box = bounds([Point(place.lonlat) for place in found])
    return {
        "rutter": "places",
        "list": [mark(place, number=n, current=n - 1 == chosen) for n, place in enumerate(found, start=1)],
        "set": turn,
        "turn": turn,
        "said": f"{len(found)} places that {name} may mean are on the map.",
        "fly": {"bounds": list(box), "always": False} if box else None,
    }
