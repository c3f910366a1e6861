"""What a database says when something is wrong, in words a person can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from geo.errors import FormatError, GeoError, SaveError, StoreError

_FILE: dict[str, tuple[type[GeoError], str]] = {
    "SQLITE_FULL": (StoreError, "the disk is full. Nothing was changed; make room and try again."),
    "SQLITE_READONLY": (StoreError, "may only be read. Nothing was changed; save it under another name to change it."),
    "SQLITE_BUSY": (StoreError, "is being changed by another program. Nothing was changed; try again when it is done."),
    "SQLITE_LOCKED": (StoreError, "is being changed by another program. Nothing was changed; try again in a moment."),
    "SQLITE_CANTOPEN": (StoreError, "cannot be opened. Check that you may read it and write to its folder."),
    "SQLITE_PERM": (StoreError, "cannot be opened. Check that you may read it and write to its folder."),
    "SQLITE_IOERR": (StoreError, "cannot be read or written to its end. Nothing was changed; check the disk."),
    "SQLITE_NOTADB": (FormatError, "is no GeoPackage. Open the file that Rutter or QGIS wrote."),
    "SQLITE_CORRUPT": (FormatError, "is damaged. Take the last copy of it that opens."),
    "SQLITE_ERROR": (FormatError, "is no workspace of Rutter: {said}. Import it instead."),
}
_SERVER: dict[str, tuple[type[GeoError], str]] = {
    "InsufficientPrivilege": (StoreError, "does not let you do this: {said}. Ask who looks after it."),
    "UndefinedFile": (StoreError, "lacks PostGIS. Install the package postgis on the server."),
    "LockNotAvailable": (StoreError, "is being changed by somebody else. Nothing was changed; try again in a moment."),
    "DeadlockDetected": (StoreError, "is being changed by somebody else. Nothing was changed; try again in a moment."),
    "QueryCanceled": (StoreError, "took too long. Nothing was changed; try again in a moment."),
    "DuplicateTable": (SaveError, "holds other tables of these names. Give the dossier another name."),
    "ReadOnlySqlTransaction": (StoreError, "may only be read. Nothing was changed."),
    "DiskFull": (StoreError, "has a full disk. Nothing was changed; ask who looks after it."),
    "OperationalError": (StoreError, "cannot be reached: {said}. Check the address and that the server is running."),
}

_UNKNOWN: tuple[type[GeoError], str] = (StoreError, "did not do this: {said}. Nothing was changed.")


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Turn what the database raises into an error with a message.

    Args:
        place: What the message calls the workspace.

    Yields:
        Nothing.

    Raises:
        StoreError: It cannot be reached, read or written.
        FormatError: It is no workspace, or damaged.
    """
    try:
        yield
    except DBAPIError as error:
        raise _told(error.orig, place) from error
    except sqlite3.Error as error:
        raise _told(error, place) from error
    except SQLAlchemyError as error:
        raise StoreError(f"{place} cannot be used: {error}. Check the address.") from error


def _told(error: BaseException | None, place: str) -> GeoError:
    said = str(error).strip().splitlines()[0].removesuffix(".") if str(error).strip() else type(error).__name__
    if isinstance(error, sqlite3.Error):
        code = str(getattr(error, "sqlite_errorname", ""))
        kind, message = next((told for name, told in _FILE.items() if code.startswith(name)), _UNKNOWN)
    else:
        kinds = [ancestor.__name__ for ancestor in type(error).__mro__]
        kind, message = next((told for name, told in _SERVER.items() if name in kinds), _UNKNOWN)
    return kind(f"{place} {message.format(said=said)}")
