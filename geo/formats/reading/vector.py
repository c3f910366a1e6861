"""Layers with geometry, through GDAL: GeoJSON, GeoPackage, KML, GPX and Shapefiles; Parquet through Arrow."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import FormatError, LayerError
from geo.formats.reading.delimited import column_names
from geo.formats.reading.own import is_own_geopackage, is_own_kml, own_geopackage, own_kml
from geo.formats.reading.sheet import Geometries, LayerSummary, Sheet, flat, text_cells
from geo.formats.reading.xml import KML_TIME_FIELDS, shown_name
from geo.geodesy import COORDINATE_DECIMALS

WGS84 = "EPSG:4326"
_DAMAGED = "cannot be read: it is damaged, cut short or not what its name promises"
_STYLE = ("altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "timestamp", "begin", "end", "id")
_GDAL_ERRORS = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError)


def list_vector_layers(source: Path, *, file: str) -> list[LayerSummary]:
    """List the layers of a file that GDAL reads.

    Args:
        source: The file.
        file: Its name, for messages.

    Returns:
        The layers that hold anything.

    Raises:
        FormatError: The file is damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's doubts; what cannot be read is said below
            names = pyogrio.list_layers(source)[:, 0].tolist()
            told = [pyogrio.read_info(source, layer=name, force_feature_count=True) for name in names]
    except (*_GDAL_ERRORS, ValueError) as error:
        raise FormatError(f"{file}: {_DAMAGED}. Export it again.") from error
    layers = [
        LayerSummary(str(info["layer_name"]), int(info["features"]), str(info["geometry_type"] or "")) for info in told
    ]
    return [layer for layer in layers if layer.rows] or layers


def read_vector(source: Path, *, file: str, layer: str) -> Sheet:
    """Read one layer of a file that GDAL reads.

    Args:
        source: The file.
        file: Its name, for messages.
        layer: The layer's name.

    Returns:
        Its rows, numbered from 1, the geometry in degrees.

    Raises:
        FormatError: The file is damaged, or its coordinate system is unknown.
        LayerError: It has no such layer.
    """
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "Could not parse column"
            )  # GDAL takes some words for JSON; words they stay
            table = pyogrio.read_dataframe(source, layer=layer, datetime_as_string=True)
    except pyogrio.errors.DataLayerError as error:
        raise LayerError(
            f"{file} has no layer {layer!r} that can be read. Choose one of those that it lists."
        ) from error
    except (*_GDAL_ERRORS, ValueError, shapely.errors.ShapelyError) as error:
        raise FormatError(f"{file}: {_DAMAGED}. Export it again.") from error
    sheet = _sheet(table, file=file, layer=layer)
    if source.suffix.lower() == ".gpkg" and is_own_geopackage(
        sheet, {str(name) for name, _ in pyogrio.list_layers(source)}
    ):
        return own_geopackage(sheet, lambda name: read_vector(source, file=file, layer=name))
    return sheet


def read_kml_layers(source: Path, *, file: str, layers: Sequence[LayerSummary]) -> Sheet:
    """Read layers of a KML file as one.

    Args:
        source: The file, as `checked_xml` made it.
        file: Its name, for messages.
        layers: The layers to read.

    Returns:
        Their rows, with the name of the folder each stands in where there are several.
    """
    tables, notices = [], list[str]()
    for layer in layers:
        sheet = read_vector(source, file=file, layer=layer.name)
        cells = _kml_columns(sheet.cells)
        if len(layers) > 1:
            cells["folder"] = layer.name
        tables.append((cells, sheet.geometry))
        notices += sheet.notices
    cells = pd.concat([cells for cells, _ in tables], ignore_index=True).fillna("")
    cells = cells.drop(columns=[name for name in ("description",) if name in cells and (cells[name] == "").all()])
    geometry = np.concatenate([shapes for _, shapes in tables if shapes is not None])
    name = layers[0].name if len(layers) == 1 else ""
    return own_kml(Sheet(file, name, cells, range(1, len(cells) + 1), geometry, WGS84, tuple(notices)))


def _kml_columns(cells: pd.DataFrame) -> pd.DataFrame:
    """Name the columns as the file does; what KML itself says of a placemark comes first."""
    told = {"Name": "name", "description": "description"} | {written: name for name, written in KML_TIME_FIELDS.items()}
    names = [name for name in cells.columns if name not in (*_STYLE, *told)]
    shown = [shown_name(name) for name in names]
    kml = [] if is_own_kml(shown) else [name for name in told if name in cells.columns]
    found = cells[[*kml, *names]]
    return found.set_axis(pd.Index(column_names([*(told[name] for name in kml), *shown])), axis=1)


def read_parquet(path: Path, *, file: str) -> Sheet:
    """Read Parquet, with geometry where it is GeoParquet.

    Args:
        path: The file.
        file: Its name, for messages.

    Returns:
        Its rows, numbered from 1, the geometry in degrees.

    Raises:
        FormatError: The file is damaged.
    """
    try:
        return _sheet(_parquet(path), file=file, layer="")
    except (pa.ArrowException, OSError, ValueError, shapely.errors.ShapelyError) as error:
        raise FormatError(f"{file}: {_DAMAGED}. Export it again.") from error


def _parquet(path: Path) -> pd.DataFrame:
    try:
        located: gpd.GeoDataFrame = gpd.read_parquet(path)
        return pd.DataFrame(located) if located.active_geometry_name is None else located
    except ValueError as error:
        if "Missing geo metadata" not in str(error):
            raise
        return pd.read_parquet(path)


def _sheet(table: pd.DataFrame, *, file: str, layer: str) -> Sheet:
    said: list[str] = []
    geometry: Geometries | None = None
    crs = ""
    if isinstance(table, gpd.GeoDataFrame):
        own = table.active_geometry_name
        if own is not None:
            geometry, crs = _in_degrees(table.set_geometry(own), file, said)
        shapes = [name for name, kind in table.dtypes.items() if str(kind) == "geometry"]
        table = pd.DataFrame(table.drop(columns=[own, *(name for name in shapes if name != own)]))
    cells = pd.DataFrame({str(name): text_cells(table[name]) for name in table.columns}, index=table.index)
    if file.lower().endswith(".gpx"):  # GDAL names everything that GPX may say
        cells = cells[[name for name in cells.columns if (cells[name] != "").any()]]
    return Sheet(file, layer, cells.reset_index(drop=True), range(1, len(cells) + 1), geometry, crs, tuple(said))


def _in_degrees(table: gpd.GeoDataFrame, file: str, said: list[str]) -> tuple[Geometries, str]:
    shapes, heights = flat(table.geometry.to_numpy())
    said += heights
    if table.crs is None:
        said.append("The file does not say what its coordinates are in: taken as degrees, WGS 84 (EPSG:4326).")
        return shapes, ""
    try:
        if CRS(table.crs).equals(CRS(WGS84), ignore_axis_order=True):
            return shapes, WGS84
        turned = gpd.GeoSeries(shapes, crs=table.crs).to_crs(WGS84)
    except (CRSError, ValueError) as error:
        raise FormatError(f"{file}: its coordinate system is unknown. Export it in WGS 84 (EPSG:4326).") from error
    said.append(f"Reprojected from {_crs_name(table.crs)} to degrees, WGS 84 (EPSG:4326).")
    rounded = shapely.transform(turned.to_numpy(), lambda xy: xy.round(COORDINATE_DECIMALS))
    return np.asarray(rounded, dtype=object), WGS84


def _crs_name(crs: Any) -> str:
    code = crs.to_authority()
    return f"{crs.name} ({':'.join(code)})" if code else str(crs.name)
