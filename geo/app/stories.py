"""The story of a dossier: views that are saved, put in order, given a text, and played on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from geo.app import sharing, state
from geo.app.dossier import Dossier
from geo.app.places import keeping
from geo.app.sidebar import LAYER_SWITCHES, learn_switches
from geo.app.words import literally
from geo.atlas import Atlas
from geo.errors import GeoError
from geo.formats.saving import save_bytes
from geo.opening import story_in, story_of
from geo.store.kept import STORY
from geo.storing import keep_story
from geo.story import FILE, KEYS, LONGEST, Steps, StoryStep, write_story
from geo.telling import told
from geo.timeline import describe_window
from geo.views import FILTER_KEYS, moment

_GO, _AT, _BEFORE, _TROUBLE, _TURN, _TOLD, _WHOLE = (
    f"{STORY}-{name}" for name in ("go", "at", "before", "trouble", "turn", "told", "whole")
)


def map_spoke() -> None:
    """Take over what the map reports; where a step of the story is shown, the filters at the side are the step's."""
    state.map_spoke()
    now = st.session_state
    report = (now.get(state.MAP_KEY) or {}).get("state") or {}
    learn_switches(report)
    shown = report.get(STORY)
    step = shown["step"] if shown else None
    if shown and now.get(_GO) and shown["turn"] == now[_GO]["turn"]:
        now[_GO] = None
    if step == now.get(_AT):
        return
    keys = (*sharing.FILTERS, *(f"show-{name}" for name in LAYER_SWITCHES))
    if now.get(_AT) is None:
        now[_BEFORE] = {key: now[key] for key in keys if key in now}
    now[_AT] = step
    steps: Steps = now.get(_TOLD, (None, ()))[1]
    if step is None:
        now.update(now.pop(_BEFORE, {}))
    elif step < len(steps):
        view = steps[step].view
        now.update({key: [value for name, value in view if name == key] for key in ("kinds", "modes", "statuses")})
        now.update(words=dict(view).get("words", ""), sure=int(dict(view).get("sure", 0)))
        now.update({f"show-{name}": ("hide", name) not in view for name in LAYER_SWITCHES})


def message(dossier: Dossier) -> list[dict[str, Any]]:
    """Write what the map is told of the story.

    Args:
        dossier: The dossier in hand.

    Returns:
        One message, or none where there is no story and was none.
    """
    now = st.session_state
    steps = _steps(dossier)
    if not steps and _TOLD not in now:
        return []
    last = now.get(_TOLD)
    if last is None or last[0] is not dossier.atlas or last[1] != steps:
        now[_TOLD] = (dossier.atlas, steps, told(dossier.atlas, steps, filters=FILTER_KEYS))
    return [{"rutter": STORY, "steps": now[_TOLD][2], "go": now.get(_GO)}]


def show_story(dossier: Dossier) -> None:
    """Show the steps of the story, and offer to change and play them.

    Args:
        dossier: The dossier in hand.
    """
    now = st.session_state
    steps, why = _steps(dossier), _only_here(dossier)
    if now.get(_TROUBLE):
        st.error(literally(now.pop(_TROUBLE)))
    st.caption(
        "Save what the map shows as a step, give it a text, and play the steps one after the other. They are in the "
        f"map that you export as a page. {f'{why} The story lasts as long as this visit: download it.' if why else ''}"
    )
    with st.container(horizontal=True):
        st.button(
            "Save this view as a step",
            type="primary",
            icon=":material/add:",
            on_click=_keep,
            args=(dossier, lambda kept: (*kept, StoryStep("", "", _view()))),
        )
        if steps:
            st.button("Play", icon=":material/play_arrow:", on_click=_go, args=(0, True))
            st.download_button("Download", write_story(steps), FILE, "application/json", icon=":material/download:")
    for place, step in enumerate(steps):
        _show_step(dossier, steps, place, step)


