"""Where the bundled data lives."""

from __future__ import annotations

import os
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
SAMPLE = DATA / "sample"
PLACES = DATA / "places"
NETWORKS = DATA / "networks"
BASEMAP = DATA / "basemap"
SEA = DATA / "sea"
NEWS = DATA / "news"


def gazetteer_folder() -> Path:
    """Say which gazetteer is in use: the bundled one, or the one the user built.

    Returns:
        The folder that the environment variable `RUTTER_GAZETTEER` names, or else the bundled one.
    """
    chosen = os.environ.get("RUTTER_GAZETTEER", "").strip()
    return Path(chosen).expanduser() if chosen else PLACES


def answers_file() -> Path:
    """Say where the answers of online geocoders are kept.

    Returns:
        A file among the user's cached data; its folder is made.
    """
    import platformdirs

    return platformdirs.user_cache_path("rutter", ensure_exists=True) / "online-answers.sqlite"
