"""One question asked of a table of routes: is each row possible?"""

from __future__ import annotations

import geopandas as gpd

from geo.checking.speeds import odd_speeds
from geo.types import Notice


def plausibility(routes: gpd.GeoDataFrame) -> list[Notice]:
    """List the legs that cannot have gone as the table says, or that show signs of false data.

    A leg is too fast when even the longest time that its dates allow is too short for its length and mode, too slow
    when even the shortest is too long: a leg within a month may have taken all of it. A leg of which only one date is
    known is not judged. Lines that are an observed track are looked at for a detour beside the inferred route between
    their ends, for gaps, and by sea for loitering and for positions or stretches on land.

    Args:
        routes: Routes, EPSG:4326; of the columns of `geo.schema.ROUTES` at least `id`, `mode`, `depart`, `arrive` and
            `geometry`. A leg without `length_km` is as long as its line.

    Returns:
        One notice for each thing found, in the order of the table; the message is a sentence with the figures.

    Source:
        `data/networks/speeds.csv` for what vehicles can do, `data/sea/` for land.
    """
    found = odd_speeds(routes)
    if "basis" in routes.columns:
        tracks = (routes["basis"] == "observed track") & routes.geometry.notna() & ~routes.geometry.is_empty
        if tracks.any():
            from geo.checking.tracks import odd_tracks  # reads the chart of the sea, which few dossiers need

            found += odd_tracks(routes[tracks])
    place = {name: number for number, name in enumerate(routes["id"])}
    return sorted(found, key=lambda notice: place[notice.id])
