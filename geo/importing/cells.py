"""The cells of a sheet by what they mean, and what is wrong with any of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.faults import fault
from geo.formats.reading import Sheet
from geo.formats.spreadsheet import bare
from geo.importing.mapping import ADDED_COLUMNS, Mapping
from geo.importing.own import is_own
from geo.types import Fault

Truths = npt.NDArray[np.bool_]

_FIELD = re.compile(r"\{([^{}]+)\}")
_LOOSE = re.compile(r"^[\s,:;–-]+|[\s,:;–-]+$")
_DOUBLED = re.compile(r"\s*(?:[,:;–]\s*)+(?=[,:;–])")
_DELIMITED = (".csv", ".tsv", ".tab", ".txt", ".zip")


class Cells:
    """The cells of a sheet, asked for by what they mean.

    Args:
        sheet: The sheet.
        mapping: What its columns mean.
    """

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.sheet = sheet
        self.mapping = mapping
        self.faults: list[Fault] = list(sheet.faults)
        self.remarks: list[str] = []
        self._stripped: dict[str, pd.Series] = {}
        numbers = {number: row for row, number in enumerate(sheet.numbers)}
        self.bad = np.zeros(len(sheet), dtype=bool)
        for one in sheet.faults:
            if one.row in numbers:
                self.bad[numbers[one.row]] = True
        self._unread = self.bad.copy()

    def column(self, target: str) -> str:
        """Name the column that holds something.

        Args:
            target: The meaning.

        Returns:
            The sheet's own name for it, or the meaning where no column holds it.
        """
        return self.mapping.columns.get(target, target)

    def has(self, *targets: str) -> bool:
        """Tell whether anything can be known of a meaning.

        Args:
            targets: The meanings.

        Returns:
            Whether each has a column or a constant.
        """
        return all(target in self.mapping.columns or target in self.mapping.constants for target in targets)

    def text(self, target: str) -> pd.Series:
        """Give the cells that mean something.

        Args:
            target: The meaning.

        Returns:
            Their text without blanks around it, the constant where a cell is empty; shape (n,).
        """
        cells = self._own(self.mapping.columns.get(target))
        constant = self.mapping.constants.get(target, "")
        if constant:
            empty = (cells == "").to_numpy()
            if empty.any():
                cells = cells.mask(empty, self._filled_in(constant, empty))
        return cells

    def meaning(self, target: str, *, default: str = "") -> pd.Series:
        """Give the cells that mean something, with codes read.

        Args:
            target: The meaning.
            default: What stands for a code that is not known.

        Returns:
            What their text stands for, or the text where no codes are known; shape (n,).
        """
        cells, table = self.text(target), self.mapping.values.get(target)
        if not table:
            return cells
        known = {written.casefold(): stands for written, stands in table.items()}
        codes, written = pd.factorize(cells)
        found = [_decoded(text, known) if text else "" for text in written]
        for number, text in enumerate(written):
            if text and found[number] is None:
                rows = int((codes == number).sum())
                taken = f"taken as {default}" if default else "left empty"
                self.remarks.append(f"{self.column(target)}: {text!r} is no known code: {taken} (rows: {rows:,}).")
        meant = np.array([default if one is None else one for one in found], dtype=object)
        return pd.Series(meant[codes] if len(meant) else [], index=cells.index, dtype=object)

    def blame(self, rows: Iterable[int] | Truths, target: str, advice: str, cells: pd.Series | None = None) -> None:
        """Say what is wrong with cells; their rows will not be taken.

        Args:
            rows: The rows, by number from 0 or as True and False.
            target: What the cells should mean.
            advice: What is wrong, a full stop, and what to do.
            cells: The cells as written; looked up when left out.
        """
        found = np.flatnonzero(rows) if isinstance(rows, np.ndarray) and rows.dtype == bool else np.array([*rows], int)
        found = found[~self._unread[found]]  # what could not be read says nothing more
        if not len(found):
            return
        cells = self.text(target) if cells is None else cells
        for row in found.tolist():
            number = self.sheet.numbers[row]
            self.faults.append(fault(self.sheet.file, number, self.column(target), cells.iloc[row], advice))
        self.bad[found] = True

    def _own(self, column: str | None) -> pd.Series:
        if column is None:
            return pd.Series([""] * len(self.sheet), dtype=object)
        if column not in self._stripped:
            cells = pd.Series([cell.strip() for cell in self.sheet.cells[column]], dtype=object)
            self._stripped[column] = cells.mask(cells.isin(self.mapping.blanks), "") if self.mapping.blanks else cells
        return self._stripped[column].copy()

    def _filled_in(self, constant: str, rows: Truths) -> pd.Series:
        fields = [name for name in _FIELD.findall(constant) if name in self.sheet.cells.columns]
        if not fields:
            return pd.Series([constant] * len(rows), dtype=object)
        columns = [self._worded(name)[rows] for name in fields]
        parts = _FIELD.split(constant)
        texts, places = parts[::2], [fields.index(n) if n in fields else None for n in parts[1::2]]
        filled = [""] * len(rows)
        for row, cells in zip(np.flatnonzero(rows).tolist(), zip(*columns, strict=True), strict=True):
            said = texts[0] + "".join(
                ("" if place is None else cells[place]) + text for place, text in zip(places, texts[1:], strict=True)
            )
            filled[row] = said if all(cells) else _LOOSE.sub("", _DOUBLED.sub("", said))
        return pd.Series(filled, dtype=object)

    def _worded(self, column: str) -> npt.NDArray[np.object_]:
        labels = self.mapping.labels.get(column)
        cells = self._own(column)
        return (cells.map(lambda text: labels.get(text, text)) if labels else cells).to_numpy(dtype=object)


def _decoded(text: str, known: dict[str, str]) -> str | None:
    found = known.get(text.casefold())
    if found is None and text.isdigit():
        found = next((known[text[:size]] for size in range(len(text) - 1, 1, -1) if text[:size] in known), None)
    return found


def restored(sheet: Sheet) -> Sheet:
    """Take from a sheet what a table of failed rows added: the faults, the apostrophes, the geometry as text.

    Args:
        sheet: Any sheet.

    Returns:
        The sheet as the file that the rows came from would give it.
    """
    cells, geometry, crs = sheet.cells, sheet.geometry, sheet.crs
    if geometry is None and sheet.file.lower().endswith(_DELIMITED) and is_own(sheet):
        return replace(sheet, cells=cells.map(bare))
    if not set(ADDED_COLUMNS) & set(cells.columns):
        return sheet
    fault_column, geometry_column = ADDED_COLUMNS
    if geometry is None and geometry_column in cells.columns:
        geometry = shapely.from_wkt(cells[geometry_column].replace("", None).to_numpy(), on_invalid="ignore")
        crs = "EPSG:4326"
    cells = cells.drop(columns=[name for name in ADDED_COLUMNS if name in cells.columns])
    if fault_column in sheet.cells.columns:
        cells = cells.apply(lambda column: column.map(bare))
    return replace(sheet, cells=cells, geometry=geometry, crs=crs)
