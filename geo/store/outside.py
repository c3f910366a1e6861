"""What other programs change in a workspace: its triggers count it, and the next change of ours notes it in the log."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from geo.store.kinds import written
from geo.store.tables import DOSSIER, TRANSACTIONS

OUTSIDE, NOTED = "outside", "noted"


def begin_count(connection: Connection) -> None:
    """Make the count that the triggers of a new workspace keep.

    Args:
        connection: A connection that writes.
    """
    connection.execute(DOSSIER.insert(), [{"key": OUTSIDE, "value": "0"}, {"key": NOTED, "value": "0"}])


def outside(connection: Connection) -> int:
    """Tell how often other programs have changed rows.

    Args:
        connection: A connection.

    Returns:
        The count that the triggers keep; it only tells states apart.
    """
    return int(connection.execute(select(DOSSIER.c.value).where(DOSSIER.c.key == OUTSIDE)).scalar() or 0)


def note_outside(connection: Connection) -> int:
    """Put into the log that another program changed rows, if it did.

    Args:
        connection: A connection that is about to write.

    Returns:
        The count.
    """
    count = outside(connection)
    noted = connection.execute(select(DOSSIER.c.value).where(DOSSIER.c.key == NOTED)).scalar()
    if noted is not None and str(count) != noted:
        said = {"at": written(datetime.now(UTC)), "who": "another program", "what": "changed outside Rutter"}
        connection.execute(TRANSACTIONS.insert(), {**said, "role": "outside"})
        keep(connection, NOTED, count)
    return count


def keep(connection: Connection, key: str, value: int) -> None:
    """Put down a count.

    Args:
        connection: A connection that writes.
        key: Which count.
        value: What it is now.
    """
    connection.execute(DOSSIER.update().where(DOSSIER.c.key == key).values(value=str(value)))
