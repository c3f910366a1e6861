"""What the names of a row are read as, and what else they may mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
from shapely.geometry import Point

from geo.atlas import LAYERS, Atlas
from geo.errors import CoordinateError, CountryError
from geo.following import names_of
from geo.geodesy import bounds
from geo.places.corrections import Corrections
from geo.places.finder import PlaceFinder, default_finder
from geo.places.names import key
from geo.placing import place_query
from geo.types import Bounds, Layer, Place, PlaceQuery

LIMIT = 8
_NEIGHBOURS = 150  # beyond so many other names the wait would be felt, and the first tell enough
_ROLES = {"place": "Where", "origin": "From", "destination": "To", "via": "By way of"}


@dataclass(frozen=True)
class Mention:
    """A name in a row.

    Args:
        role: What it says of the row: where, from, to, by way of.
        query: The name as written, with what the row says besides.
        place_id: What the dossier reads it as; empty where it reads it as nothing, None where it does not say.
        lonlat: Where the dossier has it, (longitude, latitude) in degrees, or None.
    """

    role: str
    query: PlaceQuery
    place_id: str | None
    lonlat: tuple[float, float] | None = None


@dataclass(frozen=True)
class Reading:
    """What a name is read as, and what else it may mean.

    Args:
        mention: The name.
        choices: The places it may mean, likeliest first.
        current: Which of them it is read as; None where it is none of them.
        refused: Whether the user said that it is no place.
    """

    mention: Mention
    choices: tuple[Place, ...]
    current: int | None
    refused: bool = False

    @property
    def place(self) -> Place | None:
        """What it is read as."""
        return None if self.current is None else self.choices[self.current]

    @property
    def bounds(self) -> Bounds | None:
        """The box around all that it may mean, in degrees."""
        return bounds([Point(place.lon, place.lat) for place in self.choices])


def mentions(layer: Layer, row: Mapping[Any, Any]) -> list[Mention]:
    """List the names of a row.

    Args:
        layer: The table the row is in.
        row: The row.

    Returns:
        The place of an event; both ends of a route and what it passes by.
    """
    found = []
    for column, name in names_of(layer, row):
        at = row["geometry"] if column == "place" else None
        lonlat = (at.x, at.y) if at is not None and not at.is_empty else None
        id_column = {"place": "place_id", "origin": "origin_id", "destination": "destination_id"}.get(column)
        found.append(
            Mention(
                _ROLES[column],
                place_query(partial(_text, row), column, name.strip()),
                row[id_column] if id_column else None,
                lonlat,
            )
        )
    return found


def _text(row: Mapping[Any, Any], column: str) -> str:
    cell = row.get(column, "")
    return "" if pd.isna(cell) else str(cell).strip()


def readings(atlas: Atlas, layer: Layer, row: Mapping[Any, Any], corrections: Corrections) -> list[Reading]:
    """Say what the names of a row may mean, judged by the other names of the dossier as when it was opened.

    Args:
        atlas: The dossier.
        layer: The table the row is in.
        row: The row.
        corrections: What is corrected.

    Returns:
        One reading a name; names without a letter are left out.
    """
    named = [mention for mention in mentions(layer, row) if mention.query.name]
    finder = default_finder()
    sound = {mention: query for mention in named if (query := _sound(mention.query, finder))}
    others = dict.fromkeys(query for asked in _asked(atlas) if (query := _sound(asked, finder)))
    asked = [*sound.values(), *[query for query in others if query not in sound.values()][:_NEIGHBOURS]]
    found = finder.scene(asked, limit=LIMIT)
    choices = dict(zip(sound, found[: len(sound)], strict=True))
    return [_reading(mention, choices.get(mention, []), corrections) for mention in named]


def _asked(atlas: Atlas) -> Iterator[PlaceQuery]:
    seen: dict[PlaceQuery, None] = {}
    for layer in LAYERS:
        for row in atlas.layer(layer).drop(columns="geometry").to_dict("records"):
            for column, name in names_of(layer, row):
                query = place_query(partial(_text, row), column, name.strip())
                if query.name and query not in seen:
                    seen[query] = None
                    yield query
                if len(seen) > _NEIGHBOURS:
                    return


def _sound(query: PlaceQuery, finder: PlaceFinder) -> PlaceQuery | None:
    try:
        return finder.checked(query)
    except CoordinateError:
        return None
    except CountryError:
        return query._replace(country="")


def _reading(mention: Mention, found: Sequence[Place], corrections: Corrections) -> Reading:
    name = mention.query.name
    # A row that brings its own position does not follow a correction of its name.
    if corrections.is_refused(name) and not mention.place_id:
        return Reading(mention, tuple(found), None, refused=True)
    corrected = corrections.find(name)
    if corrected is not None and mention.place_id in (None, corrected.place_id):
        choices = (corrected, *(place for place in found if place.place_id != corrected.place_id))
        return Reading(mention, choices[:LIMIT], 0)
    if mention.place_id is None:
        return Reading(mention, tuple(found), 0 if found else None)
    ids = [place.place_id for place in found]
    return Reading(mention, tuple(found), ids.index(mention.place_id) if mention.place_id in ids else None)


def rows_that_say(atlas: Atlas, name: str) -> int:
    """Count the rows that a correction of a name is about.

    Args:
        atlas: The dossier.
        name: A name in any spelling of the same key.

    Returns:
        How many events and routes have it.
    """
    wanted = key(name)
    return sum(
        any(key(written) == wanted for _, written in names_of(layer, row))
        for layer in LAYERS
        for row in atlas.layer(layer).drop(columns="geometry").to_dict("records")
    )


def by_coordinates(text: str, name: str) -> Place | None:
    """Read coordinates as the place a name means.

    Args:
        text: Coordinates in any usual notation.
        name: The name they are for.

    Returns:
        The place, called as the name is written; None where the text holds no coordinates.

    Raises:
        CoordinateError: They are not on the Earth.
    """
    found = next(iter(default_finder().candidates(text, limit=1)), None)
    if found is None or found.match != "coordinates":
        return None
    return replace(found, name=name, kind="place")
