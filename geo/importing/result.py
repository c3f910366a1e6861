"""What came of bringing a file in: checked tables, rows that failed, and what should be known or may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from geo import schema
from geo.atlas import Atlas
from geo.errors import TableError
from geo.formats.reading import Sheet
from geo.formats.spreadsheet import harmless
from geo.geodesy import COORDINATE_DECIMALS
from geo.importing.mapping import FAULT_COLUMN, GEOMETRY_COLUMN, Mapping, Offer
from geo.types import Fault, Notice


@dataclass(frozen=True)
class Imported:
    """What came of bringing a file in.

    Args:
        file: The file's name.
        mapping: How its columns were read.
        events: Events, checked, EPSG:4326; columns as in `geo.schema.EVENTS` and the file's own besides.
        routes: Routes, checked, EPSG:4326; columns as in `geo.schema.ROUTES` and the file's own besides.
        sources: Their sources, checked; columns as in `geo.schema.SOURCES`.
        failed: Rows that were not taken, their cells as they were, with a column `fault`; shape (n, columns).
        faults: What is wrong with them, one by one.
        notices: What should be known of rows that were taken.
        remarks: What should be known of how the file was read.
        offers: Changes of the mapping that may be meant.
    """

    file: str
    mapping: Mapping
    events: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    sources: pd.DataFrame
    failed: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    remarks: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def atlas(self) -> Atlas:
        """What was taken, as a dossier of its own."""
        return Atlas(self.events, self.routes, self.sources, self.notices, self.file.rpartition(".")[0] or self.file)

    def failed_csv(self) -> str:
        """Write the rows that were not taken, to be repaired and brought again.

        Returns:
            CSV with the file's own header and a column `fault`; cells that a spreadsheet would run begin with an
            apostrophe, which is taken off again when the table comes back.
        """
        return str(self.failed.map(harmless).to_csv(index=False, lineterminator="\n"))


def failed_rows(sheet: Sheet, faults: Sequence[Fault]) -> pd.DataFrame:
    """Put the rows that cannot be taken into a table.

    Args:
        sheet: The sheet they are in.
        faults: What is wrong with them.

    Returns:
        Their cells as they were, then `geometry_wkt` where the sheet has geometry, then `fault`; shape (n, columns).
    """
    said: dict[int, list[str]] = {}
    for one in faults:
        if one.row is not None:
            where = f"{one.column}: " if one.column else ""
            said.setdefault(one.row, []).append(f"{where}{one.message} {one.remedy}".strip())
    rows = [row for row, number in enumerate(sheet.numbers) if number in said]
    failed = sheet.cells.iloc[rows].reset_index(drop=True).astype(object)
    if sheet.geometry is not None:
        shapes = sheet.geometry[rows]
        failed[GEOMETRY_COLUMN] = [
            "" if shape is None else shapely.to_wkt(shape, rounding_precision=COORDINATE_DECIMALS) for shape in shapes
        ]
    failed[FAULT_COLUMN] = ["; ".join(dict.fromkeys(said[sheet.numbers[row]])) for row in rows]
    return failed


def checked(
    layer: str, rows: pd.DataFrame, *, file: str, numbers: Sequence[int]
) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Check rows by the schema and leave out those that fail.

    Args:
        layer: `events` or `routes`.
        rows: The rows; shape (n, columns).
        file: The file's name, for messages.
        numbers: The rows' numbers, for messages; shape (n,).

    Returns:
        The rows that pass, and what is wrong with the others.

    Raises:
        TableError: Something is wrong with the table as a whole.
    """
    if rows.empty:
        return schema.empty(layer), []
    faults: list[Fault] = []
    kept = pd.Series(list(numbers))
    rows = rows.reset_index(drop=True)
    while True:
        try:
            return schema.check(layer, rows, file=file, rows=kept.tolist()), faults
        except TableError as error:
            wrong = {one.row for one in error.faults}
            if None in wrong:
                raise
            faults += error.faults
            good = ~kept.isin(list(wrong)).to_numpy()
            rows, kept = rows[good].reset_index(drop=True), kept[good].reset_index(drop=True)
            if rows.empty:
                return schema.empty(layer), faults
