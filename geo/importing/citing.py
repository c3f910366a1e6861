"""Where the rows come from: a source each, or the file itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from geo import schema
from geo.importing.cells import Cells

_FIELDS = ("source_id", "source", "publisher", "url", "published", "source_note")
_LONGEST = 1_000
_ID_LONGEST = 40


def cite(cells: Cells) -> tuple[pd.Series, pd.DataFrame]:
    """List the sources of rows.

    Args:
        cells: The cells.

    Returns:
        The id of each row's source, shape (n,), and the sources' table; a row that names none has the file.
    """
    own = cells.mapping.own
    told = pd.DataFrame({name: cells.text(name).str.slice(0, None if own else _LONGEST) for name in _FIELDS})
    whole = (told[["source_id", "source", "url"]] == "").all(axis=1).to_numpy()
    if not own:
        told.loc[whole, "source"] = cells.sheet.file
    unnamed = (told["source"] == "").to_numpy() & (told["source_id"] == "").to_numpy()
    told.loc[unnamed, "source"] = told.loc[unnamed, "url"].map(_host)
    named = (told["source_id"] != "").to_numpy()
    codes, _ = pd.factorize(_joined(told.mask(named[:, None] & (told.columns != "source_id"), "")))
    _, firsts = np.unique(codes, return_index=True)
    listed = told.iloc[firsts]
    ids = np.array([row.source_id or (_id(row) if any(row) else "") for row in listed.itertuples(index=False)], object)
    note = listed["source_note"].to_numpy() if own else f"Brought in from {cells.sheet.file}."
    sources = pd.DataFrame(
        {
            "id": ids,
            "title": listed["source"].where(listed["source"] != "", listed["source_id"]).to_numpy(),
            "publisher": listed["publisher"].to_numpy(),
            "url": listed["url"].to_numpy(),
            "published": listed["published"].to_numpy(),
            "note": note,
        }
    )
    if own and cells.has("source"):  # an id that no source of the file has is none here either
        sources = sources[(listed.drop(columns="source_id") != "").any(axis=1).to_numpy()]
    sources = sources[sources["id"] != ""].drop_duplicates("id")
    table = schema.check("sources", sources, file=cells.sheet.file) if len(sources) else schema.empty("sources")
    return pd.Series(ids[codes] if len(ids) else [], dtype=object), table


def _joined(table: pd.DataFrame) -> pd.Series:
    joined = table.iloc[:, 0].astype(object)
    for name in table.columns[1:]:
        joined = joined + "\x1f" + table[name]
    return joined


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def _id(row: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(
        "\x1f".join(row[1 : _FIELDS.index("source_note")]).encode(errors="replace"), digest_size=4
    ).hexdigest()
    return f"{slug(row[1])}-{digest}"


def slug(text: str) -> str:
    """Make a short id of a text.

    Args:
        text: Any text.

    Returns:
        Its letters without marks and its digits, with hyphens between words; `source` where nothing is left.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:_ID_LONGEST].strip("-") or "source"
