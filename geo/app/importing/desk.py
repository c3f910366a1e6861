"""The tables in hand: files that were brought in this visit, and one of them in front."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import streamlit as st

from geo.app.dossier import Dossier
from geo.app.importing.job import Job, begin_anew, take
from geo.app.importing.joined import key_of
from geo.errors import GeoError
from geo.formats.reading import LayerSummary, Sheet
from geo.formats.reading.files import SUFFIXES
from geo.importing import Guess, Remembered, list_layers, read_sheet, suggest

SHAPE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
"""Files that belong to a Shapefile and are nothing without it."""
_DESKS = "tables-desks"
_AS_BEFORE = "The columns are read as you had them read before in this visit."
_AS_REMEMBERED = "The columns are read as remembered from a table with the same header."


@dataclass
class Desk:
    """The tables that were brought to one dossier in this visit.

    Args:
        folder: Where they lie.
        jobs: The files.
        at: The number of the one in hand.
        turn: How often files were brought.
        faults: Why files could not be read, in words.
        said: What was last done, in words.
    """

    folder: tempfile.TemporaryDirectory[str]
    jobs: list[Job] = field(default_factory=list)
    at: int = 0
    turn: int = 0
    faults: list[str] = field(default_factory=list)
    said: str = ""

    @property
    def hand(self) -> Job | None:
        """The file in hand."""
        return next((job for job in self.jobs if job.number == self.at), None)

    @property
    def visit(self) -> Remembered:
        """How tables were read in this visit."""
        return Remembered(Path(self.folder.name) / "mappings.json")


def desk_of(dossier: Dossier) -> Desk:
    """Give the tables that were brought to a dossier.

    Args:
        dossier: The dossier as it was opened.

    Returns:
        They, for this visit.
    """
    desks: dict[str, Desk] = st.session_state.setdefault(_DESKS, {})
    key = key_of(dossier)
    if key not in desks:
        desks[key] = Desk(tempfile.TemporaryDirectory(prefix="rutter-"))
    return desks[key]


def bring(desk: Desk, files: Sequence[tuple[str, bytes]]) -> None:
    """Take in files; those that cannot be read are said, the others come in hand.

    Args:
        desk: The tables in hand.
        files: Name and content of each.
    """
    desk.turn += 1
    desk.faults = []
    folder = Path(desk.folder.name) / str(desk.turn)
    folder.mkdir()
    paths = [_put(folder, name, content) for name, content in files]
    whole = {path.stem for path in paths if path.suffix.lower() == ".shp"}
    for path in paths:
        if path.suffix.lower() in SHAPE_PARTS:
            if path.stem not in whole:
                desk.faults.append(
                    f"{path.name} is a part of a Shapefile. Bring it together with its .shp, or as a zip."
                )
            continue
        try:
            layers = tuple(list_layers(path))
            job = Job(max((job.number for job in desk.jobs), default=0) + 1, path, layers)
            read(desk, job, _likeliest(layers))
        except GeoError as error:
            desk.faults.append(str(error))
            continue
        if job.trouble:
            desk.faults.append(job.trouble)
            continue
        desk.jobs.append(job)
        desk.at = job.number


def _likeliest(layers: Sequence[LayerSummary]) -> str | None:
    """Choose the layer to begin with: of a workbook the longest sheet, of a map the first layer."""
    if len(layers) < 2:
        return None
    drawn = any(layer.geometry for layer in layers)
    return layers[0].name if drawn else max(layers, key=lambda layer: layer.rows).name


def _put(folder: Path, name: str, content: bytes) -> Path:
    plain = PurePosixPath(name.replace("\\", "/")).name.lstrip(".") or "file"
    path = folder / plain
    if path.exists():
        path = folder / f"{len(list(folder.iterdir()))}" / plain
        path.parent.mkdir()
    path.write_bytes(content)
    return path


def read(desk: Desk, job: Job, layer: str | None) -> None:
    """Read one layer of a file, and guess what its columns mean.

    Args:
        desk: The tables in hand.
        job: The file; what came of another layer of it is forgotten.
        layer: Which layer; None where there is only one.
    """
    job.layer, job.sheet, job.trouble = layer, None, ""
    begin_anew(job)
    try:
        sheet = read_sheet(job.path, layer=layer)
        if not len(sheet):
            job.trouble = f"{job.name} holds no rows. Bring a table with a header and at least one row under it."
            return
        job.guess = _guess(desk, sheet)
    except GeoError as error:
        job.trouble = str(error)
        return
    job.sheet = sheet
    job.remembered = job.guess.mapping if _AS_REMEMBERED in job.guess.remarks else None
    take(job, job.guess.mapping)


def _guess(desk: Desk, sheet: Sheet) -> Guess:
    for kept, said in ((desk.visit, _AS_BEFORE), (Remembered(), _AS_REMEMBERED)):
        try:
            mapping = kept.find(sheet)
        except GeoError as error:  # what is remembered is a help, and no reason not to read a table
            return replace(suggest(sheet), remarks=(str(error),))
        if mapping is not None:
            return Guess(mapping, remembered=True, remarks=(said,))
    return suggest(sheet)


def endings() -> list[str]:
    """List the endings of files that can be brought.

    Returns:
        They, without the dot.
    """
    return [ending.removeprefix(".") for ending in (*SUFFIXES, *SHAPE_PARTS)]
