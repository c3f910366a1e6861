"""What a file would hold, before it is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.exporting.formats import LAYERS, Format, cited, format_of
from geo.exporting.writing import held, only
from geo.schema import TIMES
from geo.types import Layer

if TYPE_CHECKING:
    from geo.atlas import Atlas

SAMPLE_ROWS = 200  # of each layer, written to learn how large the whole would be


@dataclass(frozen=True)
class Preview:
    """What a file would hold.

    Args:
        format: The kind of file.
        counts: For each layer in it the number of rows.
        unplaced: For each of them how many rows have no position.
        undated: For each of them how many rows have no date.
        columns: For each of them the columns, those of the source included.
        first: For each of them its first rows.
        left_out: For each layer asked for how many rows the format cannot hold.
        size_bytes: About how large the file would be.
    """

    format: Format
    counts: Mapping[Layer, int]
    unplaced: Mapping[Layer, int]
    undated: Mapping[Layer, int]
    columns: Mapping[Layer, tuple[str, ...]]
    first: Mapping[Layer, pd.DataFrame]
    left_out: Mapping[Layer, int]
    size_bytes: int


def preview(atlas: Atlas, name: str | Path, *, layers: Collection[Layer] = LAYERS, rows: int = 5) -> Preview:
    """Say what a file would hold, without writing all of it.

    Args:
        atlas: The rows that would be written.
        name: The kind of file, as a name that ends like one or as that end: `march.kml` or `kml`.
        layers: Which tables would be written.
        rows: How many first rows to show of each.

    Returns:
        Its rows counted, its columns, its first rows and about its size.

    Raises:
        FormatError: Rutter writes no such file, or it can hold none of the layers or only one of them.
        LayerError: There is no such layer.
    """
    kind = format_of(name)
    counts = held(atlas, name, layers=layers)
    inside = only(atlas, counts)
    if not kind.unplaced:
        inside = inside.keep({name: inside.layer(name).geometry.notna().to_numpy() for name in LAYERS})
    head = cited(_some(inside, {name: np.arange(rows) for name in LAYERS}), counts)
    return Preview(
        kind,
        counts=counts,
        unplaced={name: int(inside.layer(name).geometry.isna().sum()) for name in counts},
        undated={name: int(inside.layer(name)[TIMES[name][0]].isna().sum()) for name in counts},
        columns={name: tuple(head.layers[name].columns) for name in counts},
        first={name: pd.DataFrame(head.layers[name]) for name in counts},
        left_out={name: len(atlas.layer(name)) - counts.get(name, 0) for name in LAYERS if name in layers},
        size_bytes=_size(inside, kind, counts),
    )


def _size(atlas: Atlas, kind: Format, chosen: Collection[Layer]) -> int:
    many, few = (_spread(atlas, rows) for rows in (SAMPLE_ROWS, SAMPLE_ROWS // 2))
    size = len(kind.write(many, chosen).content)
    total, most, least = (sum(len(one.layer(name)) for name in chosen) for one in (atlas, many, few))
    if total == most:
        return size
    a_row = (size - len(kind.write(few, chosen).content)) / (most - least)
    return int(size + a_row * (total - most))


def _spread(atlas: Atlas, rows: int) -> Atlas:
    return _some(atlas, {name: np.linspace(0, len(atlas.layer(name)) - 1, rows).astype(int) for name in LAYERS})


def _some(atlas: Atlas, numbers: Mapping[Layer, np.ndarray]) -> Atlas:
    return atlas.keep({name: np.isin(np.arange(len(atlas.layer(name))), numbers[name]) for name in LAYERS})
