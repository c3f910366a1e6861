"""The verbs for a dossier: slice it, export its layers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Any, get_args

from geo import exporting
from geo.atlas import LAYERS, Atlas, where
from geo.cli.counts import count, share
from geo.errors import FilterError, FormatError
from geo.schema import TIMES
from geo.timeline import describe, iso_utc, parse_window
from geo.types import Layer, Mode, Notice, Status

LAYER_CHOICES: dict[str, tuple[Layer, ...]] = {"all": LAYERS, "events": ("events",), "routes": ("routes",)}


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs `slice` and `export`.

    Args:
        verbs: Where to add them.
    """
    slice_ = verbs.add_parser("slice", help="list what is in a window of time")
    add_dossier(slice_)
    slice_.add_argument("--json", action="store_true", help="one JSON object a row")
    slice_.set_defaults(verb=_slice)

    export = verbs.add_parser("export", help="write layers as GeoJSON, GeoParquet, KML, CSV, XLSX, GPX or a page")
    add_dossier(export)
    export.add_argument(
        "-o", "--output", metavar="FILE", help="a file, or a folder for CSV; standard output if left out, for text only"
    )
    export.add_argument(
        "--format",
        choices=[suffix.removeprefix(".") for suffix in exporting.FORMATS],
        help="the kind of file (default: what FILE ends in, a folder of CSV where it has no ending, else geojson)",
    )
    export.add_argument("--layer", choices=LAYER_CHOICES, default="all", help="which table (default: all)")
    export.add_argument("--json", action="store_true", help="say what was written to FILE as a JSON object")
    export.set_defaults(verb=_export)


def add_dossier(verb: argparse.ArgumentParser) -> None:
    """Add the dossier and the filters of its rows.

    Args:
        verb: The verb they are for.
    """
    verb.add_argument(
        "dossier",
        metavar="DOSSIER",
        help="a folder of CSV files, a .zip of one, a .geojson, .geojsonl or .parquet file",
    )
    verb.add_argument(
        "--from", dest="start", metavar="DATE", help="first date of the window, as 2024, 2024-03, 2024-03-24"
    )
    verb.add_argument("--to", dest="end", metavar="DATE", help="last date of the window; it is part of it")
    verb.add_argument("--kind", action="append", metavar="KIND", help="of the events keep this kind; may be repeated")
    verb.add_argument(
        "--mode", action="append", choices=get_args(Mode), help="of the routes keep these; may be repeated"
    )
    verb.add_argument("--status", action="append", choices=get_args(Status), help="keep these; may be repeated")
    verb.add_argument("--words", default="", metavar="TEXT", help="keep rows that hold all these words")
    verb.add_argument("--confidence", type=share, default=0.0, metavar="N", help="keep rows at least this sure, 0 to 1")


def open_dossier(chosen: argparse.Namespace) -> Atlas:
    """Open the dossier that was named, with the rows that were asked for.

    Args:
        chosen: The words of the command line.

    Returns:
        Those rows; what a reader should know of them stands on standard error.

    Raises:
        GeoError: It cannot be opened, or no row can pass.
    """
    atlas = Atlas.open(chosen.dossier)
    _note(atlas.notices)
    known = set(atlas.events["kind"])
    unknown = sorted(set(chosen.kind or ()) - known)
    if unknown:
        raise FilterError(f"No event is of the kind {', '.join(unknown)}. Kinds here: {', '.join(sorted(known))}.")
    atlas = atlas.matching(
        kinds=chosen.kind,
        modes=chosen.mode,
        statuses=chosen.status,
        words=chosen.words,
        confidence=chosen.confidence,
    )
    if chosen.start or chosen.end:
        atlas = atlas.between(*parse_window(chosen.start, chosen.end))
    return atlas


def _slice(chosen: argparse.Namespace) -> int:
    atlas = open_dossier(chosen)
    for layer in LAYERS:
        for row in _rows(atlas, layer):
            print(
                json.dumps(row, ensure_ascii=False)
                if chosen.json
                else f"{row['when']:<34} {row['where']:<44} {row['title']}"
            )
    if not chosen.json:
        print(_counts({layer: len(atlas.layer(layer)) for layer in LAYERS}))
    return 0


def _counts(counts: Mapping[Layer, int]) -> str:
    return ", ".join(count(number, layer.removesuffix("s")) for layer, number in counts.items())


def _rows(atlas: Atlas, layer: Layer) -> Iterator[dict[str, Any]]:
    first, last = TIMES[layer]
    table = atlas.layer(layer).sort_values(first, kind="stable")
    for row in table.drop(columns="geometry").to_dict("records"):
        dated = row[first] == row[first]
        yield {
            "layer": layer,
            "id": row["id"],
            "when": describe(row[first], row[last], row["precision"]),
            "start": iso_utc(row[first]) if dated else None,
            "end": iso_utc(row[last]) if dated else None,
            "title": row["title"],
            "kind": row["kind"] if layer == "events" else row["mode"],
            "where": where(layer, row),
            "confidence": None if isnan(row["confidence"]) else row["confidence"],
            "source_id": row["source_id"],
        }


def _export(chosen: argparse.Namespace) -> int:
    atlas = open_dossier(chosen)
    layers = LAYER_CHOICES[chosen.layer]
    folder = chosen.output is not None and not chosen.format and exporting.is_folder(chosen.output)
    name = chosen.format or ("zip" if folder else chosen.output) or "geojson"
    if chosen.output is None:
        if not exporting.format_of(name).text:
            raise FormatError(f"{name} is no text: it cannot be shown here. Name a file with -o.")
        written = exporting.export(atlas, name, layers=layers)
        _note(written.notices)
        sys.stdout.flush()
        sys.stdout.buffer.write(written.content.rstrip(b"\n") + b"\n")
        return 0
    _note(exporting.save(atlas, chosen.output, layers=layers, format="" if folder else name))
    report(chosen, exporting.held(atlas, name, layers=layers))
    return 0


def _note(notices: Sequence[Notice]) -> None:
    for notice in notices:
        about = ", ".join(filter(None, (notice.layer, notice.id, notice.column)))
        print(f"note: {about}: {notice.message}", file=sys.stderr)


def report(chosen: argparse.Namespace, counts: Mapping[Layer, int]) -> None:
    """Say what was written.

    Args:
        chosen: The words of the command line.
        counts: How many rows of each layer the file holds.
    """
    said = json.dumps({"file": str(chosen.output), **counts}) if chosen.json else f"{chosen.output}: {_counts(counts)}"
    print(said)
