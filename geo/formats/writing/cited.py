"""What every file is written from: flat rows, each with the source it comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.formats.at_180 import Geometries, cut
from geo.geodesy import COORDINATE_DECIMALS
from geo.schema import CRS
from geo.timeline import iso_utc
from geo.types import Notice

SOURCE_PREFIX = "source_"
SOURCE_FIELDS = ("title", "publisher", "url", "published", "note")
REPLACED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Cited:
    """What is to be written.

    Args:
        layers: For each layer its rows, EPSG:4326: `layer`, the columns of the table, `source_title` and the other
            `source_` columns, `geometry` last; lines are cut at 180 degrees.
        sources: The table of sources, those that no row names included.
        title: The dossier's name.
        notices: What had to be changed already.
        beside: Other files of a dossier's folder, by name.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    sources: pd.DataFrame
    title: str = ""
    notices: tuple[Notice, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A file.

    Args:
        content: What stands in it.
        notices: What it could not hold, and what had to be changed.
    """

    content: bytes
    notices: tuple[Notice, ...] = ()


def cite(layers: Mapping[str, gpd.GeoDataFrame], sources: pd.DataFrame, *, title: str = "") -> Cited:
    """Give every row its source.

    Args:
        layers: For each layer its table, with the columns `id`, `source_id` and `geometry` at least.
        sources: The sources; columns as in `geo.schema.SOURCES`.
        title: The dossier's name.

    Returns:
        The rows and their sources, ready to be written. Halves of a character, which no file can hold, are replaced.
    """
    notices: list[Notice] = []
    sources = _whole_characters("sources", sources, notices)
    known = sources.drop_duplicates("id").set_index("id").astype(object)
    cited = {}
    for layer, table in layers.items():
        rows = _whole_characters(layer, pd.DataFrame(table.drop(columns=table.geometry.name)), notices)
        geometry = cut(table.geometry.to_crs(CRS).to_numpy())
        said = {
            SOURCE_PREFIX + name: rows["source_id"].map(known.get(name, {})).astype("str") for name in SOURCE_FIELDS
        }
        flat = pd.DataFrame({"layer": layer, **{str(name): rows[name] for name in rows}, **said}, index=rows.index)
        cited[layer] = gpd.GeoDataFrame(flat, geometry=geometry, crs=CRS)
    return Cited(cited, sources, title, tuple(notices))


def _whole_characters(layer: str, table: pd.DataFrame, notices: list[Notice]) -> pd.DataFrame:
    def mend(text: str) -> str:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    message = f"Holds half a character, which no file can: replaced by {REPLACED}."
    changed = {
        str(name): mended(layer, table, str(name), mend=mend, message=message, notices=notices)
        for name in table
        if _has_half(table[name])
    }
    return table.assign(**changed)


def _has_half(column: pd.Series) -> bool:
    if column.dtype != object and getattr(column.dtype, "storage", "pyarrow") == "pyarrow":
        return False  # numbers, or texts that are UTF-8 already
    try:
        "".join(text for text in column if isinstance(text, str)).encode()
    except UnicodeEncodeError:
        return True
    return False


def mended(
    layer: str, table: pd.DataFrame, name: str, *, mend: Callable[[str], str], message: str, notices: list[Notice]
) -> list[Any]:
    """Mend the texts of a column, and say where that changed one.

    Args:
        layer: The table's name, for the notices.
        table: Rows with a column `id`.
        name: The column.
        mend: Gives a text as the file can hold it.
        message: What is said of a text that was changed.
        notices: Where it is said.

    Returns:
        The column's values; those that are no text as they are.
    """
    values = plain(table[name])
    better = [mend(value) if isinstance(value, str) else value for value in values]
    notices += [
        Notice(layer, str(row), name, str(value)[:80], message)
        for row, value, now in zip(table["id"], values, better, strict=True)
        if value != now
    ]
    return better


def plain(column: pd.Series) -> list[Any]:
    """Turn a column into what a text file can say.

    Args:
        column: Values of any type.

    Returns:
        Texts, numbers, truth values, times as ISO 8601 in UTC, and None for what is missing or not finite.
    """
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        times = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[ms]")
        texts = [f"{text.removesuffix('.000')}Z" for text in np.datetime_as_string(times).tolist()]
        return [None if missing else text for text, missing in zip(texts, np.isnat(times), strict=True)]
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype(object).where(column.notna(), None).tolist()
    if column.dtype == np.float64:
        return column.astype(object).where(np.isfinite(column), None).tolist()
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return iso_utc(value) if value.tzinfo else value.isoformat()
    if isinstance(value, dict | list | tuple | set):
        return json.dumps(list(value) if isinstance(value, set) else value, ensure_ascii=False, default=str)
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, bool | int | float) else str(value)


def records(table: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """Go through the rows of a table as a text file says them.

    Args:
        table: Rows; a column `geometry` is left out.

    Yields:
        For each row its columns and plain values.
    """
    names = [name for name in table.columns if name != "geometry"]
    columns = [plain(table[name]) for name in names]
    return (dict(zip(map(str, names), row, strict=True)) for row in zip(*columns, strict=True))


def rounded(table: gpd.GeoDataFrame) -> Geometries:
    """Round coordinates to what a text file says of them.

    Args:
        table: Rows, EPSG:4326.

    Returns:
        Their geometries with 7 decimals, about a centimetre, None where there is none; shape (n,).
    """
    return np.asarray(shapely.transform(table.geometry.to_numpy(), lambda xy: xy.round(COORDINATE_DECIMALS)))


def uncited(cited: Cited) -> tuple[Notice, ...]:
    """List the sources that no row names, for a file that holds sources beside their rows only.

    Args:
        cited: What is to be written.

    Returns:
        One notice that counts and names those that such a file leaves out; none where there are none.
    """
    named = {source for table in cited.layers.values() for source in table["source_id"]}
    lost = [str(name) for name in cited.sources["id"] if name not in named]
    message = (
        f"{len(lost)} sources that no row in this file names are left out; formats with a table of sources hold them."
    )
    return (Notice("sources", "", "id", ", ".join(lost), message),) if lost else ()
