"""The tables in hand: files that were brought, what their columns are read as, and what came of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pandas as pd
import streamlit as st

from geo.app.dossier import Dossier
from geo.app.importing.meanings import asked
from geo.app.importing.twins import Twin
from geo.errors import GeoError
from geo.formats.reading import LayerSummary, Sheet
from geo.formats.reading.files import SUFFIXES
from geo.importing import Guess, Imported, Mapping, Remembered, import_sheet, list_layers, preview, read_sheet, suggest
from geo.importing.converting import Report
from geo.importing.mapping import Target
from geo.importing.tracks import GAP
from geo.places.finder import PlaceFinder
from geo.types import FindPlaces, Layer

SHAPE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
"""Files that belong to a Shapefile and are nothing without it."""
_DESKS = "tables-desks"
_AS_BEFORE = "The columns are read as you had them read before in this visit."
_AS_REMEMBERED = "The columns are read as remembered from a table with the same header."


@dataclass
class Job:
    """One file that was brought.

    Args:
        number: What tells it from other files, even of the same name.
        path: Where it lies for now.
        layers: Its sheets or layers.
        layer: Which of them is read; None where there is only one.
        sheet: That one; None where it cannot be read.
        guess: What its columns were read as at first.
        mapping: What they are read as now.
        asked: The meanings that the form shows.
        gap: After how long without a position a new track begins.
        turn: How often something changed that the form has to show anew.
        trouble: Why it cannot be read, in words, or empty.
        shown: What its first rows would become, with the mapping by which.
        result: What came of it, before it is in the dossier.
        twins: The rows that may be there already.
        there: How many rows are there word for word.
        decisions: What was decided about those that may be.
        page: Which of them are on the screen.
        added: What the dossier got, in words; empty before.
        batch: The number by which it is taken out again.
    """

    number: int
    path: Path
    layers: tuple[LayerSummary, ...]
    layer: str | None = None
    sheet: Sheet | None = None
    guess: Guess = field(default_factory=lambda: Guess(Mapping()))
    mapping: Mapping = field(default_factory=Mapping)
    asked: list[str] = field(default_factory=list)
    gap: str = GAP
    turn: int = 0
    trouble: str = ""
    shown: tuple[Mapping, Imported] | None = None
    result: Imported | None = None
    twins: list[Twin] = field(default_factory=list)
    there: int = 0
    decisions: dict[tuple[Layer, str], str] = field(default_factory=dict)
    page: int = 0
    added: str = ""
    batch: int = 0

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name


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
    key = str(dossier.kept.corrections.path)
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
            read(desk, job, layers[0].name if len(layers) > 1 else None)
        except GeoError as error:
            desk.faults.append(str(error))
            continue
        if job.trouble:
            desk.faults.append(job.trouble)
            continue
        desk.jobs.append(job)
        desk.at = job.number


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
    job.layer, job.sheet, job.trouble, job.added, job.batch = layer, None, "", "", 0
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


def take(job: Job, mapping: Mapping) -> None:
    """Read the columns of a file in another way, and show the form anew.

    Args:
        job: The file.
        mapping: What its columns mean.
    """
    assert job.sheet is not None
    job.mapping = mapping
    told = {*mapping.columns, *mapping.constants}
    job.asked = asked(mapping.layer, told, drawn=job.sheet.geometry is not None)
    job.turn += 1


def turn_to(job: Job, layer: Target) -> None:
    """Let the rows of a file become something else.

    Args:
        job: The file.
        layer: What they become.
    """
    assert job.sheet is not None
    before = job.mapping
    job.guess = suggest(job.sheet, layer=layer)
    take(job, replace(job.guess.mapping, zone=before.zone, crs=before.crs))


def first_rows(job: Job, find: FindPlaces) -> Imported:
    """Show what the first rows of a file would become; made anew only when it is read in another way.

    Args:
        job: The file.
        find: Turns names into places.

    Returns:
        What they would become.

    Raises:
        GeoError: The mapping does not fit.
    """
    assert job.sheet is not None
    if job.shown is None or job.shown[0] != job.mapping:
        job.shown = (job.mapping, preview(job.sheet, job.mapping, find=find))
    return job.shown[1]


def import_all(job: Job, find: FindPlaces, report: Report) -> Imported:
    """Make checked tables of all rows of a file.

    Args:
        job: The file.
        find: Turns names into places.
        report: Told how far it is.

    Returns:
        The tables, the rows that failed, and what should be known.

    Raises:
        GeoError: The mapping does not fit.
    """
    assert job.sheet is not None
    return import_sheet(job.sheet, job.mapping, find=find, gap=job.gap, report=report)


def begin_anew(job: Job) -> None:
    """Forget what came of a file, so that its columns can be read in another way.

    Args:
        job: The file.
    """
    job.result, job.twins, job.there, job.decisions, job.page, job.shown = None, [], 0, {}, 0, None


def finder(dossier: Dossier) -> FindPlaces:
    """Give what turns names into places, with the corrections in force.

    Args:
        dossier: The dossier in hand.

    Returns:
        What finds places.
    """
    return PlaceFinder(corrections=dossier.kept.corrections).places


def endings() -> list[str]:
    """List the endings of files that can be brought.

    Returns:
        They, without the dot.
    """
    return [ending.removeprefix(".") for ending in (*SUFFIXES, *SHAPE_PARTS)]


def examples(cells: pd.Series, count: int = 3) -> list[str]:
    """Pick a few different cells of a column.

    Args:
        cells: Its cells.
        count: How many at most.

    Returns:
        The first that hold anything.
    """
    return [str(cell) for cell in cells[cells.str.strip() != ""].drop_duplicates().head(count)]
