"""Out: which rows, which layers, which format, what would be in the file, and one button that makes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Event

import pandas as pd
import streamlit as st

from geo.app.sharing import called
from geo.app.slices import Slice
from geo.app.words import literally
from geo.atlas import LAYERS, Atlas
from geo.errors import GeoError
from geo.exporting import FORMATS, Format, Preview, export, preview
from geo.formats.spreadsheet import harmless
from geo.types import Layer, Notice

IN_WINDOW = "This window"
EVERYTHING = "Everything"
ALL = "All"
FIRST_ROWS = 5
PATIENCE_S = 30
_MAKING = "export-making"
_SEEN = "export-seen"
_UNITS = ("bytes", "KB", "MB", "GB")
_KINDS = tuple(dict.fromkeys(FORMATS.values()))
_ENDS = {kind: suffix for suffix, kind in reversed(FORMATS.items())}
Wanted = tuple[object, ...]
Days = tuple[pd.Timestamp, pd.Timestamp] | None


@dataclass
class Making:
    """A file that the button makes when it is pressed, and what was noticed in the making.

    Args:
        wanted: What tells it from other files.
        pressed: Whether it was asked for.
        notices: What it could not hold, and what had to be changed.
        fault: Why there is no file.
        done: Set once it is there, or is not to be had.
    """

    wanted: Wanted
    pressed: bool = False
    notices: tuple[Notice, ...] = ()
    fault: str = ""
    done: Event = field(default_factory=Event)

    def press(self) -> None:
        """Take note that it is asked for."""
        self.pressed = True

    def make(self, atlas: Atlas, suffix: str, layers: list[Layer]) -> bytes:
        """Make it; Streamlit calls this on a thread of its own.

        Args:
            atlas: The rows.
            suffix: The kind of file.
            layers: Which tables.

        Returns:
            The file.

        Raises:
            GeoError: It cannot be made.
        """
        try:
            written = export(atlas, suffix, layers=layers)
            self.notices, self.fault = written.notices, ""
        except GeoError as error:
            self.fault = str(error)
            raise
        finally:
            self.done.set()
        return written.content


@st.fragment
def show_export(atlas: Atlas, current: Slice, *, window: Days) -> None:
    """Offer the rows as a file.

    Args:
        atlas: The dossier, unfiltered.
        current: The rows in the window that pass the filters.
        window: The window, for the name of the file.
    """
    scope = st.segmented_control("Which rows", [IN_WINDOW, EVERYTHING], default=IN_WINDOW, required=True, key="scope")
    layer = st.segmented_control(
        "Which layer", [ALL, *map(str.capitalize, LAYERS)], default=ALL, required=True, key="export-layer"
    )
    kind = st.selectbox("Format", _KINDS, format_func=lambda one: f"{one.label} ({_ENDS[one]})", key="format")
    st.caption(literally(kind.description))
    chosen = current.atlas if scope == IN_WINDOW else atlas
    layers: list[Layer] = [name for name in LAYERS if layer in (ALL, name.capitalize())]
    suffix = _ENDS[kind]
    wanted = (suffix, *layers, id(atlas), current.token if scope == IN_WINDOW else "")
    try:
        seen = _seen(atlas, wanted, lambda: preview(chosen, suffix, layers=layers, rows=FIRST_ROWS))
    except GeoError as error:
        st.warning(literally(str(error)), icon=":material/info:")
        return
    _show_counts(seen)
    making: Making = st.session_state.get(_MAKING) or Making(())
    if making.wanted != wanted:
        making = st.session_state[_MAKING] = Making(wanted)
    st.download_button(
        f"Download {kind.label}",
        data=partial(making.make, chosen, suffix, layers),
        file_name=_file_name(suffix, layers, window if scope == IN_WINDOW else None),
        mime=kind.media_type,
        icon=":material/download:",
        type="primary",
        on_click=making.press,
        disabled=not sum(seen.counts.values()),
        width="stretch",
        key=f"export-{hash(wanted)}",  # the button of another file is another button
    )
    if making.pressed and making.done.wait(PATIENCE_S):
        _show_made(making, kind)
    _show_rows(seen)


def _seen(atlas: Atlas, wanted: Wanted, look: Callable[[], Preview]) -> Preview:
    known: tuple[Wanted, Preview, Atlas] | None = st.session_state.get(_SEEN)
    if known is None or known[0] != wanted:
        known = st.session_state[_SEEN] = (wanted, look(), atlas)
    return known[1]


def _show_counts(seen: Preview) -> None:
    parts = _counted(seen.counts)
    short = [
        f"{sum(counts.values())} of them without a {what}"
        for counts, what in ((seen.unplaced, "position"), (seen.undated, "date"))
        if any(counts.values())
    ]
    st.caption(f"{'; '.join([f'{parts}, each with its source', *short])}. About {_size(seen.size_bytes)}.")
    left_out = _counted({name: count for name, count in seen.left_out.items() if count})
    if left_out:
        st.warning(f"{seen.format.label} cannot hold {left_out}: left out.", icon=":material/rule:")


def _counted(counts: Mapping[Layer, int]) -> str:
    return " and ".join(f"{count} {name.removesuffix('s') if count == 1 else name}" for name, count in counts.items())


def _size(count: float) -> str:
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}" if unit < 2 else f"{count:.1f} {_UNITS[unit]}"


def _file_name(suffix: str, layers: list[Layer], window: Days) -> str:
    days = [f"{moment:%Y-%m-%d}" for moment in (window[0], window[1] - pd.Timedelta(milliseconds=1))] if window else []
    named = layers if len(layers) == 1 else []
    return "-".join([re.sub(r"\W+", "-", called()).strip("-") or "rutter", *named, *dict.fromkeys(days)]) + suffix


def _show_made(made: Making, kind: Format) -> None:
    if made.fault:
        st.error(literally(made.fault), icon=":material/error:")
    elif made.notices:
        with st.expander(f"{len(made.notices)} changed or left out in the {kind.label} file", expanded=True):
            noted = pd.DataFrame([(n.message, n.layer, n.id, n.column, n.value) for n in made.notices])
            noted.columns = pd.Index(["Note", "Table", "Row", "Column", "As written"])
            st.dataframe(safe_to_save(noted), hide_index=True)
    else:
        st.caption("The file holds every row and every column as it is here.")


def _show_rows(seen: Preview) -> None:
    with st.expander("What is in it", icon=":material/table_view:"):
        for name, rows in seen.first.items():
            st.caption(
                f"{name.capitalize()}, the first {len(rows)} of {seen.counts[name]}; {len(rows.columns)} columns"
            )
            shown = rows.drop(columns="geometry").assign(geometry=rows["geometry"].map(_shape))
            st.dataframe(safe_to_save(shown), hide_index=True)


def _shape(geometry: object) -> str:
    text = getattr(geometry, "wkt", "")
    return text if len(text) <= 60 else f"{text[:60]} ..."


def safe_to_save(table: pd.DataFrame) -> pd.DataFrame:
    """Make a table harmless: it can be saved as CSV from the screen, and a spreadsheet runs what begins like a formula.

    Args:
        table: Rows to be shown.

    Returns:
        The same with such cells made plain text.
    """
    safe = table.copy()
    for name, cells in table.items():
        if isinstance(cells.dtype, pd.StringDtype) or cells.dtype == object:
            texts = cells.tolist()
            made_safe = [harmless(cell) if isinstance(cell, str) else cell for cell in texts]
            if made_safe != texts:
                safe[name] = pd.Series(made_safe, index=table.index, dtype=cells.dtype)
    return safe
