"""An address as text: what each of its keys asks of a dossier, and what of it cannot be followed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from geo.atlas import LAYERS, Atlas
from geo.types import Bounds, Layer
from geo.views import CHOICES, MAP_KEYS, Pairs, box, moment

KEYS = ("dossier", "room", "tab", "kinds", "modes", "statuses", "words", "sure", "hide", *MAP_KEYS)
"""All keys, in the order in which they are written."""
SURE_STEP = 5
_LONGEST_WORDS = 200

Asked = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Address:
    """What an address asks for, as far as the dossier has it.

    Args:
        kinds: Kinds of event to keep; all when empty.
        modes: Modes of route to keep; all when empty.
        statuses: Statuses to keep; all when empty.
        words: Words that must stand in a row.
        sure: Least confidence, 0 to 100.
        hide: Layers of the map that are not shown.
        window: The half-open window of time, UTC; None for everything.
        bounds: The part of the world, in degrees; None for the usual one.
        off: Kinds and modes switched off in the legend.
        row: Layer and id of the row in hand.
        missed: What could not be followed.
    """

    kinds: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    words: str = ""
    sure: int = 0
    hide: tuple[str, ...] = ()
    window: tuple[pd.Timestamp, pd.Timestamp] | None = None
    bounds: Bounds | None = None
    off: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    row: tuple[Layer, str] | None = None
    missed: Pairs = ()


def read(asked: Asked, atlas: Atlas, *, layers: Collection[str]) -> Address:
    """Read an address; what is malformed, or not in the dossier, is left out and told.

    Args:
        asked: Key -> its values, as `urllib.parse.parse_qs` gives them; other keys than `KEYS` are passed over.
        atlas: The dossier that is open.
        layers: The layers of the map that can be hidden.

    Returns:
        What can be followed, and what cannot.
    """
    missed: list[tuple[str, str]] = []

    def known(key: str, values: Collection[str]) -> tuple[str, ...]:
        given = tuple(dict.fromkeys(asked.get(key, ())))
        missed.extend((key, value) for value in given if value not in values)
        return tuple(value for value in given if value in values)

    def one(key: str) -> str | None:
        return asked[key][0] if asked.get(key) else None

    def miss(*keys: str) -> None:
        missed.extend((key, value) for key in keys if (value := one(key)) is not None)

    kinds, modes = set(atlas.events["kind"]), set(atlas.routes["mode"])
    window = _window(one("from"), one("to"), atlas.span)
    if window is None:
        miss("from", "to")
    bounds = box(one("bounds") or "")
    if bounds is None:
        miss("bounds")
    row = _row(one("row") or "", atlas)
    if row is None:
        miss("row")
    missed.extend(
        (key, value) for key, known_to in CHOICES.items() for value in asked.get(key, ()) if value not in known_to
    )
    words, sure = one("words") or "", one("sure") or "0"
    if len(words) > _LONGEST_WORDS:
        words = ""
        miss("words")
    if not (sure.isascii() and sure.isdigit() and int(sure[:4]) <= 100):
        sure = "0"
        miss("sure")
    return Address(
        kinds=known("kinds", kinds),
        modes=known("modes", modes),
        statuses=known("statuses", {*atlas.events["status"], *atlas.routes["status"]}),
        words=words,
        sure=int(sure) // SURE_STEP * SURE_STEP,
        hide=known("hide", layers),
        window=window,
        bounds=bounds,
        off=(frozenset(known("off-kinds", kinds)), frozenset(known("off-modes", modes))),
        row=row,
        missed=tuple(missed),
    )


def for_map(address: Address, asked: Asked) -> Pairs:
    """Give what the map itself is to follow, as `geo/maps/js/address.js` reads it.

    Args:
        address: What can be followed.
        asked: The address as it was given.

    Returns:
        The keys of the map with their values, without those that could not be followed.
    """
    return tuple((key, value) for key in MAP_KEYS for value in asked.get(key, ()) if (key, value) not in address.missed)


def write(pairs: Iterable[tuple[str, str]]) -> str:
    """Write an address.

    Args:
        pairs: Keys and values; empty values are left out.

    Returns:
        What stands behind the question mark, in the order of `KEYS`.
    """
    return urlencode(sorted(((k, v) for k, v in pairs if v), key=lambda pair: KEYS.index(pair[0])), safe=",:")


def _window(
    first: str | None, last: str | None, span: tuple[pd.Timestamp, pd.Timestamp] | None
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    if span is None or first == last:
        return None
    start, end = span[0] if first is None else moment(first), span[1] if last is None else moment(last)
    return (start, end) if start is not None and end is not None and start < end else None


def _row(text: str, atlas: Atlas) -> tuple[Layer, str] | None:
    layer, _, name = text.partition(":")
    return next(((known, name) for known in LAYERS if layer == known and name in set(atlas.layer(known)["id"])), None)
