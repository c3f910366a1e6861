"""The verbs for a dossier: slice it, draw its map, export its layers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from math import isnan
from pathlib import Path
from typing import Any, get_args

from geo.atlas import LAYERS, Atlas, where
from geo.cli.counts import count, share
from geo.errors import FilterError, FormatError
from geo.schema import TIMES
from geo.timeline import describe, iso_utc, parse_window
from geo.types import Layer, Mode, Status

LAYER_CHOICES: dict[str, tuple[Layer, ...]] = {"all": LAYERS, "events": ("events",), "routes": ("routes",)}


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs `slice`, `map` and `export`.

    Args:
        verbs: Where to add them.
    """
    slice_ = verbs.add_parser("slice", help="list what is in a window of time")
    _add_dossier(slice_)
    slice_.add_argument("--json", action="store_true", help="one JSON object a row")
    slice_.set_defaults(verb=_slice)

    map_ = verbs.add_parser("map", help="draw the map with its time slider as one HTML file")
    _add_dossier(map_)
    map_.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the .html file goes")
    map_.add_argument("--json", action="store_true", help="say what was written as a JSON object")
    map_.set_defaults(verb=_map)

    export = verbs.add_parser("export", help="write layers as GeoJSON (RFC 7946)")
    _add_dossier(export)
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a .geojson file; standard output if left out"
    )
    export.add_argument("--layer", choices=LAYER_CHOICES, default="all", help="which table (default: all)")
    export.add_argument("--json", action="store_true", help="say what was written to FILE as a JSON object")
    export.set_defaults(verb=_export)


def _add_dossier(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("dossier", metavar="DOSSIER", help="a folder of CSV files, or a .geojson file")
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


def _open(chosen: argparse.Namespace) -> Atlas:
    atlas = Atlas.open(chosen.dossier)
    for notice in atlas.notices:
        print(f"note: {notice.layer}, {notice.id}, {notice.column}: {notice.message}", file=sys.stderr)
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
    atlas = _open(chosen)
    for layer in LAYERS:
        for row in _rows(atlas, layer):
            print(
                json.dumps(row, ensure_ascii=False)
                if chosen.json
                else f"{row['when']:<34} {row['where']:<44} {row['title']}"
            )
    if not chosen.json:
        print(_counts(atlas, LAYERS))
    return 0


def _counts(atlas: Atlas, layers: Sequence[Layer]) -> str:
    return ", ".join(count(len(atlas.layer(layer)), layer.removesuffix("s")) for layer in layers)


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


def _map(chosen: argparse.Namespace) -> int:
    if chosen.output.suffix.lower() != ".html":
        raise FormatError(f"{chosen.output} is no name for a map. End it in .html.")
    atlas = _open(chosen)
    atlas.save(chosen.output)
    _report(chosen, atlas, LAYERS)
    return 0


def _export(chosen: argparse.Namespace) -> int:
    atlas = _open(chosen)
    layers = LAYER_CHOICES[chosen.layer]
    if chosen.output is None:
        print(atlas.to_geojson(layers=layers))
        return 0
    if chosen.output.suffix.lower() not in (".geojson", ".json"):
        raise FormatError(f"{chosen.output} is no name for GeoJSON. End it in .geojson.")
    atlas.save(chosen.output, layers=layers)
    _report(chosen, atlas, layers)
    return 0


def _report(chosen: argparse.Namespace, atlas: Atlas, layers: Sequence[Layer]) -> None:
    counts = {layer: len(atlas.layer(layer)) for layer in layers}
    said = (
        json.dumps({"file": str(chosen.output), **counts})
        if chosen.json
        else f"{chosen.output}: {_counts(atlas, layers)}"
    )
    print(said)
