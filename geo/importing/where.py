"""Where a row is: its geometry, its coordinates in any notation or system, else its place's name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import CoordinateError, OptionError
from geo.formats.reading.sheet import flat
from geo.importing.cells import Cells
from geo.importing.numbers import Floats, to_angles, to_numbers
from geo.importing.shapes import Geometries, swap_axes
from geo.places.written import coordinates
from geo.schema import CRS as DEGREES

NOT_READ = "cannot be read as a coordinate. Write degrees, such as 42.59 or 42°35'24\"N."
_HALF = "is empty though the other coordinate is given. Give both, or neither."
_BROKEN_WKT = "is no geometry as WKT. Write it as POINT (130.30 42.25)."
_PARTS = 1_000  # longest WKT that is shown whole


@dataclass
class Positions:
    """Where rows are, before anything is checked against the Earth.

    Args:
        x: Longitudes or eastings; NaN where a row gives none; shape (n,).
        y: Latitudes or northings; shape (n,).
        geometry: Shapes of rows that give one, else None; shape (n,).
    """

    x: Floats
    y: Floats
    geometry: Geometries


def read_positions(cells: Cells) -> Positions:
    """Read where rows are.

    Args:
        cells: The cells; those that cannot be read are blamed.

    Returns:
        The positions as they are written, in whatever system that is.
    """
    size = len(cells.sheet)
    positions = Positions(np.full(size, np.nan), np.full(size, np.nan), np.full(size, None, dtype=object))
    if cells.sheet.geometry is not None:
        own = np.asarray(cells.sheet.geometry, dtype=object).copy()
        positions.geometry = swap_axes(own) if cells.mapping.swapped else own
    if cells.has("wkt"):
        _read_wkt(cells, positions)
    if cells.has("lat", "lon"):
        _read_axes(cells, positions)
    if cells.has("coordinates"):
        _read_pairs(cells, positions)
    return positions


def _read_wkt(cells: Cells, positions: Positions) -> None:
    text = cells.text("wkt")
    plain = text.str.replace(r"^\s*SRID=\d+;", "", regex=True)
    shapes = shapely.from_wkt(plain.where(plain != "", None).to_numpy(dtype=object), on_invalid="ignore")
    shapes, heights = flat(shapes)
    cells.remarks += heights
    cells.blame((text != "").to_numpy() & shapely.is_missing(shapes), "wkt", _BROKEN_WKT, text.str[:_PARTS])
    shapes = swap_axes(shapes) if cells.mapping.swapped else shapes
    positions.geometry = np.where(shapely.is_missing(positions.geometry), shapes, positions.geometry)


def _read_axes(cells: Cells, positions: Positions) -> None:
    projected = cells.mapping.crs != DEGREES
    written = {axis: cells.text(axis) for axis in ("lat", "lon")}
    read = {
        axis: to_numbers(text, decimal=cells.mapping.decimal)
        if projected
        else to_angles(text, decimal=cells.mapping.decimal, axis=axis)
        for axis, text in written.items()
    }
    for axis, other in (("lat", "lon"), ("lon", "lat")):
        given = (written[axis] != "").to_numpy()
        cells.blame(given & np.isnan(read[axis]), axis, NOT_READ, written[axis])
        cells.blame(~given & (written[other] != "").to_numpy(), axis, _HALF, written[axis])
    both = np.isfinite(read["lat"]) & np.isfinite(read["lon"])
    positions.x[both], positions.y[both] = read["lon"][both], read["lat"][both]


def _read_pairs(cells: Cells, positions: Positions) -> None:
    text = cells.text("coordinates")
    for row in np.flatnonzero((text != "").to_numpy() & np.isnan(positions.x)).tolist():
        written = text.iloc[row]
        try:
            found = coordinates(written) or coordinates(f"({written})")
        except CoordinateError as error:
            cells.blame([row], "coordinates", f"is not on the Earth: {error}", text)
            continue
        if found is None:
            cells.blame([row], "coordinates", NOT_READ, text)
        else:
            positions.x[row], positions.y[row] = found.lonlat


def to_degrees(cells: Cells, positions: Positions) -> Positions:
    """Turn positions into degrees and blame those that are not on the Earth.

    Args:
        cells: The cells they come from.
        positions: As `read_positions` gives them.

    Returns:
        Longitudes and latitudes, WGS 84; rows that are not on the Earth have none.

    Raises:
        OptionError: The mapping names a coordinate system that is not known.
    """
    x, y, geometry = positions.x, positions.y, positions.geometry
    if cells.mapping.crs != DEGREES:
        transform = transformer(cells.mapping.crs)
        x, y = (np.asarray(axis, dtype=float) for axis in transform.transform(x, y))
        own = cells.sheet.crs != DEGREES or cells.has("wkt")
        if own:
            geometry = shapely.transform(geometry, lambda xy: np.column_stack(transform.transform(*xy.T)))
        cells.remarks.append(f"Reprojected from {cells.mapping.crs} to degrees, WGS 84 ({DEGREES}).")
    given = ~np.isnan(positions.x)
    for values, limit, axis in ((y, 90, "lat"), (x, 180, "lon")):
        name = "latitude" if axis == "lat" else "longitude"
        advice = f"is no {name}: it must lie between -{limit} and {limit}. "
        target = axis if axis in cells.mapping.columns else "coordinates"
        outside = given & ~((values >= -limit) & (values <= limit))
        turned = outside & (axis == "lon") & (values > limit) & (values <= 2 * limit)
        cells.blame(turned, target, advice + "Subtract 360.")
        cells.blame(outside & ~turned, target, advice + "Latitude and longitude may be swapped, or in another system.")
        given = given & ~outside
    box = shapely.bounds(geometry)
    off = (box[:, 0] < -180) | (box[:, 1] < -90) | (box[:, 2] > 180) | (box[:, 3] > 90)
    off |= ~np.isfinite(box).all(axis=1) & ~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)
    shown = pd.Series([str(shape) if wrong else "" for shape, wrong in zip(geometry, off, strict=True)], dtype=object)
    cells.blame(off, "wkt", "is not on the Earth. Axes may be swapped, or the coordinates in another system.", shown)
    kept = np.array(geometry, dtype=object)
    kept[off] = None
    return Positions(np.where(given, x, np.nan), np.where(given, y, np.nan), kept)


def transformer(crs: str) -> Transformer:
    """Give what turns a coordinate system into degrees.

    Args:
        crs: The system, as `EPSG:32633`.

    Returns:
        The transformer, x before y on both sides.

    Raises:
        OptionError: There is no such system.
    """
    try:
        return Transformer.from_crs(CRS.from_user_input(crs), DEGREES, always_xy=True)
    except (CRSError, ProjError) as error:
        raise OptionError(f"There is no coordinate system {crs!r}. Write it as EPSG:32633.") from error


def on_null_island(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Tell positions at 0, 0, which mostly stand for none.

    Args:
        x: Longitudes in degrees; shape (n,).
        y: Latitudes in degrees; shape (n,).

    Returns:
        True where both are 0; shape (n,).
    """
    return np.asarray((x == 0) & (y == 0))
