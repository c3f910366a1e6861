"""A story: views of the map one after the other, each with a text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from geo.errors import FormatError, MissingFileError
from geo.views import CHOICES, FILTER_KEYS, MAP_KEYS, SEVERAL, Pairs, box, moment

FILE = "story.json"
"""What it is called in a dossier's folder."""
KEYS = (*MAP_KEYS, "hide", *FILTER_KEYS)
MOST_STEPS = 500
LONGEST = {"title": 300, "text": 20_000}
_LOOKS = {"from": "Write a day, as 2024-03-01.", "to": "Write the day after the last, as 2024-04-01."}


@dataclass(frozen=True)
class StoryStep:
    """One step: a view and what is said of it.

    Args:
        title: Its heading.
        text: Plain text; empty lines part paragraphs, and addresses that begin with http:// or https:// become links.
        view: Keys and values as an address has them: `("from", "2024-03-01")`, `("bounds", "117,30,150,48")` ...
    """

    title: str = ""
    text: str = ""
    view: Pairs = ()


Steps = tuple[StoryStep, ...]


def read_story(content: bytes | str, *, file: str = FILE) -> Steps:
    """Read a story.

    Args:
        content: JSON: `{"steps": [{"title": ..., "text": ..., "view": {"from": ..., ...}}, ...]}`, or the list alone. A
            view may also be the text of an address, behind its `#` or `?`.
        file: Its name, for messages.

    Returns:
        The steps.

    Raises:
        FormatError: It is no such JSON; every step and field that is wrong is named.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is no JSON: {error}. Save the story anew.") from error
    return steps_of(found.get("steps") if isinstance(found, dict) else found, file=file)


def open_story(path: Path) -> Steps:
    """Read a story from a file.

    Args:
        path: The file.

    Returns:
        The steps.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is no story.
    """
    if not path.is_file():
        raise MissingFileError(f"There is no story {path}. Check the path.")
    return read_story(path.read_bytes(), file=str(path))


def write_story(steps: Iterable[StoryStep]) -> bytes:
    """Write a story as its file.

    Args:
        steps: The steps.

    Returns:
        JSON, UTF-8.
    """
    listed = [{"title": step.title, "text": step.text, "view": _values(step.view)} for step in steps]
    text = json.dumps({"steps": listed}, ensure_ascii=False, indent=2)
    return f"{text}\n".encode(errors="replace")


def steps_of(given: Any, *, file: str = "story") -> Steps:
    """Check the steps of a story.

    Args:
        given: A list of steps: `StoryStep`s, or mappings with `title`, `text` and `view`.
        file: Where they are from, for messages.

    Returns:
        The steps.

    Raises:
        FormatError: It is no such list; every step and field that is wrong is named.
    """
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise FormatError(f'{file} is no story: it has no list of steps. Write {{"steps": [{{"title": ...}}, ...]}}.')
    if len(given) > MOST_STEPS:
        raise FormatError(f"{file} has {len(given):,} steps; a story has at most {MOST_STEPS}. Leave some out.")
    faults: list[str] = []
    steps = tuple(_step(number, one, faults) for number, one in enumerate(given, start=1))
    if faults:
        raise FormatError("\n".join(f"{file}, {fault}" for fault in faults))
    return steps


def _step(number: int, given: Any, faults: list[str]) -> StoryStep:
    def fault(field: str, value: Any, wrong: str) -> None:
        faults.append(f"step {number}, {field}: {_short(value)} {wrong}")

    if isinstance(given, StoryStep):
        given = {"title": given.title, "text": given.text, "view": _values(given.view)}
    if not isinstance(given, Mapping):
        fault("step", given, 'is no step. Write {"title": ..., "text": ..., "view": {...}}.')
        return StoryStep()
    for key in given.keys() - {"title", "text", "view"}:
        fault(str(key), given[key], "is no part of a step. Write title, text or view.")
    said = {}
    for key, longest in LONGEST.items():
        value = given.get(key) or ""
        if not isinstance(value, str):
            fault(key, value, "is no text. Put it in quotation marks.")
        elif len(value) > longest:
            fault(key, value, f"has {len(value):,} letters; at most {longest:,} fit. Shorten it.")
        said[key] = value if isinstance(value, str) else ""
    return StoryStep(said["title"], said["text"], _view(given.get("view") or {}, fault))


def _view(given: Any, fault: Any) -> Pairs:
    if isinstance(given, str):
        pairs = parse_qsl(given.rpartition("#")[2].rpartition("?")[2])
    elif isinstance(given, Mapping):
        pairs = [(str(key), _written(str(key), one)) for key, value in given.items() for one in _listed(key, value)]
    else:
        fault("view", given, 'is no view. Write {"from": "2024-03-01", ...}, or the text of an address.')
        return ()
    pairs = [(key, value) for key, value in pairs if key not in ("dossier", "room", "tab")]
    for key, value in pairs:
        wrong = _wrong(key, value)
        if wrong:
            fault(f"view.{key}", value, wrong)
    met = [key for key, _ in pairs if key not in SEVERAL]
    for key in sorted({key for key in met if met.count(key) > 1}):
        fault(f"view.{key}", dict(pairs)[key], "stands there twice. Keep one.")
    found = dict(pairs)
    sides = [moment(found.get(key, "")) for key in ("from", "to")]
    if sides[0] is not None and sides[1] is not None and sides[0] >= sides[1]:
        fault("view.to", found["to"], "is not after view.from. Write the earlier date first.")
    return tuple(pairs)


def _wrong(key: str, value: str) -> str:
    if key not in KEYS:
        return f"is of no use: a view has no {key}. Write one of {', '.join(KEYS)}."
    if key in _LOOKS:
        return "" if moment(value) is not None else f"is no date. {_LOOKS[key]}"
    if key == "bounds" and box(value) is None:
        return "are no bounds. Write west, south, east, north in degrees, as 117,30,150,48."
    if key in CHOICES and value not in CHOICES[key]:
        return f"is no {key} that there is. Write one of {', '.join(CHOICES[key])}."
    if key == "sure" and not (value.isascii() and value.isdigit() and int(value[:4]) <= 100):
        return "is no share. Write a whole number from 0 to 100."
    if key == "row" and not value.startswith(("events:", "routes:")):
        return "is no row. Write events: or routes: and its id."
    return ""


def _listed(key: str, value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) and key != "bounds" else [value]


def _written(key: str, value: Any) -> str:
    if key == "bounds" and isinstance(value, list):
        return ",".join(
            f"{side:.9f}".rstrip("0").rstrip(".") if isinstance(side, float) else str(side) for side in value
        )
    return value if isinstance(value, str) else str(value)


def _values(view: Pairs) -> dict[str, str | list[str]]:
    values: dict[str, str | list[str]] = {}
    for key, value in view:
        if key in SEVERAL:
            held = values.setdefault(key, [])
            held.append(value)  # type: ignore[union-attr]
        else:
            values[key] = value
    return values


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
