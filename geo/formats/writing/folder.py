"""A dossier as the folder of CSV files that it is opened from: dates as people write them, positions as WKT."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import pandas as pd

from geo.formats.columns import CITED, WKT
from geo.formats.tables import FILES, TITLE
from geo.formats.writing.cited import Cited
from geo.formats.writing.csvfile import csv_bytes, title_bytes
from geo.formats.writing.dates import written_dates
from geo.formats.writing.flat import Columns, renamed, wkt
from geo.formats.writing.xml import legal_columns
from geo.schema import DEFAULTS, SCHEMAS, TIMES
from geo.timeline import hull, parse_date
from geo.types import Notice

_AS_TEXT = "Holds other values than text: text once the folder is opened again. GeoParquet keeps their kinds."


def write_folder(cited: Cited) -> tuple[dict[str, bytes], tuple[Notice, ...]]:
    """Write the files of a dossier's folder.

    Args:
        cited: The rows of both layers.

    Returns:
        Name -> content of `events.csv`, `routes.csv`, `sources.csv`, `title.txt` and others; and what they
        cannot hold.
    """
    notices = list(cited.notices)
    files = {}
    for layer, table in cited.layers.items():
        files[FILES[layer]] = csv_bytes(layer, _columns(layer, table, notices), notices)
    files[FILES["sources"]] = csv_bytes("sources", _own("sources", cited.sources, notices), notices)
    files[TITLE] = title_bytes(cited.title)
    return files | dict(cited.beside), tuple(notices)


def _columns(layer: str, table: gpd.GeoDataFrame, notices: list[Notice]) -> Columns:
    rows = pd.DataFrame(table.drop(columns=["layer", *CITED, "geometry"]))
    columns = _own(layer, rows, notices)
    first, last = TIMES[layer]
    dates = written_dates(table[first], table[last])
    if layer == "events":
        given = {first: ("date", dates)}
        said = dates
    else:
        known = table["dated_by"].tolist()
        pairs = [_pair(date, by) for date, by in zip(dates, known, strict=True)]
        given = {first: (first, [pair[0] for pair in pairs]), last: (last, [pair[1] for pair in pairs])}
        said = [f"{depart}|{arrive}" for depart, arrive in pairs]
    columns["precision"] = [
        None if one == _implied(date) else one for one, date in zip(columns["precision"], said, strict=True)
    ]
    written: Columns = {}
    for name, cells in columns.items():
        if name in given:
            shown, texts = given[name]
            written[shown] = list(texts)
        elif name != last:
            written[name] = cells
    return {**written, WKT: wkt(layer, table)}


def _pair(date: str, dated_by: str) -> tuple[str, str]:
    if dated_by:
        return (date, "") if dated_by == "depart" else ("", date)
    depart, slash, arrive = date.partition("/")
    return depart, arrive if slash else depart


@cache
def _implied(date: str) -> str:
    """Say what precision a reader gives to a row that states none."""
    cells = [parse_date(cell) for cell in date.split("|") if cell]
    return hull(cells[0], cells[-1]).precision if cells else str(DEFAULTS["precision"])


def _own(layer: str, table: pd.DataFrame, notices: list[Notice]) -> Columns:
    own = [name for name in table.columns if name not in SCHEMAS[layer].columns]
    notices += [
        Notice(layer, "", str(name), "", _AS_TEXT)
        for name in own
        if not all(isinstance(value, str) for value in table[name][table[name].notna()])
    ]
    return renamed(layer, legal_columns(layer, table, notices), notices)
