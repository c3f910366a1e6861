"""What a workspace keeps beside its tables, by a key: texts that have no history."""

from __future__ import annotations

from sqlalchemy import select

from geo.store.store import Store
from geo.store.tables import DOSSIER

STORY = "story"


def kept_text(store: Store, key: str) -> str:
    """Read a text.

    Args:
        store: The workspace.
        key: What it is called.

    Returns:
        The text; empty where there is none.

    Raises:
        StoreError: The workspace cannot be read.
    """
    with store.reading() as connection:
        return str(connection.execute(select(DOSSIER.c.value).where(DOSSIER.c.key == key)).scalar() or "")


def keep_text(store: Store, key: str, text: str) -> None:
    """Write a text in the place of the one before.

    Args:
        store: The workspace.
        key: What it is called.
        text: The text.

    Raises:
        StoreError: The workspace cannot be written.
    """
    with store.writing() as connection:
        connection.execute(DOSSIER.delete().where(DOSSIER.c.key == key))
        connection.execute(DOSSIER.insert(), {"key": key, "value": text})
