"""The review in hand: what was read, what was decided, and the way back; kept in Streamlit's session state."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from geo.app.places.keeping import Kept
from geo.app.review import keeping
from geo.app.review.keeping import Saved
from geo.app.review.progress import Progress
from geo.app.review.reading import Batch, Report, read, together
from geo.app.review.rows import Tables, as_they_stand
from geo.candidates import Candidates
from geo.errors import GeoError

_DESKS = "review-desks"


@dataclass(frozen=True)
class Step:
    """One act, to be undone.

    Args:
        before: Where the review stood.
        at: Which candidate was in hand.
        said: What was done, in words.
        corrected: The name that was corrected by it, or empty.
    """

    before: Progress
    at: str
    said: str
    corrected: str = ""


@dataclass
class Desk:
    """The review of one dossier.

    Args:
        folder: Where it is kept.
        lasting: Whether that is beside the data.
        batches: The articles, those read together in one batch.
        progress: What was decided.
        past: What was done, to be undone.
        at: Id of the candidate in hand, or empty.
        turn: How often it was saved.
        map_turn: How often what is on the map changed.
        parts: What was read in each batch; empty before they are read in this visit.
        candidates: The same together.
        said: What was last done, in words.
        trouble: What went wrong, in words, or empty.
        broken: Why what was kept cannot be read, in words; empty where it can.
        stand: The candidates as they last stood, with what they were made from.
    """

    folder: Path
    lasting: bool
    batches: tuple[Batch, ...] = ()
    progress: Progress = field(default_factory=Progress)
    past: list[Step] = field(default_factory=list)
    at: str = ""
    turn: int = 0
    map_turn: int = 0
    parts: list[Candidates] = field(default_factory=list)
    candidates: Candidates | None = None
    said: str = ""
    trouble: str = ""
    broken: str = ""
    stand: tuple[object, Candidates, Tables] | None = None


def desk_of(kept: Kept) -> Desk:
    """Give the review of a dossier; what was kept beside it is read once in a visit.

    Args:
        kept: The corrections of the dossier, beside which the review is kept.

    Returns:
        The review.
    """
    folder = kept.folder
    desks: dict[str, Desk] = st.session_state.setdefault(_DESKS, {})
    if str(folder) not in desks:
        desk = desks[str(folder)] = Desk(folder, kept.lasting and kept.visit is None)
        try:
            saved = keeping.load(folder)
        except GeoError as error:
            desk.broken = str(error)
        else:
            desk.batches, desk.progress, desk.at, desk.turn = saved.batches, saved.progress, saved.at, saved.turn
    return desks[str(folder)]


def standing(desk: Desk, kept: Kept) -> Tables:
    """Give the candidates as they stand; made anew only when something moved them.

    Args:
        desk: The review, its articles read.
        kept: The corrections in force.

    Returns:
        The two tables of candidates.
    """
    assert desk.candidates is not None
    made_from = (kept.state, desk.progress.edits, desk.progress.merged)
    if desk.stand is None or desk.stand[0] != made_from or desk.stand[1] is not desk.candidates:
        tables = as_they_stand(desk.candidates, kept.corrections, desk.progress)
        desk.stand = (made_from, desk.candidates, tables)
    return desk.stand[2]


def read_on(desk: Desk, kept: Kept, report: Report) -> None:
    """Read the articles that are not read yet in this visit.

    Args:
        desk: The review.
        kept: The corrections in force.
        report: Told how far it is, 0 to 1, and with what.
    """
    for batch in desk.batches[len(desk.parts) :]:
        desk.parts.append(read(batch, kept.corrections, report))
        desk.candidates = None
    if desk.candidates is None and desk.parts:
        desk.candidates = together(desk.parts)


def take_in(desk: Desk, batch: Batch) -> None:
    """Take in articles.

    Args:
        desk: The review.
        batch: The articles.

    Raises:
        SaveError: They could not be kept; nothing is taken in.
    """
    before = desk.batches
    desk.batches = (*before, batch)
    try:
        _save(desk, articles=True)
    except GeoError:
        desk.batches = before
        raise


def decide(desk: Desk, progress: Progress, said: str, *, then: str, corrected: str = "") -> bool:
    """Take over what was decided, keep it, and remember the way back.

    Args:
        desk: The review.
        progress: Where it stands now.
        said: What was done, in words.
        then: Id of the candidate to show next, or empty.
        corrected: The name that was corrected by it, or empty.

    Returns:
        Whether it could be kept; if not, the review stands as before and says why.
    """
    step = Step(desk.progress, desk.at, said, corrected)
    if not _turn_to(desk, progress, then):
        return False
    desk.past.append(step)
    desk.said = said
    return True


def undo(desk: Desk, kept: Kept) -> None:
    """Undo what was last done.

    Args:
        desk: The review.
        kept: The corrections in force.
    """
    if not desk.past:
        return
    step = desk.past[-1]
    try:
        if step.corrected:
            if kept.corrections.last_change() != (step.corrected,):
                desk.trouble = (
                    f"“{step.corrected}” cannot be put back from here: places were corrected since. "
                    "Undo those first, on the map's side under Notes."
                )
                return
            kept.corrections.undo()
    except GeoError as error:
        desk.trouble = str(error)
        return
    if _turn_to(desk, step.before, step.at):
        desk.past.pop()
        desk.said = f"Undone: {step.said}"


def _turn_to(desk: Desk, progress: Progress, at: str) -> bool:
    before = desk.progress, desk.at
    desk.progress, desk.at = progress, at
    desk.trouble = ""
    try:
        _save(desk, articles=False)
    except GeoError as error:
        desk.progress, desk.at = before
        desk.trouble = f"Nothing was changed. {error}"
        return False
    if progress.accepted != before[0].accepted or progress.merged != before[0].merged:
        desk.map_turn += 1
    return True


def _save(desk: Desk, *, articles: bool) -> None:
    turn = desk.turn + 1

    keeping.save(desk.folder, Saved(desk.batches, desk.progress, desk.at, turn), articles=articles)
    desk.turn = turn
