"""When a row happened, from however many columns say it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.importing.cells import Cells
from geo.importing.dates import MS, Column, Moments, read_dates
from geo.importing.numbers import to_numbers
from geo.timeline import COARSENESS

_DAY = np.timedelta64(1, "D")
_RANK = {precision: place for place, precision in enumerate(COARSENESS)} | {"": -1}
_WORDS = ("exact", "day", "week", "month", "quarter", "year", "range")
TIMES_COLUMN = "times_ms"
"""Column of a track's times: JSON, for each vertex of its line in order the milliseconds since `depart`."""
WEEK_DAYS = 3
"""How far on either side of the day given something may have been that is known to the week."""


class Times(NamedTuple):
    """Stretches of time, half-open, UTC.

    Args:
        start: First moments, NaT where undated; shape (n,).
        end: First moments after; shape (n,).
        precision: How exactly each is known; shape (n,).
        one_sided: Which date is lacking where only one of two was given: `start`, `end` or empty; shape (n,).
    """

    start: Moments
    end: Moments
    precision: npt.NDArray[np.object_]
    one_sided: npt.NDArray[np.object_]


def read_times(cells: Cells, *, starts: Sequence[str], ends: Sequence[str]) -> Times:
    """Read when the rows of a sheet happened.

    Args:
        cells: The cells.
        starts: What may mean the first or only date, the likeliest first.
        ends: What may mean the last date.

    Returns:
        The stretch of each row; cells that are no dates are blamed.
    """
    first = _first_given(cells, starts)
    last = _first_given(cells, ends)
    if first is None and last is None and cells.has("year"):
        first = _of_parts(cells)
    size = len(cells.sheet)
    nothing = Column(np.full(size, "NaT", MS), np.full(size, "NaT", MS), np.full(size, "", object), {}, 0)
    a, b = first or nothing, last or nothing
    has_a, has_b = ~np.isnat(a.start), ~np.isnat(b.start)
    start, end = np.where(has_a, a.start, b.start), np.where(has_b, b.end, a.end)
    precision = np.where(has_a, a.precision, b.precision)
    both = has_a & has_b
    coarser = [
        max(one, other, key=_RANK.__getitem__) for one, other in zip(a.precision[both], b.precision[both], strict=True)
    ]
    precision[both] = coarser
    backwards = end < start
    if backwards.any():
        target = next(target for target in ends if cells.has(target))
        cells.blame(backwards, target, "is before the first date. Write the earlier date first.")
    one_sided = np.where(has_a & ~has_b, "end", np.where(has_b & ~has_a, "start", ""))
    start, end, precision = _coarsened(cells, start, end, precision, both=both)
    return Times(start, end, precision, one_sided.astype(object))


