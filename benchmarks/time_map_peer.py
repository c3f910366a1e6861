"""The peer of time_map_app.py: the same rows on a folium map by `st_folium`, and the same table beside it."""

from __future__ import annotations

import sys

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

ROWS = 500


@st.cache_resource
def opened(path: str) -> gpd.GeoDataFrame:
    """Read the events."""
    table = gpd.read_parquet(path)
    return table[table.geometry.geom_type == "Point"].sort_values("start")


def main() -> None:
    """Show the window."""
    path, how = sys.argv[1:3]
    table = opened(path)
    start, end = st.text_input("Window", "2015-01-01T00:00:00Z/2015-01-28T00:00:00Z").split("/")
    rows = table[(table["start"] < pd.Timestamp(end)) & (table["end"] > pd.Timestamp(start))]
    canvas = folium.Map(location=(20, 0), zoom_start=1, tiles=None, prefer_canvas=True)
    group = folium.FeatureGroup(name="events")
    for point, title in zip(rows.geometry, rows["title"], strict=True):
        folium.CircleMarker((point.y, point.x), radius=4, tooltip=title).add_to(group)
    if how == "full rebuild":
        group.add_to(canvas)
        st_folium(canvas, height=400, returned_objects=[], key="map")
    else:
        st_folium(canvas, height=400, returned_objects=[], key="map", feature_group_to_add=group)
    st.html(f'<p id="drawn">{len(rows)} of {len(table)}, {start}</p>')
    st.dataframe(pd.DataFrame(rows[["start", "title", "kind", "confidence"]].head(ROWS)), hide_index=True)


main()
