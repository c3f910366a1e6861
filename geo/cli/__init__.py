"""The command line: `python -m geo VERB`, one verb a job."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from geo.cli import dossiers, news, places, routes
from geo.errors import GeoError

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        arguments: The words after `python -m geo`; those of the process when left out.

    Returns:
        0, or 2 for bad input, with one message on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    chosen = _parser().parse_args(arguments)
    verb: Callable[[argparse.Namespace], int] = chosen.verb
    try:
        code = verb(chosen)
        sys.stdout.flush()
        return code
    except GeoError as error:
        print(f"geo: {error}", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"geo: the output cannot be written: {error.strerror}. Give it another place.", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Dated events and routes on a map, offline.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for room in (news, places, routes, dossiers):
        room.add_verbs(verbs)
    return parser
