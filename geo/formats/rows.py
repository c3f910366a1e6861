"""Rows of any file with geometries to the three tables: which layer a row is in, and the sources it carries along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from geo.errors import FormatError
from geo.formats.tables import RawTable, raw_tables
from geo.formats.writing.cited import SOURCE_FIELDS, SOURCE_PREFIX
from geo.schema import SCHEMAS, TIMES
from geo.types import Notice


def tables_of(
    rows: Iterable[dict[str, Any]], *, sources: Any, file: str, notices: Sequence[Notice] = ()
) -> dict[str, RawTable]:
    """Sort rows into tables.

    Args:
        rows: Names with values, a shapely `geometry` or None among them.
        sources: The sources as the file lists them; where it lists none, those that its rows carry along.
        file: The file's name, for messages.
        notices: What a reader should know of them.

    Returns:
        `events`, `routes` and `sources`, unchecked; a row whose `layer` is neither is a route where it is a line, else
        an event.

    Raises:
        FormatError: The sources are no list of names with values.
    """
    records: dict[str, list[dict[str, Any]]] = {"events": [], "routes": []}
    cited: dict[str, dict[str, Any]] = {}
    for row in rows:
        layer = _layer(row)
        source = {name: row.pop(SOURCE_PREFIX + name, None) for name in SOURCE_FIELDS}
        if row.get("source_id") and any(source.values()):
            cited.setdefault(str(row["source_id"]), source)
        records[layer].append(row)
    sources = sources or [{"id": name, **source} for name, source in cited.items()]
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        raise FormatError(f"{file}: its member 'sources' is no list of sources. Take it out, or export the file again.")
    columns = None if sources else list(SCHEMAS["sources"].columns)
    tables = {
        "events": _table("events", records["events"]),
        "routes": _table("routes", records["routes"]),
        "sources": pd.DataFrame(sources, columns=columns, dtype=object),
    }
    return raw_tables(tables, file=file, notices=notices)


def readable(value: Any) -> Any:
    """Give a value of a file as a cell holds it.

    Args:
        value: Anything JSON can say.

    Returns:
        Lists and objects as JSON text, texts without halves of characters, everything else as it is.
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="replace").decode()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value


def _layer(row: dict[str, Any]) -> str:
    geometry = row["geometry"]
    if geometry is not None and geometry.is_empty:
        row["geometry"] = geometry = None
    if row.get("layer") in TIMES:
        return str(row.pop("layer"))
    if "layer" in row:
        row["original_layer"] = row.pop("layer")  # what the file itself calls a layer is a column like any other
    return "routes" if geometry is not None and geometry.geom_type.endswith("LineString") else "events"


def _table(layer: str, records: list[dict[str, Any]]) -> pd.DataFrame:
    if records:
        return pd.DataFrame.from_records(records)
    return pd.DataFrame({name: [] for name in SCHEMAS[layer].columns})
