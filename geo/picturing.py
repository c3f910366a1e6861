"""A dossier as a picture or a film: the map's own page draws it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import DateError, FormatError, OptionError
from geo.story import Steps
from geo.telling import told as told_steps
from geo.types import Bounds

if TYPE_CHECKING:
    from geo.atlas import Atlas
    from geo.maps import OfflineMap
    from geo.maps.camera import Shot, Told
    from geo.maps.offline import Theme
    from geo.maps.slider import Step, Window

FILMS = ("gif", "mp4")
PICTURES = ("png", "svg", *FILMS)


def is_picture(name: str | Path) -> bool:
    """Tell whether a name is that of a picture or a film.

    Args:
        name: A file's name, or its ending.

    Returns:
        True for `PICTURES`.
    """
    return _kind(name) in PICTURES


def draw(
    atlas: Atlas, *, bounds: Bounds | None = None, theme: Theme = "auto", story: Steps | None = None, **slider: Any
) -> OfflineMap:
    """Draw a dossier on a map.

    Args:
        atlas: The dossier.
        bounds: What to show, (west, south, east, north) in degrees; where most of it lies when left out.
        theme: Its colours.
        story: Steps to play in its page; the dossier's own when left out.
        slider: Handed to `geo.maps.TimeSlider`.

    Returns:
        The map.
    """
    from geo.maps import OfflineMap, TimeSlider

    canvas = OfflineMap(bounds=bounds or atlas.focus, title=atlas.title, theme=theme)
    steps = told_steps(atlas, atlas.story if story is None else story)
    TimeSlider(atlas.events, atlas.routes, atlas.sources, story=steps, **slider).add_to(canvas)
    return canvas


def picture(
    atlas: Atlas,
    kind: str | Path,
    *,
    window: Window | None = None,
    bounds: Bounds | None = None,
    size: tuple[int, int] = (1280, 720),
    ratio: float = 1,
    theme: Theme = "light",
    step: Step = "week",
    trailing: Step | None = "quarter",
    speed: float = 1,
    told: Told | None = None,
) -> Shot:
    """Make a picture or a film of a dossier, as the map's page does; it takes a Chromium on this machine.

    Args:
        atlas: The dossier.
        kind: `png`, `svg`, `gif` or `mp4`, or a file's name that ends so.
        window: The half-open window it shows, UTC, or what the film plays through; None for everything.
        bounds: What it shows, (west, south, east, north) in degrees; west > east across 180 degrees.
        size: Width and height in CSS pixels.
        ratio: Pixels of the file to one CSS pixel; not for SVG.
        theme: Its colours.
        step: How far each frame of a film goes.
        trailing: Length of the window that runs through a film; None for one that grows.
        speed: 1 for six frames a second.
        told: Called with the number of frames done and of all.

    Returns:
        The file's `content`, and whether an SVG holds points as a picture.

    Raises:
        BrowserError: There is no Chromium, or it did not draw.
        FormatError: It is none of these kinds.
        OptionError: The size, the ratio or the speed cannot be, or a film would have too many frames.
        DateError: The window ends before it starts, or nothing has a date to make a film of.
    """
    from geo.maps import camera

    name = _kind(kind)
    if name not in PICTURES:
        raise FormatError(f"{kind} is no kind of picture. Use one of {', '.join(PICTURES)}.")
    if not (ratio > 0 and 0.05 <= speed <= 8):
        raise OptionError("The ratio is more than 0, and the speed lies between 0.05 and 8.")
    if name in FILMS and atlas.span is None:
        raise DateError("Nothing here has a date: there is no film to be made. Make a still, as .png or .svg.")
    if name in FILMS and window is None:
        window = atlas.span
    camera.browser()  # who has none need not wait for the page
    page = draw(atlas, bounds=bounds, theme=theme, story=(), window=window, step=step, trailing=trailing)
    asked: dict[str, Any] = {"size": list(size), "ratio": 1 if name == "svg" else ratio, "bounds": bounds, "parts": {}}
    film = {"step": step, "trailing": trailing, "speed": speed} if name in FILMS else None
    job = {"kind": name, "theme": theme, "asked": asked, "film": film}
    return camera.take(str(page.get_root().render()), job, told=told)


def _kind(name: str | Path) -> str:
    return (Path(name).suffix or f".{name}").removeprefix(".").lower()
