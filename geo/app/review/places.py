"""The places that a name of a candidate may mean, numbered, and the map that shows them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from branca.element import Figure, MacroElement
from shapely.geometry import Point

from geo.app.dossier import fingerprint
from geo.app.places.finder import mark
from geo.app.review.rows import ENDS
from geo.app.words import sight
from geo.errors import CoordinateError
from geo.geodesy import bounds, parts
from geo.maps import OfflineMap, assets
from geo.maps.offline import Inline
from geo.places.corrections import Corrections
from geo.places.finder import default_finder
from geo.types import Bounds, Layer, Place

MOST = 9  # as many as there are keys
_CONTEXT = 10_000  # characters around a name that say which of its namesakes is meant
_LIKELY = 0.7  # below, all that the name may mean is in sight
_AROUND_KM = 150.0
_STYLE = ".rutter-mark.rutter-now:not(:hover) b, .rutter-mark.rutter-found:not(:hover) b { display: none; }"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Choice:
    """What a name of a candidate is read as, and what else it may mean.

    Args:
        column: Which name: place, origin or destination.
        name: The name as written; empty where the text gives none.
        places: What it may mean, likeliest first.
        current: Which of them the candidate is at; None where it is at none of them.
        own: Where it is, (longitude, latitude) in degrees, though at none of them; None where it is nowhere.
    """

    column: str
    name: str
    places: tuple[Place, ...]
    current: int | None
    own: tuple[float, float] | None = None


def choice_of(layer: Layer, row: Mapping[Any, Any], column: str, text: str, corrections: Corrections) -> Choice:
    """List what a name of a candidate may mean.

    Args:
        layer: The table it is in.
        row: The candidate as it stands.
        column: Which name: place, origin or destination.
        text: The article.
        corrections: What names were corrected to.

    Returns:
        The places, and which of them it is at.
    """
    name = row[column]
    at = max(0, int(row["sentence_start"]) - _CONTEXT)
    found = _candidates(name, text[at : at + 2 * _CONTEXT], row["mode"] if layer == "routes" else None)
    corrected = corrections.find(name) if name else None
    if corrected:
        found = (corrected, *(place for place in found if place.place_id != corrected.place_id))[:MOST]
    here = row["geometry"]
    lonlat = None if here is None or here.is_empty else _lonlat(here, column)
    identity = row["place_id" if layer == "events" else f"{column}_id"]
    current = next((number for number, place in enumerate(found) if identity and place.place_id == identity), None)
    return Choice(column, name, found, current, lonlat if current is None else None)


def _candidates(name: str, text: str, mode: Any) -> tuple[Place, ...]:
    if not name:
        return ()
    try:
        return tuple(default_finder().candidates(name, context=text, mode=mode, limit=MOST))
    except CoordinateError:
        return ()


def _lonlat(shape: Any, column: str) -> tuple[float, float]:
    if shape.geom_type == "Point":
        return (shape.x, shape.y)
    lines = parts(shape)
    lon, lat = (lines[0].coords[0] if column == ENDS[0] else lines[-1].coords[-1])[:2]
    return (lon, lat)


def messages(choice: Choice, row: Mapping[Any, Any], theme: str) -> list[dict[str, Any]]:
    """Write what the small map is told.

    Args:
        choice: What the name may mean.
        row: The candidate as it stands.
        theme: `light` or `dark`.

    Returns:
        Messages as `small_map.js` reads them.
    """
    marks = [mark(place, number=n, current=n - 1 == choice.current) for n, place in enumerate(choice.places, start=1)]
    if choice.own:
        here = Place("", choice.name or "set here", *choice.own, "coordinate", "", 0.0, 1.0, choice.name)
        marks.append(mark(here))
    shape = row["geometry"]
    line = parts(shape) if shape is not None and not shape.is_empty and shape.geom_type != "Point" else []
    box = _sight(choice, line)
    name = fingerprint([row["id"], choice.column, *(place.place_id for place in choice.places), str(choice.current)])
    return [
        {"rutter": "theme", "theme": theme},
        {"rutter": "line", "parts": [[[lat, lon] for lon, lat, *_ in part.coords] for part in line]},
        {
            "rutter": "places",
            "list": marks,
            "set": name,
            "turn": f"{row['id']} {choice.column}",
            "fly": {"bounds": list(box), "always": True} if box else None,
        },
    ]


def _sight(choice: Choice, line: list[Any]) -> Bounds | None:
    """Look at the surroundings of a likely place, and at all that a doubtful name may mean."""
    current = choice.places[choice.current] if choice.current is not None else None
    if line:
        return bounds(line)
    if choice.own:
        return sight(Place("", "", *choice.own, "coordinate", "", _AROUND_KM, 1.0, ""))
    if current and current.confidence >= _LIKELY:
        return sight(replace(current, radius_km=max(current.radius_km, _AROUND_KM)))
    return bounds([Point(*place.lonlat) for place in choice.places])


class _SmallMap(MacroElement):
    """What makes an `OfflineMap` show numbered places and take a click as a point."""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        del kwargs
        figure = self.get_root()
        assert isinstance(figure, Figure)
        figure.header.add_child(Inline(assets.style("slider"), tag="style"), name="rutter-slider-css")
        figure.header.add_child(Inline(_STYLE, tag="style"), name="rutter-small-map-css")
        for name in ("dom", "marks"):
            figure.header.add_child(Inline(assets.script(name), tag="script"), name=f"rutter-{name}-js")
        own = assets.close_safe((_HERE / "small_map.js").read_text(encoding="utf-8"))
        figure.header.add_child(Inline(own, tag="script"), name="rutter-small-map-js")
        assert self._parent is not None
        figure.script.add_child(Inline(f"Rutter.smallMap({self._parent.get_name()});"), name=self.get_name())


@cache
def small_map() -> bytes:
    """Draw the small map's page, which is the same for every candidate.

    Returns:
        HTML that needs no network, packed by gzip.
    """
    canvas = OfflineMap(title="Where it may be", online_tiles=False)
    canvas.add_child(_SmallMap())  # type: ignore[no-untyped-call]
    return gzip.compress(str(canvas.get_root().render()).encode(), mtime=0)
