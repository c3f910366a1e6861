"""The command line: `python -m geo VERB`, one verb a job."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from geo.errors import BAD_INPUT, GeoError

ROOMS = {
    "news": ("extract",),
    "places": ("geocode", "places"),
    "routes": ("route",),
    "dossiers": ("slice", "export"),
    "maps": ("map",),
    "workspaces": ("history", "undo", "redo"),
    "imports": ("import",),
}
"""The modules of this package and the verbs each of them adds."""

INTERRUPTED = 130  # as shells have it for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        arguments: The words after `python -m geo`; those of the process when left out.

    Returns:
        0, 2 for bad input with one message on standard error, or 130 where it was stopped by Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    words = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(words).parse_args(words)
    verb: Callable[[argparse.Namespace], int] = chosen.verb
    try:
        code = verb(chosen)
        sys.stdout.flush()
        return code
    except GeoError as error:
        print(f"geo: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("geo: stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"geo: the output cannot be written: {error.strerror}. Give it another place.", file=sys.stderr)
        return BAD_INPUT


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Dated events and routes on a map, offline.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    # Who asks for a place does not wait for what draws maps.
    asked = [room for room, theirs in ROOMS.items() if words and words[0] in theirs]
    for room in asked or ROOMS:
        import_module(f"geo.cli.{room}").add_verbs(verbs)
    return parser
