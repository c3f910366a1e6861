"""Rows that may be in the dossier already, side by side with those they may be; a decision for each."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from geo.app.importing.job import Job
from geo.app.importing.merging import BOTH, LEFT_OUT, into
from geo.app.importing.twins import Twin
from geo.app.words import literally
from geo.atlas import where
from geo.edits import Stored
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer

_AT_ONCE = 8
_MERGE = "merge"
_WORDS = {BOTH: "Keep both", _MERGE: "Merge into what is there", LEFT_OUT: "Leave the new row out"}
_TITLE_WIDTH = 60
_SIDES = ("Brought in", "In the dossier")


def undecided(job: Job) -> int:
    """Count the rows that nothing was decided about.

    Args:
        job: The file in hand.

    Returns:
        How many.
    """
    return len(job.twins) - len(job.decisions)


def show_twins(job: Job, tables: Mapping[Stored, pd.DataFrame]) -> None:
    """Show the rows that may be there already, each with the row it may be.

    Args:
        job: The file in hand.
        tables: The dossier's tables.
    """
    count = len(job.twins)
    one = count == 1
    st.html(
        f'<h3 class="rutter-part">{count:,} row{"" if one else "s"} may be in the dossier already</h3>'
        '<p class="rutter-lead">Nothing is merged unless you say so. Merging keeps the row that is there, fills its '
        "empty cells, and adds the new source to it.</p>"
    )
    with st.container(horizontal=True, vertical_alignment="center", key="tables-all"):
        st.button("Keep all both", icon=":material/content_copy:", on_click=_all, args=(job, BOTH), key="tables-both")
        st.button("Leave all new ones out", on_click=_all, args=(job, LEFT_OUT), key="tables-out")
        if count > _AT_ONCE:
            _show_pages(job)
    for number in range(job.page * _AT_ONCE, min(count, (job.page + 1) * _AT_ONCE)):
        _show_twin(job, number, tables)


def _all(job: Job, decision: str) -> None:
    for twin in job.twins:
        job.decisions.setdefault((twin.layer, twin.id), decision)
    job.turn += 1


def _show_pages(job: Job) -> None:
    last = (len(job.twins) - 1) // _AT_ONCE

    def turn(by: int) -> None:
        job.page = min(last, max(0, job.page + by))

    first = job.page * _AT_ONCE
    st.caption(f"{first + 1:,}–{min(len(job.twins), first + _AT_ONCE):,} of {len(job.twins):,}")
    st.button("Back", key="tables-page-back", disabled=not job.page, on_click=turn, args=(-1,))
    st.button("Next", key="tables-page-next", disabled=job.page == last, on_click=turn, args=(1,))


def _show_twin(job: Job, number: int, tables: Mapping[Stored, pd.DataFrame]) -> None:
    assert job.result is not None
    twin = job.twins[number]
    own = {"events": job.result.events, "routes": job.result.routes}[twin.layer]
    new = _row(own, twin.id)
    with st.container(border=True, key=f"tables-twin-{number}"):
        like = twin.likes[_like_in_hand(job, twin, tables, number)]
        st.html(
            f'<p class="rutter-why"><b class="rutter-score">{like.score:.0%}</b> {escape(like.reason)}</p>'
            + _beside(
                _facts(twin.layer, new, job.result.sources),
                _facts(twin.layer, _row(tables[twin.layer], like.id), tables["sources"]),
            )
        )
        _decide(job, twin, like.id, str(new["title"]), number)


def _like_in_hand(job: Job, twin: Twin, tables: Mapping[Stored, pd.DataFrame], number: int) -> int:
    if len(twin.likes) == 1:
        return 0
    table = tables[twin.layer]
    key = f"tables-like-{job.number}-{job.turn}-{number}"

    def chosen() -> None:
        job.decisions.pop((twin.layer, twin.id), None)

    place: int = st.selectbox(
        f"May be one of {len(twin.likes)} rows",
        list(range(len(twin.likes))),
        format_func=lambda place: f"{place + 1}. {_short(str(_row(table, twin.likes[place].id)['title']))}",
        key=key,
        on_change=chosen,
    )
    return place


def _decide(job: Job, twin: Twin, like: str, title: str, number: int) -> None:
    key = f"tables-decide-{job.number}-{job.turn}-{number}-{like}"
    said = job.decisions.get((twin.layer, twin.id))
    now = said if said in (None, BOTH, LEFT_OUT) else _MERGE

    def chosen() -> None:
        decision = st.session_state[key]
        if decision is None:
            job.decisions.pop((twin.layer, twin.id), None)
        else:
            job.decisions[twin.layer, twin.id] = into(like) if decision == _MERGE else decision

    st.segmented_control(
        f"What becomes of “{literally(_short(title))}”",
        list(_WORDS),
        default=now,
        format_func=lambda word: _WORDS[word],
        key=key,
        label_visibility="collapsed",
        on_change=chosen,
    )


def _row(table: pd.DataFrame, name: str) -> dict[str, Any]:
    return {str(column): cell for column, cell in table[table["id"] == name].iloc[0].items()}


def _facts(layer: Layer, row: Mapping[str, Any], sources: pd.DataFrame) -> dict[str, str]:
    first, last = TIMES[layer]
    cited = sources[sources["id"] == row["source_id"]].to_dict("records")
    point = row["geometry"] if layer == "events" else None
    told = [cited[0]["publisher"], cited[0]["title"]] if cited else []
    return {
        "What": row["title"],
        "Kind": row["kind"] if layer == "events" else f"by {row['mode']}",
        "When": describe(row[first], row[last], row["precision"]),
        "Where": where(layer, row) + (f" ({point.y:.4f}, {point.x:.4f})" if point else ""),
        "Source": ", ".join(dict.fromkeys(part for part in told if part)),
        "Quote": row["quote"],
        "Note": row["note"],
    }


def _beside(new: Mapping[str, str], there: Mapping[str, str]) -> str:
    heads = "".join(f'<th scope="col">{side}</th>' for side in _SIDES)
    lines = "".join(
        f'<tr><th scope="row">{name}</th>{_cell(new[name], there[name])}{_cell(there[name], new[name])}</tr>'
        for name in new
        if new[name] or there[name]
    )
    return f'<table class="rutter-beside"><thead><tr><td></td>{heads}</tr></thead><tbody>{lines}</tbody></table>'


def _cell(text: str, other: str) -> str:
    kind = "same" if text == other else "other"
    return f'<td class="{kind}">{escape(text) or "–"}</td>'


def _short(text: str) -> str:
    return text if len(text) <= _TITLE_WIDTH else f"{text[: _TITLE_WIDTH - 1]}…"
