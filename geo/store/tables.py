"""The tables of a workspace: those of the schema, the corrected names, and the log of every change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, MetaData, Table, Text

from geo.casting import TIME
from geo.edits import Stored
from geo.schema import SCHEMAS
from geo.store.kinds import Shape, moment

SHAPES: dict[str, str] = {"events": "POINT", "routes": "MULTILINESTRING"}
EXTRA = "extra"
"""The column, JSON, that holds what a row has beyond the schema."""

OWN = ("fid", EXTRA)
"""The columns that are the store's own; a column of somebody's with such a name stands in `extra`."""

CORRECTIONS = ("name", "place_id", "place", "lon", "lat", "kind", "country", "radius_km", "note", "changed")

METADATA = MetaData()


def _layer(name: Stored, *columns: Column[Any]) -> Table:
    return Table(
        name,
        METADATA,
        Column("fid", Integer, primary_key=True),
        Column("id", Text, unique=True),
        *columns,
        Column(EXTRA, Text),
        sqlite_autoincrement=True,
    )


def _kind(layer: Stored, column: str, dtype: str) -> Any:
    if column == "geometry":
        return Shape(SHAPES[layer])
    return {"float64": Double(), "int64": Integer(), TIME: moment()}.get(dtype, Text())


LAYERS: dict[Stored, Table] = {
    layer: _layer(
        layer,
        *(
            Column(name, _kind(layer, name, str(column.dtype)))
            for name, column in SCHEMAS[layer].columns.items()
            if name != "id"
        ),
    )
    for layer in ("events", "routes", "sources")
} | {"corrections": _layer("corrections", *(Column(name, Text) for name in CORRECTIONS))}

for _table in LAYERS.values():
    if _table.name in SHAPES:
        Index(f"{_table.name}_by_place", _table.c.geometry, postgresql_using="gist").ddl_if(dialect="postgresql")

TRANSACTIONS = Table(
    "transactions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", moment(), nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("of", Integer, ForeignKey("transactions.id")),
    sqlite_autoincrement=True,
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("transaction", Integer, ForeignKey("transactions.id"), nullable=False),
    Column("layer", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("changes_of_a_transaction", "transaction"),
    Index("changes_of_a_row", "layer", "row"),
    sqlite_autoincrement=True,
)

DOSSIER = Table(
    "dossier",
    METADATA,
    Column("fid", Integer, primary_key=True),
    Column("key", Text, unique=True),
    Column("value", Text),
)
