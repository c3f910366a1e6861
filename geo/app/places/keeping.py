"""Where the corrections of the dossier in hand are kept: beside its tables, or for this visit only."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from geo.app.words import literally
from geo.config import SAMPLE
from geo.errors import GeoError
from geo.places.corrections import Corrections
from geo.places.corrections.row import as_cells
from geo.places.corrections.store import FILE

_TO_KEEP = "Corrections last until you close or reload this page. Download them below to keep them."


@dataclass(frozen=True)
class Kept:
    """The corrections in force, and where they are.

    Args:
        corrections: What is corrected; nothing where the file cannot be read.
        lasting: Whether they are kept beside the data.
        where: Where they are kept, in words.
        trouble: Why the file cannot be read, in words; empty where it can.
    """

    corrections: Corrections
    lasting: bool
    where: str
    trouble: str = ""

    @property
    def state(self) -> tuple[str, ...]:
        """What the corrections mean, so that equal ones place a dossier alike."""
        return tuple(
            "\0".join(cell for column, cell in as_cells(correction).items() if column != "changed")
            for correction in self.corrections.entries()
        )


def beside(folder: Path) -> str | None:
    """Tell whether corrections may be kept beside a dossier's tables.

    Args:
        folder: What was opened: a folder, or a file.

    Returns:
        None where they may; otherwise why not, in words.
    """
    if not folder.is_dir():
        return "This dossier is a single file, beside which nothing is written."
    if folder.resolve() == SAMPLE.resolve():
        return "The bundled sample stays as it is."
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"The folder of this dossier may not be written to ({error.strerror})."


def keep_beside(folder: Path) -> Kept:
    """Keep corrections beside a dossier's tables.

    Args:
        folder: A folder that may be written to.

    Returns:
        What is corrected there.
    """
    return _read(folder, True, f"Corrections are kept in {FILE}, beside the tables of this dossier.")


def keep_for_now(folder: Path, why: str) -> Kept:
    """Keep corrections for this visit.

    Args:
        folder: A folder of this visit.
        why: Why they are not kept beside the data.

    Returns:
        What is corrected there.
    """
    return _read(folder, False, f"{why} {_TO_KEEP}")


def begin_for_now(folder: Path, data: Path | None) -> None:
    """Begin a visit with the corrections that stand beside the data.

    Args:
        folder: A folder of this visit.
        data: The folder of the dossier, or None where it has none.
    """
    if data is not None and data.is_dir():
        with suppress(OSError):
            shutil.copyfile(data / FILE, folder / FILE)


def _read(folder: Path, lasting: bool, where: str) -> Kept:
    path = folder / FILE
    try:
        return Kept(Corrections.open(path), lasting, where)
    except GeoError as error:
        trouble = f"{FILE} cannot be read, so nothing is corrected. What stands in it is left as it is."
        lines = "\n".join(f"- {literally(line)}" for line in str(error).splitlines())
        return Kept(Corrections(path, {}), lasting, where, f"{literally(trouble)}\n\n{lines}")
