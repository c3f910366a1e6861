"""The steps of a story as the map takes them: what only the dossier can say, which rows fit a filter, is worked out."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np

from geo.story import StoryStep
from geo.types import Layer

if TYPE_CHECKING:
    from geo.atlas import Atlas

LAYERS: tuple[Layer, ...] = ("events", "routes")
BEYOND_MAP = ("statuses", "words", "sure")
"""Filters that the map knows nothing of."""


def told(atlas: Atlas, steps: Collection[StoryStep], *, filters: Collection[str] = BEYOND_MAP) -> list[dict[str, Any]]:
    """Write steps for the map's page.

    Args:
        atlas: The rows that the map holds, in its order.
        steps: The story.
        filters: The filters that are worked out here; the map follows the others.

    Returns:
        For each step what `geo/maps/js/story.js` reads.
    """
    return [
        {
            "title": step.title,
            "text": step.text,
            "view": urlencode([pair for pair in step.view if pair[0] not in filters], safe=",:"),
            **_bits(atlas, step, filters),
        }
        for step in steps
    ]


def _bits(atlas: Atlas, step: StoryStep, filters: Collection[str]) -> dict[str, str | None]:
    asked = {key: [value for name, value in step.view if name == key] for key in filters}
    if not any(asked.values()):
        return {"events": None, "routes": None}
    kept = atlas.matching(
        kinds=asked.get("kinds") or None,
        modes=asked.get("modes") or None,
        statuses=asked.get("statuses") or None,
        words=" ".join(asked.get("words", ())),
        confidence=int((asked.get("sure") or ["0"])[0]) / 100,
    )
    masks = {name: np.asarray(atlas.layer(name)["id"].isin(kept.layer(name)["id"]), dtype=bool) for name in LAYERS}
    return {
        name: base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode() for name, mask in masks.items()
    }
