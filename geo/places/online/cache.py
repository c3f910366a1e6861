"""What online geocoders answered, kept on disk so that nothing is asked twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path

from geo.errors import GeoError, ReadError, SaveError
from geo.places.online.reply import Reply

_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    service TEXT NOT NULL,
    asked TEXT NOT NULL,
    hints TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    address TEXT,
    lon REAL,
    lat REAL,
    raw TEXT,
    PRIMARY KEY (service, asked, hints)
)
"""
_WAIT_S = 5.0
WHEN = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Asked:
    """One question that was asked before.

    Args:
        service: Who was asked.
        name: The name that was asked for.
        hints: The hints that went with it, as JSON.
    """

    service: str
    name: str
    hints: str


@dataclass(frozen=True)
class Kept:
    """What was answered to it.

    Args:
        reply: The answer, or None where the service knew no such place.
        asked_at: When it was asked, ISO 8601 in UTC.
    """

    reply: Reply | None
    asked_at: str

    def age_days(self, now: datetime) -> float:
        """Tell how old it is.

        Args:
            now: The time, with its zone.

        Returns:
            The age in days; infinite where the file does not tell when it was asked.
        """
        try:
            return (now - datetime.strptime(self.asked_at, WHEN).replace(tzinfo=UTC)) / timedelta(days=1)
        except ValueError:
            return inf


@dataclass(frozen=True)
class AnswerCache:
    """A SQLite file of answers, one row a question; `raw` is the service's own JSON, or NULL for "not found".

    Args:
        path: The file; it is made where there is none.
    """

    path: Path

    def check(self) -> None:
        """Find out whether the file can be used, before anybody is asked.

        Raises:
            ReadError: The file is damaged, is no cache, or is held by another program.
            SaveError: It cannot be written.
        """
        with self._opened() as table:
            table.execute(
                "SELECT asked_at, address, lon, lat, raw, service, asked, hints FROM answers LIMIT 1"
            ).fetchone()

    def get(self, asked: Asked) -> Kept | None:
        """Look a question up.

        Args:
            asked: The question.

        Returns:
            What was answered, or None where it was never asked.

        Raises:
            ReadError: The file is damaged, is no cache, or is held by another program.
        """
        with self._opened() as table:
            query = "SELECT asked_at, address, lon, lat, raw FROM answers WHERE service = ? AND asked = ? AND hints = ?"
            row = table.execute(query, (asked.service, asked.name, asked.hints)).fetchone()
        if row is None:
            return None
        asked_at, address, lon, lat, raw = row
        if raw is None:
            return Kept(None, asked_at)
        try:
            reply = Reply(str(address), float(lon), float(lat), dict(json.loads(raw)))
        except (TypeError, ValueError) as error:
            raise _damaged(self.path) from error
        return Kept(reply, asked_at)

    def put(self, asked: Asked, kept: Kept) -> None:
        """Keep an answer; one to the same question is replaced.

        Args:
            asked: The question.
            kept: What was answered.

        Raises:
            ReadError: The file is damaged, is no cache, or is held by another program.
            SaveError: It cannot be written.
        """
        reply = kept.reply
        told = (reply.address, reply.lon, reply.lat, reply.json) if reply else (None,) * 4
        with self._opened() as table:
            table.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (asked.service, asked.name, asked.hints, kept.asked_at, *told),
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT_S)) as table, table:
                table.execute(_TABLE)
                yield table
        except sqlite3.Error as error:
            raise _problem(self.path, error) from error


def _problem(path: Path, error: sqlite3.Error) -> GeoError:
    told = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if told in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ReadError(f"{path} is held by another program. Close that program, or name another file as cache.")
    if told in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return SaveError(f"{path} cannot be written: {error}. Name a cache in a folder where you may write.")
    return _damaged(path)


def _damaged(path: Path) -> ReadError:
    return ReadError(f"{path} is damaged or is no cache of answers. Delete it, and what is needed is asked again.")
