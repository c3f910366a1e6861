"""What came of a table: counts, rows that failed, what was noticed; and the step into the dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape
from typing import Literal

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.importing.deciding import show_twins, undecided
from geo.app.importing.desk import Desk
from geo.app.importing.job import Job, begin_anew, finder, import_all
from geo.app.importing.joined import lasting, take_in, take_out, with_brought
from geo.app.importing.merging import changes_for
from geo.app.importing.preview import show_remarks
from geo.app.importing.twins import find_twins
from geo.app.words import literally
from geo.edits import Change
from geo.errors import GeoError
from geo.formats.spreadsheet import harmless
from geo.geodesy import bounds
from geo.importing import Imported
from geo.importing.mapping import FAULT_COLUMN
from geo.storing import tables_of
from geo.types import Bounds

WHOLE_PAGE = "tables-whole-page"
"""Set where more than this room is another one now."""
_KEPT = {
    True: "One undo takes them out again.",
    False: "They last until you close or reload this page. Under Export you can save them.",
}
_FAILED_HEIGHT_PX = 300
_FAILED_SHOWN = 1_000
_BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def bring_in(opened: Dossier, desk: Desk, job: Job) -> None:
    """Make checked tables of a file, and put its rows into the dossier unless some may be there already.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file.
    """
    assert job.sheet is not None
    desk.faults = []
    bar = st.progress(0.0, "Reading the rows")

    def report(share: float, doing: str) -> None:
        bar.progress(0.9 * share, doing.capitalize())

    try:
        result = import_all(job, finder(opened), report)
        bar.progress(0.95, "Looking for rows that are there already")
        job.twins, job.there = find_twins(result, tables_of(with_brought(opened).atlas))
        desk.visit.keep(job.sheet, job.mapping)
    except GeoError as error:
        desk.faults = [str(error)]
        return
    finally:
        bar.empty()
    job.result = result
    if job.twins:
        desk.said = f"{_many(len(job.twins), 'row')} may be in the dossier already. Decide what becomes of them."
    else:
        add(opened, desk, job)


def add(opened: Dossier, desk: Desk, job: Job) -> None:
    """Put the rows of a file into the dossier; if that fails, the page says why.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file; something is decided about each of its rows that may be there.
    """
    assert job.result is not None
    desk.faults = []
    changes = changes_for(job.result, tables_of(with_brought(opened).atlas), job.decisions)
    if not changes:
        taken = len(job.result.events) + len(job.result.routes)
        why = "each of its rows is there already or was left out" if taken else "none of its rows could be read"
        job.added = desk.said = f"Nothing was added: {why}."
        return
    coming = {(change.layer, change.id) for change in changes}
    notices = [notice for notice in job.result.notices if (notice.layer, notice.id) in coming]
    try:
        job.batch = take_in(opened, changes, notices, what=f"brought in {job.name}")
    except GeoError as error:
        desk.faults = [str(error)]
        return
    job.grew = True
    job.added = desk.said = f"Added: {_told(changes)}."
    st.session_state[WHOLE_PAGE] = True


def _told(changes: list[Change]) -> str:
    parts = [
        _many(sum(change.layer == layer and change.before is None for change in changes), layer.removesuffix("s"))
        for layer in ("events", "routes", "sources")
    ]
    merged = sum(change.before is not None for change in changes)
    return ", ".join(
        part for part in (*parts, f"{merged:,} merged into rows that were there" if merged else "") if part
    )


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}" if count else ""


def show_outcome(opened: Dossier, desk: Desk, job: Job, *, to_map: Callable[[Bounds | None], None]) -> None:
    """Show what came of a file.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file.
        to_map: Shows a part of the world on the map.
    """
    assert job.result is not None
    st.html(_counts(job, job.result))
    if job.added:
        _show_added(opened, desk, job, job.result, to_map)
    else:
        _show_waiting(opened, desk, job)
    if len(job.result.failed):
        _show_failed(job, job.result)
    if job.twins and not job.added:
        show_twins(job, tables_of(with_brought(opened).atlas))
    _show_noticed(job, job.result)


def _counts(job: Job, result: Imported) -> str:
    taken = " and ".join(filter(None, (_many(len(result.events), "event"), _many(len(result.routes), "route"))))
    parts = [
        ("can come in" if not job.added else "could be read", taken or "no row"),
        ("failed", _many(len(result.failed), "row")),
        ("there already, word for word", _many(job.there, "row")),
        ("may be there already", _many(len(job.twins), "row")),
    ]
    told = "".join(f"<span><b>{escape(count)}</b> {words}</span>" for words, count in parts if count)
    return f'<p class="rutter-outcome">{told}</p>'


def _show_added(
    opened: Dossier, desk: Desk, job: Job, result: Imported, to_map: Callable[[Bounds | None], None]
) -> None:
    if not job.grew:
        st.info(literally(job.added))
    else:
        st.success(literally(f"{job.added} {_KEPT[lasting(opened)]}"), icon=":material/check:")
    with st.container(horizontal=True, key="tables-acts"):
        if job.grew:
            box = bounds([*result.events.geometry, *result.routes.geometry])
            _button("Show them on the map", "show", "map", to_map, box, primary=True)
        if job.batch:
            _button("Take them out again", "undo", "undo", _undo, opened, desk, job)
        if not job.grew:
            _button("Back to the columns", "back", "arrow_back", begin_anew, job)


def _show_waiting(opened: Dossier, desk: Desk, job: Job) -> None:
    left = undecided(job)
    with st.container(horizontal=True, vertical_alignment="center", key="tables-acts"):
        _button("Add to the dossier", "add", "playlist_add_check", add, opened, desk, job, primary=True, off=bool(left))
        _button("Back to the columns", "back", "arrow_back", begin_anew, job)
        if left:
            st.caption(f"{left:,} of {len(job.twins):,} left to decide")


def _button(
    label: str, key: str, icon: str, do: Callable[..., None], *args: object, primary: bool = False, off: bool = False
) -> None:
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.button(label, key=f"tables-{key}", icon=f":material/{icon}:", type=kind, disabled=off, on_click=do, args=args)


def _undo(opened: Dossier, desk: Desk, job: Job) -> None:
    take_out(opened, job.batch)
    begin_anew(job)
    desk.said = f"Taken out again: the rows of {job.name}."


def _show_failed(job: Job, result: Imported) -> None:
    st.html('<h3 class="rutter-part">Rows that failed</h3>')
    failed = result.failed[[FAULT_COLUMN, *(name for name in result.failed.columns if name != FAULT_COLUMN)]]
    st.dataframe(
        failed.head(_FAILED_SHOWN).map(harmless),
        hide_index=True,
        height=min(_FAILED_HEIGHT_PX, 38 + 35 * min(len(failed), _FAILED_SHOWN)),
        column_config={FAULT_COLUMN: st.column_config.TextColumn("What is wrong", width="large")},
        key=f"tables-failed-{job.number}",
    )
    more = f" Shown are the first {_FAILED_SHOWN:,}; the file holds all." if len(failed) > _FAILED_SHOWN else ""
    with st.container(horizontal=True, vertical_alignment="center", key="tables-repair"):
        st.download_button(
            f"Download {_many(len(failed), 'row')} to repair",
            data=(_BYTE_ORDER_MARK + result.failed_csv()).encode(),
            file_name=f"{job.path.stem}-to-repair.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"tables-download-{job.number}",
        )
        st.caption(f"Repair the cells and bring the file here again: its columns are read as these were.{more}")


def _show_noticed(job: Job, result: Imported) -> None:
    counted = Counter(one.message for one in result.notices).most_common()
    rows = [f"{message} ({_many(count, 'row')})" for message, count in counted]
    offered = {offer.message for offer in (*job.guess.offers, *result.offers)}
    said = [*rows, *(remark for remark in (*job.guess.remarks, *result.remarks) if remark not in offered)]
    if said:
        st.html('<h3 class="rutter-part">To know</h3>')
        show_remarks(said)
