"""The time slider: a folium plugin that draws dated events and routes and lets a reader scrub through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast
from urllib.parse import urlencode

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from branca.element import Figure, MacroElement

from geo.errors import DateError, MapError
from geo.geodesy import bounds
from geo.maps import assets
from geo.maps.columns import pack
from geo.maps.offline import Inline
from geo.maps.packing import Json
from geo.maps.style import BASES, MODES, SHAPES, KindStyle, ModeStyle, kind_style, mode_style, sort_kinds
from geo.story import StoryStep, steps_of

Step = Literal["hour", "day", "week", "month", "quarter", "year"]
StepOrEvent = Literal[Step, "event"]
Window: TypeAlias = tuple[pd.Timestamp | str, pd.Timestamp | str]

STYLES = ("slider", "chart", "picture", "story")
STEPS: tuple[Step, ...] = ("hour", "day", "week", "month", "quarter", "year")
SCRIPTS = (
    *("packed", "texts", "columns", "routes", "calendar", "choices", "stops", "dom", "look", "axis", "bins"),
    *("histogram", "words", "typed", "drag", "keys", "bar", "timeline", "player", "fading"),
    *("draw", "sprites", "widths", "trail", "flows", "fan", "stamp", "cells", "points", "lines", "slide", "layer"),
    *("pick", "unfold", "listing", "popup", "marks", "choosing", "switches", "legend", "aim", "renew", "address"),
    *("bridge", "home", "finding", "scale", "overview", "names", "record", "furniture", "stage", "picture", "studio"),
    *("story", "slider"),
)


class TimeSlider(MacroElement):
    """Events and routes on a map, with a timeline under it. The tables are read once, here, and not changed.

    Works on `OfflineMap` and on any folium map in Web Mercator; it fetches nothing itself.

    Args:
        events: Events in EPSG:4326: id, title, start, end and geometry at least, times in UTC; may be empty.
        routes: Routes in EPSG:4326: id, title, depart, arrive and geometry at least, times in UTC; None for none.
        sources: Sources by id: title, publisher, url, published.
        window: The half-open window `[start, end)` to begin with, UTC; None for everything.
        step: How far one step goes, and how fast time runs; "event" for the next thing that begins.
        trailing: Length of the window that runs along when playing begins from everything; None for a window that
            grows from the first date on.
        kinds_order: Kinds to come first in legend and bars; None for the usual order.
        legend: Show the legend on the map.
        story: Steps to play on the map: `geo.StoryStep`s, or mappings with `title`, `text` and `view`; those that
            `geo.telling.told` wrote also say which rows fit.

    Raises:
        TableError: A table lacks a column that the map cannot do without, or is in another CRS.
        DateError: The window ends before it starts, or is no date; `step` or `trailing` is none of the above.
        FormatError: A step of the story is wrong.
    """

    def __init__(
        self,
        events: gpd.GeoDataFrame,
        routes: gpd.GeoDataFrame | None = None,
        sources: pd.DataFrame | None = None,
        *,
        window: Window | None = None,
        step: StepOrEvent = "week",
        trailing: Step | None = "quarter",
        kinds_order: Sequence[str] | None = None,
        legend: bool = True,
        story: Sequence[StoryStep | Mapping[str, Any]] = (),
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "TimeSlider"
        for value, known in ((step, (*STEPS, "event")), ("week" if trailing is None else trailing, STEPS)):
            if value not in known:
                raise DateError(f"{value!r} is not a step. Use one of: {', '.join(known)}.")
        self.packed = pack(events, routes, sources)
        self.options: Json = {
            "window": None if window is None else _window_ms(window),
            "step": step,
            "trailing": trailing,
            "legend": legend,
            "story": _story(story),
            "extent": bounds(np.concatenate([_shapes(table) for table in (events, routes)])),
        }
        self.style = style_of(self.packed.columns, kinds_order)

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put the slider and all it needs into the page of its map.

        Args:
            kwargs: What branca hands down.

        Raises:
            MapError: It was not added to a folium map, or the map is not in Web Mercator.
        """
        parent = self._parent
        figure = self.get_root()
        if not isinstance(parent, folium.Map) or not isinstance(figure, Figure):
            raise MapError("A TimeSlider belongs on a map: TimeSlider(events, routes).add_to(folium_map).")
        if parent.crs != "EPSG3857":
            raise MapError(f"The slider draws in Web Mercator; this map is in {parent.crs}. Leave out crs=.")
        for name in STYLES:
            figure.header.add_child(Inline(assets.style(name), tag="style"), name=f"rutter-{name}-css")
        figure.header.add_child(Inline(assets.gif_encoder(), tag="script"), name="rutter-gifenc")
        for name in SCRIPTS:
            figure.header.add_child(Inline(assets.script(name), tag="script"), name=f"rutter-{name}-js")
        own = self.get_name()
        options = {**self.options, "height": list(parent.height), "bounds": getattr(parent, "corners", None)}
        packed = self.packed
        texts = {name: {**table, "bytes": None} for name, table in packed.texts.items()}
        drawn = {"columns": packed.columns, "style": self.style, "options": options}
        for part, value in (("columns", drawn), ("texts", texts)):
            self._put(figure, f"{own}-{part}", "application/json", assets.json_for_script(value))
        self._put(figure, f"{own}-bytes", "text/plain", packed.bytes)
        for name, table in packed.texts.items():
            self._put(figure, f"{own}-{name}", "text/plain", table["bytes"])
        figure.script.add_child(Inline(f'var {own} = Rutter.mount({parent.get_name()}, "{own}");'), name=own)

    @staticmethod
    def _put(figure: Figure, name: str, kind: str, text: str) -> None:
        figure.html.add_child(Inline(f'<script type="{kind}" id="{name}">{text}</script>'), name=name)


