"""The verb `import`: files from elsewhere in, a dossier out, and the rows that failed for repair."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import exporting, schema
from geo.atlas import LAYERS, Atlas, where
from geo.cli.counts import count
from geo.errors import BAD_INPUT, FormatError, MissingFileError, OptionError, SaveError
from geo.formats.saving import save_text
from geo.importing import (
    Guess,
    Imported,
    Mapping,
    Remembered,
    duplicates,
    import_sheet,
    list_layers,
    presets,
    preview,
    read_sheet,
    suggest,
)
from geo.importing.mapping import TARGETS
from geo.importing.tracks import GAP
from geo.storing import additions, tables_of
from geo.timeline import describe
from geo.workspace import Workspace

_SHOWN = 3
_TITLE_WIDTH = 60


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `import`.

    Args:
        verbs: Where to add it.
    """
    verb = verbs.add_parser("import", help="bring in tables, map layers and AIS positions from elsewhere")
    verb.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="CSV, TSV, XLSX, GeoJSON, GeoPackage, GeoParquet, KML, KMZ, GPX, Shapefile, or a zip with one",
    )
    verb.add_argument(
        "-o", "--output", metavar="OUT", help="a new dossier (a folder, .gpkg, .geojson ...), or a map as .html"
    )
    verb.add_argument("--into", metavar="DOSSIER", help="add the rows to a GeoPackage or a database that is there")
    verb.add_argument("--failed", type=Path, metavar="FILE", help="rows that failed, as CSV to be repaired")
    verb.add_argument("--mapping", type=Path, metavar="FILE", help="what the columns mean, as --save-mapping wrote it")
    verb.add_argument("--save-mapping", type=Path, metavar="FILE", help="write down what the columns were read as")
    verb.add_argument("--preset", choices=presets(), help="the dataset it is; told by its columns if left out")
    verb.add_argument("--layer", metavar="NAME", help="which sheet or layer of the file; `--layers` lists them")
    verb.add_argument("--layers", action="store_true", help="list the sheets or layers of the files and stop")
    verb.add_argument(
        "--set", action="append", default=[], metavar="MEANING=COLUMN", help="what a column means; may be repeated"
    )
    verb.add_argument(
        "--constant", action="append", default=[], metavar="MEANING=TEXT", help="the same text for all rows"
    )
    verb.add_argument("--as", dest="target", choices=TARGETS, help="what the rows become; told from the columns")
    verb.add_argument(
        "--date-order", choices=("dmy", "mdy"), help="whether 03/04/2024 begins with the day or the month"
    )
    verb.add_argument("--decimal", choices=(".", ","), help="what stands before the decimals")
    verb.add_argument("--zone", metavar="ZONE", help="time zone of times that do not say theirs, such as Asia/Seoul")
    verb.add_argument("--crs", metavar="CRS", help="what the coordinates are in, such as EPSG:32633")
    verb.add_argument("--swap", action="store_true", help="take latitude for longitude and the other way round")
    verb.add_argument(
        "--gap", default=GAP, metavar="TIME", help=f"positions farther apart part a track (default: {GAP})"
    )
    verb.add_argument("--remember", action="store_true", help="remember the mapping for tables with the same header")
    verb.add_argument("--dry-run", action="store_true", help="show what the columns are read as and the first rows")
    verb.add_argument("--json", action="store_true", help="say what was done as JSON")
    verb.set_defaults(verb=_import)