def vertex_times(cells: pd.Series, lines: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Read the times of the vertices of lines.

    Args:
        cells: Times with their zone, divided by blanks, one for each vertex; shape (n,).
        lines: The lines; shape (n,).

    Returns:
        JSON of milliseconds since the first, as tracks have it; empty where there is no time for each vertex.
    """
    found = np.full(len(cells), "", dtype=object)
    for row in np.flatnonzero((cells != "").to_numpy()):
        at = read_dates(pd.Series(cells.iloc[row].split(), dtype=object)).start
        if lines[row] is not None and len(at) == shapely.get_num_coordinates(lines[row]) and not np.isnat(at).any():
            found[row] = json.dumps((at - at[0]).astype("int64").tolist(), separators=(",", ":"))
    return found


def _first_given(cells: Cells, targets: Sequence[str]) -> Column | None:
    """Read columns that mean the same date: of each row the first that is filled."""
    read = [_column(cells, target) for target in targets if cells.has(target)]
    if len(read) < 2:
        return read[0] if read else None
    first, second = read[:2]
    lacking = np.isnat(first.start)
    return Column(
        np.where(lacking, second.start, first.start),
        np.where(lacking, second.end, first.end),
        np.where(lacking, second.precision, first.precision),
        first.wrong | second.wrong,
        first.naive + second.naive,
        first.serial + second.serial,
    )


def _column(cells: Cells, target: str) -> Column:
    text = cells.text(target)
    if target == "date" and cells.has("time"):
        clock = cells.text("time")
        text = text.where((clock == "") | (text == ""), text + " " + clock)
    read = read_dates(text, order=cells.mapping.date_order, zone=cells.mapping.zone)
    by_advice: dict[str, list[int]] = {}
    for row, advice in read.wrong.items():
        by_advice.setdefault(advice.partition(" is ")[2] or advice, []).append(row)
    for advice, rows in by_advice.items():
        cells.blame(rows, target, f"is {advice}", text)
    if read.naive:
        zone = cells.mapping.zone
        cells.remarks.append(f"{cells.column(target)}: times without a zone are read as {zone} (rows: {read.naive:,}).")
    if read.serial:
        column = cells.column(target)
        cells.remarks.append(f"{column}: numbers are read as days counted by a spreadsheet (rows: {read.serial:,}).")
    return read


def _of_parts(cells: Cells) -> Column:
    """Put years, months and days together; a month or a day of 0 or none is not known."""
    parts = [to_numbers(cells.text(part)) for part in ("year", "month", "day")]
    year, month, day = (np.where(np.isfinite(part), part, 0).astype(int) for part in parts)
    written = pd.Series("", index=range(len(year)), dtype=object)
    for row, (y, m, d) in enumerate(zip(year.tolist(), month.tolist(), day.tolist(), strict=True)):
        if y:
            written[row] = f"{y:04d}" + (f"-{m:02d}" if m else "") + (f"-{d:02d}" if m and d else "")
    return _blamed(cells, read_dates(written), written)


def _blamed(cells: Cells, read: Column, written: pd.Series) -> Column:
    cells.blame(read.wrong, "year", "is no date in the calendar. Correct year, month and day.", written)
    return read


def _coarsened(
    cells: Cells, start: Moments, end: Moments, precision: npt.NDArray[np.object_], *, both: npt.NDArray[np.bool_]
) -> tuple[Moments, Moments, npt.NDArray[np.object_]]:
    """Widen what is known less exactly than its one date is written; two dates say themselves how far they reach."""
    if not cells.has("precision"):
        return start, end, precision
    if cells.mapping.own:
        said = cells.text("precision").to_numpy(dtype=object)
        return start, end, np.where(said == "", precision, said)
    said = cells.meaning("precision").str.casefold().to_numpy(dtype=object)
    dated = ~np.isnat(start)
    wrong = ~np.isin(said, ["", *_WORDS])
    cells.blame(wrong, "precision", f"is not how exactly a date is known. Use one of: {', '.join(_WORDS)}.")
    for word, unit in (("month", "M"), ("year", "Y")):
        precision[both & (said == word)] = word
        rows = dated & ~both & (said == word)
        until = np.maximum(end[rows] - np.timedelta64(1, "ms"), start[rows])
        start[rows] = start[rows].astype(f"datetime64[{unit}]")
        end[rows] = until.astype(f"datetime64[{unit}]") + 1
        long = (end[rows].astype(f"datetime64[{unit}]") - start[rows].astype(f"datetime64[{unit}]")).astype(int) > 1
        precision[rows] = np.where(long, "range", word)
    week = dated & ~both & (said == "week")
    start[week], end[week] = start[week] - WEEK_DAYS * _DAY, end[week] + WEEK_DAYS * _DAY
    precision[dated & np.isin(said, ["week", "range"])] = "range"
    plain = dated & np.isin(said, ["exact", "day", "quarter"])
    precision[plain] = [max(pair, key=_RANK.__getitem__) for pair in zip(precision[plain], said[plain], strict=True)]
    return start, end, precision
