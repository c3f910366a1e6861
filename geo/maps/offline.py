"""A folium map that asks the network for nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, Literal

import folium
from branca.element import Element, Figure
from folium.template import Template

from geo.config import BASEMAP
from geo.errors import CoordinateError
from geo.maps import assets
from geo.types import Bounds

Theme = Literal["auto", "light", "dark"]

ATTRIBUTION = (
    '<a href="https://www.naturalearthdata.com/">Natural Earth</a>, '
    '<a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0)'
)
ONLINE_LAYERS = (
    {
        "name": "OpenStreetMap",
        "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "attribution": '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors',
        "maxZoom": 19,
        "hasNames": True,
    },
    {
        "name": "Satellite (Esri)",
        "url": "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        "attribution": "Imagery &copy; Esri, Maxar, Earthstar Geographics and the GIS user community",
        "maxZoom": 17,
        "hasNames": False,
    },
    {
        "name": "CARTO light",
        "url": "https://{s}.basemaps.cartocdn.com/light_all/{z}/{x}/{y}{r}.png",
        "attribution": '&copy; <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors, '
        '&copy; <a href="https://carto.com/attributions">CARTO</a>',
        "maxZoom": 20,
        "hasNames": True,
    },
)


class Inline(Element):
    """Text that goes into the page as it stands; a plain branca `Element` would read it as a Jinja template.

    Args:
        text: What to put there.
        tag: `script` or `style` to wrap it in, or empty.
    """

    _template = Template(
        "{% if this.tag %}<{{ this.tag }}>{{ this.text }}</{{ this.tag }}>{% else %}{{ this.text }}{% endif %}"
    )

    def __init__(self, text: str, *, tag: Literal["", "script", "style"] = "") -> None:
        super().__init__()
        self._name = "Inline"
        self.text = text
        self.tag = tag


class OfflineMap(folium.Map):
    """A folium map with a bundled basemap of land, borders and place names, and Leaflet inside the page.

    Everything else of folium works with it; a plugin that fetches files of its own still does.

    Args:
        bounds: What to show: (west, south, east, north) in degrees, WGS 84; west > east where it crosses 180 degrees.
        location: Centre as (latitude, longitude) in degrees, WGS 84, as folium has it; ignored when `bounds` is given.
        zoom_start: Zoom, 1 (the world) to 18; ignored when `bounds` is given.
        title: Title of the page and the map's name for screen readers.
        theme: Colours; `auto` follows the reader's system.
        online_tiles: Offer online layers in the map's corner. None is asked for before the reader picks it.

    Raises:
        CoordinateError: A bound or the location is not on the Earth, or south is north of north.
    """

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id="{{ this.get_name() }}" role="application"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = Rutter.map("{{ this.get_name() }}", Rutter.options["{{ this.get_name() }}"]);
        {% endmacro %}
        """
    )

    def __init__(
        self,
        *,
        bounds: Bounds | None = None,
        location: Sequence[float] | None = None,
        zoom_start: int = 2,
        title: str = "",
        theme: Theme = "auto",
        online_tiles: bool = True,
    ) -> None:
        centre = check_centre(location) if location is not None else (25.0, 20.0)
        super().__init__(location=centre, zoom_start=zoom_start, tiles=None)
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.title = title
        self.theme = theme
        self.online_tiles = online_tiles
        self.corners = leaflet_bounds(bounds) if bounds is not None else None

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        """Put the map and all it needs into its page.

        Args:
            kwargs: What branca hands down.

        Raises:
            MissingFileError: A file that the page carries is not installed.
        """
        figure = self.get_root()
        if isinstance(figure, Figure):
            if self.title:
                figure.title = html.escape(self.title)
            for name, element in self._inlined().items():
                figure.header.add_child(element, name=name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def _inlined(self) -> dict[str, Inline]:
        """What the head of the page carries, in order, by name; a second map in the page shares it."""
        labels = assets.read(BASEMAP / "labels.json").decode()
        options = f"Rutter.options[{assets.json_for_script(self.get_name())}] = {self._page_options()};"
        data = f'Rutter.data = {{basemap: "{assets.packed(BASEMAP / "basemap.bin.gz")}", labels: {labels}}};'
        return {
            "leaflet-css": Inline(assets.leaflet_style(), tag="style"),
            "rutter-basemap-css": Inline(assets.style("basemap"), tag="style"),
            "leaflet-js": Inline(assets.leaflet_script(), tag="script"),
            **{
                f"rutter-{name}-js": Inline(assets.script(name), tag="script")
                for name in ("ground", "basemap", "labels", "offline")
            },
            "rutter-basemap-data": Inline(f"Rutter.options = Rutter.options || {{}}; {data}", tag="script"),
            f"rutter-options-{self.get_name()}": Inline(options, tag="script"),
        }

    def _page_options(self) -> str:
        """What `Rutter.map` is told, as JSON."""
        return assets.json_for_script(
            {
                "leaflet": {key: value for key, value in self.options.items() if key not in ("zoom", "maxBounds")},
                "center": self.location,
                "zoom": self.options["zoom"],
                "bounds": self.corners,
                "title": self.title,
                "theme": self.theme,
                "attribution": ATTRIBUTION,
                "online": ONLINE_LAYERS if self.online_tiles else [],
            }
        )


def check_centre(location: Sequence[float]) -> tuple[float, float]:
    """The centre, checked.

    Args:
        location: (latitude, longitude) in degrees, WGS 84.

    Returns:
        The same.

    Raises:
        CoordinateError: It is not on the Earth.
    """
    if len(location) != 2 or not (-90 <= location[0] <= 90 and -540 <= location[1] <= 540):
        raise CoordinateError(f"location {tuple(location)} is not (latitude, longitude) in degrees; give two numbers.")
    return (float(location[0]), float(location[1]))


def leaflet_bounds(bounds: Bounds) -> list[list[float]]:
    """Bounds as Leaflet has them: across 180 degrees the east side goes on beyond 180.

    Args:
        bounds: (west, south, east, north) in degrees, WGS 84; west > east where it crosses 180 degrees.

    Returns:
        [[south, west], [north, east]] in degrees, with the middle within -180..180.

    Raises:
        CoordinateError: A side is not on the Earth, or south is north of north.
    """
    west, south, east, north = bounds
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise CoordinateError(f"bounds {bounds} are not (west, south, east, north) in degrees; check the order.")
    east += 360.0 if west > east else 0.0
    turn = 360.0 if west + east > 360.0 else 0.0
    return [[south, west - turn], [north, east - turn]]
