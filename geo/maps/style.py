"""How kinds of event and modes of transport look: one table, used by the map and by every legend.

Hues come from the Okabe-Ito palette, one hue and one shape for each family, lighter and darker within the family, so
that families stay apart for colour-blind readers and in grey print.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from geo.types import Basis, Mode

Shape = Literal["circle", "triangle", "square", "diamond", "hexagon", "cross", "pentagon"]
Theme = Literal["light", "dark"]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class KindStyle:
    """How one kind of event is drawn.

    Args:
        color: CSS colour on a light ground.
        dark: CSS colour on a dark ground.
        shape: Outline of the mark; the same for the whole family.
        family: Heading it stands under in a legend.
    """

    color: str
    dark: str
    shape: Shape
    family: str


@dataclass(frozen=True)
class ModeStyle:
    """How one mode of transport is drawn.

    Args:
        color: CSS colour on a light ground.
        dark: CSS colour on a dark ground.
        label: What a legend calls it.
    """

    color: str
    dark: str
    label: str


@dataclass(frozen=True)
class BasisStyle:
    """How a line shows on what ground it was drawn.

    Args:
        dash: Lengths of stroke and gap, in pixels; empty for a solid line.
        label: What a legend and a popup call it.
    """

    dash: tuple[float, ...]
    label: str


KINDS: Mapping[str, KindStyle] = MappingProxyType(
    {
        "diplomacy": KindStyle("#0760AD", "#0091D0", "circle", "Talks"),
        "meeting": KindStyle("#24455D", "#0079B1", "circle", "Talks"),
        "visit": KindStyle("#007FAF", "#8CCAF8", "circle", "Talks"),
        "announcement": KindStyle("#39B3F4", "#C9EDFF", "circle", "Talks"),
        "statement": KindStyle("#558CED", "#96A4B7", "circle", "Talks"),
        "military": KindStyle("#CD702F", "#FA872E", "triangle", "Force"),
        "attack": KindStyle("#9F3C01", "#E15E1E", "triangle", "Force"),
        "missile test": KindStyle("#ED9043", "#FFC097", "triangle", "Force"),
        "nuclear test": KindStyle("#742607", "#A95838", "triangle", "Force"),
        "sanctions": KindStyle("#C88A10", "#E7B82B", "square", "Sanctions"),
        "defection": KindStyle("#A55190", "#D17DA6", "diamond", "People"),
        "asylum": KindStyle("#D58CB9", "#FFCDEB", "diamond", "People"),
        "arrest": KindStyle("#7F2E6C", "#AC6593", "diamond", "People"),
        "labour": KindStyle("#9F7C90", "#DAACB8", "diamond", "People"),
        "oil transfer": KindStyle("#24A175", "#0FC8A1", "hexagon", "Transfers"),
        "arms transfer": KindStyle("#026648", "#259877", "hexagon", "Transfers"),
        "accident": KindStyle("#807400", "#F4E844", "cross", "Hazards"),
        "natural": KindStyle("#524E39", "#C2B782", "cross", "Hazards"),
        "other": KindStyle("#696E7D", "#ADB8C8", "pentagon", "Other"),
    }
)
"""Kinds that Rutter knows, in the order of legends and of stacked bars."""

SPARE: tuple[KindStyle, ...] = tuple(
    KindStyle(color, dark, "pentagon", "Other")
    for color, dark in (
        ("#4B5FA5", "#93A4E8"),
        ("#4F7F3A", "#93CB7A"),
        ("#8A5A2B", "#D6A46F"),
        ("#2E7F86", "#74C8CF"),
        ("#8F4A4A", "#DD9393"),
        ("#665A8F", "#B3A5E3"),
    )
)
"""Styles for kinds the table above does not name."""

MODES: Mapping[Mode, ModeStyle] = MappingProxyType(
    {
        "sea": ModeStyle("#005775", "#84C9DF", "Sea"),
        "rail": ModeStyle("#4F3225", "#A78666", "Rail"),
        "road": ModeStyle("#987513", "#FFDB78", "Road"),
        "air": ModeStyle("#7E4EB6", "#BD8FF1", "Air"),
    }
)
"""Modes of transport, in the order of legends."""

UNKNOWN_MODE = ModeStyle("#5B6472", "#A9B1BD", "Other")

BASES: Mapping[Basis, BasisStyle] = MappingProxyType(
    {
        "observed track": BasisStyle((), "observed track"),
        "stated": BasisStyle((14.0, 4.0), "stated by the source"),
        "inferred": BasisStyle((4.0, 5.0), "inferred line, not observed"),
    }
)
"""On what ground a line was drawn, the surest first."""


def _ring(corners: int, *, turn: float = 0.0, radius: float = 1.0) -> Points:
    angles = (2 * math.pi * (k + turn) / corners - math.pi / 2 for k in range(corners))
    return tuple((round(radius * math.cos(a), 4), round(radius * math.sin(a), 4)) for a in angles)


_ARM = 0.42
SHAPES: Mapping[Shape, Points] = MappingProxyType(
    {
        "circle": (),
        "triangle": tuple((x, round(y + 0.12, 4)) for x, y in _ring(3, radius=1.22)),
        "square": _ring(4, turn=0.5, radius=1.2),
        "diamond": _ring(4, radius=1.22),
        "hexagon": _ring(6, radius=1.1),
        "pentagon": _ring(5, radius=1.12),
        "cross": tuple(
            (round(1.1 * x, 4), round(1.1 * y, 4))
            for x, y in (
                *((-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM)),
                *((_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM)),
            )
        ),
    }
)
"""Corners of each mark around (0, 0) at a radius near 1, y downwards; no corners for a circle."""


def kind_style(kind: str) -> KindStyle:
    """How a kind of event looks; a kind the table lacks gets the same spare style every time.

    Args:
        kind: Kind of event as the table has it, any case.

    Returns:
        Its style.
    """
    name = kind.strip().casefold()
    known = KINDS.get(name)
    if known is not None:
        return known
    if not name:
        return KINDS["other"]
    return SPARE[zlib.crc32(name.encode("utf-8", "surrogatepass")) % len(SPARE)]


def mode_style(mode: str) -> ModeStyle:
    """How a mode of transport looks; grey for a mode the table lacks.

    Args:
        mode: sea, rail, road or air.

    Returns:
        Its style.
    """
    return next((style for name, style in MODES.items() if name == mode), UNKNOWN_MODE)


def sort_kinds(kinds: Sequence[str], *, order: Sequence[str] | None = None) -> list[str]:
    """Put kinds into the order of legends and of stacked bars.

    Args:
        kinds: Kinds of event, each once.
        order: Kinds to come first, in this order; None for the order of `KINDS`.

    Returns:
        The same kinds: those of `order` first, then those of `KINDS`, then the others by name.
    """
    first = {name.casefold(): rank for rank, name in enumerate([*(order or ()), *KINDS][::-1])}
    return sorted(kinds, key=lambda kind: (-first.get(kind.casefold(), -1), kind.casefold(), kind))


def kind_swatch(kind: str, *, theme: Theme = "light", size_px: int = 14) -> str:
    """A small picture of a kind's mark, for a legend outside the map.

    Args:
        kind: Kind of event; it does not enter the text of the picture.
        theme: The ground it will stand on.
        size_px: Width and height in pixels.

    Returns:
        An SVG element as text, safe to put into HTML.
    """
    style = kind_style(kind)
    fill = style.dark if theme == "dark" else style.color
    points = SHAPES[style.shape]
    mark = f'<polygon points="{" ".join(f"{x},{y}" for x, y in points)}"' if points else '<circle r="1"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_px}" height="{size_px}" viewBox="-1.4 -1.4 2.8 2.8" '
        f'aria-hidden="true">{mark} fill="{fill}"/></svg>'
    )


def mode_swatch(mode: str, *, basis: str = "observed track", theme: Theme = "light", width_px: int = 28) -> str:
    """A small picture of a route's line, for a legend outside the map.

    Args:
        mode: sea, rail, road or air.
        basis: On what ground the line was drawn; it sets the dashes.
        theme: The ground it will stand on.
        width_px: Width in pixels; the height is 10.

    Returns:
        An SVG element as text, safe to put into HTML.
    """
    style = mode_style(mode)
    dash = next((known.dash for name, known in BASES.items() if name == basis), ())
    dashes = f' stroke-dasharray="{" ".join(f"{part:g}" for part in dash)}"' if dash else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_px}" height="10" viewBox="0 0 {width_px} 10" '
        f'aria-hidden="true"><line x1="1" y1="5" x2="{width_px - 1}" y2="5" stroke-width="2.5" '
        f'stroke="{style.dark if theme == "dark" else style.color}"{dashes}/></svg>'
    )
