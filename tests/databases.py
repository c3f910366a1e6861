"""A PostgreSQL with PostGIS for the tests: started on a free port of this machine, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MISSING = "no PostgreSQL with PostGIS to test a team's database in"
INSTALL = "install postgresql and its postgis package (Debian: postgresql postgresql-postgis)"


def programs() -> Path | None:
    """Find where the server's programs are."""
    on_path = shutil.which("initdb")
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(on_path).parent if on_path else (kept[-1].parent if kept else None)


def serve() -> Iterator[str]:
    """Start a server and yield the address of its database."""
    folder = programs()
    if folder is None:
        _lacking(MISSING)
        return
    with tempfile.TemporaryDirectory(prefix="rutter-pg-") as home:
        own: dict[str, str] = {}
        if os.getuid() == 0:  # the server refuses to run as root
            own = {"user": "postgres", "group": "postgres"}
            shutil.chown(home, **own)
        data = Path(home) / "data"
        subprocess.run(
            [folder / "initdb", "-D", data, "-A", "trust", "-U", "rutter", "-E", "UTF8", "--no-locale"],
            check=True,
            capture_output=True,
            cwd=home,
            **own,
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": home, "fsync": "off"}
        command = [folder / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]
        with (Path(home) / "log").open("wb") as log, subprocess.Popen(command, stderr=log, cwd=home, **own) as server:
            try:
                _wait_for(port, server, Path(home) / "log")
                address = f"postgresql://rutter@127.0.0.1:{port}/postgres"
                _need_postgis(address)
                yield address
            finally:
                server.send_signal(signal.SIGINT)  # asked politely, it would wait for connections that are kept open


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    import psycopg

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(f"postgresql://rutter@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    pytest.fail(f"the database did not start: {log.read_text()}")


def _need_postgis(address: str) -> None:
    import psycopg

    with psycopg.connect(address) as link:
        if not link.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone():
            _lacking(MISSING)


def _lacking(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(f"NOT TESTED: {what}; {INSTALL}")
