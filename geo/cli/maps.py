"""The verb `map`: the map as one page, as a picture or as a film."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from geo import exporting
from geo.cli.dossiers import add_dossier, open_dossier, report
from geo.errors import FormatError, OptionError
from geo.formats.saving import save_bytes
from geo.maps.slider import STEPS
from geo.picturing import PICTURES, draw, is_picture, picture
from geo.story import open_story
from geo.timeline import parse_window
from geo.types import Bounds

_SIZE = re.compile(r"(\d{2,5})[x×](\d{2,5})")


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb `map`.

    Args:
        verbs: Where to add it.
    """
    map_ = verbs.add_parser(
        "map",
        help="draw the map: one HTML page with its time slider, a picture, or a film of its window played through",
        epilog="Pictures and films are drawn by a Chromium, Chrome or Edge that is installed here.",
    )
    add_dossier(map_)
    kinds = ", ".join(f".{kind}" for kind in ("html", *PICTURES))
    map_.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=f"where it goes: {kinds}")
    map_.add_argument(
        "--window",
        metavar="FIRST/LAST",
        help="the window it shows, or a film plays through: 2024-03, 2023-09/2024-03; all rows stay in a page",
    )
    map_.add_argument("--bounds", metavar="W,S,E,N", help="what it shows, in degrees; W > E across 180 degrees")
    map_.add_argument("--size", type=_size, default=(1280, 720), metavar="WxH", help="of a picture (default: 1280x720)")
    map_.add_argument("--ratio", type=float, default=1.0, metavar="N", help="its pixels for each of the size's, as 2")
    map_.add_argument("--theme", choices=("light", "dark"), help="its colours (a page follows its reader's system)")
    map_.add_argument("--step", choices=STEPS, default="week", help="of a film: how far a frame goes (default: week)")
    map_.add_argument(
        "--trailing",
        choices=(*STEPS, "none"),
        default="quarter",
        help="of a film: the length of its window; none for one that grows (default: quarter)",
    )
    map_.add_argument("--speed", type=float, default=1.0, metavar="N", help="of a film: 1 is six frames a second")
    map_.add_argument("--story", type=Path, metavar="FILE", help="a story to play in the page (default: the dossier's)")
    map_.add_argument("--json", action="store_true", help="say what was written as a JSON object")
    map_.set_defaults(verb=_map)


def _map(chosen: argparse.Namespace) -> int:
    film = is_picture(chosen.output)
    if not film and chosen.output.suffix.lower() != ".html":
        raise FormatError(f"{chosen.output} is no name for a map. End it in .html, .png, .svg, .gif or .mp4.")
    window, bounds = _window(chosen.window), _bounds(chosen.bounds)
    if film and chosen.story:
        raise OptionError("A story is played in a page, not in a picture. End the name in .html, or leave out --story.")
    story = open_story(chosen.story) if chosen.story else None
    atlas = open_dossier(chosen)
    trailing = None if chosen.trailing == "none" else chosen.trailing
    if film:
        with tqdm(unit=" frames", disable=None, file=sys.stderr, leave=False) as bar:

            def told(done: int, number: int) -> None:
                bar.total = number
                bar.update(done - bar.n)

            shot = picture(
                atlas,
                chosen.output,
                window=window,
                bounds=bounds,
                size=chosen.size,
                ratio=chosen.ratio,
                theme=chosen.theme or "light",
                step=chosen.step,
                trailing=trailing,
                speed=chosen.speed,
                told=told,
            )
        save_bytes(shot.content, chosen.output)
        if shot.embedded:
            print(
                "note: the points are too many to be written one by one: they are in it as a picture.", file=sys.stderr
            )
    else:
        page = draw(
            atlas,
            bounds=bounds,
            theme=chosen.theme or "auto",
            story=story,
            window=window,
            step=chosen.step,
            trailing=trailing,
        )
        save_bytes(str(page.get_root().render()).encode(errors="replace"), chosen.output)
    report(chosen, exporting.held(atlas.between(*window) if film and window else atlas, "html"))
    return 0


def _size(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size; write width and height, as 1280x720")
    return int(found[1]), int(found[2])


def _window(text: str | None) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    if text is None:
        return None
    first, _, last = text.partition("/")
    return parse_window(first, last or first)


def _bounds(text: str | None) -> Bounds | None:
    if text is None:
        return None
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError as error:
        raise OptionError(
            f"{text} are no bounds. Write west, south, east, north in degrees, as 117,30,150,48."
        ) from error
    if not (abs(west) <= 180 and abs(east) <= 180 and west != east and -90 <= south < north <= 90):
        raise OptionError(f"{text} are no bounds on the Earth. Write west, south, east, north in degrees.")
    return west, south, east, north
