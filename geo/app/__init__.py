"""The Streamlit app: map and slider first, filters at the side, table, evidence and export beside the map."""

from geo.app.page import main

__all__ = ["main"]
