"""Where the bundled data lives."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
SAMPLE = DATA / "sample"
PLACES = DATA / "places"
NETWORKS = DATA / "networks"
BASEMAP = DATA / "basemap"
SEA = DATA / "sea"
