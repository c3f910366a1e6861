"""Everything Rutter writes, in one table: what each format can hold, how it is written, and what would be in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from geo.errors import FormatError, LayerError
from geo.formats.saving import save_bytes
from geo.formats.writing.cited import Cited, Written, cite
from geo.formats.writing.csvfile import write_csv, write_csv_zip
from geo.formats.writing.geojson import write_geojson, write_geojson_lines
from geo.formats.writing.geoparquet import write_geoparquet
from geo.formats.writing.gpx import write_gpx
from geo.formats.writing.kml import write_kml, write_kmz
from geo.formats.writing.xlsx import write_xlsx
from geo.schema import TIMES
from geo.types import Layer, Notice

if TYPE_CHECKING:
    from geo.atlas import Atlas

LAYERS: tuple[Layer, ...] = get_args(Layer)
SAMPLE_ROWS = 200  # of each layer, written to learn how large the whole would be


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


@dataclass(frozen=True)
class Preview:
    """What a file would hold.

    Args:
        format: The kind of file.
        counts: For each layer in it the number of rows.
        unplaced: For each of them how many rows have no position.
        undated: For each of them how many rows have no date.
        columns: For each of them the columns, those of the source included.
        first: For each of them its first rows.
        left_out: For each layer asked for how many rows the format cannot hold.
        size_bytes: About how large the file would be.
    """

    format: Format
    counts: Mapping[Layer, int]
    unplaced: Mapping[Layer, int]
    undated: Mapping[Layer, int]
    columns: Mapping[Layer, tuple[str, ...]]
    first: Mapping[Layer, pd.DataFrame]
    left_out: Mapping[Layer, int]
    size_bytes: int


def _rows(write: Callable[[Cited], Written]) -> Callable[[Atlas, Collection[Layer]], Written]:
    return lambda atlas, layers: write(_cited(atlas, layers))


def _cited(atlas: Atlas, layers: Collection[Layer]) -> Cited:
    return cite({name: atlas.layer(name) for name in layers}, atlas.sources, title=atlas.title)


def _page(atlas: Atlas, _: Collection[Layer]) -> Written:
    return Written(atlas.page.encode(errors="replace"))


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
        "events.csv, routes.csv and sources.csv, positions as degrees and as WKT.",
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
        raise FormatError(f"{name} is not a kind of file Rutter writes. End the name in {', '.join(FORMATS)}.")
    return found


def export(atlas: Atlas, name: str | Path, *, layers: Collection[Layer] = LAYERS) -> Written:
    """Write a dossier.

    Args:
        atlas: The rows to write: everything, or a slice or filter of it.
        name: The kind of file, as a name that ends like one or as that end: `march.kml` or `kml`.
        layers: Which tables to write.

    Returns:
        The file's content, and notices of what it cannot hold or had to change.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
    """
    kind = format_of(name)
    chosen = _holdable(atlas, kind, _known(layers))
    written = kind.write(_only(atlas, chosen), chosen)
    return Written(written.content, (*_left_out(atlas, kind, _known(layers), chosen), *written.notices))


def save(atlas: Atlas, path: str | Path, *, layers: Collection[Layer] = LAYERS, format: str = "") -> tuple[Notice, ...]:
    """Save a dossier as a file, whole or not at all.

    Args:
        atlas: The rows to write.
        path: Where the file goes.
        layers: Which tables to write.
        format: The kind of file, as `kml`; what the path ends in when left out.

    Returns:
        What the file cannot hold, and what had to be changed for it.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
        SaveError: The file could not be written; what stood there is unchanged.
    """
    written = export(atlas, format or path, layers=layers)
    save_bytes(written.content, Path(path))
    return written.notices


def preview(atlas: Atlas, name: str | Path, *, layers: Collection[Layer] = LAYERS, rows: int = 5) -> Preview:
    """Say what a file would hold, without writing all of it.

    Args:
        atlas: The rows that would be written.
        name: The kind of file, as a name that ends like one or as that end: `march.kml` or `kml`.
        layers: Which tables would be written.
        rows: How many first rows to show of each.

    Returns:
        Its rows counted, its columns, its first rows and about its size.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
    """
    kind = format_of(name)
    asked = _known(layers)
    chosen = _holdable(atlas, kind, asked)
    unplaced = {name: int(atlas.layer(name).geometry.isna().sum()) for name in asked}
    lost: dict[Layer, int] = {name: 0 if kind.unplaced else unplaced[name] for name in chosen}
    head = _cited(_some(atlas, {name: np.arange(rows) for name in LAYERS}), chosen)
    return Preview(
        kind,
        counts={name: len(atlas.layer(name)) - lost[name] for name in chosen},
        unplaced={name: unplaced[name] - lost[name] for name in chosen},
        undated={name: int(atlas.layer(name)[TIMES[name][0]].isna().sum()) for name in chosen},
        columns={name: tuple(head.layers[name].columns) for name in chosen},
        first={name: pd.DataFrame(head.layers[name]) for name in chosen},
        left_out={name: lost.get(name, len(atlas.layer(name))) for name in asked},
        size_bytes=_size(_only(atlas, chosen), kind, chosen),
    )


def _size(atlas: Atlas, kind: Format, chosen: Collection[Layer]) -> int:
    spread = {name: np.linspace(0, len(atlas.layer(name)) - 1, SAMPLE_ROWS).astype(int) for name in LAYERS}
    some = _some(atlas, spread)
    size = len(kind.write(some, chosen).content)
    whole, part = (sum(len(one.layer(name)) for name in chosen) for one in (atlas, some))
    if whole == part:
        return size
    bare = len(kind.write(_some(atlas, {}), chosen).content)
    return int(bare + (size - bare) * whole / part)


def _some(atlas: Atlas, numbers: Mapping[Layer, np.ndarray]) -> Atlas:
    return atlas.keep({name: np.isin(np.arange(len(atlas.layer(name))), numbers.get(name, ())) for name in LAYERS})


def _only(atlas: Atlas, layers: Collection[Layer]) -> Atlas:
    return atlas.keep({name: np.full(len(atlas.layer(name)), name in layers) for name in LAYERS})


def _known(layers: Collection[str]) -> list[Layer]:
    unknown = set(layers) - set(LAYERS)
    if unknown:
        raise LayerError(f"No layer is called {', '.join(sorted(unknown))}. Use {' or '.join(LAYERS)}.")
    return [name for name in LAYERS if name in layers]


def _holdable(atlas: Atlas, kind: Format, asked: list[Layer]) -> list[Layer]:
    chosen = [name for name in asked if name in kind.layers]
    if not chosen:
        raise FormatError(f"{kind.label}: it can hold {' and '.join(kind.layers)} only. Choose another format.")
    if not kind.one_layer or len(chosen) == 1:
        return chosen
    filled = [name for name in chosen if len(atlas.layer(name))]
    if len(filled) > 1:
        raise FormatError(
            f"{kind.label}: a file holds one layer. Choose {' or '.join(chosen)}, or end the name in .zip."
        )
    return filled or chosen[:1]


def _left_out(atlas: Atlas, kind: Format, asked: list[Layer], chosen: list[Layer]) -> list[Notice]:
    message = f"{kind.label} cannot hold this layer: {{}} rows are left out. Choose a format that does."
    return [
        Notice(name, "", "", "", message.format(len(atlas.layer(name))))
        for name in asked
        if name not in chosen and len(atlas.layer(name))
    ]
