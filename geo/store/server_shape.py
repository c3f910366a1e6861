"""A shape as PostGIS keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import Dialect, func

from geo.store.kinds import SRID


class ServerShape(Geometry):
    """A shape as PostGIS keeps it, given and taken as well-known binary."""

    as_binary = "ST_AsBinary"
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        """Write the SQL that turns well-known binary into a shape.

        Args:
            bindvalue: Where the value goes.

        Returns:
            The expression.
        """
        return func.ST_GeomFromWKB(bindvalue, SRID, type_=self)

    def bind_processor(self, dialect: Dialect) -> None:
        """Give bytes as they are.

        Args:
            dialect: Which database is at hand.
        """

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bytes | None]:
        """Make what turns what the driver gives into bytes.

        Args:
            dialect: Which database is at hand.
            coltype: The column's type there.

        Returns:
            A function of one value.
        """
        return lambda wkb: None if wkb is None else bytes(wkb)