def _import(chosen: argparse.Namespace) -> int:
    if chosen.layers:
        for path in chosen.files:
            for layer in list_layers(path):
                print(f"{path}: {layer}")
        return 0
    if not chosen.dry_run and not chosen.output and not chosen.into:
        raise FormatError(
            "Nothing says where the rows go. Give -o OUT.gpkg, --into DOSSIER, or --dry-run to look first."
        )
    if chosen.output and not exporting.is_folder(chosen.output):
        exporting.format_of(chosen.output)
    work = Workspace.open(chosen.into) if chosen.into else None
    brought = [_brought(path, chosen) for path in chosen.files]
    if chosen.dry_run:
        return 0
    atlas = _joined(brought)
    failed = pd.concat([one.failed for one in brought], ignore_index=True)
    if chosen.failed and len(failed):
        save_text("".join(_failed_csv(brought)), chosen.failed)
    if len(failed) and not any(len(atlas.layer(layer)) for layer in LAYERS):
        raise _nothing_brought(chosen, brought, len(failed))
    if chosen.output:
        exporting.save(atlas, chosen.output)
    if work:
        _add(work, atlas, chosen.files)
    _report(chosen, atlas, len(failed), work.store.place if work else str(chosen.output))
    return BAD_INPUT if len(failed) and not chosen.failed else 0


def _nothing_brought(chosen: argparse.Namespace, brought: Sequence[Imported], failed: int) -> FormatError:
    first = next(str(fault) for one in brought for fault in one.faults)
    listed = f" All are in {chosen.failed}." if chosen.failed else ""
    rows = "the one row" if failed == 1 else f"none of {failed:,} rows"
    return FormatError(f"Nothing was stored: {rows} could {'not ' if failed == 1 else ''}be read. {first}{listed}")


def _add(work: Workspace, atlas: Atlas, files: Sequence[Path]) -> None:
    for layer in LAYERS:
        for pair in duplicates(work.atlas.layer(layer), atlas.layer(layer)).to_dict("records"):
            print(f"note: {pair['new']} may be {pair['existing']} ({pair['reason']}): both are kept.", file=sys.stderr)
    changes, notices = additions(tables_of(atlas), tables_of(work.atlas))
    for notice in notices:
        print(f"note: {notice.layer}, {notice.id}: {notice.message}", file=sys.stderr)
    work.apply(changes, what=f"imported {', '.join(path.name for path in files)}")


def _brought(path: Path, chosen: argparse.Namespace) -> Imported:
    sheet = read_sheet(path, layer=chosen.layer, preset=chosen.preset)
    remembered = Remembered()
    guess = _guess(sheet, chosen, remembered)
    mapping = _corrected(guess.mapping, chosen)
    if chosen.dry_run:
        return _shown(path, guess, preview(sheet, mapping), as_json=chosen.json)
    imported = import_sheet(sheet, mapping, gap=chosen.gap, progress=sys.stderr.isatty())
    for remark in dict.fromkeys((*guess.remarks, *imported.remarks)):
        print(f"note: {path}: {remark}", file=sys.stderr)
    for note in _notes(imported):
        print(f"note: {path}: {note}", file=sys.stderr)
    if chosen.remember:
        remembered.keep(sheet, mapping)
    if chosen.save_mapping:
        save_text(mapping.to_json() + "\n", chosen.save_mapping)
    return imported


