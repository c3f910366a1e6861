"""The card of one row: when, where, how sure, who says so, and in which words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from types import MappingProxyType
from typing import Any

import pandas as pd

from geo.maps.style import Theme, kind_swatch, mode_swatch
from geo.schema import TIMES
from geo.timeline import describe
from geo.types import Layer


def card(
    layer: Layer,
    row: Mapping[Any, Any],
    source: Mapping[Any, Any] | None,
    *,
    theme: Theme = "light",
    more: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write the card of a row as HTML; every text of the data is escaped.

    Args:
        layer: The table the row is in.
        row: The row.
        source: Its source, if any.
        theme: The ground it will stand on.
        more: What else there is to say of it, by its heading.

    Returns:
        HTML.
    """
    first, last = TIMES[layer]
    facts = {
        "When": describe(row[first], row[last], row["precision"]) + _roughly(row["precision"]),
        **(_event_facts(row) if layer == "events" else _route_facts(row)),
        "How sure": f"{_share(row['confidence'])}, {row['status']}",
        **more,
    }
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text)
    if layer == "events":
        kind, mark = row["kind"], kind_swatch(row["kind"], theme=theme)
    else:
        kind, mark = f"by {row['mode']}", mode_swatch(row["mode"], basis=row["basis"], theme=theme)
    return (
        f'<article class="rutter-card"><p class="rutter-kind">{_picture(mark)} {escape(kind)}</p>'
        f"<h2>{escape(row['title'])}</h2>"
        f"<dl>{listed}</dl>{_words(row)}{_source(source)}</article>"
    )


def _picture(svg: str) -> str:
    # Streamlit takes inline SVG out of HTML; as the source of an image it stays.
    return f'<img alt="" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _share(confidence: float) -> str:
    return "not rated" if pd.isna(confidence) else f"{confidence:.0%}"


def _roughly(precision: str) -> str:
    return {"range": " (somewhere in this time)", "exact": "", "day": ""}.get(precision, f" (known to the {precision})")


def _event_facts(row: Mapping[Any, Any]) -> dict[str, str]:
    radius = row["radius_km"]
    where = "" if pd.isna(radius) else f", within about {radius:,.0f} km" if radius >= 1 else ", to within 1 km"
    return {"Where": f"{row['place']}{where}" if row["geometry"] else f"{row['place']} (no position known)"}


def _route_facts(row: Mapping[Any, Any]) -> dict[str, str]:
    amount = "" if pd.isna(row["quantity"]) else f"{row['quantity']:,.10g} {row['unit']}"
    length = "" if pd.isna(row["length_km"]) else f"{row['length_km']:,.0f} km"
    basis = {"inferred": "inferred: the line is drawn, not observed"}.get(row["basis"], row["basis"])
    return {
        "From": row["origin"],
        "To": row["destination"],
        "Carried": ", ".join(filter(None, (row["cargo"], amount))),
        "Carrier": row["carrier"],
        "Line": ", ".join(filter(None, (length, basis))),
        "Passages": row["passages"].replace(";", ","),
    }


def _words(row: Mapping[Any, Any]) -> str:
    quote = f"<blockquote>“{escape(row['quote'])}”</blockquote>" if row["quote"] else ""
    note = f'<p class="rutter-note"><b>In short, not a quote:</b> {escape(row["note"])}</p>' if row["note"] else ""
    return quote + note


def _source(source: Mapping[Any, Any] | None) -> str:
    if source is None:
        return '<footer class="rutter-source">No source is given.</footer>'
    title = escape(source["title"])
    if source["url"].lower().startswith(("https://", "http://")):
        title = f'<a href="{escape(source["url"])}" target="_blank" rel="noopener">{title}</a>'
    details = " · ".join(escape(text) for text in (source["publisher"], source["published"]) if text)
    return f'<footer class="rutter-source"><b>Source</b> {title}<br><span>{details}</span></footer>'
