"""Positions that a table gives as well-known text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.faults import fault
from geo.formats.at_180 import Geometries, within
from geo.formats.columns import LONLAT, WKT
from geo.formats.tables import RawTable
from geo.types import Fault, Notice

_UNREADABLE = "is no well-known text. Write POINT (130.3 42.2), longitude first, or leave the cell empty."
_ELSEWHERE = "lon and lat say another place than wkt, which is followed. Empty the cell wkt to follow them."

SAME_DEGREES = 1e-6


class Positions(NamedTuple):
    """What a table says of its positions in well-known text.

    Args:
        geometry: In degrees, WGS 84; None where there is no text, and where it is an empty geometry.
        told: Whether there is a text, be it empty; shape (n,).
        faults: Texts that cannot be read.
        notices: Rows whose other cells say another position.
    """

    geometry: Geometries
    told: npt.NDArray[np.bool_]
    faults: list[Fault]
    notices: list[Notice]


def read_positions(table: RawTable, layer: str) -> Positions:
    """Read the column `wkt` of a table.

    Args:
        table: Rows as read.
        layer: `events` or `routes`.

    Returns:
        The position of each row that gives one.
    """
    texts = [table.text(row, WKT).strip() for row in range(len(table.rows))]
    told = np.array([text != "" for text in texts], dtype=bool)
    geometry = np.array(shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore"), dtype=object)
    geometry[~told] = None
    bad = told & (shapely.is_missing(geometry) | ~np.isfinite(_sums(geometry)))
    geometry[bad | shapely.is_empty(geometry)] = None
    west, east = shapely.bounds(geometry)[:, [0, 2]].T
    for row in np.flatnonzero((west < -180) | (east > 180)):
        geometry[row] = within(geometry[row])
    faults = [
        fault(table.file, table.numbers[row], WKT, texts[row], _UNREADABLE) for row in np.flatnonzero(bad).tolist()
    ]
    return Positions(geometry, told, faults, _elsewhere(table, layer, geometry, told))


def _sums(geometry: Geometries) -> npt.NDArray[np.float64]:
    """Add up each geometry's coordinates: finite where all of them are."""
    xy, of = shapely.get_coordinates(geometry, return_index=True)
    return np.bincount(of, weights=xy.sum(axis=1), minlength=len(geometry)).astype(np.float64)


def _elsewhere(table: RawTable, layer: str, geometry: Geometries, told: npt.NDArray[np.bool_]) -> list[Notice]:
    if layer != "events" or not set(LONLAT) & set(table.rows.columns):
        return []
    points = zip(shapely.get_x(geometry), shapely.get_y(geometry), strict=True)
    return [
        Notice(layer, table.text(row, "id"), WKT, table.text(row, WKT), _ELSEWHERE)
        for row, point in enumerate(points)
        if told[row] and not all(_same(table.text(row, name), said) for name, said in zip(LONLAT, point, strict=True))
    ]


def _same(text: str, degrees: float) -> bool:
    try:
        return not text.strip() or abs(float(text) - degrees) < SAME_DEGREES
    except ValueError:
        return False
