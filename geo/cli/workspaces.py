"""The verbs for a dossier at work: who did what, and back again."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from functools import partial
from typing import get_args

from geo.edits import Stored
from geo.errors import OptionError
from geo.store import Step
from geo.workspace import Workspace


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verbs `history`, `undo` and `redo`.

    Args:
        verbs: Where to add them.
    """
    history = verbs.add_parser("history", help="tell who changed what, and when")
    _add_dossier(history)
    history.add_argument("--row", metavar="TABLE:ID", help="of one row, such as events:e17, with what stood there")
    history.add_argument("--json", action="store_true", help="one JSON object for each changed row")
    history.set_defaults(verb=_history)
    steps: tuple[tuple[Step, str], ...] = (
        ("undo", "take back your last change of a dossier"),
        ("redo", "do again what you last took back"),
    )
    for step, said in steps:
        verb = verbs.add_parser(step, help=said)
        _add_dossier(verb)
        verb.add_argument("--who", metavar="NAME", help="whose change (default: the name of your account)")
        verb.set_defaults(verb=partial(_step, step))


def _add_dossier(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "dossier", metavar="DOSSIER", help="a .gpkg file, or postgresql://USER@HOST/DATABASE?dossier=NAME"
    )


def _history(chosen: argparse.Namespace) -> int:
    word, _, name = (chosen.row or "").partition(":")
    layer: Stored | None = next((table for table in get_args(Stored) if table == word), None)
    if chosen.row and not (layer and name):
        raise OptionError(f"{chosen.row!r} names no row. Write it as events:ID, routes:ID or sources:ID.")
    entries = Workspace.open(chosen.dossier).history(layer, name or None)
    if chosen.json:
        for entry in entries:
            told = {"at": entry.at, "who": entry.who, "what": entry.what, "role": entry.role}
            change = entry.change
            row = asdict(change) if change else {}
            print(json.dumps({"transaction": entry.transaction, **told, **row}, ensure_ascii=False))
        return 0
    rows: dict[int, int] = {}
    for entry in entries:
        rows[entry.transaction] = rows.get(entry.transaction, 0) + bool(entry.change)
    for entry in {entry.transaction: entry for entry in entries}.values():
        role = "" if entry.role in ("change", "start") else f" ({entry.role})"
        count = f"{rows[entry.transaction]:,} row{'' if rows[entry.transaction] == 1 else 's'}"
        print(f"{entry.transaction:>4}  {entry.at[:19].replace('T', ' ')}  {entry.who:<16} {entry.what}{role}, {count}")
        if chosen.row and entry.role != "start":
            before, after = (entry.change.before or {}, entry.change.after or {}) if entry.change else ({}, {})
            for column, cell in after.items():
                print(f"        {column}: {before.get(column)!r} -> {cell!r}")
    return 0


def _step(step: Step, chosen: argparse.Namespace) -> int:
    work = Workspace.open(chosen.dossier, who=chosen.who)
    what = work.next_steps().get(step, "")
    _ = work.undo() if step == "undo" else work.redo()
    print(f"{work.store.place}: {'undone' if step == 'undo' else 'done again'}: {what}")
    return 0
