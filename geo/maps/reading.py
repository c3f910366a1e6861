"""What a page has to read: the texts of the tables, and any cell as a text."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd

EVENT_TEXTS = ("id", "title", "place", "quote", "note", "source_id")
ROUTE_TEXTS = (
    *("id", "title", "shipment", "leg", "cargo", "quantity", "unit"),
    *("carrier", "origin", "destination", "passages", "quote", "note", "source_id"),
)
SOURCE_TEXTS = ("id", "title", "publisher", "url", "published", "note")


def text_columns(
    events: gpd.GeoDataFrame, routes: gpd.GeoDataFrame, sources: pd.DataFrame | None
) -> dict[str, dict[str, list[str]]]:
    """Write what a page has to read, in the order of the tables.

    Args:
        events: Events.
        routes: Routes.
        sources: Sources; None for none.

    Returns:
        Texts by table and column.
    """
    sources = pd.DataFrame() if sources is None else sources
    tables = {"events": (events, EVENT_TEXTS), "routes": (routes, ROUTE_TEXTS), "sources": (sources, SOURCE_TEXTS)}
    return {name: {key: column_texts(column(table, key)) for key in keys} for name, (table, keys) in tables.items()}


def column(table: pd.DataFrame, name: str) -> pd.Series:
    """A column of a table that may lack it.

    Args:
        table: The table.
        name: The column.

    Returns:
        The column; empty cells where the table has none.
    """
    return table[name] if name in table.columns else pd.Series([None] * len(table), index=table.index, dtype=object)


def column_texts(values: pd.Series) -> list[str]:
    """Write the cells of a column as texts; what is missing is empty.

    Args:
        values: Cells of any type.

    Returns:
        Texts.
    """
    if isinstance(values.dtype, pd.StringDtype) and values.dtype.storage == "pyarrow":  # whole letters only
        whole: list[str] = values.fillna("").tolist()
        return whole
    if values.dtype == object:
        texts = [value if type(value) is str else _text(value) for value in values.tolist()]
        try:
            "".join(texts).encode()
        except UnicodeEncodeError:  # a lone half of a surrogate pair fits into no file
            texts = [text.encode("utf-8", "replace").decode() for text in texts]
        return texts
    codes, known = pd.factorize(values)
    words = [*(_text(value) for value in known), ""]
    return [words[code] for code in codes]


def _text(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
