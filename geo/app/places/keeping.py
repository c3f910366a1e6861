"""Where the corrections of the dossier in hand are kept: in it, beside its tables, or for this visit only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from geo.app.words import literally
from geo.app.workspaces import hold, workspace_at
from geo.config import SAMPLE
from geo.correcting import InHand, said_of
from geo.errors import CorrectionError, GeoError
from geo.places.corrections import Corrections
from geo.places.corrections.row import as_cells
from geo.places.corrections.store import FILE
from geo.places.corrections.undo import ByKey
from geo.workspace import Workspace

_TO_KEEP = "Corrections last until you close or reload this page. Download them below to keep them."


@dataclass(frozen=True)
class Kept:
    """The corrections in force, and where they are.

    Args:
        corrections: What is corrected; nothing where the file cannot be read.
        lasting: Whether they are kept beside the data.
        where: Where they are kept, in words.
        trouble: Why the file cannot be read, in words; empty where it can.
        visit: A folder of this visit, for what is not kept where the corrections are; None where all is kept there.
    """

    corrections: Corrections
    lasting: bool
    where: str
    trouble: str = ""
    visit: Path | None = None

    @property
    def folder(self) -> Path:
        """Where a review is kept."""
        return self.visit or self.corrections.path.parent

    def again(self) -> Kept:
        """Read the corrections anew; where they cannot be read, those that are known stay.

        Returns:
            The corrections as they are now.
        """
        try:
            if isinstance(self.corrections, _InWorkspace):
                return replace(self, corrections=self.corrections.now())
            return replace(self, corrections=Corrections.open(self.corrections.path))
        except GeoError:
            return self

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


@dataclass(frozen=True)
class _InWorkspace(InHand):
    """The corrections of a workspace: each change is one of its transactions, in which the rows follow.

    Args:
        address: Where the workspace is.
    """

    address: str = ""

    def now(self) -> _InWorkspace:
        return replace(self, by_key=workspace_at(self.address).named.by_key)

    def last_change(self) -> tuple[str, ...]:
        workspace = workspace_at(self.address)
        mine = [one for one in workspace.history("corrections") if one.who == workspace.who and one.role != "undo"]
        if not mine or workspace.next_steps().get("undo") != mine[-1].what:
            return ()
        last = [entry.change for entry in mine if entry.change and entry.transaction == mine[-1].transaction]
        return tuple(str({**(one.before or {}), **(one.after or {})}.get("name", one.id)) for one in last)

    def undo(self) -> Corrections:
        if not self.last_change():
            raise CorrectionError("Something else was changed since. Undo that first, with the arrow at the top.")
        return self._held(workspace_at(self.address).undo())

    def _change(self, edit: Callable[[ByKey], ByKey]) -> Corrections:
        workspace = workspace_at(self.address)
        before = workspace.named
        after = edit(before.by_key)
        what = said_of(before.by_key, after)
        return self._held(workspace.correct(replace(before, by_key=after), what=what))

    def _held(self, workspace: Workspace) -> Corrections:
        hold(self.address, workspace)
        return replace(self, by_key=workspace.named.by_key)


def keep_inside(address: str, workspace: Workspace, visit: Path) -> Kept:
    """Keep corrections in the workspace that they are about.

    Args:
        address: Where it is.
        workspace: The workspace.
        visit: A folder of this visit, for what it does not hold.

    Returns:
        What is corrected there.
    """
    where = "Corrections are kept in the dossier itself; undoing takes them back like any other change."
    try:
        return Kept(_InWorkspace(Path(FILE), workspace.named.by_key, address), True, where, visit=visit)
    except GeoError as error:
        lines = "\n".join(f"- {literally(line)}" for line in str(error).splitlines())
        trouble = f"The corrections cannot be read, so nothing is corrected.\n\n{lines}"
        return Kept(_InWorkspace(Path(FILE), {}, address), True, where, trouble, visit)
