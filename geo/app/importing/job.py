"""One file that was brought: what its columns are read as, what its first rows would become, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from geo.app.dossier import Dossier
from geo.app.importing.meanings import asked
from geo.app.importing.twins import Twin
from geo.formats.reading import LayerSummary, Sheet
from geo.importing import Guess, Imported, Mapping, import_sheet, preview, suggest
from geo.importing.converting import Report
from geo.importing.mapping import Target
from geo.importing.tracks import GAP
from geo.places.finder import PlaceFinder
from geo.types import FindPlaces, Layer


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
        grew: Whether that is anything.
        batch: The number by which it is taken out again.
        remembered: How it was read when that was remembered.
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
    grew: bool = False
    batch: int = 0
    remembered: Mapping | None = None

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name


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
    job.added, job.grew, job.batch = "", False, 0


def finder(dossier: Dossier) -> FindPlaces:
    """Give what turns names into places, with the corrections in force.

    Args:
        dossier: The dossier in hand.

    Returns:
        What finds places.
    """
    return PlaceFinder(corrections=dossier.kept.corrections).places


def examples(cells: pd.Series, count: int = 3) -> list[str]:
    """Pick a few different cells of a column.

    Args:
        cells: Its cells.
        count: How many at most.

    Returns:
        The first that hold anything.
    """
    return [str(cell) for cell in cells[cells.str.strip() != ""].drop_duplicates().head(count)]
