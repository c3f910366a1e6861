"""Texts as sources: a row for each, the places they name, and what a reader should know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from geo import schema
from geo.geodesy import COORDINATE_DECIMALS
from geo.news.read import Reading, sureness
from geo.places.names import key
from geo.types import Notice, Place

_LONGEST = 1000  # characters of what should be a line


def source_rows(readings: Sequence[Reading]) -> pd.DataFrame:
    """List the texts.

    Args:
        readings: What was found in each text; shape (n,).

    Returns:
        Their rows, columns as in `geo.schema.SOURCES`, then `text`; each with an id of its own. Shape (n, columns).
    """
    taken: Counter[str] = Counter()
    rows = []
    for reading in readings:
        document = reading.document
        title = document.title or document.text.strip().partition("\n")[0][:120] or document.file
        rows.append(
            {
                "id": free_name(
                    key(document.publisher or document.id or PurePath(document.file).stem or title).replace(" ", "-")[
                        :40
                    ],
                    taken,
                ),
                "title": title[:_LONGEST],
                "publisher": document.publisher[:_LONGEST],
                "url": document.url[:_LONGEST],
                "published": document.published,
                "note": document.file,
                "text": document.text,
            }
        )
    return schema.check(
        "sources", pd.DataFrame(rows, columns=[*schema.SCHEMAS["sources"].columns, "text"]), file="texts"
    )


def free_name(name: str, taken: Counter[str]) -> str:
    """Give a name that no other text has: itself, or with a number after it.

    Args:
        name: The name wanted.
        taken: The names given so far, to which the new one is added.

    Returns:
        The name.
    """
    name = name or "text"
    free = name
    while free in taken:
        taken[name] += 1
        free = f"{name}-{taken[name]}"
    taken[free] = 1
    return free


def source_notices(readings: Sequence[Reading], sources: pd.DataFrame) -> Iterator[Notice]:
    """Say what should be known of the texts.

    Args:
        readings: What was found in each; shape (n,).
        sources: Their rows; shape (n, columns).

    Yields:
        How they were read, and whether they name no place or give no date.
    """
    for name, reading in zip(sources["id"], readings, strict=True):
        for note in _notes(reading):
            yield Notice("sources", name, "text", reading.document.file, note)


def _notes(reading: Reading) -> list[str]:
    notes = list(reading.document.notes)
    if not reading.mentions:
        notes.append("Names no place that is known.")
    if not reading.dates:
        notes.append("Gives no date.")
    if not reading.document.published and any(date.interval is None for date in reading.dates):
        notes.append("Its day of publication is not known, so that words such as `Thursday` stay undated.")
    return notes


def mention_rows(readings: Sequence[Reading], sources: pd.DataFrame) -> gpd.GeoDataFrame:
    """List the places that the texts name.

    Args:
        readings: What was found in each text; shape (n,).
        sources: Their rows; shape (n, columns).

    Returns:
        A row a mention, EPSG:4326; shape (m, columns).
    """
    rows = [
        {
            "source_id": name,
            "start": mention.start,
            "end": mention.end,
            "surface": mention.surface,
            "role": mention.role,
            "certainty": mention.certainty,
            "confidence": round(sureness(mention), 3),
            **_of_place(mention.place),
        }
        for name, reading in zip(sources["id"], readings, strict=True)
        for mention in reading.mentions
    ]
    columns = ["source_id", "start", "end", "surface", "role", "certainty", "confidence", *_of_place(None)]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=schema.CRS)


def _of_place(place: Place | None) -> Mapping[str, Any]:
    return {
        "place": place.name if place else "",
        "place_id": place.place_id if place else "",
        "kind": place.kind if place else "",
        "country": place.country if place else "",
        "radius_km": place.radius_km if place else np.nan,
        "reasons": "; ".join(place.reasons) if place else "",
        "geometry": point_of(place),
    }


def point_of(place: Place | None) -> Point | None:
    """Give the point of a place, as precisely as coordinates are kept.

    Args:
        place: The place, or None.

    Returns:
        Its point, EPSG:4326, or None.
    """
    return Point(*(round(number, COORDINATE_DECIMALS) for number in place.lonlat)) if place else None
