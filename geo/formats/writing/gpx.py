"""GPX 1.1: a track a route, cut at 180 degrees into segments, with a time only where one is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.formats.writing.cited import Cited, Written, rounded, uncited
from geo.formats.writing.xml import attribute, content, degrees, filled, legal, legal_columns
from geo.geodesy import parts
from geo.types import Notice

NAMESPACE = "urn:rutter:columns"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Rutter" '
    f'xmlns="http://www.topografix.com/GPX/1/1" xmlns:rutter="{NAMESPACE}">\n'
)
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_BASIS = {
    "observed track": "Observed track.",
    "stated": "The way is as stated in the source.",
    "inferred": "Inferred: the line is drawn, not observed.",
}
_ENDS = "Only the ends have a time; precision: {}."
_NO_LINE = "Has no line, and a GPX track is one: left out. Choose a format that keeps rows without a position."


def write_gpx(cited: Cited) -> Written:
    """Write routes as GPX tracks.

    Args:
        cited: The rows; only `routes` are written.

    Returns:
        The file. A track's first position has the departure, its last the arrival, where they are known; positions
        between have no time, for nobody took it. Routes without a line are left out and listed.
    """
    table = cited.layers["routes"]
    notices = [*cited.notices, *uncited(cited)]
    missing = table.geometry.isna()
    notices += [Notice("routes", str(name), "geometry", "", _NO_LINE) for name in table["id"][missing]]
    table = table[~missing]
    columns = legal_columns("routes", table, notices)
    rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    tracks = "".join(_track(row, line) for row, line in zip(rows, rounded(table), strict=True))
    name = f"<metadata><name>{content(legal(cited.title))}</name></metadata>\n"
    return Written(f"{_HEAD}{name}{tracks}</gpx>\n".encode(), tuple(notices))


def _track(row: dict[str, Any], line: BaseGeometry) -> str:
    publisher = ", ".join(row[name] for name in ("source_publisher", "source_title") if row[name])
    link = f"<link href={attribute(row['source_url'])}></link>" if row["source_url"] else ""
    extensions = "".join(_extension(name, value) for name, value in filled(row).items())
    return (
        f"<trk><name>{content(row['title'])}</name><cmt>{content(row['quote'])}</cmt>"
        f"<desc>{_BASIS[row['basis']]} {_ENDS.format(row['precision'])}</desc><src>{content(publisher)}</src>{link}"
        f"<type>{content(row['mode'])}</type><extensions>{extensions}</extensions>"
        f"{''.join(_segments(row, line))}</trk>\n"
    )


def _extension(name: str, value: Any) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return f"<rutter:{name}>{content(value)}</rutter:{name}>"
    return f"<rutter:column name={attribute(name)}>{content(value)}</rutter:column>"


def _segments(row: dict[str, Any], line: BaseGeometry) -> Iterator[str]:
    pieces = [np.asarray(part.coords)[:, :2].tolist() for part in parts(line)]
    times: dict[tuple[int, int], Any] = {
        (0, 0): row["depart"] if row["dated_by"] != "arrive" else None,
        (len(pieces) - 1, len(pieces[-1]) - 1): row["arrive"] if row["dated_by"] != "depart" else None,
    }
    for piece, positions in enumerate(pieces):
        points = "".join(
            f'<trkpt lat="{degrees(lat)}" lon="{degrees(lon)}">{_time(times.get((piece, place)))}</trkpt>'
            for place, (lon, lat) in enumerate(positions)
        )
        yield f"<trkseg>{points}</trkseg>"


def _time(at: str | None) -> str:
    return f"<time>{at}</time>" if at else ""
