"""Names to points: a bundled gazetteer and the geocoder that reads it."""

from geo.places.gazetteer import Gazetteer, default_gazetteer
from geo.places.geocoder import OfflineGeocoder, default_geocoder
from geo.places.names import key

__all__ = ["Gazetteer", "OfflineGeocoder", "default_gazetteer", "default_geocoder", "key"]
