"""The verb `extract`: articles in, candidates for events and routes out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from geo.candidates import Candidates
from geo.cli.counts import count, share
from geo.cli.places import open_corrections
from geo.errors import BAD_INPUT, FormatError, GeoError, MissingFileError, SaveError
from geo.extracting import extract_documents
from geo.faults import fault_of
from geo.formats.saving import save_text
from geo.news.documents import read_documents
from geo.news.documents.reading import documents_of
from geo.news.documents.told import day_of_publication
from geo.news.mentions.recognisers import recogniser
from geo.news.types import Document
from geo.places import PlaceFinder
from geo.sourcing import free_name
from geo.timeline import describe

STANDARD_INPUT = "-"
_SHOWN = 3
_SUFFIXES = (".geojson", ".json", ".html")


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `extract`.

    Args:
        verbs: Where to add it.
    """
    verb = verbs.add_parser("extract", help="read articles: places, dates, events and routes, to be reviewed")
    verb.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="articles (.txt .md .html .pdf .docx .jsonl, RSS, Atom), folders or zips of them; - for standard input",
    )
    verb.add_argument("--published", metavar="DATE", help="when texts that do not say so were published")
    verb.add_argument("--source", metavar="NAME", help="who published texts that do not say so")
    verb.add_argument("-o", "--output", type=Path, metavar="FILE", help="candidates as .geojson, or a map as .html")
    verb.add_argument("--mentions", type=Path, metavar="FILE", help="the places named, as JSON lines, a text a line")
    verb.add_argument(
        "--accept",
        type=share,
        metavar="N",
        help="put only what is at least this sure into the output, as reported: the review is then yours",
    )
    verb.add_argument("--ner", metavar="MODEL", help="what finds place names: spacy:NAME for a pipeline of spaCy's")
    verb.add_argument(
        "--corrections", type=Path, metavar="FOLDER", help="a dossier whose corrections count, or its corrections.csv"
    )
    verb.add_argument("--json", action="store_true", help="one JSON object a candidate")
    verb.set_defaults(verb=_extract)


def _extract(chosen: argparse.Namespace) -> int:
    if chosen.output and chosen.output.suffix.lower() not in _SUFFIXES:
        raise FormatError(f"{chosen.output} is no name for candidates. End it in .geojson or .html.")
    chosen.published = day_of_publication(chosen.published or "")
    ner = recogniser(chosen.ner) if chosen.ner else None
    corrections = open_corrections(chosen.corrections)
    for target in filter(None, (chosen.output, chosen.mentions)):
        _check_target(target)
    documents, failed = _documents(chosen)
    if not documents and not failed:
        raise FormatError("No articles are there: the folder is empty. Give files, or a folder with articles in it.")
    if not documents:
        return BAD_INPUT
    found = extract_documents(
        documents, geocode=PlaceFinder(corrections=corrections), ner=ner, progress=sys.stderr.isatty()
    )
    for note in _notes(found):
        print(f"note: {note}", file=sys.stderr)
    if chosen.mentions:
        save_text("".join(_lines(documents, found)), chosen.mentions)
    _write(chosen, found, len(documents))
    if failed:
        print(f"{count(failed, 'file')} could not be read, see above. The rest was.", file=sys.stderr)
    return BAD_INPUT if failed else 0


def _check_target(path: Path) -> None:
    """Refuse at once what could not be written after long work."""
    if path.is_dir():
        raise SaveError(f"{path} is a folder. Give the name of a file.")
    if not path.absolute().parent.is_dir():
        raise SaveError(f"There is no folder {path.absolute().parent}. Make it, or give another name.")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise SaveError(f"{path} may not be written. Give another name.")


def _notes(found: Candidates) -> Iterator[str]:
    """Say each thing once, with how many rows it is said of; the rows themselves say it too."""
    said: dict[tuple[str, str], list[str]] = {}
    for notice in found.notices:
        said.setdefault((notice.layer, notice.message), []).append(notice.id)
    for (layer, message), ids in said.items():
        more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
        yield f"{layer}: {message} ({', '.join(ids[:_SHOWN])}{more})"


def _documents(chosen: argparse.Namespace) -> tuple[list[Document], int]:
    files = [name for name in chosen.files if name != STANDARD_INPUT]
    for name in files:
        if not Path(name).exists():
            raise MissingFileError(f"There is no file or folder {name}. Check the path.")
    documents, faults = read_documents(files, progress=sys.stderr.isatty())
    if len(files) < len(chosen.files):
        try:
            documents += documents_of("standard input", sys.stdin.buffer.read())
        except GeoError as error:
            faults.append(fault_of(error, "standard input", None, None, ""))
    for fault in faults:
        print(f"geo: {fault}", file=sys.stderr)
    stated = [
        replace(
            document,
            published=document.published or chosen.published or "",
            publisher=document.publisher or chosen.source or "",
        )
        for document in documents
    ]
    return stated, len(faults)


def _write(chosen: argparse.Namespace, found: Candidates, texts: int) -> None:
    accepted = found.at_least(chosen.accept) if chosen.accept is not None else None
    atlas = found.to_atlas(accepted=accepted)
    if chosen.output:
        atlas.save(chosen.output)
    for row in _rows(found, accepted):
        print(json.dumps(row, ensure_ascii=False) if chosen.json else _line(row))
    if not chosen.json:
        told = (
            count(len(atlas.events), "event"),
            count(len(atlas.routes), "route"),
            count(len(found.mentions), "mention"),
        )
        print(f"{', '.join(told)} of places in {count(texts, 'text')}")


def _rows(found: Candidates, accepted: set[str] | None) -> Iterator[dict[str, Any]]:
    for layer, table, first, last in (
        ("event", found.events, "start", "end"),
        ("route", found.routes, "depart", "arrive"),
    ):
        for row in table.to_dict("records"):
            if accepted is None or row["id"] in accepted:
                yield {
                    "id": row["id"],
                    "layer": layer,
                    "kind": row["kind"] if layer == "event" else row["mode"] if row["mode_stated"] else "movement",
                    "when": describe(row[first], row[last], row["precision"]),
                    "when_words": row["when_words"],
                    "where": row["place"] if layer == "event" else _ends(row),
                    "title": row["title"],
                    "stance": row["stance"],
                    "confidence": row["confidence"],
                    "source_id": row["source_id"],
                    "also": row["also"],
                    "quote": row["quote"],
                }


def _ends(row: dict[str, Any]) -> str:
    return f"{row['origin'] or '?'} → {row['destination'] or '?'}"


def _line(row: dict[str, Any]) -> str:
    cells = (f"{row['confidence']:4.0%}", f"{row['stance']:<9}", f"{row['kind']:<14}", f"{row['when']:<26}")
    return " ".join([*cells, f"{row['where']:<32}", row["title"]])


def _lines(documents: Sequence[Document], found: Candidates) -> Iterator[str]:
    taken: Counter[str] = Counter()
    toponyms: dict[str, list[dict[str, Any]]] = {}
    for row in found.mentions.to_dict("records"):
        toponyms.setdefault(row["source_id"], []).append(_toponym(row))
    for document, source in zip(documents, found.sources["id"], strict=True):
        name = free_name(_name(document), taken)
        told = {"id": name, "text": document.text, "toponyms": toponyms.get(source, [])}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def _name(document: Document) -> str:
    return document.id or PurePath(document.file).stem or "text"


def _toponym(row: dict[str, Any]) -> dict[str, Any]:
    at = row["geometry"]
    fields = ("start", "end", "surface", "role", "confidence", "place", "place_id", "kind", "country")
    return {name: row[name] for name in fields} | {"lat": at.y, "lon": at.x}
