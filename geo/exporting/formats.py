"""The table of formats: what each can hold, how it is called and what writes it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, get_args

import pandas as pd

from geo.edits import Stored
from geo.errors import FormatError
from geo.formats.writing.cited import Cited, Written, cite
from geo.formats.writing.csvfile import write_csv, write_csv_zip
from geo.formats.writing.geojson import write_geojson, write_geojson_lines
from geo.formats.writing.geoparquet import write_geoparquet
from geo.formats.writing.gpx import write_gpx
from geo.formats.writing.kml import write_kml, write_kmz
from geo.formats.writing.xlsx import write_xlsx
from geo.store import Store
from geo.storing import keep_story
from geo.story import FILE as STORY_FILE
from geo.story import write_story
from geo.types import Layer

if TYPE_CHECKING:
    from geo.atlas import Atlas

LAYERS: tuple[Layer, ...] = get_args(Layer)


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Args:
        label: Its name as people know it.
        media_type: Its registered or customary media type.
        description: What it holds and what opens it, in a sentence.
        write: Writes chosen layers of a dossier that holds no others.
        layers: The layers it can hold.
        one_layer: Whether a file holds a single layer.
        unplaced: Whether it keeps rows without a position.
        text: Whether it can be read on a terminal.
    """

    label: str
    media_type: str
    description: str
    write: Callable[[Atlas, Collection[Layer]], Written]
    layers: tuple[Layer, ...] = LAYERS
    one_layer: bool = False
    unplaced: bool = True
    text: bool = True


def _rows(write: Callable[[Cited], Written]) -> Callable[[Atlas, Collection[Layer]], Written]:
    return lambda atlas, layers: write(cited(atlas, layers))


def cited(atlas: Atlas, layers: Collection[Layer]) -> Cited:
    """Give the rows of a dossier their sources.

    Args:
        atlas: The dossier.
        layers: Which tables.

    Returns:
        What the writers of `geo.formats.writing` write.
    """
    beside = {STORY_FILE: write_story(atlas.story)} if atlas.story else {}
    return replace(cite({name: atlas.layer(name) for name in layers}, atlas.sources, title=atlas.title), beside=beside)


def _page(atlas: Atlas, _: Collection[Layer]) -> Written:
    return Written(atlas.page.encode(errors="replace"))


def _workspace(atlas: Atlas, layers: Collection[Layer]) -> Written:
    tables: dict[Stored, pd.DataFrame] = {name: atlas.layer(name) for name in layers}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dossier.gpkg"
        store = Store.create(path, tables | {"sources": atlas.sources}, title=atlas.title, who="Rutter")
        keep_story(store, atlas.story)
        return Written(path.read_bytes())


_GEOJSON = Format("GeoJSON", "application/geo+json", "RFC 7946; every web map and GIS opens it.", _rows(write_geojson))
_GEOJSON_LINES = Format(
    "GeoJSON, one feature a line",
    "application/geo+json-seq",
    "Newline-delimited GeoJSON, for streams and large files.",
    _rows(write_geojson_lines),
)
FORMATS: dict[str, Format] = {
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".geojsonl": _GEOJSON_LINES,
    ".ndjson": _GEOJSON_LINES,
    ".geojsons": _GEOJSON_LINES,
    ".gpkg": Format(
        "GeoPackage",
        "application/geopackage+sqlite3",
        "All tables with their types; QGIS opens it, and Rutter as a dossier to work on.",
        _workspace,
        text=False,
    ),
    ".parquet": Format(
        "GeoParquet",
        "application/vnd.apache.parquet",
        "GeoParquet 1.1 with all types; for pandas, DuckDB and QGIS, small and fast.",
        _rows(write_geoparquet),
        text=False,
    ),
    ".kml": Format(
        "KML",
        "application/vnd.google-earth.kml+xml",
        "KML 2.2 with time spans; Google Earth opens it with its time slider.",
        _rows(write_kml),
    ),
    ".kmz": Format("KMZ", "application/vnd.google-earth.kmz", "KML in a zip.", _rows(write_kmz), text=False),
    ".csv": Format(
        "CSV", "text/csv", "One layer, positions as degrees and as WKT; any program.", _rows(write_csv), one_layer=True
    ),
    ".zip": Format(
        "CSV files in a zip",
        "application/zip",
        "events.csv, routes.csv and sources.csv, positions as degrees and as WKT; opens again as a dossier.",
        _rows(write_csv_zip),
        text=False,
    ),
    ".xlsx": Format(
        "Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "A sheet a layer and one for the sources; no cell is a formula.",
        _rows(write_xlsx),
        text=False,
    ),
    ".gpx": Format(
        "GPX tracks",
        "application/gpx+xml",
        "GPX 1.1: routes as tracks, with a time at the ends only.",
        _rows(write_gpx),
        layers=("routes",),
        unplaced=False,
    ),
    ".html": Format(
        "Map as one page", "text/html", "The map with its slider; any browser opens it, without a network.", _page
    ),
}
"""The end of a file's name -> what is written."""


def format_of(name: str | Path) -> Format:
    """Find the kind of file that a name asks for.

    Args:
        name: A file's name or path, or the end of one with or without its point: `kml`.

    Returns:
        The format.

    Raises:
        FormatError: Rutter writes no such file.
    """
    asked = f"{name}".lower()
    found = FORMATS.get(Path(asked).suffix) or FORMATS.get(asked) or FORMATS.get(f".{asked}")
    if found is None:
        raise FormatError(
            f"{name} is not a kind of file Rutter writes. End the name in {', '.join(FORMATS)}, or name a folder."
        )
    return found
