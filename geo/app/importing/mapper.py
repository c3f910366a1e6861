"""The form of a table: what each column means and why, and how dates, numbers and places are written in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any, get_args
from zoneinfo import available_timezones

import streamlit as st

from geo.app.importing.job import Job, examples, take, turn_to
from geo.app.importing.meanings import meanings
from geo.importing.mapping import ADDED_COLUMNS, TARGETS, Target
from geo.schema import CRS
from geo.types import DOUBTFUL

_NOTHING, _TEXT = "—", "The same text for every row"
_ORDERS = {"dmy": "Day first: 03/04 is 3 April", "mdy": "Month first: 03/04 is March 4"}
_MARKS = {".": "Point: 42.59", ",": "Comma: 42,59"}
_EXAMPLE_WIDTH = 26
_WIDTHS = (22, 38, 40)


def show_target(job: Job) -> None:
    """Show what the rows become, to be changed.

    Args:
        job: The file in hand.
    """
    key = f"tables-target-{job.number}-{job.turn}"

    def chosen() -> None:
        turn_to(job, st.session_state[key])

    st.segmented_control(
        "Rows become",
        get_args(Target),
        default=job.mapping.layer,
        format_func=str.capitalize,
        required=True,
        key=key,
        on_change=chosen,
        help="Tracks are made of positions with their times, as AIS lists them.",
    )


def show_columns(job: Job) -> None:
    """Show which column means what, how sure that is and why.

    Args:
        job: The file in hand.
    """
    assert job.sheet is not None
    st.html('<h3 class="rutter-part">What the columns mean</h3>')
    if job.sheet.geometry is not None:
        st.caption("The rows have a shape of their own: they are where it says.")
    with st.container(key="tables-columns"):
        for target in job.asked:
            _show_column(job, target)
        _show_more(job)


def _show_column(job: Job, target: str) -> None:
    assert job.sheet is not None
    meaning = meanings()[target]
    column, constant = job.mapping.columns.get(target), job.mapping.constants.get(target)
    columns = [str(name) for name in job.sheet.cells.columns if name not in ADDED_COLUMNS]
    now = column or (_TEXT if constant is not None else _NOTHING)
    key = f"tables-{target}-{job.number}-{job.turn}"
    label, choice, why = st.columns(_WIDTHS, gap="small", vertical_alignment="center")
    label.html(f'<p class="rutter-meaning" title="{escape(meaning.hint)}">{escape(meaning.label)}</p>')
    options = [_NOTHING, _TEXT, *columns]
    choice.selectbox(
        f"Column for: {meaning.label}",
        options,
        options.index(now),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _choose(job, target, st.session_state[key]),
    )
    if now == _TEXT:
        text = f"{key}-text"
        why.text_input(
            f"{meaning.label}, for every row",
            constant or "",
            key=text,
            label_visibility="collapsed",
            placeholder=meaning.hint,
            help="The name of a column in {braces} stands for its cell.",
            on_change=lambda: _write(job, target, st.session_state[text]),
        )
    else:
        why.html(_reason(job, target))


def _choose(job: Job, target: str, chosen: str) -> None:
    constants = {name: text for name, text in job.mapping.constants.items() if name != target}
    if chosen == _TEXT:
        constants[target] = job.mapping.constants.get(target, "")
    elif chosen != _NOTHING and job.mapping.constants.get(target):
        constants[target] = job.mapping.constants[target]
    column = chosen if chosen not in (_NOTHING, _TEXT) else ""
    # Codes are those of the column they were known for.
    first = job.guess.mapping
    values = {name: codes for name, codes in job.mapping.values.items() if name != target}
    if column and column == first.columns.get(target) and target in first.values:
        values[target] = first.values[target]
    job.mapping = replace(job.mapping.with_columns(**{target: column}), constants=constants, values=values)


def _write(job: Job, target: str, text: str) -> None:
    job.mapping = replace(job.mapping, constants={**job.mapping.constants, target: text.strip()})


def _reason(job: Job, target: str) -> str:
    assert job.sheet is not None
    column = job.mapping.columns.get(target)
    if column is None:
        return f'<p class="rutter-reason">{escape(meanings()[target].hint)}</p>'
    guessed = next((one for one in job.guess.columns if (one.target, one.column) == (target, column)), None)
    if guessed:
        doubtful = " doubtful" if guessed.score < DOUBTFUL else ""
        said = f'<b class="rutter-score{doubtful}">{guessed.score:.0%}</b> {escape(guessed.reason)}'
    elif job.guess.mapping.columns.get(target) == column:
        said = '<b class="rutter-score">as before</b>'
    else:
        said = '<b class="rutter-score">your choice</b>'
    shown = [_short(cell) for cell in examples(job.sheet.cells[column], 2)]
    cells = " · ".join(f"<q>{escape(cell)}</q>" for cell in shown) or "empty"
    filled = job.mapping.constants.get(target)
    also = f"; where empty: {escape(_short(filled))}" if filled else ""
    return f'<p class="rutter-reason">{said}<span>{cells}{also}</span></p>'


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _EXAMPLE_WIDTH else f"{line[: _EXAMPLE_WIDTH - 1]}…"


def _show_more(job: Job) -> None:
    more = [target for target in TARGETS[job.mapping.layer] if target not in job.asked]
    key = f"tables-more-{job.number}-{job.turn}-{len(job.asked)}"

    def chosen() -> None:
        if target := st.session_state[key]:
            job.asked.append(target)

    st.selectbox(
        "Another meaning",
        more,
        None,
        format_func=lambda target: f"{meanings()[target].label}: {meanings()[target].hint}".removesuffix(": "),
        placeholder="Read another meaning: source, link, note, precision ...",
        key=key,
        label_visibility="collapsed",
        on_change=chosen,
    )


def show_forms(job: Job) -> None:
    """Show how dates, numbers and places are written, to be changed.

    Args:
        job: The file in hand.
    """
    st.html('<h3 class="rutter-part">How they are written</h3>')
    mapping, own = job.mapping, f"{job.number}-{job.turn}"
    with st.container(key="tables-forms"):
        left, right = st.columns(2, gap="small")
        _choice(job, left, "Dates", "date_order", _ORDERS)
        _choice(job, right, "Decimals", "decimal", _MARKS)
        zones = sorted({*available_timezones(), mapping.zone, "UTC"})
        left.selectbox(
            "Zone of times that do not say theirs",
            zones,
            zones.index(mapping.zone),
            key=f"tables-zone-{own}",
            on_change=_setter(job, "zone", f"tables-zone-{own}"),
        )
        right.text_input(
            "Coordinates are in",
            mapping.crs,
            key=f"tables-crs-{own}",
            help=f"{CRS} for degrees, EPSG:32633 for UTM zone 33 north.",
            on_change=_setter(job, "crs", f"tables-crs-{own}", default=CRS),
        )
        if mapping.layer == "tracks":
            left.text_input(
                "A new track begins after",
                job.gap,
                key=f"tables-gap-{own}",
                help="Without a position for so long: 6h, 90min, 2D.",
                on_change=lambda: setattr(job, "gap", st.session_state[f"tables-gap-{own}"].strip()),
            )


def _choice(job: Job, where: Any, label: str, name: str, words: dict[str, str]) -> None:
    key = f"tables-{name}-{job.number}-{job.turn}"
    options = list(words)
    where.selectbox(
        label,
        options,
        options.index(getattr(job.mapping, name)),
        format_func=lambda word: words[word],
        key=key,
        on_change=_setter(job, name, key),
    )


def _setter(job: Job, name: str, key: str, *, default: str = "") -> Callable[[], None]:
    def chosen() -> None:
        told: dict[str, Any] = {name: str(st.session_state[key]).strip() or default}
        job.mapping = replace(job.mapping, **told)

    return chosen


def show_offers(job: Job, offers: dict[str, Any]) -> None:
    """Offer other ways to read the table, each with what speaks for it.

    Args:
        job: The file in hand.
        offers: What speaks for it -> the mapping.
    """
    for number, (message, mapping) in enumerate(offers.items()):
        if mapping == job.mapping:
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"tables-offer-{number}"):
            st.html(f'<p class="rutter-offer">{escape(message)}</p>')
            st.button(
                "Read it so",
                key=f"tables-take-{job.number}-{job.turn}-{number}",
                icon=":material/swap_horiz:",
                help=message,
                on_click=take,
                args=(job, mapping),
            )
