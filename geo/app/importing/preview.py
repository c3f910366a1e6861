"""The first rows of a table as they would come in, what fails among them, and what should be known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from html import escape

import pandas as pd
import streamlit as st

from geo.app.importing.job import Job, first_rows
from geo.app.importing.mapper import show_offers
from geo.app.words import literally
from geo.atlas import LAYERS, where
from geo.errors import GeoError
from geo.importing import Imported, Mapping
from geo.importing.bringing import PREVIEW_ROWS
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Fault, FindPlaces, Layer

_HEAD = ("When", "What", "Where", "Latitude", "Longitude", "Kind", "Source")


def show_preview(job: Job, find: FindPlaces) -> bool:
    """Show the first rows as they would come in.

    Args:
        job: The file in hand.
        find: Turns names into places.

    Returns:
        Whether the table can be brought in so.
    """
    assert job.sheet is not None
    st.html('<h3 class="rutter-part">The first rows, as they would come in</h3>')
    try:
        shown = first_rows(job, find)
    except GeoError as error:
        st.error(literally(str(error)), icon=":material/error:")
        return False
    show_offers(job, _offers(job, shown))
    rows = [cells for layer in LAYERS for cells in _rows(shown, layer)]
    if rows:
        st.html(table(_HEAD, rows, label="The first rows, as they would come in"))
    if shown.faults:
        some = f"{len(shown.failed)} of the first {min(PREVIEW_ROWS, len(job.sheet))} rows would fail"
        lines = "".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(map(fault_line, shown.faults)))
        st.html(f'<div class="rutter-fails" role="group" aria-label="{some}"><b>{some}.</b><ul>{lines}</ul></div>')
    elif not rows:
        st.info("No row would come in.")
    said = [offer.message for offer in (*job.guess.offers, *shown.offers)]
    show_remarks(remark for remark in (*job.guess.remarks, *shown.remarks) if remark not in said)
    return True


def _offers(job: Job, shown: Imported) -> dict[str, Mapping]:
    """Put what the first guess left open over what was corrected since."""
    first = job.guess.mapping
    offers = {}
    for offer in job.guess.offers:
        other = {one.name: getattr(offer.mapping, one.name) for one in fields(Mapping)}
        changed = {name: value for name, value in other.items() if value != getattr(first, name)}
        offers[offer.message] = replace(job.mapping, **changed)
    return {**offers, **{offer.message: offer.mapping for offer in shown.offers}}


def _rows(shown: Imported, layer: Layer) -> list[tuple[str, ...]]:
    titles = dict(zip(shown.sources["id"], shown.sources["title"], strict=True))
    first, last = TIMES[layer]
    rows: list[tuple[str, ...]] = []
    for row in shown.atlas.layer(layer).to_dict("records"):
        point = row["geometry"] if layer == "events" else None
        rows.append(
            (
                describe(row[first], row[last], row["precision"], short=True),
                row["title"],
                where(layer, row),
                f"{point.y:.4f}" if point else "",
                f"{point.x:.4f}" if point else "",
                row["kind"] if layer == "events" else f"by {row['mode']}",
                titles.get(row["source_id"], ""),
            )
        )
    return rows


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, label: str) -> str:
    """Write a small table as HTML; every cell is escaped.

    Args:
        head: What its columns are called.
        rows: Its rows.
        label: What it is called for screen readers.

    Returns:
        HTML; columns that hold nothing are left out.
    """
    cells = pd.DataFrame(list(rows), columns=list(head)).astype(str)
    cells = cells.loc[:, [bool((cells[name] != "").any()) for name in cells.columns]]
    heads = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in cells.columns)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in cells.to_numpy().tolist()
    )
    return (
        f'<div class="rutter-sheet" role="region" aria-label="{escape(label)}" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def fault_line(fault: Fault) -> str:
    """Say what is wrong with a row, without the file's name.

    Args:
        fault: What is wrong.

    Returns:
        One line.
    """
    return str(fault).removeprefix(f"{fault.file}, ").removeprefix(f"{fault.file}: ")


def show_remarks(remarks: Iterable[str]) -> None:
    """Say what should be known of how the table is read.

    Args:
        remarks: Sentences.
    """
    lines = "".join(f"<li>{escape(remark)}</li>" for remark in dict.fromkeys(remarks))
    if lines:
        st.html(f'<ul class="rutter-remarks" aria-label="To know">{lines}</ul>')
