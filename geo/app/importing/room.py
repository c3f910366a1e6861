"""The room of tables: files are brought, their columns read and corrected, and their rows put into the dossier."""

from __future__ import annotations

from html import escape

import streamlit as st

from geo.app import runs, state
from geo.app.dossier import Dossier
from geo.app.importing.desk import Desk, bring, desk_of, endings, read
from geo.app.importing.job import Job, finder
from geo.app.importing.joined import lasting
from geo.app.importing.mapper import show_columns, show_forms, show_target
from geo.app.importing.outcome import WHOLE_PAGE, bring_in, show_outcome
from geo.app.importing.preview import show_preview
from geo.app.rooms import MAP, ROOM_KEY
from geo.app.words import literally
from geo.errors import GeoError
from geo.importing import Remembered, presets
from geo.types import Bounds

_KINDS = "CSV, TSV, Excel, GeoJSON, GeoPackage, GeoParquet, KML, GPX, Shapefile, AIS positions"


def show_tables(opened: Dossier) -> None:
    """Show the room.

    Args:
        opened: The dossier as it was opened, without what was brought in or accepted.
    """
    with st.container(key="tables"):
        _room(opened)


@st.fragment
def _room(opened: Dossier) -> None:
    if st.session_state.pop(WHOLE_PAGE, False):
        st.rerun(scope="app")
    desk = desk_of(opened)
    job = desk.hand
    said = "" if job and desk.said == job.added else desk.said  # what stands in a box is read out by itself
    st.html(f'<p class="rutter-unseen" role="status">{escape(said)}</p>')
    _show_faults(desk)
    if job is None:
        _show_empty(opened, desk)
    else:
        _show_job(opened, desk, job)


def _show_empty(opened: Dossier, desk: Desk) -> None:
    with st.container(key="tables-empty"):
        where = (
            "in the dossier, as one change that can be undone" if lasting(opened) else "on this map until you reload"
        )
        st.html(
            "<h2>Bring in tables</h2><p>Bring a spreadsheet, a map layer or a list of positions from elsewhere. Rutter "
            "guesses what its columns mean and shows the first rows as they would come in; you correct what is wrong. "
            f"The rows are then {where}. Your file stays as it is, and nothing leaves this computer.</p>"
        )
        _show_upload(desk)


def _show_upload(desk: Desk) -> None:
    key = f"tables-files-{desk.turn}"
    brought = st.file_uploader(_KINDS, type=endings(), accept_multiple_files=True, key=key)
    if brought:
        with st.spinner(f"Reading {', '.join(file.name for file in brought)}"), runs.unbroken():
            bring(desk, [(file.name, file.getvalue()) for file in brought])
        runs.again()


def _show_faults(desk: Desk) -> None:
    if not desk.faults:
        return
    lines = "\n".join(f"- {literally(line)}" for fault in desk.faults for line in fault.splitlines())
    with st.container(horizontal=True, key="tables-news"):
        st.error(f"Nothing in the dossier was changed.\n\n{lines}", icon=":material/error:")
        st.button(
            "",
            key="tables-news-read",
            type="tertiary",
            icon=":material/close:",
            help="Close",
            on_click=desk.faults.clear,
        )


def _show_job(opened: Dossier, desk: Desk, job: Job) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="tables-bar"):
        _show_choice(desk, job)
        if job.result is None and job.sheet is not None:
            show_target(job)
        if preset := presets().get(job.mapping.preset):
            st.badge(f"Recognised: {preset.label}", icon=":material/verified:", color="green")
        with st.popover("More files", icon=":material/upload_file:", key=f"tables-bring-{desk.turn}"):
            _show_upload(desk)
        start = st.container(key="tables-start")
    if job.sheet is None:
        st.error(literally(job.trouble), icon=":material/error:")
        return
    if job.result is not None:
        show_outcome(opened, desk, job, to_map=lambda box: _to_map(opened, box))
        return
    columns, rows = st.columns([46, 54], gap="medium")
    with columns:
        show_columns(job)
    with rows, st.container(key="tables-preview"):
        sound = show_preview(job, finder(opened))
        show_forms(job)
        _show_remember(desk, job)
    label = f"Bring in {len(job.sheet):,} row{'' if len(job.sheet) == 1 else 's'}"
    with start:
        st.button(
            label,
            key="tables-go",
            type="primary",
            icon=":material/login:",
            disabled=not sound,
            on_click=runs.press,
            args=("tables-go",),
        )
        if runs.pressed("tables-go") and sound:
            with runs.unbroken():
                bring_in(opened, desk, job)
            runs.again()


def _show_choice(desk: Desk, job: Job) -> None:
    numbers = {_called(desk, other): other.number for other in desk.jobs}
    key = f"tables-file-{desk.turn}"

    def chosen() -> None:
        desk.at = numbers[st.session_state[key]]

    st.selectbox("File", list(numbers), list(numbers.values()).index(job.number), key=key, on_change=chosen)
    if len(job.layers) > 1:
        layers = {str(layer): layer.name for layer in job.layers}
        own = f"tables-layer-{job.number}"
        st.selectbox(
            "Sheet or layer",
            list(layers),
            list(layers.values()).index(job.layer or ""),
            key=own,
            on_change=lambda: read(desk, job, layers[st.session_state[own]]),
        )


def _called(desk: Desk, job: Job) -> str:
    same = [other.number for other in desk.jobs if other.name == job.name]
    again = f" ({same.index(job.number) + 1})" if len(same) > 1 else ""
    return f"{job.name}{again}"


def _show_remember(desk: Desk, job: Job) -> None:
    kept = job.remembered == job.mapping
    st.button(
        "Remembered for tables with this header" if kept else "Remember for tables with this header",
        icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
        key=f"tables-keep-{job.number}",
        disabled=kept,
        on_click=_remember,
        args=(desk, job),
    )


def _remember(desk: Desk, job: Job) -> None:
    assert job.sheet is not None
    try:
        Remembered().keep(job.sheet, job.mapping)
    except GeoError as error:
        desk.faults = [str(error)]
        return
    job.remembered = job.mapping
    desk.said = "Remembered: the next table with this header is read so."


def _to_map(opened: Dossier, box: Bounds | None) -> None:
    state.look_at(opened.name, box)
    st.session_state[ROOM_KEY] = MAP
    st.session_state[WHOLE_PAGE] = True
