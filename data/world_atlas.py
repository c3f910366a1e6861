"""Where Natural Earth comes from in the builds: the npm package `world-atlas`."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "world-atlas@2.0.2"


@contextmanager
def topojson(name: str, path: Path | None) -> Iterator[Path]:
    """Give one TopoJSON file of the package: from a folder, a packed file, or fetched with `npm pack`."""
    with tempfile.TemporaryDirectory() as temp:
        if path is None:
            npm = shutil.which("npm")
            if npm is None:
                raise SystemExit("npm is not installed: install it, or give --world-atlas a downloaded package.")
            subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=temp, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            path = next(Path(temp).glob("*.tgz"))
        if path.is_file():
            with tarfile.open(path) as archive:
                archive.extractall(temp, filter="data")
            path = Path(temp)
        found = sorted(path.rglob(name))
        if not found:
            raise SystemExit(f"{path} has no {name}: give --world-atlas the folder or .tgz of {PACKAGE}.")
        yield found[0]
