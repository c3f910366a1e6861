"""One transaction: see that nobody was overtaken, write the rows, write the log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from geo.edits import Change, Conflict, Row, Stored
from geo.errors import ConflictError, OptionError
from geo.store.kinds import written
from geo.store.rows import frame, free_id, plain, records, same
from geo.store.sources import check_sources
from geo.store.tables import CHANGES, EXTRA, LAYERS, OWN, TRANSACTIONS

AT_ONCE = 500
"""Rows asked for in one query; databases bound how many values a query may hold."""

Key = tuple[Stored, str]
_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` makes one for every row


def commit(
    connection: Connection,
    changes: Sequence[Change],
    *,
    place: str,
    who: str,
    what: str,
    role: str = "change",
    of: int | None = None,
) -> int | None:
    """Write changes and their log; the caller's transaction makes them all last, or none.

    Args:
        connection: A connection that holds the lock for writing.
        changes: What happens, at most one change a row; `before` and `after` may hold some of the columns only.
        place: What messages call the workspace.
        who: Who does it.
        what: What is done, in words.
        role: `start`, `change`, `undo` or `redo`.
        of: The transaction that is undone or done again.

    Returns:
        The number of the transaction; None where nothing differs.

    Raises:
        OptionError: A row is changed twice.
        ConflictError: A row is not as its author saw it.
        TableError: A row would name a source that is not there.
    """
    if len({(change.layer, change.id) for change in changes}) < len(changes):
        raise OptionError("A row is changed twice in one transaction. Put both into one change.")
    asked = _ids(changes) if role != "start" else ()  # what begins holds no rows yet
    current = {(layer, row["id"]): row for layer, ids in asked for row in rows(connection, layer, ids, holding=True)}
    overtaken = list(_conflicts(changes, current))
    if overtaken:
        raise ConflictError(overtaken)
    log = [entry for change in changes if (entry := _logged(change, current.get((change.layer, change.id))))]
    if not log and role != "start":
        return None
    for layer in LAYERS:
        _write(connection, layer, [change for change in changes if change.layer == layer], current)
    if role != "start":  # what begins with gaps may be mended afterwards
        check_sources(connection, changes, current, place=place)
    stamp = {"at": written(datetime.now(UTC)), "who": who, "what": what, "role": role, "of": of}
    number = int(connection.execute(TRANSACTIONS.insert().returning(TRANSACTIONS.c.id), stamp).scalar_one())
    if log:
        connection.execute(CHANGES.insert(), [{"transaction": number, **entry} for entry in log])
    return number


def _ids(changes: Sequence[Change]) -> Iterator[tuple[Stored, list[str]]]:
    for layer in dict.fromkeys(change.layer for change in changes):
        yield layer, [change.id for change in changes if change.layer == layer]


def rows(connection: Connection, layer: Stored, ids: Sequence[str], *, holding: bool = False) -> list[Row]:
    """Read some rows.

    Args:
        connection: A connection.
        layer: The table.
        ids: Which rows.
        holding: Whether nobody else may change them before this transaction ends.

    Returns:
        Those that are there, in plain values.
    """
    table = LAYERS[layer]
    asked = select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))
    asked = asked.with_for_update() if holding else asked
    parts = (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
    found = [connection.execute(asked, {"ids": list(part)}).all() for part in parts]
    return plain(layer, frame(layer, filter(None, found)))


def _conflicts(changes: Iterable[Change], current: Mapping[Key, Row]) -> Iterator[Conflict]:
    for change in changes:
        now, seen = current.get((change.layer, change.id)), change.before
        if now is None or seen is None:
            overtaken = now is not seen
        elif change.after is None:
            overtaken = not same(now, seen)
        else:
            told = {*seen, *change.after}
            overtaken = not same({name: now.get(name) for name in told}, {name: seen.get(name) for name in told})
        if overtaken:
            yield Conflict(change.layer, change.id, seen, now, change.after)


def _logged(change: Change, now: Row | None) -> dict[str, Any] | None:
    before, after = now, change.after
    if now is not None and after is not None:
        differing = [name for name, cell in after.items() if not same({name: now.get(name)}, {name: cell})]
        if not differing:
            return None
        before, after = ({name: row.get(name) for name in differing} for row in (now, after))
    return {
        "layer": change.layer,
        "row": change.id,
        "before": _json(before, whole=now is None or change.after is None),
        "after": _json(after, whole=now is None or change.after is None),
    }


def _json(row: Row | None, *, whole: bool) -> str | None:
    if row is None:
        return None
    kept = {name: cell for name, cell in row.items() if cell not in (None, "")} if whole else row
    return _WRITER.encode(kept)


def _write(connection: Connection, layer: Stored, changes: Sequence[Change], current: Mapping[Key, Row]) -> None:
    table = LAYERS[layer]
    gone = [{"_id": change.id} for change in changes if change.after is None]
    new: list[Row] = []
    edited: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for change in changes:
        stands = current.get((layer, change.id))
        if change.after is not None and stands is None:
            new.append({**change.after, "id": change.id})
        elif change.after is not None and stands is not None:
            own = {
                name if name in table.columns and name not in OWN else EXTRA
                for name, cell in change.after.items()
                if name != "id" and not same({name: stands.get(name)}, {name: cell})
            }
            if own:
                edited[tuple(sorted(own))].append({**stands, **change.after, "id": change.id})
    if gone:
        connection.execute(table.delete().where(table.c.id == bindparam("_id")), gone)
    for names, alike in edited.items():
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        update = table.update().where(table.c.id == bindparam("_id")).values(values)
        told = ({"_id": record["id"], **{name: record[name] for name in names}} for record in records(layer, alike))
        connection.execute(update, list(told))
    if new:
        connection.execute(table.insert(), records(layer, new))


def name_rows(connection: Connection) -> None:
    """Give an id to rows that another program added without one, the same that `frame` shows.

    Args:
        connection: A connection that writes.
    """
    for layer, table in LAYERS.items():
        nameless = connection.execute(select(table.c.fid).where(or_(table.c.id.is_(None), table.c.id == ""))).scalars()
        for number in nameless.all():
            taken = connection.execute(select(table.c.id).where(table.c.id.startswith(f"{layer}-{number}"))).scalars()
            named = table.update().where(table.c.fid == number)
            connection.execute(named.values(id=free_id(layer, number, set(taken))))


def latest(connection: Connection) -> int:
    """Number the state of a workspace.

    Args:
        connection: A connection.

    Returns:
        The number of the last transaction, 0 before the first.
    """
    return int(connection.execute(select(func.coalesce(func.max(TRANSACTIONS.c.id), 0))).scalar_one())
