"""Which rows are in the part of the world that the map shows."""

from __future__ import annotations

import numpy as np

from geo.atlas import LAYERS, Atlas
from geo.choosing import Masks
from geo.types import Bounds


def in_sight(atlas: Atlas, box: Bounds) -> Masks:
    """Tell which rows touch the part of the world in sight.

    Args:
        atlas: A dossier.
        box: (west, south, east, north) in degrees; west > east across 180 degrees.

    Returns:
        For each layer True for the rows whose own box meets it; rows without a place are not in sight.
    """
    masks: Masks = {}
    for name in LAYERS:
        west, south, east, north = atlas.index.boxes[name].T
        aside = [
            (west + turn <= right) & (east + 360 * (west > east) + turn >= left)
            for left, right in _spans(box)
            for turn in (0, -360)
        ]
        masks[name] = (north >= box[1]) & (south <= box[3]) & np.logical_or.reduce(aside)
    return masks


def _spans(box: Bounds) -> list[tuple[float, float]]:
    west, _, east, _ = box
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
