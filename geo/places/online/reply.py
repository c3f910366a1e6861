"""What an online geocoder answers, and the place that makes."""

from __future__ import annotations

import hashlib
import json
import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.geodesy import distance_km
from geo.places.names import key
from geo.types import Place

RADIUS_WITHOUT_BOX_KM = 10.0
NAME_IN_ADDRESS = 0.6
NAME_NOT_IN_ADDRESS = 0.4
_OSM_TYPES = {"n": "node", "w": "way", "r": "relation"}
_IDS = ("geonameId", "id", "gid", "placeId", "fsq_id")
_KINDS = ("addresstype", "type", "class", "osm_value", "fcodeName")
_SAYS_NOTHING = {"administrative", "yes", "unclassified", "Feature"}
_COUNTRIES = ("country_code", "countryCode", "countrycode", "ISO_3166-1_alpha-2")


@dataclass(frozen=True)
class Reply:
    """One answer of a service.

    Args:
        address: The address as the service writes it.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
        raw: The service's own answer.
    """

    address: str
    lon: float
    lat: float
    raw: Mapping[str, Any]

    @property
    def json(self) -> str:
        """The service's own answer as JSON."""
        return json.dumps(self.raw, default=str)

    @property
    def licence(self) -> str:
        """Under which licence the service gave it, empty where it does not say."""
        return _text(self.raw, ("licence", "license"))


def place_of(reply: Reply, *, name: str, service: str, asked_at: str) -> Place:
    """Turn an answer into a place.

    Args:
        reply: The answer.
        name: The name that was asked for.
        service: Who answered, such as `nominatim`.
        asked_at: When it was asked, ISO 8601 in UTC.

    Returns:
        The place. Its confidence is a statement about the name alone and not calibrated: 0.6 where the name is a part
        of the address, else 0.4. Its radius is half the diagonal of the answer's box, 10 km where it has none. Its
        `source` names the service and the day.
    """
    parts = [part.strip() for part in reply.address.split(",")]
    told = _layers(reply.raw)
    sure = key(name) in {key(part) for part in (reply.address, *parts)}
    return Place(
        place_id=f"{service}:{_own_id(told) or _spot(reply)}",
        name=_text(told, ("name",)) or parts[0] or name,
        lon=reply.lon,
        lat=reply.lat,
        kind=_kind(told),
        country=_country(told),
        radius_km=_radius_km(told),
        confidence=NAME_IN_ADDRESS if sure else NAME_NOT_IN_ADDRESS,
        matched=reply.address,
        match="online",
        source=f"{service}, asked {asked_at[:10]}",
    )


def _layers(raw: Mapping[str, Any]) -> ChainMap[str, Any]:
    # GeoJSON services put what they know under `properties`, Nominatim the country under `address`.
    inner = (raw.get(name) for name in ("properties", "address", "components"))
    return ChainMap(dict(raw), *(dict(part) for part in inner if isinstance(part, Mapping)))


def _text(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((told[name].strip() for name in names if isinstance(told.get(name), str) and told[name].strip()), "")


def _own_id(told: Mapping[str, Any]) -> str:
    kind = _text(told, ("osm_type",)).lower()
    number = told.get("osm_id")
    if kind and isinstance(number, int | str) and str(number).isdecimal():
        return f"osm-{_OSM_TYPES.get(kind, kind)}-{number}"
    # Not Nominatim's `place_id`: it differs from server to server and from day to day.
    found = next((told[name] for name in _IDS if isinstance(told.get(name), int | str) and told[name]), "")
    return re.sub(r"\s+", "-", str(found))


def _spot(reply: Reply) -> str:
    return "at-" + hashlib.sha256(f"{reply.lat:.4f},{reply.lon:.4f}".encode()).hexdigest()[:12]


def _kind(told: Mapping[str, Any]) -> str:
    said = (_text(told, (name,)) for name in _KINDS)
    return next((kind for kind in said if kind and kind not in _SAYS_NOTHING), "place").replace("_", " ").lower()


def _country(told: Mapping[str, Any]) -> str:
    code = _text(told, _COUNTRIES).upper()
    return code if re.fullmatch("[A-Z]{2}", code) else ""


def _radius_km(told: Mapping[str, Any]) -> float:
    try:
        south, north, west, east = (float(edge) for edge in told["boundingbox"])
        half = distance_km((west, south), (east, north)) / 2
    except (KeyError, TypeError, ValueError):
        return RADIUS_WITHOUT_BOX_KM
    return half if half > 0 else RADIUS_WITHOUT_BOX_KM
