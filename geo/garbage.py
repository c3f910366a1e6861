"""A pause for Python's collector of garbage, where much is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: each look goes through everything that is held, and here all of it is needed."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def settle() -> None:
    """Let the collector pass over all that is held by now; what is no longer used is still let go, unless in a circle.

    Streamlit has it look through everything after each run: with a big dossier that holds up the answer by more than
    the run itself.
    """
    gc.collect()
    gc.freeze()
