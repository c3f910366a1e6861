"""KML 2.2 (OGC 07-147r2): a folder a table, rows with their TimeSpan and columns, lines styled by basis."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.formats.writing.archive import zipped
from geo.formats.writing.cited import Cited, Written, rounded
from geo.formats.writing.xml import attribute, content, degrees, legal, legal_columns
from geo.geodesy import parts
from geo.schema import TIMES
from geo.types import DOUBTFUL

# basis -> style, colour (alpha, blue, green, red), width in pixels, in words
STYLES = {
    "observed track": ("observed", "ffa05000", 4, "Observed track."),
    "stated": ("stated", "ff0080e0", 3, "The way is as stated in the source."),
    "inferred": ("inferred", "a0707070", 2, "Inferred: the line is drawn, not observed."),
}
Columns = dict[str, list[Any]]

EVENT, DOUBTFUL_EVENT = "event", "doubtful-event"


def write_kml(cited: Cited) -> Written:
    """Write layers as KML.

    Args:
        cited: The rows; one without a place becomes a placemark without a geometry.

    Returns:
        The file: folders of placemarks, the last for the sources. Control characters are replaced.
    """
    notices = list(cited.notices)
    folders = [
        _folder(layer, _placemarks(layer, legal_columns(layer, table, notices), table))
        for layer, table in cited.layers.items()
    ]
    folders.append(_folder("sources", _sources(legal_columns("sources", cited.sources, notices))))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        f"<name>{content(legal(cited.title))}</name>\n{_styles()}{''.join(folders)}</Document>\n</kml>\n"
    )
    return Written(text.encode(), tuple(notices))


def write_kmz(cited: Cited) -> Written:
    """Write layers as KMZ, which is KML in a zip.

    Args:
        cited: The rows.

    Returns:
        The zip, with the KML as `doc.kml`.
    """
    written = write_kml(cited)
    return Written(zipped({"doc.kml": written.content}), written.notices)


def _styles() -> str:
    lines = (
        f'<Style id="{name}"><LineStyle><color>{colour}</color><width>{width}</width></LineStyle></Style>\n'
        for name, colour, width, _ in STYLES.values()
    )
    points = (
        f'<Style id="{name}"><IconStyle><color>{colour}</color></IconStyle></Style>\n'
        for name, colour in ((EVENT, "ffffffff"), (DOUBTFUL_EVENT, "80ffffff"))
    )
    return "".join((*points, *lines))


def _folder(name: str, placemarks: Iterator[str]) -> str:
    return f"<Folder>\n<name>{content(name)}</name>\n{''.join(placemarks)}</Folder>\n"


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _placemarks(layer: str, columns: Columns, table: gpd.GeoDataFrame) -> Iterator[str]:
    first, last = TIMES[layer]
    for row, data, geometry in zip(_rows(columns), _extended(columns), rounded(table), strict=True):
        begin, end = row[first], row[last]
        span = f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>" if begin and end else ""
        yield (
            f"<Placemark><name>{content(row['title'])}</name>"
            f"<description>{content(_description(layer, row))}</description>"
            f"{span}<styleUrl>#{_style(layer, row)}</styleUrl>{data}{_geometry(geometry)}</Placemark>\n"
        )


def _sources(columns: Columns) -> Iterator[str]:
    for row, data in zip(_rows(columns), _extended(columns), strict=True):
        yield f"<Placemark><name>{content(row.get('title') or row['id'])}</name>{data}</Placemark>\n"


def _extended(columns: Columns) -> Iterator[str]:
    cells = (_data(name, values) for name, values in columns.items())
    return (f"<ExtendedData>{''.join(row)}</ExtendedData>" for row in zip(*cells, strict=True))


def _data(name: str, values: list[Any]) -> Iterator[str]:
    opened = f"<Data name={attribute(name)}><value>"
    return ("" if value is None or value == "" else f"{opened}{content(value)}</value></Data>" for value in values)


def _style(layer: str, row: dict[str, Any]) -> str:
    if layer == "routes":
        return STYLES[row["basis"]][0]
    confidence = row["confidence"]
    return DOUBTFUL_EVENT if confidence is not None and confidence < DOUBTFUL else EVENT


def _description(layer: str, row: dict[str, Any]) -> str:
    """Say what a balloon shows, as HTML, for that is what it takes it for."""
    said = [
        STYLES[row["basis"]][3] if layer == "routes" else None,
        f"“{row['quote']}”" if row["quote"] else None,
        ", ".join(row[name] for name in ("source_publisher", "source_title", "source_published") if row[name]),
        row["source_url"],
        f"Precision of the date: {row['precision']}",
        f"Place known within {row['radius_km']:g} km" if row.get("radius_km") is not None else None,
        f"{row['confidence']:.0%} sure" if row["confidence"] is not None else None,
    ]
    return "<br>".join(html.escape(words, quote=False) for words in said if words)


def _geometry(geometry: BaseGeometry | None) -> str:
    if geometry is None:
        return ""
    if geometry.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(geometry.coords)}</coordinates></Point>"
    lines = "".join(
        f"<LineString><tessellate>1</tessellate><coordinates>{_coordinates(part.coords)}</coordinates></LineString>"
        for part in parts(geometry)
    )
    return lines if geometry.geom_type == "LineString" else f"<MultiGeometry>{lines}</MultiGeometry>"


def _coordinates(coordinates: Any) -> str:
    return " ".join(f"{degrees(lon)},{degrees(lat)}" for lon, lat in np.asarray(coordinates)[:, :2].tolist())
