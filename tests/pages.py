"""What a saved map holds, read back as its page reads it."""

from __future__ import annotations

import json
import re

from geo.maps.packing import take_texts


def texts_of(html: str) -> dict[str, dict[str, list[str]]]:
    """What there is to read in a page, by table and column."""
    (texts,) = re.findall(r'<script type="application/json" id="\w+-texts">(.*?)</script>', html, re.DOTALL)
    tables = json.loads(texts)
    for name, table in tables.items():
        (table["bytes"],) = re.findall(rf'<script type="text/plain" id="\w+-{name}">(.*?)</script>', html, re.DOTALL)
    return {name: take_texts(table) for name, table in tables.items()}