def _guess(sheet: Any, chosen: argparse.Namespace, remembered: Remembered) -> Guess:
    if chosen.mapping:
        try:
            return Guess(Mapping.from_json(chosen.mapping.read_text(encoding="utf-8")))
        except FileNotFoundError as error:
            raise MissingFileError(f"There is no file {chosen.mapping}. Check the path.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise FormatError(f"{chosen.mapping} cannot be read as a mapping ({error}). Save it again.") from error
    return suggest(sheet, preset=chosen.preset, layer=chosen.target, remembered=remembered)


def _corrected(mapping: Mapping, chosen: argparse.Namespace) -> Mapping:
    told = {"date_order": chosen.date_order, "decimal": chosen.decimal, "zone": chosen.zone, "crs": chosen.crs}
    mapping = replace(mapping, **{name: value for name, value in told.items() if value})
    mapping = mapping.with_columns(**_pairs(chosen.set))
    mapping = replace(mapping, constants={**mapping.constants, **_pairs(chosen.constant)})
    return mapping.with_axes_swapped() if chosen.swap else mapping


def _pairs(words: Sequence[str]) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            raise OptionError(f"{word!r} says nothing. Write it as MEANING=TEXT, such as mode=sea.")
    return {name.strip(): value for name, _, value in (word.partition("=") for word in words)}


def _shown(path: Path, guess: Guess, shown: Imported, *, as_json: bool) -> Imported:
    if as_json:
        told = {
            "file": str(path),
            "preset": guess.preset,
            "mapping": json.loads(shown.mapping.to_json()),
            "reasons": [one._asdict() for one in guess.columns],
            "remarks": list(dict.fromkeys((*guess.remarks, *shown.remarks))),
            "offers": [offer.message for offer in (*guess.offers, *shown.offers)],
        }
        print(json.dumps(told, ensure_ascii=False))
        return shown
    print(f"{path}: {shown.mapping.layer}{f', as {guess.preset}' if guess.preset else ''}")
    reasons = {one.target: f"{one.score:.0%}: {one.reason}" for one in guess.columns}
    for target, column in shown.mapping.columns.items():
        print(f"  {target:<14} {column:<28} {reasons.get(target, 'as told')}")
    for target, text in shown.mapping.constants.items():
        print(f"  {target:<14} {text!r} for every row")
    for remark in dict.fromkeys((*guess.remarks, *shown.remarks)):
        print(f"  note: {remark}")
    for offer in dict.fromkeys(offer.message for offer in guess.offers):
        print(f"  or: {offer}")
    for line in _rows(shown):
        print(f"  {line}")
    return shown


def _rows(shown: Imported) -> Iterator[str]:
    for layer in LAYERS:
        first, last = schema.TIMES[layer]
        for row in shown.atlas.layer(layer).to_dict("records"):
            when = describe(row[first], row[last], row["precision"], short=True)
            yield f"{when:<28} {row['title'][:_TITLE_WIDTH]:<{_TITLE_WIDTH}} {where(layer, row)}"
    for fault in shown.faults:
        yield f"fails: {fault}"


def _notes(imported: Imported) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    for notice in imported.notices:
        said.setdefault(notice.message, []).append(notice.id)
    for message, ids in said.items():
        named = ", ".join(filter(None, ids[:_SHOWN]))
        more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
        yield f"{message} ({named}{more})" if named else message


def _joined(brought: Sequence[Imported]) -> Atlas:
    if len(brought) == 1:
        return brought[0].atlas
    tables: dict[str, Any] = {
        layer: pd.concat([one.atlas.layer(layer) for one in brought], ignore_index=True) for layer in LAYERS
    }
    for layer, table in tables.items():
        extra = [name for name in table.columns if name not in schema.SCHEMAS[layer].columns]
        table[extra] = table[extra].astype(object).where(table[extra].notna(), "")
        file = "the files together"
        tables[layer] = schema.check(layer, table, file=file) if len(table) else schema.empty(layer)
    sources = pd.concat([one.sources for one in brought]).drop_duplicates("id", ignore_index=True)
    notices = tuple(notice for one in brought for notice in one.notices)
    events: gpd.GeoDataFrame = tables["events"]
    return Atlas(events, tables["routes"], sources, notices, "import")


def _failed_csv(brought: Sequence[Imported]) -> Iterator[str]:
    kept = [one for one in brought if len(one.failed)]
    headers = {tuple(one.failed.columns) for one in kept}
    if len(headers) > 1:
        raise SaveError(
            "The failed rows of files with different headers do not go into one table. Bring each by itself."
        )
    for place, one in enumerate(kept):
        text = one.failed_csv()
        yield text if place == 0 else text.partition("\n")[2]


def _report(chosen: argparse.Namespace, atlas: Atlas, failed: int, place: str) -> None:
    counts = {layer: len(atlas.layer(layer)) for layer in LAYERS}
    if chosen.json:
        print(json.dumps({"file": place, **counts, "failed": failed}))
        return
    told = ", ".join(count(number, layer.removesuffix("s")) for layer, number in counts.items())
    kept = f" in {chosen.failed}" if chosen.failed else ": give --failed FILE to have them"
    lost = f"; {count(failed, 'row')} failed{kept}" if failed else ""
    print(f"{place}: {told}{lost}")
