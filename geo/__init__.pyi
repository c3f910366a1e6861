"""Rutter: reports and spreadsheets in, a time-sliced map of events and routes out, with no network at all."""

from .atlas import Atlas
from .candidates import Candidates
from .errors import (
    CoordinateError,
    CountryError,
    DateError,
    FilterError,
    FormatError,
    GeoError,
    LayerError,
    MapError,
    MissingFileError,
    NoRouteError,
    OptionError,
    PlaceError,
    ReadError,
    SaveError,
    TableError,
)
from .extracting import extract
from .maps import OfflineMap, TimeSlider
from .places import OfflineGeocoder, geocode
from .planning import route, routes
from .timeline import parse_date, parse_window
from .types import Fault, Interval, Notice, Place, Route

__all__ = [
    "Atlas",
    "Candidates",
    "CoordinateError",
    "CountryError",
    "DateError",
    "Fault",
    "FilterError",
    "FormatError",
    "GeoError",
    "Interval",
    "LayerError",
    "MapError",
    "MissingFileError",
    "NoRouteError",
    "Notice",
    "OfflineGeocoder",
    "OfflineMap",
    "OptionError",
    "Place",
    "PlaceError",
    "ReadError",
    "Route",
    "SaveError",
    "TableError",
    "TimeSlider",
    "extract",
    "geocode",
    "parse_date",
    "parse_window",
    "route",
    "routes",
]
