"""One Atlas: events, routes and their sources, opened, sliced, drawn and saved together."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import exporting, geodesy, places, schema
from geo.choosing import Index, Masks
from geo.errors import LayerError
from geo.opening import open_tables, stands, story_of, title_of
from geo.picturing import draw
from geo.places.corrections import Corrections
from geo.placing import one_by_one
from geo.story import Steps
from geo.types import Bounds, Geocode, Layer, Notice

if TYPE_CHECKING:
    from geo.maps import OfflineMap

LAYERS: tuple[Layer, ...] = ("events", "routes")


@dataclass(frozen=True)
class Atlas:
    """Events, routes and the sources they come from.

    Args:
        events: Events, EPSG:4326; columns as in `geo.schema.EVENTS`.
        routes: Routes, EPSG:4326; columns as in `geo.schema.ROUTES`.
        sources: Sources; columns as in `geo.schema.SOURCES`.
        notices: What a reader should know of rows that are kept: no place, no date, odd text.
        title: The dossier's name.
        story: Views with a text to each, one after the other.
    """

    events: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    sources: pd.DataFrame
    notices: tuple[Notice, ...] = ()
    title: str = ""
    story: Steps = ()

    @classmethod
    def open(cls, path: str | Path, *, geocode: Geocode | None = None, corrections: Corrections | None = None) -> Atlas:
        """Open a dossier.

        Args:
            path: A folder with `events.csv`, `routes.csv` and `sources.csv`, or a zip of one, a GeoPackage, a GeoJSON
                file (whole, or a feature a line), a GeoParquet file, or the address of a database. The first line of
                a file `title.txt` in the folder is the dossier's title.
            geocode: Turns a name into a place; the offline gazetteer when left out, with the corrections that stand in
                `corrections.csv` in the folder.
            corrections: Corrections to follow in place of those in the folder.

        Returns:
            The dossier, its names turned into points and its legs into lines.

        Raises:
            MissingFileError: There is nothing at this path.
            FormatError: A file is not what its name promises.
            TableError: Rows are wrong; all of them are listed.
        """
        find = (
            one_by_one(geocode) if geocode else places.PlaceFinder(corrections=corrections or _corrections(path)).places
        )
        tables, notices = open_tables(path, find=find)
        return cls(**tables, notices=tuple(notices), title=title_of(path), story=story_of(path))

    @classmethod
    def empty(cls, *, title: str = "") -> Atlas:
        """Begin a dossier.

        Args:
            title: Its name.

        Returns:
            A dossier without rows.
        """
        return cls(schema.empty("events"), schema.empty("routes"), schema.empty("sources"), title=title)

    def layer(self, name: Layer) -> gpd.GeoDataFrame:
        """Return one of the two tables with geometry.

        Args:
            name: `events` or `routes`.

        Returns:
            That table, EPSG:4326.

        Raises:
            LayerError: There is no such layer.
        """
        if name not in LAYERS:
            raise LayerError(f"No layer is called {name}. Use {' or '.join(LAYERS)}.")
        return {"events": self.events, "routes": self.routes}[name]

    def between(self, t0: pd.Timestamp, t1: pd.Timestamp) -> Atlas:
        """Keep what is in a window of time, by `geo.timeline.in_window`.

        Args:
            t0: First moment of the window, UTC.
            t1: First moment after the window, UTC.

        Returns:
            An Atlas with the rows whose time meets `[t0, t1)`; rows without a date are in no window.

        Raises:
            DateError: The window is empty, or a moment has no time zone.
        """
        return self.keep(self.index.in_window(t0, t1))

    def matching(
        self,
        *,
        kinds: Collection[str] | None = None,
        modes: Collection[str] | None = None,
        statuses: Collection[str] | None = None,
        confidence: float = 0.0,
        words: str = "",
    ) -> Atlas:
        """Keep what fits a filter.

        Args:
            kinds: Kinds of event to keep; all when None.
            modes: Modes of route to keep; all when None.
            statuses: Statuses to keep; all when None.
            confidence: Least confidence to keep, 0 to 1; rows without one are kept at 0 only.
            words: Words that must all stand somewhere in a row's texts, upper and lower case alike.

        Returns:
            An Atlas with the rows that fit.
        """
        return self.keep(
            self.index.fitting(kinds=kinds, modes=modes, statuses=statuses, confidence=confidence, words=words)
        )

    def keep(self, masks: Masks) -> Atlas:
        """Keep chosen rows.

        Args:
            masks: For each layer True for the rows to keep, in the order of the table; shape (n,).

        Returns:
            An Atlas with those rows, all sources, and the notices about those rows.
        """
        if all(mask.all() for mask in masks.values()):
            return self
        events, routes = (self.layer(name).iloc[np.flatnonzero(masks[name])].reset_index(drop=True) for name in LAYERS)
        notices = self.notices
        if notices:
            kept = {"events": set(events["id"]), "routes": set(routes["id"])}
            notices = tuple(notice for notice in notices if notice.id in kept.get(notice.layer, {notice.id}))
        return replace(self, events=events, routes=routes, notices=notices)

    @cached_property
    def index(self) -> Index:
        """What is asked of the rows again and again."""
        return Index(self.events, self.routes)

    @cached_property
    def unplaced(self) -> pd.DataFrame:
        """The rows without a geometry, as a table with columns layer, id, title, place."""
        rows = [
            {"layer": name, "id": row["id"], "title": row["title"], "place": where(name, row)}
            for name in LAYERS
            for row in self.layer(name)[self.layer(name).geometry.isna()].to_dict("records")
        ]
        return pd.DataFrame(rows, columns=["layer", "id", "title", "place"])

    @cached_property
    def undated(self) -> pd.DataFrame:
        """The rows without a date, as a table with columns layer, id, title."""
        rows = [
            {"layer": name, "id": row["id"], "title": row["title"]}
            for name in LAYERS
            for row in self.layer(name)[self.layer(name)[schema.TIMES[name][0]].isna()].to_dict("records")
        ]
        return pd.DataFrame(rows, columns=["layer", "id", "title"])

    @cached_property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """The first moment of any row and the first moment after all, UTC; None where nothing is dated."""
        firsts = [self.layer(name)[schema.TIMES[name][0]].min() for name in LAYERS]
        lasts = [self.layer(name)[schema.TIMES[name][1]].max() for name in LAYERS]
        dated = [(first, last) for first, last in zip(firsts, lasts, strict=True) if not pd.isna(first)]
        return (min(first for first, _ in dated), max(last for _, last in dated)) if dated else None

    @cached_property
    def bounds(self) -> Bounds | None:
        """The box around everything that has a place, in degrees; west > east across 180 degrees."""
        shapes = [self.layer(name).geometry.to_numpy() for name in LAYERS]
        return geodesy.bounds(np.concatenate(shapes))

    @cached_property
    def focus(self) -> Bounds | None:
        """The box to look at first: where half of the placed events lie, else around everything, in degrees."""
        placed = self.events.geometry[self.events.geometry.notna()]
        return geodesy.densest(shapely.get_coordinates(placed.to_numpy())) or self.bounds

    def to_map(self, **options: Any) -> OfflineMap:
        """Draw the dossier on an offline map with a time slider.

        Args:
            options: Handed to `geo.picturing.draw` and from there to `geo.maps.TimeSlider`.

        Returns:
            A folium map; `.save("map.html")` writes one file that needs no network.
        """
        return draw(self, **options)

    @property
    def page(self) -> str:
        """The map as one HTML page that needs no network; drawn once."""
        return gzip.decompress(self.packed_page).decode()

    @property
    def is_drawn(self) -> bool:
        """Whether the page is there already."""
        return "packed_page" in vars(self)

    @cached_property
    def packed_page(self) -> bytes:
        """The same in UTF-8, packed by gzip."""
        page = str(self.to_map().get_root().render())
        return gzip.compress(page.encode(errors="replace"), compresslevel=1, mtime=0)

    def to_geojson(self, *, layers: Collection[Layer] = LAYERS) -> str:
        """Write the dossier as GeoJSON (RFC 7946).

        Args:
            layers: Which tables to write.

        Returns:
            The text of the file; it reads back as the same Atlas.

        Raises:
            LayerError: There is no such layer.
        """
        return exporting.export(self, "geojson", layers=layers).content.decode()

    def save(self, path: str | Path, *, layers: Collection[Layer] = LAYERS) -> tuple[Notice, ...]:
        """Save the dossier, whole or not at all.

        Args:
            path: A folder, or a name without an ending for one of CSV files; a file whose name ends as one of
                `geo.exporting.FORMATS`: `.geojson`, `.parquet`, `.kml`, `.html` for the map ... or the address of a
                database. A workspace that is there is left as it is: `geo.Workspace` changes it.
            layers: Which tables the file gets.

        Returns:
            What the file cannot hold, and what had to be changed for it.

        Raises:
            FormatError: The name ends in none of them, or such a file cannot hold these layers.
            LayerError: There is no such layer.
            SaveError: The file could not be written; what stood there is unchanged.
            StoreError: The workspace could not be reached or written; what it holds is unchanged.
        """
        return exporting.save(self, path, layers=layers)

    def _repr_html_(self) -> str:
        return str(self.to_map()._repr_html_())


def where(layer: Layer, row: Mapping[Any, Any]) -> str:
    """Say where a row is, as it was written.

    Args:
        layer: The table the row is in.
        row: The row.

    Returns:
        The place of an event, the two ends of a route.
    """
    return str(row["place"]) if layer == "events" else f"{row['origin']} → {row['destination']}"


def _corrections(path: str | Path) -> Corrections | None:
    return Corrections.open(path) if stands(path) == "folder" else None
