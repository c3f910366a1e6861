"""Planes of yes and no over the Earth, by cell of one minute of arc, kept as tiles: most are all water or all land."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.geodesy import EARTH_RADIUS_KM

CELLS_PER_DEGREE = 60
CELL_KM = float(np.radians(1 / CELLS_PER_DEGREE)) * EARTH_RADIUS_KM
WIDTH, HEIGHT = 360 * CELLS_PER_DEGREE, 180 * CELLS_PER_DEGREE
TILE = 32  # cells; a row of a tile is one word
NONE, ALL, SOME = range(3)

Integers = npt.NDArray[np.signedinteger[Any]]
Truths = npt.NDArray[np.bool_]


class Plane(NamedTuple):
    """Yes or no for every cell, north first, from 180 W.

    Args:
        tile: Number of each tile of 32 by 32 cells, shape (338, 675).
        words: The rows of the tiles, one after the other, the westernmost cell in the lowest bit; shape (32 k,).
    """

    tile: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint32]

    def at(self, rows: npt.ArrayLike, columns: npt.ArrayLike) -> Truths:
        """Look cells up.

        Args:
            rows: Rows of the cells.
            columns: Columns of the cells.

        Returns:
            True where the cell is set.
        """
        rows, columns = np.asarray(rows), np.asarray(columns)
        word = self.words[self.tile[rows >> 5, columns >> 5] * TILE + (rows & 31)]
        return np.asarray((word >> (columns & 31).astype(np.uint32)) & 1, dtype=bool)


def cells(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Integers, Integers]:
    """Find the cells that points lie in.

    Args:
        lon: Longitudes in degrees.
        lat: Latitudes in degrees.

    Returns:
        Rows and columns.
    """
    rows = np.minimum(((90.0 - np.asarray(lat)) * CELLS_PER_DEGREE).astype(np.int64), HEIGHT - 1)
    columns = ((np.asarray(lon) + 180.0) * CELLS_PER_DEGREE).astype(np.int64)
    return rows, np.where(columns >= WIDTH, columns - WIDTH, columns)


def tiled(cells: Truths) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Cut a plane into tiles, as the file keeps it.

    Args:
        cells: Shape (10800, 21600).

    Returns:
        For each tile whether none, all or some of its cells are set; and the rows of the last kind, each as its
        difference (XOR) from the row above, shape (k, 32).
    """
    rows = -(-HEIGHT // TILE)
    padded = np.concatenate([cells, np.repeat(cells[-1:], rows * TILE - HEIGHT, axis=0)])
    tiles = padded.reshape(rows, TILE, WIDTH // TILE, TILE).swapaxes(1, 2)
    count = tiles.sum(axis=(2, 3), dtype=np.int64)
    kind = np.where(count == 0, NONE, np.where(count == TILE * TILE, ALL, SOME)).astype(np.uint8)
    words = np.packbits(tiles[kind == SOME], axis=2, bitorder="little").view("<u4")[..., 0]
    words[:, 1:] ^= words[:, :-1].copy()
    return kind, words


def plane(kind: npt.NDArray[np.uint8], words: npt.NDArray[np.uint32]) -> Plane:
    """Make a plane of what `tiled` gives.

    Args:
        kind: For each tile whether none, all or some of its cells are set.
        words: The rows of the last kind.

    Returns:
        The plane.
    """
    whole = np.array([[0] * TILE, [0xFFFFFFFF] * TILE], dtype=np.uint32)
    tile = kind.astype(np.int32)
    tile[kind == SOME] = np.arange(len(words)) + SOME
    rows = np.concatenate([whole, words])
    for row in range(1, TILE):
        rows[2:, row] ^= rows[2:, row - 1]
    return Plane(tile, rows.ravel())
