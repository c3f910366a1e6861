"""Numbers and texts as compressed bytes that a page reads back: a little JSON says what lies where.

A column is written plane by plane, the lowest bytes of all its numbers first, so that gzip finds what is alike; one
that rises or wanders is written as its steps. Texts come in blocks of rows, each gzipped apart, so that a page unpacks
the few that somebody reads. `geo/maps/js/packed.js` and `geo/maps/js/texts.js` read both back.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Json: TypeAlias = dict[str, Any]
Numbers: TypeAlias = npt.NDArray[Any]

BLOCK_ROWS = 2048
LEVEL = 6
GZIP = 16 + zlib.MAX_WBITS
PAD = "\0"


class Shelf:
    """Columns of numbers, one behind the other in one run of bytes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def put(self, values: Numbers, *, steps: bool = False) -> Json:
        """Add a column.

        Args:
            values: Unsigned integers, 32-bit floats, or 64-bit floats that hold integers from 0 to 2**52; shape (n,).
            steps: Write how far each lies from the one before it; for what rises or wanders, not for 32-bit floats.

        Returns:
            What the page needs to read it back.
        """
        kind = {"u": "u", "f": "f"}[values.dtype.kind] + str(8 * values.dtype.itemsize)
        column: Json = {"type": kind, "count": len(values)}
        if not len(values) or (values == values[0]).all():
            return column | {"fill": values[0].item() if len(values) else 0}
        if steps:
            step: npt.NDArray[np.int64] = np.diff(values.astype(np.int64), prepend=0).astype(np.int64)
            values = ((step << 1) ^ (step >> 63)).astype(np.uint64)
        elif kind == "f64":
            values = values.astype(np.uint64)
        planes = values.dtype.itemsize if values.dtype.kind == "f" else _width(int(values.max()))
        little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
        raw = little.view(np.uint8).reshape(len(values), -1)
        data = np.ascontiguousarray(raw[:, :planes].T).tobytes()
        column |= {"planes": planes, "at": self._size} | ({"steps": True} if steps else {})
        self._parts.append(data)
        self._size += len(data)
        return column

    def bytes(self) -> str:
        """All columns, gzipped, in base64."""
        return base64.b64encode(gzip(b"".join(self._parts))).decode("ascii")


def take(column: Mapping[str, Any], data: str) -> Numbers:
    """Read a column back, as the page does.

    Args:
        column: What `Shelf.put` returned.
        data: What `Shelf.bytes` returned.

    Returns:
        The numbers.
    """
    dtype = np.dtype(f"<{column['type'][0]}{int(column['type'][1:]) // 8}")
    count = column["count"]
    if "fill" in column:
        return np.full(count, column["fill"], dtype=dtype)
    raw = np.frombuffer(gunzip(base64.b64decode(data)), np.uint8)
    planes = raw[column["at"] : column["at"] + count * column["planes"]].reshape(column["planes"], count)
    if column["type"] == "f32":
        return np.ascontiguousarray(planes.T).view("<f4").ravel()
    wide = np.zeros((count, 8), np.uint8)
    wide[:, : column["planes"]] = planes.T
    values = wide.view("<u8").ravel()
    if column.get("steps"):
        values = np.cumsum((values >> 1).astype(np.int64) ^ -(values & 1).astype(np.int64))
    return values.astype(dtype)


def pack_texts(columns: Mapping[str, Sequence[str]], *, rows: int = BLOCK_ROWS) -> Json:
    """Write texts in blocks of rows.

    Args:
        columns: Texts by name, all of one length.
        rows: How many rows a block has.

    Returns:
        What the page reads: `same` holds columns whose text never changes, `ends` where each block ends. A block lists
        the other columns: each as a list of texts, or as one text written across its rows, the first letters of all
        rows first, which suits numbered names.
    """
    count = max((len(texts) for texts in columns.values()), default=0)
    same = {name: texts[0] if count else "" for name, texts in columns.items() if _alike(texts)}
    rest = [texts for name, texts in columns.items() if name not in same]
    write = [_across if _suits_across(texts[:rows]) else list for texts in rest]
    starts = range(0, count if rest else 0, rows)
    blocks = [_block([how(texts[at : at + rows]) for how, texts in zip(write, rest, strict=True)]) for at in starts]
    ends = np.cumsum([len(block) for block in blocks], dtype=np.int64).tolist()
    data = base64.b64encode(b"".join(blocks)).decode("ascii")
    return {"count": count, "rows": rows, "names": list(columns), "same": same, "ends": ends, "bytes": data}


def take_texts(packed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Read texts back, as the page does block by block.

    Args:
        packed: What `pack_texts` returned.

    Returns:
        Texts by name.
    """
    data = base64.b64decode(packed["bytes"])
    rest = [name for name in packed["names"] if name not in packed["same"]]
    read: dict[str, list[str]] = {name: [] for name in rest}
    for start, end in zip([0, *packed["ends"]], packed["ends"], strict=False):
        for name, cells in zip(rest, json.loads(gunzip(data[start:end])), strict=True):
            size = min(packed["rows"], packed["count"] - len(read[name]))
            read[name] += [cells[row::size].rstrip(PAD) for row in range(size)] if isinstance(cells, str) else cells
    return {name: read.get(name, [packed["same"].get(name, "")] * packed["count"]) for name in packed["names"]}


def gzip(data: bytes) -> bytes:
    """Compress, the same bytes to the same bytes at any time.

    Args:
        data: Bytes.

    Returns:
        A gzip member without name and date.
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    return packer.compress(data) + packer.flush()


def gunzip(data: bytes) -> bytes:
    """Undo `gzip`.

    Args:
        data: A gzip member.

    Returns:
        The bytes.
    """
    return zlib.decompress(data, GZIP)


def _block(columns: Sequence[Sequence[str]]) -> bytes:
    return gzip(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode())


def _across(texts: Sequence[str]) -> Sequence[str]:
    whole = "".join(texts)
    width = max(map(len, texts))
    if not whole.isascii() or PAD in whole or width * len(texts) > 2 * len(whole):
        return list(texts)
    padded = "".join(text.ljust(width, PAD) for text in texts).encode()
    return np.frombuffer(padded, np.uint8).reshape(len(texts), width).T.tobytes().decode()


def _suits_across(texts: Sequence[str]) -> bool:
    return len(_block([_across(texts)])) < len(_block([texts]))


def _alike(texts: Sequence[str]) -> bool:
    return not texts or (texts[0] == texts[-1] and len(set(texts)) == 1)


def _width(most: int) -> int:
    return max(1, (most.bit_length() + 7) // 8)
