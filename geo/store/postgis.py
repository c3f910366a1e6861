"""A workspace on a server: a PostgreSQL database with PostGIS, a schema of it for each dossier."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from geo.errors import OptionError
from geo.store.outside import OUTSIDE, begin_count
from geo.store.tables import LAYERS, METADATA, TRANSACTIONS

SCHEMES = ("postgresql", "postgres", "postgis")
USUAL_SCHEMA = "rutter"
_SECRET = ("password", "sslpassword")
_WAIT = "10s"
_OURS = "rutter.writing"
_COUNTER = """CREATE FUNCTION "{schema}".count_outside() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN
IF coalesce(current_setting('{ours}', true), '') <> 'on' THEN
UPDATE "{schema}".dossier SET value = (value::bigint + 1)::text WHERE key = '{key}'; END IF;
RETURN NULL; END $$"""
_TRIGGER = """CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{schema}".{table}
FOR EACH STATEMENT EXECUTE FUNCTION "{schema}".count_outside()"""
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def is_address(address: str) -> bool:
    """Tell a database's address from a file's.

    Args:
        address: What somebody wants opened.

    Returns:
        Whether it begins like `postgresql://`.
    """
    return address.partition("://")[0].partition("+")[0] in SCHEMES and "://" in address


@lru_cache(maxsize=16)
def engine(address: str) -> Engine:
    """Make the way to a database; nothing is opened yet.

    Args:
        address: `postgresql://USER@HOST/DATABASE?dossier=NAME`; the dossier is `rutter` where none is named.

    Returns:
        An engine whose tables are those of the dossier.

    Raises:
        OptionError: The address cannot be read, or the dossier's name cannot be one.
    """
    import geoalchemy2  # noqa: F401  (what it does when tables are made must be in place before)

    url = _read(address)
    schema = schema_of(url)
    url = url.set(drivername="postgresql+psycopg").difference_update_query(["dossier"])
    made = create_engine(url, pool_pre_ping=True)
    event.listen(made, "connect", _in_utc)
    return made.execution_options(schema_translate_map={None: schema})


def _in_utc(link: Any, _: object) -> None:
    # The first and last moments that the driver can hold are beyond what it can hold in other zones.
    link.execute("SET TIME ZONE 'UTC'")
    link.commit()


def shown(address: str) -> str:
    """Write an address as messages may have it.

    Args:
        address: The address.

    Returns:
        The same without its password.

    Raises:
        OptionError: The address cannot be read.
    """
    url = _read(address)
    return url.set(password=None).difference_update_query(_SECRET).render_as_string()


def _read(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:
        wanted = "postgresql://USER@HOST/DATABASE?dossier=NAME"
        raise OptionError(f"This is no address of a database. Write {wanted}.") from error


def schema_of(url: URL) -> str:
    """Name the schema a dossier's tables are in.

    Args:
        url: The address.

    Returns:
        The schema.

    Raises:
        OptionError: The dossier's name cannot be one.
    """
    named = url.query.get("dossier", USUAL_SCHEMA)
    schema = named if isinstance(named, str) else named[0]
    if not _NAME.fullmatch(schema):
        raise OptionError(f"{schema!r} cannot name a dossier. Use small letters, digits and _, a letter first.")
    return schema


def dossier_of(address: str) -> str:
    """Name the dossier that an address opens.

    Args:
        address: The address.

    Returns:
        What stands after `dossier=`, else the usual name.

    Raises:
        OptionError: The address cannot be read, or the dossier's name cannot be one.
    """
    return schema_of(_read(address))


def create(connection: Connection) -> None:
    """Make an empty workspace.

    Args:
        connection: A connection that writes.
    """
    schema = connection.get_execution_options()["schema_translate_map"][None]
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    METADATA.create_all(connection, checkfirst=False)
    begin_count(connection)
    connection.exec_driver_sql(_COUNTER.format(schema=schema, key=OUTSIDE, ours=_OURS))
    for layer in LAYERS:
        connection.exec_driver_sql(_TRIGGER.format(schema=schema, table=layer))


def is_there(connection: Connection) -> bool:
    """Tell whether the database holds the dossier.

    Args:
        connection: A connection.

    Returns:
        Whether its tables are there.
    """
    schema = connection.get_execution_options()["schema_translate_map"][None]
    known = set(inspect(connection).get_table_names(schema=schema))
    return known.issuperset(METADATA.tables)


def lock(connection: Connection) -> None:
    """Let one transaction write at a time, as a file does, so that their numbers follow one another.

    Args:
        connection: A connection that is about to write.
    """
    schema = connection.get_execution_options()["schema_translate_map"][None]
    connection.execute(text(f"SET LOCAL {_OURS} = 'on'"))  # for the triggers, until this transaction ends
    connection.execute(text(f"SET LOCAL lock_timeout = '{_WAIT}'"))
    connection.execute(text(f'LOCK TABLE "{schema}".{TRANSACTIONS.name} IN SHARE ROW EXCLUSIVE MODE'))
