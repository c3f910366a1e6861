"""Every source that a row names is there: seen to inside the transaction, where nobody can come between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select

from geo.edits import Change, Row, Stored
from geo.errors import TableError
from geo.faults import fault
from geo.store.tables import LAYERS
from geo.types import Fault

_NO_SOURCE = "is the id of no source. Add it to the sources, or correct it."
_STILL_CITED = "is still the source of {}. Give those rows another source first."
_NAMED = 3
_CITING: tuple[Stored, ...] = ("events", "routes")


def check_sources(
    connection: Connection, changes: Sequence[Change], current: Mapping[tuple[Stored, str], Row], *, place: str
) -> None:
    """Refuse changes that leave a row with a source that is not there.

    Args:
        connection: A connection that has written them.
        changes: What happened.
        current: The rows as they stood before.
        place: What messages call the workspace.

    Raises:
        TableError: A row that was changed names no source, or one that went is still named; all are listed.
    """
    faults = [*_unknown(connection, changes, current, place), *_orphaned(connection, changes, place)]
    if faults:
        raise TableError(faults)


def _unknown(
    connection: Connection, changes: Sequence[Change], current: Mapping[tuple[Stored, str], Row], place: str
) -> Iterator[Fault]:
    named: dict[str, None] = {}
    for change in changes:
        source = (change.after or {}).get("source_id")
        stood = current.get((change.layer, change.id), {}).get("source_id")
        if change.layer in _CITING and source and source != stood:
            named[source] = None
    known = LAYERS["sources"].c.id
    for source in named:
        if connection.execute(select(known).where(known == source)).first() is None:
            yield fault(place, None, "source_id", source, _NO_SOURCE)


def _orphaned(connection: Connection, changes: Sequence[Change], place: str) -> Iterator[Fault]:
    for gone in (change.id for change in changes if change.layer == "sources" and change.after is None):
        citing, count = [], 0
        for layer in _CITING:
            table = LAYERS[layer]
            cited = table.c.source_id == bindparam("gone")
            ids = connection.execute(select(table.c.id).where(cited).limit(_NAMED), {"gone": gone}).scalars()
            citing += [f"the {layer.removesuffix('s')} {name!r}" for name in ids]
            many = select(func.count()).select_from(table).where(cited)
            count += connection.execute(many, {"gone": gone}).scalar_one()
        if citing:
            more = f" and {count - len(citing[:_NAMED])} more" if count > _NAMED else ""
            yield fault(place, None, "id", gone, _STILL_CITED.format(", ".join(citing[:_NAMED]) + more))
