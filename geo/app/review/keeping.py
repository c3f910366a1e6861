"""Where a review is kept: in the folder `review` beside the tables of a dossier, or for this visit only.

`articles.json` holds the texts, `progress.json` what was decided, `accepted.geojson` the accepted rows, which any
program that reads GeoJSON can open. Each is written whole or not at all.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geo.app.review.joining import accepted_atlas
from geo.app.review.progress import Progress, Telling
from geo.app.review.reading import Batch
from geo.atlas import LAYERS, Atlas
from geo.errors import FormatError, GeoError, ReadError, SaveError
from geo.formats.saving import save_text
from geo.news.types import Document
from geo.schema import SCHEMAS
from geo.types import Layer

FOLDER = "review"
ARTICLES, PROGRESS, ACCEPTED = "articles.json", "progress.json", "accepted.geojson"
_ADVICE = "Take the folder away to begin the review anew, or bring back the file as it was."


@dataclass(frozen=True)
class Saved:
    """A review as it was kept.

    Args:
        batches: The articles, those read together in one batch.
        progress: What was decided.
        at: Id of the candidate in hand, or empty.
        turn: How often it was saved, by which one window notices another.
    """

    batches: tuple[Batch, ...] = ()
    progress: Progress = field(default_factory=Progress)
    at: str = ""
    turn: int = 0


def load(folder: Path) -> Saved:
    """Read a review.

    Args:
        folder: The folder of the dossier.

    Returns:
        The review; an empty one where there is none.

    Raises:
        GeoError: A file of it cannot be read; the message says which.
    """
    kept = folder / FOLDER
    if not (kept / PROGRESS).exists():
        return Saved()
    told, articles = _json(kept / PROGRESS), _json(kept / ARTICLES)
    try:
        batches = tuple(
            tuple(Document(**{**document, "notes": tuple(document["notes"])}) for document in batch)
            for batch in articles["batches"]
        )
        merged = {name: Telling(**telling) for name, telling in told["merged"].items()}
        accepted, sources = _accepted(kept / ACCEPTED, merged)
        progress = Progress(accepted, sources, frozenset(told["rejected"]), merged, dict(told["edits"]))
        return Saved(batches, progress, str(told["at"]), int(told["turn"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, GeoError):
            raise
        raise FormatError(f"{FOLDER}: what stands there is no review that this version can read. {_ADVICE}") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(f"{FOLDER}/{path.name} cannot be read: {error.strerror}. {_ADVICE}") from error
    except ValueError as error:
        raise FormatError(f"{FOLDER}/{path.name} was changed or cut short: it is no JSON. {_ADVICE}") from error


def _accepted(path: Path, merged: dict[str, Telling]) -> tuple[dict[str, tuple[Layer, Any]], dict[str, Any]]:
    atlas = Atlas.open(path)
    rows: dict[str, tuple[Layer, Any]] = {}
    for layer in LAYERS:
        for row in atlas.layer(layer)[list(SCHEMAS[layer].columns)].to_dict("records"):
            rows[row["id"]] = (layer, row)
    for telling in merged.values():
        if telling.into in rows:  # a note that was merged in is added anew whenever the rows are shown
            layer, row = rows[telling.into]
            rows[telling.into] = (layer, {**row, "note": row["note"].replace(telling.note, "").strip()})
    columns = list(SCHEMAS["sources"].columns)
    return rows, {row["id"]: row for row in atlas.sources[columns].to_dict("records")}


def save(folder: Path, review: Saved, *, articles: bool) -> None:
    """Keep a review.

    Args:
        folder: The folder of the dossier.
        review: The review, its turn the one after that of the last time.
        articles: Whether there are new articles to keep too.

    Raises:
        SaveError: It could not be written, or another window went on with it meanwhile; what stood there is unchanged.
    """
    kept = folder / FOLDER
    try:
        kept.mkdir(exist_ok=True)
        last = json.loads((kept / PROGRESS).read_text(encoding="utf-8"))["turn"] if (kept / PROGRESS).exists() else 0
    except OSError as error:
        raise SaveError(f"The folder {FOLDER} could not be written: {error.strerror}. Check who may write.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SaveError(f"{FOLDER}/{PROGRESS} was changed by another program. {_ADVICE}") from error
    if last >= review.turn:
        raise SaveError("This review went on in another window. Reload this page to go on from there.")
    if articles:
        _write(kept / ARTICLES, {"batches": [[asdict(one) for one in batch] for batch in review.batches]})
    accepted_atlas(review.progress).save(kept / ACCEPTED)
    progress = review.progress
    _write(
        kept / PROGRESS,
        {
            "turn": review.turn,
            "at": review.at,
            "rejected": sorted(progress.rejected),
            "merged": {name: asdict(telling) for name, telling in progress.merged.items()},
            "edits": progress.edits,
        },
    )


def _write(path: Path, content: Any) -> None:
    save_text(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1), path)


def said_where(*, lasting: bool, edited: bool) -> str:
    """Say where the review is kept.

    Args:
        lasting: Whether it is kept beside the data.
        edited: Whether what is accepted is put into the dossier itself.

    Returns:
        A sentence or two.
    """
    if edited:
        return (
            "The articles and what you decided are kept until you close or reload this page; what you add to the "
            "dossier is kept in it."
        )
    if lasting:
        return (
            f"Kept as you go, in the folder “{FOLDER}” beside the tables of this dossier: the articles, what you "
            f"decided, and the accepted rows as {ACCEPTED}. Your tables stay as they are."
        )
    return (
        "Kept until you close or reload this page: the bundled sample and files that you brought stay as they are. "
        "Download the accepted rows to keep them."
    )
