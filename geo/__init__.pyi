"""Rutter: reports and spreadsheets in, a time-sliced map of events and routes out, with no network at all."""

from .atlas import Atlas
from .errors import (
    CoordinateError,
    DateError,
    FormatError,
    GeoError,
    MissingFileError,
    NoRouteError,
    SaveError,
    TableError,
)
from .maps import OfflineMap, TimeSlider
from .places import OfflineGeocoder
from .timeline import parse_date, parse_window
from .types import Fault, Interval, Notice, Place, Route

__all__ = [
    "Atlas",
    "CoordinateError",
    "DateError",
    "Fault",
    "FormatError",
    "GeoError",
    "Interval",
    "MissingFileError",
    "NoRouteError",
    "Notice",
    "OfflineGeocoder",
    "OfflineMap",
    "Place",
    "Route",
    "SaveError",
    "TableError",
    "TimeSlider",
    "parse_date",
    "parse_window",
]
