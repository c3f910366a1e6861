"""A column of names in, a GeoDataFrame in the same order out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.errors import CoordinateError, FilterError
from geo.geodesy import check_lonlat
from geo.places.finder import PlaceFinder, default_finder
from geo.places.written import coordinates
from geo.types import DOUBTFUL, LonLat, PlaceQuery

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
        names: Names as written, in any script; shape (n,). The index of a Series is kept.
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
        FilterError: A hint has another length than the names.
    """
    series = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype=object)
    written = _storable(series.tolist())
    finder = finder or default_finder()
    countries = _each(country, len(written), "country", lambda one: isinstance(one, str))
    codes = {one: finder.country_code(one) for one in set(countries)}
    nears = [None if one is None else _point(one) for one in _each(near, len(written), "near", _is_point)]
    texts = _each(context, len(written), "context", lambda one: isinstance(one, str))
    plain = np.array([name if isinstance(name, str) else "" for name in written], object)
    _check_coordinates(plain)
    hints = [countries, nears, texts]
    if any(texts) or any(len(set(hint)) > 1 for hint in hints):
        which, distinct = np.arange(len(written)), plain.tolist()
    else:
        which, uniques = pd.factorize(plain)
        distinct = list(uniques)
        hints = [hint[: len(distinct)] for hint in hints]
    # Straight to the tuple: naming the fields of a million names takes longer than finding their places.
    make = partial(tuple.__new__, PlaceQuery)
    asked = list(map(make, zip(distinct, map(codes.get, hints[0]), hints[1], repeat(""), strict=False)))
    found = finder.answers(asked, hints[2] if any(hints[2]) else None)
    found = {column: _at(values, which) for column, values in found.items()}
    points = shapely.points(found["lon"], found["lat"])
    points[np.isnan(found["lon"])] = None
    table = {name: pd.array(found[name], dtype="str") for name in _WORDS} | {name: found[name] for name in _NUMBERS}
    frame = geopandas.GeoDataFrame({"name": written, **table}, geometry=points, crs="EPSG:4326")
    frame.insert(frame.columns.get_loc("confidence") + 1, "doubtful", ~(frame["confidence"] >= DOUBTFUL))
    return frame.set_index(series.index)


def _at(values: Any, which: npt.NDArray[np.int64]) -> Any:
    return values.take(pa.array(which)) if isinstance(values, pa.Array) else values[which]


def _each(hint: Any, count: int, name: str, is_one: Callable[[Any], bool]) -> list[Any]:
    if hint is None or is_one(hint):
        return [hint] * count
    if not isinstance(hint, Iterable) or isinstance(hint, str | bytes):
        raise FilterError(f"{hint!r} cannot be {name}. Give one for all names or one for each.")
    hints = [None if pd.api.types.is_scalar(value) and pd.isna(value) else value for value in hint]
    if len(hints) != count:
        raise FilterError(
            f"There are {count} names but {len(hints)} values of {name}. Give one for all or one for each."
        )
    odd = [value for value in hints if value is not None and not is_one(value)]
    if odd:
        raise FilterError(f"{odd[0]!r} cannot be {name}. Give one for all names or one for each.")
    return hints


def _storable(names: list[Any]) -> list[Any]:
    try:
        pa.array([name for name in names if isinstance(name, str)], pa.string())
    except UnicodeEncodeError:  # half a surrogate pair, which no table holds
        return [n.encode("utf-8", "backslashreplace").decode() if isinstance(n, str) else n for n in names]
    return names


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


def _check_coordinates(names: npt.NDArray[np.object_]) -> None:
    # Before anything is looked up, so that the one name is told that holds what is not on the Earth.
    for place in np.flatnonzero(pc.match_substring_regex(pa.array(names, pa.string()), "[0-9]")).tolist():
        try:
            coordinates(names[place])
        except CoordinateError as error:
            raise CoordinateError(f"Name {place}, {names[place]!r}: {error}") from error
