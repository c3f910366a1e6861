"""Which rows are in the part of the world that the map shows."""

from __future__ import annotations

import pandas as pd

from geo.atlas import LAYERS, Atlas
from geo.geodesy import bounds
from geo.types import Bounds


def in_sight(atlas: Atlas, box: Bounds) -> Atlas:
    """Keep the rows that touch the part of the world in sight.

    Args:
        atlas: A dossier.
        box: (west, south, east, north) in degrees; west > east across 180 degrees.

    Returns:
        The rows whose own box meets it; rows without a place are not in sight.
    """
    return atlas.keep(
        {
            name: pd.Series(
                [_meets(bounds([shape]), box) for shape in atlas.layer(name).geometry], dtype=bool
            ).to_numpy()
            for name in LAYERS
        }
    )


def _meets(own: Bounds | None, box: Bounds) -> bool:
    if own is None or own[3] < box[1] or own[1] > box[3]:
        return False
    return any(
        west <= east_edge and east >= west_edge for west, east in _spans(own) for west_edge, east_edge in _spans(box)
    )


def _spans(box: Bounds) -> list[tuple[float, float]]:
    west, _, east, _ = box
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
