"""What was read in texts, as tables to be reviewed: each event and each route with the sentence that tells it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo import schema
from geo.atlas import Atlas
from geo.checking import plausibility
from geo.types import Notice

STATUS_OF = {"fact": "reported", "claim": "reported", "intention": "candidate", "denial": "disputed"}
"""What a candidate becomes when somebody accepts it: an intention is still none that happened."""


@dataclass(frozen=True)
class Candidates:
    """What texts say, not yet reviewed.

    Args:
        events: Events, EPSG:4326; columns as in `geo.schema.EVENTS`, then `who`, `stance`, `when_words`, `also` (ids of
            further sources that tell the same) and the offsets `sentence_start`, `sentence_end`, `place_start`,
            `place_end`, `when_start` and `when_end` in the text of the source, -1 where there is none.
        routes: Routes, EPSG:4326; columns as in `geo.schema.ROUTES`, then `mode_stated`, `stance`, `when_words`,
            `also` and the offsets `sentence_start` and `sentence_end`.
        mentions: Places named, EPSG:4326: `source_id`, `start`, `end`, `surface`, `role`, `certainty` that it is a
            place, `confidence` that it is that one, `place`, `place_id`, `kind`, `country`, `radius_km`, `reasons`.
        sources: The texts; columns as in `geo.schema.SOURCES`, then `text`.
        notices: What could not be placed, dated or drawn, and how texts were read.
    """

    events: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    mentions: gpd.GeoDataFrame
    sources: pd.DataFrame
    notices: tuple[Notice, ...] = ()

    def to_atlas(self, *, accepted: Collection[str] | None = None, title: str = "") -> Atlas:
        """Put candidates on a map of their own.

        Args:
            accepted: Ids of those that somebody accepted, which are then `reported`, or `disputed` where the text
                denies them; all of them, still as candidates, when left out.
            title: The dossier's name.

        Returns:
            An Atlas of them, with the sources they come from.
        """
        tables = {"events": self.events, "routes": self.routes}
        if accepted is not None:
            tables = {layer: _accepted(table, accepted) for layer, table in tables.items()}
        checked = {layer: schema.check(layer, table, file=layer) for layer, table in tables.items()}
        sources = self.sources[list(schema.SCHEMAS["sources"].columns)]
        notices = (*self.notices, *plausibility(checked["routes"]))
        return Atlas(checked["events"], checked["routes"], sources, notices, title)

    def at_least(self, confidence: float) -> set[str]:
        """List the candidates that are sure enough.

        Args:
            confidence: The least confidence, 0 to 1.

        Returns:
            Their ids; none of what a text only plans or denies, and no movement of which an end is unknown.
        """
        whole = {"events": self.events, "routes": self.routes[self.routes.geometry.notna()]}
        return {
            str(name)
            for table in whole.values()
            for name in table["id"][(table["confidence"] >= confidence) & table["stance"].isin(["fact", "claim"])]
        }


def _accepted(table: gpd.GeoDataFrame, ids: Collection[str]) -> gpd.GeoDataFrame:
    kept = table[table["id"].isin(list(ids))].reset_index(drop=True)
    return kept.assign(status=kept["stance"].map(STATUS_OF).astype(str))
