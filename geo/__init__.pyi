"""Rutter: reports and spreadsheets in, a time-sliced map of events and routes out, with no network at all."""

from .atlas import Atlas
from .candidates import Candidates
from .checking import plausibility
from .edits import Change, Conflict
from .errors import (
    BrowserError,
    ConflictError,
    CoordinateError,
    CountryError,
    DateError,
    FilterError,
    FormatError,
    GeoError,
    HistoryError,
    LayerError,
    MapError,
    MissingFileError,
    NoRouteError,
    OptionError,
    PlaceError,
    ReadError,
    SaveError,
    StoreError,
    TableError,
)
from .extracting import extract
from .importing import Imported, Mapping, duplicates, read_import
from .maps import OfflineMap, TimeSlider
from .picturing import picture
from .places import OfflineGeocoder, geocode
from .planning import alternatives, plan, route, routes
from .routing import line_network
from .story import StoryStep, read_story
from .timeline import parse_date, parse_window
from .types import Border, Fault, Interval, Leg, Notice, Place, Route
from .workspace import Workspace

__all__ = [
    "Atlas",
    "Border",
    "BrowserError",
    "Candidates",
    "Change",
    "Conflict",
    "ConflictError",
    "CoordinateError",
    "CountryError",
    "DateError",
    "Fault",
    "FilterError",
    "FormatError",
    "GeoError",
    "HistoryError",
    "Imported",
    "Interval",
    "LayerError",
    "Leg",
    "MapError",
    "Mapping",
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
    "StoreError",
    "StoryStep",
    "TableError",
    "TimeSlider",
    "Workspace",
    "alternatives",
    "duplicates",
    "extract",
    "geocode",
    "line_network",
    "parse_date",
    "parse_window",
    "picture",
    "plan",
    "plausibility",
    "read_import",
    "read_story",
    "route",
    "routes",
]