def _show_step(dossier: Dossier, steps: Steps, place: int, step: StoryStep) -> None:
    key = f"{STORY}-{place}"

    def write(field: str) -> None:
        changed = replace(step, **{field: st.session_state[f"{key}-{field}"]})
        _keep(dossier, lambda kept: (*kept[:place], changed, *kept[place + 1 :]))

    def act(label: str, run: Callable[..., None], *args: Any, off: bool = False) -> None:
        help_ = f"{label}: step {place + 1}"
        st.button(label, key=f"{key}-{label}", help=help_, type="tertiary", on_click=run, args=args, disabled=off)

    with st.container(border=True):
        st.caption(f"**{place + 1}.** {literally(_seen(step, dossier))}")
        with st.container(horizontal=True):
            act("Show", _go, place, False)
            act("Move up", _keep, dossier, lambda kept: _moved(kept, place, -1), off=place == 0)
            act("Move down", _keep, dossier, lambda kept: _moved(kept, place, 1), off=place == len(steps) - 1)
            act("Delete", _keep, dossier, lambda kept: (*kept[:place], *kept[place + 1 :]))
        for field, widget in (("title", st.text_input), ("text", st.text_area)):
            if st.session_state.get(f"{key}-{field}") != getattr(step, field):  # what is being typed stays
                st.session_state[f"{key}-{field}"] = getattr(step, field)
            widget(
                f"{field.capitalize()} of step {place + 1}",
                key=f"{key}-{field}",
                max_chars=LONGEST[field],
                placeholder=field.capitalize(),
                label_visibility="collapsed",
                on_change=write,
                args=(field,),
            )


def with_story(dossier: Dossier) -> Atlas:
    """Give the rows the story as it is now.

    Args:
        dossier: The dossier in hand.

    Returns:
        Its rows; the same value for as long as the story stays the same.
    """
    atlas, steps = dossier.atlas, _steps(dossier)
    if atlas.story == steps:
        return atlas
    known: tuple[Atlas, Atlas] | None = st.session_state.get(_WHOLE)
    if known is None or known[0] is not atlas or known[1].story != steps:
        known = st.session_state[_WHOLE] = (atlas, replace(atlas, story=steps))
    return known[1]


def _moved(steps: Steps, place: int, by: int) -> Steps:
    order = list(steps)
    order[place], order[place + by] = order[place + by], order[place]
    return tuple(order)


def _seen(step: StoryStep, dossier: Dossier) -> str:
    view = dict(step.view)
    span: Sequence[pd.Timestamp | None] = dossier.atlas.span or (None, None)
    sides = [moment(view[key]) if key in view else end for key, end in zip(("from", "to"), span, strict=True)]
    when = describe_window(*sides) if all(side is not None for side in sides) else "no dates"  # type: ignore[arg-type]
    filtered = [value for key, value in step.view if key in (*FILTER_KEYS, "off-kinds", "off-modes")]
    return " · ".join([when, *(["filtered"] if filtered else [])])


def _view() -> tuple[tuple[str, str], ...]:
    pairs = [(key, value) for key, value in sharing.pairs() if key in KEYS and value and value != "0"]
    seen = state.view().bounds
    if seen and "bounds" not in dict(pairs):
        pairs.append(("bounds", ",".join(f"{edge:.6f}".rstrip("0").rstrip(".") for edge in seen)))
    return tuple(pairs)


def _go(place: int, play: bool) -> None:
    now = st.session_state
    now[_TURN] = now.get(_TURN, 0) + 1
    now[_GO] = {"step": place, "turn": now[_TURN], "play": play}


def _only_here(dossier: Dossier) -> str | None:
    if dossier.workspace:
        return None
    return keeping.beside(dossier.path) if dossier.path else "Files that you brought stay as they are."


def _steps(dossier: Dossier) -> Steps:
    own: Steps | None = st.session_state.get(f"{STORY}-of-{dossier.name}")
    try:
        if dossier.workspace:
            return story_in(dossier.workspace.store)
        if own is not None or not (dossier.path and dossier.path.is_dir()):
            return dossier.atlas.story if own is None else own
        return story_of(dossier.path)
    except GeoError as error:
        st.session_state[_TROUBLE] = str(error)
        return ()


def _keep(dossier: Dossier, change: Callable[[Steps], Steps]) -> None:
    steps = change(_steps(dossier))
    try:
        if dossier.workspace:
            keep_story(dossier.workspace.store, steps)
        elif dossier.path and not _only_here(dossier):
            save_bytes(write_story(steps), dossier.path / FILE)
        else:
            st.session_state[f"{STORY}-of-{dossier.name}"] = steps
    except GeoError as error:
        st.session_state[_TROUBLE] = str(error)
