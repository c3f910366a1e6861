"""Names to places: the gazetteer, the corrections of the user, and what is known besides a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.config import gazetteer_folder
from geo.errors import CoordinateError, CountryError, GeoError
from geo.geodesy import check_lonlat
from geo.places.asked import Asked
from geo.places.gazetteer import Gazetteer, default_gazetteer
from geo.places.lexicon import facts
from geo.places.lookup import Answers
from geo.places.pool import Match, literal
from geo.places.written import coordinates
from geo.types import LonLat, Mode, Place, PlaceQuery

if TYPE_CHECKING:
    from geo.places.corrections import Corrections

LIMIT = 10
_TABLE = " "  # names of one table stand in one scene, of which nothing else is said


class PlaceFinder:
    """What finds places by name, offline.

    Args:
        folder: Where the gazetteer's files are; the one in use when left out.
        corrections: What the user corrected, which wins.

    Raises:
        MissingFileError: A file of the gazetteer is not there.
    """

    def __init__(self, *, folder: str | Path | None = None, corrections: Corrections | None = None) -> None:
        self.gazetteer = default_gazetteer(Path(folder) if folder else gazetteer_folder())
        self.corrections = corrections

    def candidates(
        self,
        name: str,
        *,
        country: str | None = None,
        near: LonLat | None = None,
        context: str | None = None,
        mode: Mode | None = None,
        limit: int = LIMIT,
    ) -> list[Place]:
        """List the places a name may mean.

        Args:
            name: A place as somebody wrote it, in any script.
            country: Name or ISO code of the country it must lie in; seas are kept.
            near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to.
            context: The text it stands in.
            mode: How goods arrive or leave there: a leg by sea ends at a port.
            limit: At most so many.

        Returns:
            The places, likeliest first, each with its confidence and the reasons for it; empty where the name is
            unknown.

        Raises:
            CoordinateError: The name holds coordinates that are not on the Earth.
            CountryError: The country is unknown.
        """
        # An empty cell of a table arrives as NaN, which is not the town of Nan.
        if not isinstance(name, str):
            return []
        asked = PlaceQuery(name, self.country_code(country), near and check_lonlat(*near), mode or "")
        texts = [context] if context else None
        found = Answers([asked], texts, self._known).places(max(limit, 1))[0]
        return self._corrected(name, found)

    def place(
        self,
        name: str,
        *,
        country: str | None = None,
        near: LonLat | None = None,
        context: str | None = None,
        mode: Mode | None = None,
    ) -> Place | None:
        """Give the likeliest place of a name.

        Args:
            name: A place as somebody wrote it, in any script.
            country: Name or ISO code of the country it must lie in; seas are kept.
            near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to.
            context: The text it stands in.
            mode: How goods arrive or leave there: a leg by sea ends at a port.

        Returns:
            The place, or None where the name is unknown.

        Raises:
            CoordinateError: The name holds coordinates that are not on the Earth.
            CountryError: The country is unknown.
        """
        found = self.candidates(name, country=country, near=near, context=context, mode=mode, limit=1)
        return found[0] if found else None

    def places(self, asked: Sequence[PlaceQuery], /) -> list[Place | GeoError | None]:
        """Find the places of one dossier, whose names judge one another.

        Args:
            asked: The names, each once; shape (n,). A country is a name or an ISO code.

        Returns:
            For each a place, None where it is unknown, or what is wrong with it; shape (n,).
        """
        found: list[Place | GeoError | None] = [None] * len(asked)
        sound = {}
        for number, query in enumerate(asked):
            try:
                sound[number] = self.checked(query)
            except (CoordinateError, CountryError) as error:
                found[number] = error
        answers = self.scene(list(sound.values()), limit=1)
        for (number, query), answer in zip(sound.items(), answers, strict=True):
            found[number] = next(iter(self._corrected(query.name, answer)), None)
        return found

    def checked(self, query: PlaceQuery) -> PlaceQuery:
        """Check one name of a dossier, and turn its country into a code.

        Args:
            query: The name; its country is a name or an ISO code.

        Returns:
            The name, ready for `scene`.

        Raises:
            CoordinateError: The name holds coordinates that are not on the Earth.
            CountryError: The country is unknown.
        """
        coordinates(query.name)
        return query._replace(country=self.country_code(query.country))

    def scene(self, asked: Sequence[PlaceQuery], *, limit: int = LIMIT) -> list[list[Place]]:
        """List what the names of one dossier may mean, as they judge one another.

        Args:
            asked: The names as `checked` gives them; shape (n,).
            limit: At most so many places for each.

        Returns:
            For each its places, likeliest first, corrections apart; shape (n,).
        """
        return Answers(asked, [_TABLE] * len(asked), self._known).places(limit) if asked else []

    def facts(self, names: Sequence[str]) -> dict[str, npt.NDArray[np.floating]]:
        """Say of words whether they name places, and what kind of.

        Args:
            names: Words as written; shape (n,).

        Returns:
            Columns of shape (n,), as `geo.places.lexicon.facts` gives them.
        """
        return facts(names, self.gazetteer)

    def in_texts(self, names: Sequence[str], texts: Sequence[str]) -> list[Place | None]:
        """Find places by the texts that name them.

        Args:
            names: All names of the texts, as written; shape (n,).
            texts: The text each stands in, the names of one text judging one another; shape (n,).

        Returns:
            The likeliest place of each with the reasons for it, None where the name is unknown; shape (n,).
        """
        if not names:
            return []
        found = Answers([PlaceQuery(name) for name in names], texts, self._known, overhear=False).places(1)
        return [next(iter(self._corrected(name, own)), None) for name, own in zip(names, found, strict=True)]

    def answers(self, asked: Sequence[PlaceQuery], texts: Sequence[str | None] | None) -> dict[str, Any]:
        """Answer a column of names.

        Args:
            asked: The names, with what is known of each; shape (n,).
            texts: The text each stands in, or None where there is none at all; shape (n,).

        Returns:
            Columns of the likeliest places, each of shape (n,); an unknown name has an empty `place_id`.

        Raises:
            CoordinateError: A name holds coordinates that are not on the Earth.
        """
        table = Answers(asked, texts, self._known).table()
        if self.corrections is not None:
            table = _correct(table, [one.name for one in asked], self.corrections)
        return table

    @property
    def _known(self) -> Gazetteer:
        """The gazetteer with what the user corrected, so far as that helps to read other names."""
        if self.corrections is None:
            return self.gazetteer
        return self.gazetteer.corrected_by({found: said.place for found, said in self.corrections.by_key.items()})

    def _corrected(self, name: str, found: list[Place]) -> list[Place]:
        if self.corrections is None:
            return found
        if self.corrections.is_refused(name):
            return []
        corrected = self.corrections.find(name)
        if corrected is None:
            return found
        return [corrected, *(place for place in found if place.place_id != corrected.place_id)]

    def country_code(self, country: str | None) -> str:
        """Give the code of a country.

        Args:
            country: Its name or ISO code, in any spelling; nothing for no country.

        Returns:
            ISO 3166-1 alpha-2 code, or empty for no country.

        Raises:
            CountryError: The country is unknown.
        """
        if country is None or country == "":
            return ""
        if not isinstance(country, str):
            raise CountryError(f"{country!r} is no country. Give its name or its ISO code of two letters.")
        if not country.strip():
            return ""
        found = literal(Asked((country, country.upper())), self.gazetteer)
        found = found.take(self.gazetteer.kind.are(found.row, ["country"]))
        own = found.take(found.match <= Match.CODE)
        codes = sorted({self.gazetteer.country[row] for row in (own if len(own) else found).row.tolist()})
        if len(codes) > 1:
            raise CountryError(f"{country!r} may be {' or '.join(codes)}. Give the ISO code of two letters.")
        if not codes:
            raise CountryError(f"There is no country {country!r}. Give its name or its ISO code of two letters.")
        return codes[0]


def _correct(table: dict[str, Any], names: Sequence[str], corrections: Corrections) -> dict[str, Any]:
    said = {name: corrections.find(name) for name in set(names)}
    changed = {name for name, place in said.items() if place is not None or corrections.is_refused(name)}
    numbers = [number for number, name in enumerate(names) if name in changed]
    columns = {}
    for column, values in table.items():
        cells = values.tolist()
        for number in numbers:
            place = said[names[number]]
            cell = getattr(place, {"place": "name"}.get(column, column)) if place else None
            cells[number] = "; ".join(cell) if isinstance(cell, tuple) else cell
        columns[column] = (
            np.array(cells, float) if isinstance(values, np.ndarray) else pa.array(cells, pa.string()).fill_null("")
        )
    return columns if numbers else table


@cache
def default_finder() -> PlaceFinder:
    """Give what finds places in the gazetteer in use, made once and shared from then on.

    Returns:
        The finder, without corrections.

    Raises:
        MissingFileError: A file of the gazetteer is not there.
    """
    return PlaceFinder()
