"""The column types that SQLAlchemy lacks: shapes and moments, as a GeoPackage and as PostGIS keep them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

SRID = 4326

_MAGIC_AND_VERSION = b"GP\x00"
_LITTLE_ENDIAN = 0b1
_EMPTY = 0b10000
_SRID_BYTES = SRID.to_bytes(4, "little")
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)  # by the three bits of the flags that say which envelope follows
_HEADER_BYTES = 8


class _PackagedShape(UserDefinedType[bytes]):
    """A shape as a GeoPackage keeps it: well-known binary behind a short header.

    Args:
        name: What the GeoPackage calls the geometry: `POINT`, `MULTILINESTRING`.

    Source: OGC 12-128r19, clause 2.1.3.
    """

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in the table's definition."""
        return self.name

    def bind_processor(self, dialect: Dialect) -> Callable[[bytes | None], bytes | None]:
        """Return what turns well-known binary into the column's value."""
        return lambda wkb: None if wkb is None else packaged(wkb)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[bytes | None], bytes | None]:
        """Return what turns the column's value into well-known binary."""
        return lambda blob: None if blob is None else unpackaged(blob)


def packaged(wkb: bytes) -> bytes:
    """Put the header of a GeoPackage before a shape.

    Args:
        wkb: Well-known binary, EPSG:4326, not empty.

    Returns:
        What the GeoPackage keeps, without an envelope.
    """
    return _MAGIC_AND_VERSION + bytes([_LITTLE_ENDIAN]) + _SRID_BYTES + wkb


def unpackaged(blob: bytes) -> bytes | None:
    """Take the header of a GeoPackage away.

    Args:
        blob: What the GeoPackage keeps, of any writer.

    Returns:
        Well-known binary, or None for an empty shape.
    """
    if len(blob) < _HEADER_BYTES or not blob.startswith(b"GP"):
        return b""  # for the reader to say which row it is
    flags = blob[3]
    if flags & _EMPTY:
        return None
    return blob[_HEADER_BYTES + _ENVELOPE_BYTES[(flags >> 1) & 0b111] :]


class _PackagedMoment(UserDefinedType[str]):
    """A moment as a GeoPackage keeps it: ISO 8601 text in UTC, to the millisecond."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in the table's definition."""
        return "DATETIME"


class _ServerMoment(TypeDecorator[str]):
    """A moment as PostgreSQL keeps it, given and taken as the text that a GeoPackage would hold."""

    impl = TIMESTAMP
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True, precision=3)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Turn the text into a moment."""
        return None if value is None else datetime.fromisoformat(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Turn a moment into the text."""
        return None if value is None else written(value)


def written(moment: datetime) -> str:
    """Write a moment as the tables keep it.

    Args:
        moment: A moment with its zone.

    Returns:
        Text such as `2024-03-24T00:00:00.000Z`.
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Shape(TypeDecorator[bytes]):
    """A shape, given and taken as well-known binary, EPSG:4326, in a GeoPackage as in PostGIS.

    Args:
        name: `POINT` or `MULTILINESTRING`.
    """

    impl = _PackagedShape
    cache_ok = True
    spatial_index = False  # GeoAlchemy2 asks when the tables are made; the index is one of ours

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """Choose the type that the database at hand has.

        Args:
            dialect: Which database it is; GeoAlchemy2 sometimes asks without.

        Returns:
            The type.
        """
        if dialect is None or dialect.name != "postgresql":
            return _PackagedShape(self.name)
        from geo.store.server_shape import ServerShape  # half a second that who opens a file need not wait

        return dialect.type_descriptor(ServerShape(self.name, srid=SRID))


def moment() -> TypeEngine[Any]:
    """Make the type of a column of moments.

    Returns:
        A type that gives and takes text such as `2024-03-24T00:00:00.000Z`.
    """
    return _PackagedMoment().with_variant(_ServerMoment(), "postgresql")