def _story(steps: Sequence[StoryStep | Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if all(isinstance(step, Mapping) and "events" in step for step in steps):
        return [cast("Mapping[str, Any]", step) for step in steps]
    return [
        {"title": step.title, "text": step.text, "view": urlencode(step.view, safe=",:")} for step in steps_of(steps)
    ]


def _shapes(table: gpd.GeoDataFrame | None) -> npt.NDArray[np.object_]:
    if table is None or not table.active_geometry_name:
        return np.array([], dtype=object)
    return np.asarray(table.geometry.array, dtype=object)


def _window_ms(window: Window) -> list[int]:
    try:
        start, end = (_utc_ms(side) for side in window)
    except (ValueError, TypeError) as error:
        raise DateError(f"{window!r} is not a window. Give two dates, the first and the one after the last.") from error
    if end <= start:
        raise DateError(f"The window {window!r} ends before it starts. Write the earlier date first.")
    return [start, end]


def _utc_ms(side: pd.Timestamp | str) -> int:
    at = pd.Timestamp(side)
    at = at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")
    return int((at - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(milliseconds=1))


def style_of(columns: Json, kinds_order: Sequence[str] | None = None) -> Json:
    """Say how the kinds and modes of packed tables look.

    Args:
        columns: The columns, as `pack` gives them.
        kinds_order: Kinds that come first in the legend; those of the style's table when left out.

    Returns:
        What the page draws by.
    """
    kinds: list[str] = columns["events"]["kind"]["values"]
    modes: list[str] = columns["routes"]["mode"]["values"]
    known: list[str] = list(MODES)
    return {
        "kinds": {name: _colors(kind_style(name)) | {"shape": kind_style(name).shape} for name in kinds},
        "modes": {name: _colors(mode_style(name)) | {"label": mode_style(name).label} for name in modes},
        "bases": {name: {"dash": list(look.dash), "label": look.label} for name, look in BASES.items()},
        "shapes": {name: [list(point) for point in points] for name, points in SHAPES.items()},
        "kindOrder": sort_kinds(kinds, order=kinds_order),
        "modeOrder": [name for name in known if name in modes] + sorted(set(modes) - set(known)),
    }


def _colors(look: KindStyle | ModeStyle) -> Json:
    return {"color": look.color, "dark": look.dark}
