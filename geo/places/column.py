"""A column of names in, a GeoDataFrame in the same order out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.errors import CoordinateError, FilterError
from geo.garbage import uncollected
from geo.geodesy import check_lonlat
from geo.places.arrow import numbers_of, picked
from geo.places.asked import Asked, points
from geo.places.finder import PlaceFinder, default_finder
from geo.places.written import coordinates
from geo.types import DOUBTFUL, LonLat

_WORDS = ("place", "place_id", "kind", "country", "matched", "match", "reasons")
_NUMBERS = ("radius_km", "confidence")


def geocode(
    names: Iterable[str],
    *,
    country: str | Sequence[str] | None = None,
    near: LonLat | Sequence[LonLat | None] | geopandas.GeoSeries | None = None,
    context: str | Sequence[str | None] | None = None,
    finder: PlaceFinder | None = None,
) -> geopandas.GeoDataFrame:
    """Find many places by name, offline.

    Args:
        names: Names as written, in any script; shape (n,). The index of a Series is kept; one name alone is one row.
        country: Name or ISO code of the country they lie in, one for all or one for each; seas are kept.
        near: (longitude, latitude) in degrees, WGS 84, of something they are likely to be close to, one for all or one
            for each.
        context: The text the names stand in, one for all or one for each. Names of one text are judged together:
            what they are near to, what holds them, what is stated after them.
        finder: Whom to ask; the gazetteer in use without corrections when left out.

    Returns:
        One row a name in the same order, EPSG:4326: name, place, place_id, kind, country (ISO 3166-1 alpha-2),
        radius_km, confidence (0 to 1), doubtful, matched, match, reasons, geometry. An unknown name has a missing
        geometry, missing numbers, and is doubtful.

    Raises:
        CoordinateError: A name holds coordinates, or `near` is a point, that is not on the Earth.
        CountryError: A country is unknown.
        FilterError: A hint has another length than the names, or the names are a whole table.
    """
    if isinstance(names, pd.DataFrame):
        raise FilterError("A table holds no names of its own. Give one of its columns.")
    listed = [names] if isinstance(names, str) else names
    series = listed if isinstance(listed, pd.Series) else pd.Series(list(listed), dtype=object)
    written, plain = _storable(series.tolist())
    column = pa.array(plain, pa.string())
    finder = finder or default_finder()
    countries = _each(country, len(written), "country", lambda one: isinstance(one, str))
    codes = {one: finder.country_code(one) for one in set(countries or ())}
    nears = _each(near, len(written), "near", _is_point)
    nears = nears and [None if one is None else _point(one) for one in nears]
    texts = _each(context, len(written), "context", lambda one: isinstance(one, str))
    _check_coordinates(column)
    found = _found(plain, [codes[one] for one in countries] if countries else None, nears, texts, finder)
    pa.default_memory_pool().release_unused()
    with uncollected():
        geometry = shapely.points(found["lon"], found["lat"])
    geometry[np.isnan(found["lon"])] = None
    # As pandas would read the names, only without looking at each of them.
    told_as = pd.array(column, dtype="str") if plain and plain == written else written
    columns = {"name": told_as, **{name: found[name] for name in (*_WORDS, *_NUMBERS)}}
    frame = geopandas.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")
    frame.insert(frame.columns.get_loc("confidence") + 1, "doubtful", ~(frame["confidence"] >= DOUBTFUL))
    return frame.set_index(series.index)


def _found(
    plain: list[str],
    countries: list[Any] | None,
    nears: list[Any] | None,
    texts: list[Any] | None,
    finder: PlaceFinder,
) -> dict[str, Any]:
    # How often a text tells a name counts; otherwise each is asked for once.
    told = texts is not None and any(texts)
    rows, which = (np.arange(len(plain)),) * 2 if told else _distinct(plain, countries, nears)
    asked = Asked(
        [plain[row] for row in rows.tolist()],
        [countries[row] for row in rows.tolist()] if countries else None,
        points([nears[row] for row in rows.tolist()]) if nears else None,
    )
    found = picked(finder.answers(asked, texts if told else None), which)
    return found | {name: pd.array(found.pop(name), dtype="str") for name in _WORDS}


def _distinct(plain: list[str], *hints: list[Any] | None) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Find the rows that hold each name with its hints for the first time, and for each row which of those it is."""
    combinations = pd.factorize(np.array(plain, object))[0]
    for hint in hints:
        numbers = {one: number for number, one in enumerate(dict.fromkeys(hint or ()))}
        if hint and len(numbers) > 1:
            own = np.array([numbers[one] for one in hint])
            combinations = pd.factorize(combinations * len(numbers) + own)[0]
    rows = np.zeros(combinations.max(initial=-1) + 1, np.int64)
    rows[combinations[::-1]] = np.arange(len(plain))[::-1]
    return rows, combinations


def _each(hint: Any, count: int, name: str, is_one: Callable[[Any], bool]) -> list[Any] | None:
    if hint is None:
        return None
    if is_one(hint):
        return [hint] * count
    if not isinstance(hint, Iterable) or isinstance(hint, str | bytes):
        form = " as (longitude, latitude)" if name == "near" else ""
        raise FilterError(f"{hint!r} cannot be {name}. Give one{form} for all names or one for each.")
    hints = [None if pd.api.types.is_scalar(value) and pd.isna(value) else value for value in hint]
    if len(hints) != count:
        raise FilterError(
            f"There are {count} names but {len(hints)} values of {name}. Give one for all or one for each."
        )
    odd = [value for value in hints if value is not None and not is_one(value)]
    if odd:
        raise FilterError(f"{odd[0]!r} cannot be {name}. Give one for all names or one for each.")
    return hints


def _storable(names: list[Any]) -> tuple[list[Any], list[str]]:
    """Give the names as a table can hold them, and as texts, empty for what is no text."""
    texts = [name if isinstance(name, str) else "" for name in names]
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no table holds
        return _storable([n.encode("utf-8", "backslashreplace").decode() if isinstance(n, str) else n for n in names])
    return names, texts


def _is_point(value: Any) -> bool:
    if isinstance(value, shapely.Point):
        return not value.is_empty
    return (
        isinstance(value, Sequence | np.ndarray)
        and not isinstance(value, str)
        and len(value) == 2
        and all(isinstance(number, int | float | np.number) for number in value)
    )


def _point(value: Any) -> LonLat:
    lon, lat = (value.x, value.y) if isinstance(value, shapely.Point) else value
    return check_lonlat(float(lon), float(lat))


def _check_coordinates(names: pa.Array) -> None:
    # Before anything is looked up, so that the one name is told that holds what is not on the Earth.
    for place in np.flatnonzero(numbers_of(pc.match_substring_regex(names, "[0-9]"))).tolist():
        name = names[place].as_py()
        try:
            coordinates(name)
        except CoordinateError as error:
            raise CoordinateError(f"Name {place}, {name!r}: {error}") from error
