"""A dossier of everything that is hard to write into a file."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, MultiLineString, Point

from geo import Atlas, schema

LONG = "A" * 10_000
EMOJI = "Парад 🚢 مرحبا \u202eשלום\u202c 나진"
CONTROL = "bell \x07 nul \x00 escape \x1b end"
MARKUP = "<b>]]></b> & \"quoted\" 'single' &amp; </script>"
FORMULA = "=cmd|' /C calc'!A0"
LINES = "one\r\ntwo\rthree\nfour\tfive, six; _x0041_"
ACROSS = MultiLineString([[(170.1234567, 50), (180, 51)], [(-180, 51), (-170, 52)]])


def odd_atlas() -> Atlas:
    """Make it anew."""
    events = {
        "id": ["long", "emoji", "control", "formula", "lines"],
        "title": [LONG, EMOJI, CONTROL, FORMULA, LINES],
        "kind": "other",
        "start": [_at("1600-01-01"), _at("2400-02-29"), _at("2024-03-24T10:11:12.345"), pd.NaT, _at("0999-12-31")],
        "end": [_at("1601-01-01"), _at("2400-03-01"), _at("2024-03-24T10:11:12.345"), pd.NaT, _at("1000-01-01")],
        "precision": ["year", "day", "exact", "exact", "day"],
        "radius_km": [12.5, None, 0.1, None, 0],
        "confidence": [0.25, 1, None, 0.5, 0],
        "source_id": ["s1", "s1", "", "s1", "s1"],
        "quote": [MARKUP, EMOJI, "", LINES, MARKUP],
        "analyst": ["Kim", None, FORMULA, "", EMOJI],
        "a.b": [1, 2, 3, 4, 5],
        "geometry": [Point(179.9999999, -89.5), Point(-180, 0), None, None, Point(0.0000001, 0.1)],
    }
    routes = {
        "id": ["across", "seen", "nowhere", "half"],
        "title": [MARKUP, EMOJI, CONTROL, "Half known"],
        "mode": ["sea", "air", "rail", "road"],
        "leg": [1, 2, 3, 4],
        "depart": [_at("2023-09-08"), _at("1600-05-05"), pd.NaT, _at("2024-01-01")],
        "arrive": [_at("2023-09-13"), _at("1600-05-06"), pd.NaT, _at("2024-02-01")],
        "dated_by": ["", "", "", "depart"],
        "basis": ["inferred", "observed track", "inferred", "stated"],
        "quantity": [300, None, 0.5, None],
        "confidence": [0.65, None, None, 1],
        "source_id": ["s1", "", "", "s1"],
        "quote": ["", MARKUP, "", FORMULA],
        "a.b": ["text", "in", "this", "layer"],
        "geometry": [ACROSS, LineString([(1, 2), (3, 4), (3, 4), (5, 6)]), None, LineString([(10, 20), (11, 21)])],
    }
    sources = {
        "id": ["s1", "unnamed"],
        "title": [MARKUP, EMOJI],
        "publisher": [FORMULA, "Publisher"],
        "url": ["https://example.org/?a=1&b=2", ""],
        "published": ["2023-10-13", ""],
        "note": [LINES, ""],
    }
    return Atlas(
        gpd.GeoDataFrame(schema.check("events", pd.DataFrame(events), file="events")),
        gpd.GeoDataFrame(schema.check("routes", pd.DataFrame(routes), file="routes")),
        schema.check("sources", pd.DataFrame(sources), file="sources"),
        title="Odd & <long> \x07",
    )


def _at(day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz="UTC").as_unit("ms")
