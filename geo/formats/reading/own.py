"""What Rutter wrote as KML, GPX or GeoPackage: the columns as the rows had them, each row with its source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from lxml import etree
from shapely.geometry import LineString, MultiLineString

from geo.formats.reading.sheet import Sheet, cell_text
from geo.formats.writing.cited import SOURCE_FIELDS, SOURCE_PREFIX
from geo.formats.writing.gpx import NAMESPACE
from geo.schema import CRS, SCHEMAS, TIMES

_ALWAYS = ("layer", "id", "title", "precision", "status")
_EXTRA = "extra"


def is_own_kml(columns: Collection[str]) -> bool:
    """Tell whether a folder of KML is a table that Rutter wrote.

    Args:
        columns: The names of its extended data.

    Returns:
        Whether it is.
    """
    return set(_ALWAYS) <= set(columns)


def own_kml(sheet: Sheet) -> Sheet:
    """Leave of a KML file that Rutter wrote what its rows had.

    Args:
        sheet: Any KML file's folders, read as one.

    Returns:
        The rows with their columns, those that no row fills included; any other file's sheet as it was.
    """
    cells = sheet.cells
    if not is_own_kml(cells.columns):
        return sheet
    rows = cells["layer"].isin(TIMES).to_numpy()
    if not rows.any() or not (rows.all() or (cells["folder"][~rows] == "sources").all()):
        return sheet
    filled = cells[rows].drop(columns=cells.columns.intersection(["folder"]))
    kept = _whole(filled.loc[:, (filled != "").any()])
    said = f"{int((~rows).sum()):,} sources stand in a folder of their own: passed over, as each row names its source."
    return replace(
        sheet,
        cells=kept.reset_index(drop=True),
        numbers=[number for number, row in zip(sheet.numbers, rows, strict=True) if row],
        geometry=None if sheet.geometry is None else sheet.geometry[rows],
        notices=(*sheet.notices, *([said] if not rows.all() else [])),
    )


def own_gpx(content: bytes, *, file: str) -> Sheet | None:
    """Read a GPX file that Rutter wrote.

    Args:
        content: The file's bytes, as `checked_xml` gives them.
        file: The file's name, for messages.

    Returns:
        A row a track; None for any other file.
    """
    if NAMESPACE.encode() not in content:
        return None
    tracks = [*etree.fromstring(content).iter("{*}trk")]
    told = [{_name(node): node.text or "" for node in track.iterfind("{*}extensions/*")} for track in tracks]
    if not told or not all(row.keys() >= set(_ALWAYS) and row["layer"] == "routes" for row in told):
        return None
    shapes = np.empty(len(tracks), dtype=object)
    try:
        shapes[:] = [_line(track) for track in tracks]
    except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError):
        return None  # another program's work: read like any other file
    cells = _whole(pd.DataFrame(told, dtype=object).fillna(""))
    return Sheet(file, "tracks", cells, range(1, len(cells) + 1), shapes, CRS)


def own_geopackage(sheet: Sheet, read: Callable[[str], Sheet]) -> Sheet:
    """Give the rows of a dossier kept as a GeoPackage their other columns and their sources.

    Args:
        sheet: One layer of it.
        read: Reads another layer.

    Returns:
        The rows as another export would have them.
    """
    cells = sheet.cells.drop(columns=_EXTRA)
    extra = [_more(text) for text in sheet.cells[_EXTRA]]
    names = dict.fromkeys(name for row in extra for name in row)
    more = {name: [cell_text(row.get(name)) for row in extra] for name in names}
    sources = read("sources").cells
    if "id" not in sources.columns:
        return sheet
    sources = sources.drop_duplicates("id").set_index("id")
    cited = {
        SOURCE_PREFIX + name: cells["source_id"].map(sources[name]).fillna("") if name in sources else ""
        for name in SOURCE_FIELDS
    }
    return replace(sheet, cells=cells.assign(**more, **cited))


def _more(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        told = text
    return told if isinstance(told, dict) else {_EXTRA: text}


def is_own_geopackage(sheet: Sheet, layers: set[str]) -> bool:
    """Tell whether a layer of a GeoPackage is a table of a dossier.

    Args:
        sheet: The layer.
        layers: The names of all layers.

    Returns:
        Whether it is.
    """
    return sheet.name in TIMES and {*SCHEMAS, "transactions"} <= layers and _EXTRA in sheet.cells.columns


def _whole(cells: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that a file leaves out because no row fills them."""
    named = dict.fromkeys(name for layer in cells["layer"].unique() for name in SCHEMAS[layer].columns)
    return cells.assign(**{name: "" for name in named if name not in cells.columns and name != "geometry"})


def _name(node: Any) -> str:
    return str(node.get("name") or re.sub(r"\{.*\}", "", str(node.tag)))


def _line(track: Any) -> LineString | MultiLineString:
    pieces = [
        [(float(point.get("lon")), float(point.get("lat"))) for point in segment.iter("{*}trkpt")]
        for segment in track.iter("{*}trkseg")
    ]
    return LineString(pieces[0]) if len(pieces) == 1 else MultiLineString(pieces)
