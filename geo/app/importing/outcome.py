"""What came of a table: counts, rows that failed, what was noticed; and the step into the dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html import escape

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.importing.deciding import show_twins, undecided
from geo.app.importing.desk import Desk, Job, begin_anew, finder, import_all
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

_FAILED_HEIGHT_PX = 300
_FAILED_SHOWN = 1_000
_BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8


def bring_in(opened: Dossier, desk: Desk, job: Job) -> bool:
    """Make checked tables of a file, and bring its rows in unless some may be there already.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file.

    Returns:
        Whether the dossier is another one now.
    """
    assert job.sheet is not None
    bar = st.progress(0.0, "Reading the rows")

    def report(share: float, doing: str) -> None:
        bar.progress(0.9 * share, doing.capitalize())

    try:
        job.result = import_all(job, finder(opened), report)
        bar.progress(0.95, "Looking for rows that are there already")
        job.twins, job.there = find_twins(job.result, tables_of(with_brought(opened).atlas))
        desk.visit.keep(job.sheet, job.mapping)
    except GeoError as error:
        job.result = None
        desk.faults = [str(error)]
        return False
    finally:
        bar.empty()
    return not job.twins and add(opened, desk, job)


def add(opened: Dossier, desk: Desk, job: Job) -> bool:
    """Put the rows of a file into the dossier.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file; something is decided about each of its rows that may be there.

    Returns:
        Whether the dossier is another one now; if not, the page says why.
    """
    assert job.result is not None
    changes = changes_for(job.result, tables_of(with_brought(opened).atlas), job.decisions)
    told = _told(changes)
    if not changes:
        job.added = desk.said = "Nothing was added: no row of this table is new."
        return False
    coming = {(change.layer, change.id) for change in changes}
    notices = [notice for notice in job.result.notices if (notice.layer, notice.id) in coming]
    try:
        job.batch = take_in(opened, changes, notices, what=f"brought in {job.name}")
    except GeoError as error:
        desk.faults = [str(error)]
        return False
    job.added = desk.said = f"Added: {told}."
    return True


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


def show_outcome(opened: Dossier, desk: Desk, job: Job, *, to_map: Callable[[Bounds | None], None]) -> bool:
    """Show what came of a file.

    Args:
        opened: The dossier as it was opened.
        desk: The tables in hand.
        job: The file.
        to_map: Shows a part of the world on the map.

    Returns:
        Whether the dossier is another one now.
    """
    assert job.result is not None
    st.html(_counts(job, job.result))
    changed = _show_acts(opened, desk, job, to_map)
    if len(job.result.failed):
        _show_failed(job, job.result)
    if job.twins and not job.added:
        show_twins(job, tables_of(with_brought(opened).atlas))
    _show_noticed(job, job.result)
    return changed


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


def _show_acts(opened: Dossier, desk: Desk, job: Job, to_map: Callable[[Bounds | None], None]) -> bool:
    assert job.result is not None
    changed = False
    if job.added:
        kept = (
            ""
            if lasting(opened) or not job.batch
            else " They last until you close or reload this page. Under Export you can save them."
        )
        st.success(literally(f"{job.added}{kept}"), icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center", key="tables-acts"):
        if not job.added and (len(job.result.events) or len(job.result.routes)):
            left = undecided(job)
            changed = st.button(
                "Add to the dossier",
                key="tables-add",
                type="primary",
                icon=":material/playlist_add_check:",
                disabled=bool(left),
            ) and add(opened, desk, job)
            if left:
                st.caption(f"{left:,} of {len(job.twins):,} left to decide")
        elif job.added and job.added != "Nothing was added: no row of this table is new.":
            box = bounds([*job.result.events.geometry, *job.result.routes.geometry])
            st.button(
                "Show them on the map",
                key="tables-show",
                type="primary",
                icon=":material/map:",
                on_click=to_map,
                args=(box,),
            )
        if job.batch:
            st.button(
                "Take them out again",
                key="tables-undo",
                icon=":material/undo:",
                on_click=_undo,
                args=(opened, desk, job),
            )
        elif not job.added:
            st.button(
                "Back to the columns", key="tables-back", icon=":material/arrow_back:", on_click=begin_anew, args=(job,)
            )
    return changed


def _undo(opened: Dossier, desk: Desk, job: Job) -> None:
    take_out(opened, job.batch)
    job.added, job.batch = "", 0
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
