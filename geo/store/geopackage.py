"""A workspace in one file: an OGC GeoPackage, which is an SQLite database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import shapely
from sqlalchemy import Connection, Engine, NullPool, column, create_engine, event, func, select, table

from geo.store.kinds import SRID, unpackaged
from geo.store.outside import OUTSIDE, begin_count, keep
from geo.store.tables import LAYERS, METADATA, SHAPES, TRANSACTIONS

WAIT_S = 10.0
"""How long to wait while another program writes."""

WRITING = "rutter_writing"
_TRIGGER = """CREATE TRIGGER {name}_{act}_counted AFTER {act} ON {name}
BEGIN UPDATE dossier SET value = CAST(value + 1 AS TEXT) WHERE key = '{key}'; END"""
_SQL = Path(__file__).with_name("geopackage.sql")
_CONTENTS = table(
    "gpkg_contents", *map(column, ("table_name", "data_type", "identifier", "description", "last_change", "srs_id"))
)
_SHAPE_COLUMNS = table(
    "gpkg_geometry_columns",
    *map(column, ("table_name", "column_name", "geometry_type_name", "srs_id", "z", "m")),
)
_DESCRIBED = {
    "events": "Dated events",
    "routes": "Legs of shipments",
    "sources": "Where the rows come from",
    "corrections": "What names were corrected to",
    "transactions": "Who changed what, and when",
    "changes": "Each changed row, before and after",
    "dossier": "The dossier's title",
}


def engine(path: Path) -> Engine:
    """Make the way to a file; nothing is opened yet.

    Args:
        path: The file; it is there.

    Returns:
        An engine whose connections see the file as it is, and lock it for writing where they say so.
    """

    def connect() -> sqlite3.Connection:
        mode = "rw" if os.access(path, os.W_OK) else "ro"
        link = sqlite3.connect(
            f"file:{quote(str(path.resolve()))}?mode={mode}",
            uri=True,
            timeout=WAIT_S,
            isolation_level=None,  # SQLAlchemy's own BEGIN is below; the driver's would come too late
            check_same_thread=False,
        )
        link.execute("PRAGMA foreign_keys = ON")
        for name, measure in _OF_SHAPES.items():
            link.create_function(name, 1, measure, deterministic=True)
        return link

    made = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(made, "begin", _begin)
    return made


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def create(path: Path) -> None:
    """Make an empty workspace.

    Args:
        path: A file that is not there yet.
    """
    link = sqlite3.connect(path)
    link.executescript(_SQL.read_text(encoding="utf-8"))
    link.close()
    with engine(path).execution_options(**{WRITING: True}).begin() as connection:
        METADATA.create_all(connection)
        _count_outside(connection)
        for made in METADATA.sorted_tables:
            spatial = made.name in SHAPES
            described = {"identifier": made.name, "description": _DESCRIBED[made.name]}
            kind = {"data_type": "features", "srs_id": SRID} if spatial else {"data_type": "attributes"}
            connection.execute(_CONTENTS.insert(), {"table_name": made.name, **described, **kind})
            if spatial:
                shape = {"column_name": "geometry", "geometry_type_name": SHAPES[made.name], "z": 0, "m": 0}
                connection.execute(_SHAPE_COLUMNS.insert(), {"table_name": made.name, "srs_id": SRID, **shape})


def stamp(connection: Connection, count: int) -> None:
    """Note when the tables were last changed, as other programs do, and that what was just changed is known.

    Args:
        connection: A connection that has just written a transaction.
        count: What `note_outside` gave before.
    """
    last = select(func.max(TRANSACTIONS.c.at)).scalar_subquery()
    ours = _CONTENTS.c.table_name.in_(METADATA.tables)
    connection.execute(_CONTENTS.update().where(ours).values(last_change=last))
    keep(connection, OUTSIDE, count)


def _count_outside(connection: Connection) -> None:
    # Every program that changes a row fires these; Rutter sets the count back at the end of its own transactions.
    begin_count(connection)
    for name in LAYERS:
        for act in ("insert", "update", "delete"):
            connection.exec_driver_sql(_TRIGGER.format(name=name, act=act, key=OUTSIDE))


def _of_shape(measure: Callable[[shapely.Geometry], float | bool | None]) -> Callable[[bytes | None], float | None]:
    def measured(blob: bytes | None) -> float | None:
        wkb = None if blob is None else unpackaged(blob)
        return None if wkb is None else measure(shapely.from_wkb(wkb))

    return measured


# Another program's spatial index has triggers that call these whenever a row changes.
_OF_SHAPES: dict[str, Callable[[bytes | None], float | int | None]] = {
    "ST_IsEmpty": lambda blob: None if blob is None else int(unpackaged(blob) is None),
    "ST_MinX": _of_shape(lambda shape: shape.bounds[0]),
    "ST_MinY": _of_shape(lambda shape: shape.bounds[1]),
    "ST_MaxX": _of_shape(lambda shape: shape.bounds[2]),
    "ST_MaxY": _of_shape(lambda shape: shape.bounds[3]),
}
